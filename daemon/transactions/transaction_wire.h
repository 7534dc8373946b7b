/* transaction_wire.h -- a transaction's struct as bytes, by the table of its fields. */
#pragma once

#include "daemon/base/wire.h"
#include "daemon/transactions/transaction.h"

/* A struct, and the lists that it points to when it was read. Texts lie in the bytes that they came from. */
struct transaction_room {
	_Alignas(max_align_t) uint8_t said[TRANSACTION_SIZE_MAX];
	const char *texts[TRANSACTION_TEXTS_MAX];
	uint64_t counts[TRANSACTION_COUNTS_MAX];
	size_t text_count, count_count; /* used; 0 at first */
};

/*
 * Write the struct at room->said, of that kind, or read it there. What is in no row of the table is zero
 * then: it does not cross.
 */
void transaction_wire(
	struct wire *w, const struct transaction_kind *kind, struct transaction_room *room);
