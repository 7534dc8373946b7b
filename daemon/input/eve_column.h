/* eve_column.h -- from a path of EVE to the field that it fills. */
#pragma once

#include "daemon/transactions/transaction.h"

#include <stddef.h>
#include <stdint.h>

struct eve_reader;

enum {
	EVE_PATH_MAX = 40, /* longer paths are in no table */
	EVE_COLUMNS_MAX =
		112, /* paths of one event that are remembered; others are looked up anew */
};

/* Where a path's value goes. */
struct eve_column {
	char path[EVE_PATH_MAX];
	uint8_t length;
	uint8_t to;    /* enum eve_to */
	uint8_t after; /* the column that followed it last time */
	const struct transaction_field *field;
};

enum eve_to {
	EVE_TO_NOBODY,
	EVE_TO_HEAD,
	EVE_TO_BESIDE,
	EVE_TO_SAID,
	EVE_TO_VALUE, /* eve_reader.value() */
};

/* The paths of one event, as its lines had them so far. Zeroed: none. */
struct eve_columns {
	uint8_t count;
	uint8_t last; /* that was asked for */
	struct eve_column at[EVE_COLUMNS_MAX];
	struct eve_column other; /* for which there was no room */
};

/* The column of a path of that event. cost: a memcmp where lines have their paths in the same order */
const struct eve_column *eve_column_of(
	struct eve_columns *c, const struct eve_reader *reader, const char *path, size_t length);
