/*
 * zeek_transaction.h -- Zeek's log of a kind of transaction, made from the table of its fields.
 *
 * Columns: ts, then the conversation's if the kind has_ends or has_uids, then the fields. The time is that of the
 * transaction's beginning, as in Zeek's logs.
 */
#pragma once

#include "daemon/observation.h"
#include "daemon/transactions/transaction.h"
#include "exporters/zeek_tsv.h"

void zeek_transaction_header(struct strbuf *out, const struct transaction_kind *kind);
/* One line, without a line end. `o` is of that kind. */
void zeek_transaction_tsv(
	struct strbuf *out, const struct transaction_kind *kind, const struct observation *o);
/* The same as an object; what is not known is left out. */
void zeek_transaction_json(
	struct strbuf *out, const struct transaction_kind *kind, const struct observation *o);
