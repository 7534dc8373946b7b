/* table.c -- the kinds of transactions. Edit transactions.def, not this file. */
#include "daemon/transactions/transaction.h"

#define TRANSACTION(name) extern const struct transaction_kind transaction_##name;
#include "transactions_list.h"
#undef TRANSACTION

#define TRANSACTION(name) &transaction_##name,
const struct transaction_kind *const transactions[] = {
#include "transactions_list.h"
};
#undef TRANSACTION

const size_t transaction_count = sizeof(transactions) / sizeof(transactions[0]);
