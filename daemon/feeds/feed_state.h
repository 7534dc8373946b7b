/* feed_state.h -- a list that is being read; for those who read its lines. */
#pragma once

#include "daemon/feeds/feed.h"

enum { FEED_COLUMN_UNKNOWN = -1 };

/* What the list has told about its columns. */
struct feed_columns {
	int value, level, description, tag; /* or FEED_COLUMN_UNKNOWN */
	bool has_header;
	bool is_ja3; /* 32 hexadecimal digits are one */
};

enum feed_form {
	FEED_FORM_UNKNOWN,
	FEED_FORM_LINES,
	FEED_FORM_JSON,
};

struct feed {
	struct feed_plan plan;
	struct feed_stats stats;
	struct feed_columns columns;
	enum feed_form form;
	enum feed_refusal refusal;
	uint64_t line;
	uint64_t bytes, control_bytes; /* of the beginning */
	unsigned depth;                /* of braces, in JSON */
	bool is_quoted, is_escaped;    /* in a string of JSON */
	size_t used;
	char record[FEED_OBJECT_MAX]; /* the line or object that is being read */
};

/* Give an indicator to whoever reads; the level is the list's, if it has none. */
void feed_take(struct feed *f, const struct intel_indicator *what);
/* Note a line that has none. */
void feed_miss(struct feed *f, bool is_unsupported);

void feed_read_line(struct feed *f, struct intel_text line);
void feed_read_object(struct feed *f, struct intel_text object);
