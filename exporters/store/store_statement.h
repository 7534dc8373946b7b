/*
 * store_statement.h -- the statements by which a store is filled, prepared once; and their values, bound in order.
 *
 * The first that fails marks the store (`error`): that one and every later one change nothing, and whoever
 * began the transaction gives it up. A row is written straight through and checked once. One that breaks a rule of
 * its table (`refused`) costs itself and no other.
 */
#pragma once

#include "daemon/base/addr.h"
#include "daemon/base/strbuf.h"

#include <sqlite3.h>
#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

enum store_statement {
	STORE_BEGIN,
	STORE_COMMIT,
	STORE_ROLLBACK,
	STORE_ADD_RUN,
	STORE_END_RUN,
	STORE_ADD_LOSS,
	STORE_SET_LOSS,
	STORE_PUT_LOSS_SPAN,
	STORE_FIND_PROFILE,
	STORE_ADD_PROFILE,
	STORE_FIND_WINDOW,
	STORE_ADD_WINDOW,
	STORE_SET_WINDOW,
	STORE_PUT_TUPLE,
	STORE_PUT_SOURCE_PORT,
	STORE_ADD_TIMELINE,
	STORE_ADD_EVIDENCE,
	STORE_ADD_EVIDENCE_FLOW,
	STORE_ADD_ALERT,
	STORE_ADD_ALERT_EVIDENCE,
	STORE_ADD_FLOW,
	STORE_ADD_TRANSACTION,
	STORE_ADD_EVENT,
	STORE_PUT_ADDRESS,
	STORE_DROP_ADDRESS_NAMES,
	STORE_ADD_ADDRESS_NAME,
	STORE_PUT_DEVICE,
	STORE_DROP_DEVICE_ADDRESSES,
	STORE_ADD_DEVICE_ADDRESS,
	STORE_DROP_DEVICE_NAMES,
	STORE_ADD_DEVICE_NAME,
	STORE_PAGES,
	STORE_FREE_PAGES,
	STORE_STATEMENT_COUNT,
};

struct store_statements {
	sqlite3 *db; /* borrowed */
	sqlite3_stmt *prepared[STORE_STATEMENT_COUNT];
	int error;        /* the first SQLITE_ code that was none of success; SQLITE_OK: none */
	uint64_t rows;    /* written since whoever counts them began */
	uint64_t refused; /* since it was opened, by a rule of their table */
};

/* Prepare all. returns SQLITE_OK, or the code of the one that could not be */
int store_statements_prepare(struct store_statements *s, sqlite3 *db);
/* Accepts what is zeroed, or half prepared. */
void store_statements_finish(struct store_statements *s);

/* A statement that is being given its values. */
struct store_row {
	struct store_statements *statements;
	sqlite3_stmt *statement;
	int column; /* bound so far */
};

struct store_row store_row_begin(struct store_statements *s, enum store_statement which);

/* The next value. Texts are copied but for store_put_bytes()'s, which are good until the row is done. */
void store_put_i64(struct store_row *r, int64_t value);
void store_put_u64(struct store_row *r, uint64_t value); /* INT64_MAX where it does not fit */
void store_put_double(struct store_row *r, double value);
void store_put_null(struct store_row *r);
void store_put_word(struct store_row *r, const char *text); /* ours; NULL: no value */
void store_put_hostile(
	struct store_row *r, const char *text); /* made safe (text_safe.h); NULL: "" */
void store_put_optional(struct store_row *r, const char *text); /* the same; NULL, "": no value */
void store_put_bytes(struct store_row *r, const char *text, size_t length); /* safe already */
void store_put_addr(struct store_row *r, const struct addr *a);

/* Write the row. returns its id, where it has one; 0 when it was refused, or it or something before it failed */
int64_t store_row_write(struct store_row *r);

/* Ask: the first row of the answer. returns false when there is none. store_row_end() is due either way. */
bool store_row_read(struct store_row *r);
int64_t store_read_i64(const struct store_row *r, int column);
void store_row_end(struct store_row *r);
