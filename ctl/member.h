/*
 * member.h -- rows of a source by a table of their members: as JSON, as columns for people, and as the schema that tells both.
 *
 * One table is the only truth: what is not in it is in none of the three.
 */
#pragma once

#include "ctl/table_print.h"

#include <jansson.h>
#include <stddef.h>

enum member_type {
	MEMBER_TEXT,    /* const char *; "" is null */
	MEMBER_ID,      /* const char *; its column has the first characters, which will do */
	MEMBER_TEXTS,   /* const char *const *, with a count */
	MEMBER_YES,     /* bool */
	MEMBER_COUNT,   /* uint64_t */
	MEMBER_SIZE,    /* size_t */
	MEMBER_INTEGER, /* int64_t */
	MEMBER_REAL,    /* double; below 0 is null */
	MEMBER_TIME,    /* uint64_t, nanoseconds; 0 is null */
	MEMBER_ROWS,    /* rows of `of`, with a count */
	MEMBER_PAIRS,   /* the same, of a label and a value each: people read them in one cell */
};

struct member_table;

struct member {
	const char *name; /* in JSON */
	enum member_type type;
	size_t at, count_at;           /* offsets in the row */
	const struct member_table *of; /* of MEMBER_ROWS and MEMBER_PAIRS */
	const char *title;             /* of its column; NULL: for programs only */
	const char *meaning;           /* a sentence without its full stop */
};

struct member_table {
	const char *name;    /* of the command that tells it */
	const char *meaning; /* what a row is */
	const struct member *members;
	size_t count, row_size;
};

/* Rows as a JSON array; what is no UTF-8 stands as \xHH. returns NULL when memory is out */
json_t *member_rows(const struct member_table *t, const void *rows, size_t count);
/* One as an object. */
json_t *member_row(const struct member_table *t, const void *row);

/* The same, printed for a program. */
void member_say(const struct member_table *t, const void *row, FILE *out);

/* Those members that have a title, as a table. */
void member_show(const struct member_table *t, const void *rows, size_t count,
	const struct table_terminal *terminal);

/* Its JSON Schema. */
json_t *member_schema(const struct member_table *t);
