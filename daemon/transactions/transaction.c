#include "daemon/transactions/transaction.h"

const struct transaction_kind *
transaction_kind_of(unsigned kind)
{
	for (size_t i = 0; i < transaction_count; i++)
		if (transactions[i]->kind == kind)
			return transactions[i];
	return NULL;
}

bool
transaction_is_unset(const struct transaction_field *f, const void *said)
{
	static const struct addr no_addr;
	const void *at = transaction_at(f, said);

	switch (f->type) {
	case FIELD_TEXT:
		return *(const char *const *)at == NULL;
	case FIELD_COUNT:
	case FIELD_INTERVAL:
		return *(const uint64_t *)at == TRANSACTION_UNSET;
	case FIELD_TRUTH:
		return *(const enum truth *)at == TRUTH_UNKNOWN;
	case FIELD_TIME:
		return *(const uint64_t *)at == 0;
	case FIELD_ADDR:
		return addr_equal(at, &no_addr); /* 0.0.0.0 is something that was said */
	case FIELD_PORT:
		return *(const uint16_t *)at == 0;
	case FIELD_TEXTS:
		return ((const struct text_list *)at)->count == 0;
	case FIELD_INTERVALS:
		return ((const struct interval_list *)at)->count == 0;
	case FIELD_NEVER:
		break;
	}
	return true;
}
