/*
 * transaction.h -- what hosts say to each other, described field by field.
 *
 * Each kind of transaction is a struct of its own (struct obs_<name> in <name>.h) and one table of its
 * fields (<name>.c). Zeek's log of it, and the bytes by which it crosses to another process, are made
 * from the table: a field is written down once, in the order in which Zeek's log has it.
 *
 * The structs hold views: texts and lists are valid for the call that hands the observation over.
 */
#pragma once

#include "daemon/base/addr.h"

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

/* Where "not known" is not "no". */
enum truth { TRUTH_UNKNOWN, TRUTH_NO, TRUTH_YES };

/* A count or an interval that is not known. */
#define TRANSACTION_UNSET UINT64_MAX

enum {
	TRANSACTION_TEXTS_MAX = 96,  /* entries of all lists of texts of one transaction */
	TRANSACTION_COUNTS_MAX = 64, /* the same of lists of intervals */
	TRANSACTION_SIZE_MAX = 640,  /* of a struct, bytes */
};

/* Texts are NUL-terminated; what a NUL of the wire becomes is the parser's to decide. */
struct text_list {
	const char *const *at;
	size_t count;
};

struct interval_list {
	const uint64_t *at; /* ns */
	size_t count;
};

enum field_type {
	FIELD_TEXT,      /* const char *; NULL is unset, "" is empty */
	FIELD_COUNT,     /* uint64_t */
	FIELD_TRUTH,     /* enum truth */
	FIELD_TIME,      /* uint64_t, ns since the epoch; 0 is unset */
	FIELD_INTERVAL,  /* uint64_t, ns */
	FIELD_ADDR,      /* struct addr; :: is unset */
	FIELD_PORT,      /* uint16_t; 0 is unset */
	FIELD_TEXTS,     /* struct text_list; none is unset */
	FIELD_INTERVALS, /* struct interval_list; none is unset */
	FIELD_NEVER,     /* a column of Zeek's that is never filled */
};

struct transaction_field {
	const char *name;      /* the column of Zeek's log */
	const char *zeek_type; /* "string", "set[string]", ... */
	enum field_type type;
	size_t offset;
};

/* Where a member lies; refused by the compiler when it is of another type than the row says. */
#define FIELD_AT(owner, member, c_type) \
	(offsetof(owner, member) + 0 * sizeof((c_type *)0 == &((owner *)0)->member))

#define FIELD_ROW(owner, member, column, zeek, type, c_type)        \
	{                                                           \
		column, zeek, type, FIELD_AT(owner, member, c_type) \
	}
#define FIELD_ROW_TEXT(owner, member, column) \
	FIELD_ROW(owner, member, column, "string", FIELD_TEXT, const char *)
#define FIELD_ROW_ENUM(owner, member, column) \
	FIELD_ROW(owner, member, column, "enum", FIELD_TEXT, const char *)
#define FIELD_ROW_COUNT(owner, member, column) \
	FIELD_ROW(owner, member, column, "count", FIELD_COUNT, uint64_t)
#define FIELD_ROW_TRUTH(owner, member, column) \
	FIELD_ROW(owner, member, column, "bool", FIELD_TRUTH, enum truth)
#define FIELD_ROW_TIME(owner, member, column) \
	FIELD_ROW(owner, member, column, "time", FIELD_TIME, uint64_t)
#define FIELD_ROW_INTERVAL(owner, member, column) \
	FIELD_ROW(owner, member, column, "interval", FIELD_INTERVAL, uint64_t)
#define FIELD_ROW_ADDR(owner, member, column) \
	FIELD_ROW(owner, member, column, "addr", FIELD_ADDR, struct addr)
#define FIELD_ROW_PORT(owner, member, column) \
	FIELD_ROW(owner, member, column, "port", FIELD_PORT, uint16_t)
#define FIELD_ROW_TEXTS(owner, member, column, zeek) \
	FIELD_ROW(owner, member, column, zeek, FIELD_TEXTS, struct text_list)
#define FIELD_ROW_INTERVALS(owner, member, column) \
	FIELD_ROW(owner, member, column, "vector[interval]", FIELD_INTERVALS, struct interval_list)
#define FIELD_ROW_NEVER(column, zeek)        \
	{                                    \
		column, zeek, FIELD_NEVER, 0 \
	}
#define FIELD_END                          \
	{                                  \
		NULL, NULL, FIELD_NEVER, 0 \
	}

struct transaction_kind {
	unsigned kind;      /* enum obs_kind */
	const char *log;    /* name of Zeek's log of it, "dns"; NULL: it has none */
	bool has_ends;      /* the log has columns of the conversation: uid, id.orig_h ... */
	size_t before_ends; /* so many of the fields stand before those: "fuid" of files.log */
	bool has_uids;      /* or only "uids", as where Zeek joins conversations */
	size_t size;        /* of its struct, at most TRANSACTION_SIZE_MAX */
	const struct transaction_field *fields; /* ends in FIELD_END */
};

extern const struct transaction_kind *const transactions[];
extern const size_t transaction_count;

/* returns the description of an enum obs_kind, or NULL when it is no transaction */
const struct transaction_kind *transaction_kind_of(unsigned kind);

/* Where a field of `said`, a struct of the kind that the row describes, lies. */
static inline const void *
transaction_at(const struct transaction_field *f, const void *said)
{
	return (const uint8_t *)said + f->offset;
}

/* Is a field's value not known? */
bool transaction_is_unset(const struct transaction_field *f, const void *said);
