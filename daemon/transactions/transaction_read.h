/*
 * transaction_read.h -- a struct is filled from somebody else's log, by the table of its fields.
 *
 * The other direction of transaction_wire.h: a column of a log is looked up once (by its header, or by a
 * key of JSON), then its texts are set field by field. Any struct that a table of fields describes can be
 * read so, transaction or not.
 */
#pragma once

#include "daemon/base/text_view.h"
#include "daemon/transactions/transaction_wire.h"

/* What somebody else calls a column of ours. */
struct transaction_alias {
	const char *name; /* theirs; NULL ends the list */
	const char *row;  /* ours */
};

struct transaction_read {
	struct transaction_room room;           /* .said is the struct */
	const struct transaction_field *fields; /* of it */
	char *text;                             /* where texts lie; the caller's */
	size_t text_used, text_size;
	uint32_t cut; /* texts and list entries for which there was no room */
};

/*
 * Make every field of the struct unset: counts and intervals are TRANSACTION_UNSET, not 0.
 *
 * r  .text and .text_size are set by the caller; what lay there is forgotten
 */
void transaction_read_begin(
	struct transaction_read *r, const struct transaction_field *fields, size_t size);

/*
 * The row of a column.
 *
 * aliases  may be NULL; looked at first
 * returns  index into `fields`, or -1: there is none, or it is FIELD_NEVER
 * cost     all names are compared: once for a column, not for each line
 */
int transaction_read_row(const struct transaction_field *fields,
	const struct transaction_alias *aliases, const char *name, size_t length);

/*
 * Set a field; a list takes one entry more, also when another list had one in between. Texts are
 * copied and end in NUL.
 *
 * f        of the fields that it began with
 * value    COUNT, PORT: decimal digits; INTERVAL, TIME: decimal seconds, any fraction, "1.5e-05" too;
 *          TIME also "2023-10-02T12:00:01.5+0000" and with "Z"; TRUTH: T F true false; ADDR: as addr_parse()
 * returns  0; -EBADMSG: it is not of the field's type, and changes nothing; -ENOSPC: cut, counted, kept in part
 */
int transaction_read_field(
	struct transaction_read *r, const struct transaction_field *f, struct text_view value);

/* What a field of that type takes, as people are told: "count", "address" ... */
const char *transaction_read_expected(enum field_type type);
