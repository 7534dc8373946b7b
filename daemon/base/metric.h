/*
 * metric.h -- counters as rows: one line of a table gives the name, the type and the sentence.
 *
 * The owner increments a plain field of its own struct; a row says where that field is and what it
 * counts. A walker reads the rows when somebody asks. Label values come from closed lists in the
 * rows, or from the owner's own name (an interface, an outlet), never from the wire.
 */
#pragma once

#include "daemon/base/strbuf.h"

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

enum metric_type {
	METRIC_COUNTER,
	METRIC_GAUGE,
	METRIC_INFO,      /* always 1: what it tells is in its labels; no field */
	METRIC_HISTOGRAM, /* of durations: a struct metric_histogram */
};

/* What the field holds; what is shown is always in base units. */
enum metric_unit {
	METRIC_PLAIN,      /* uint64_t, shown as it is */
	METRIC_NS,         /* uint64_t, a duration or a time since the epoch, shown in seconds */
	METRIC_MILLIONTHS, /* uint64_t, shown as a ratio */
	METRIC_DOUBLE,     /* double */
};

struct metric {
	const char *name; /* without the "naiad_" prefix, but for process_*; counters end in
			     _total, METRIC_INFO in _info */
	enum metric_type type;
	enum metric_unit unit;
	const char *label; /* `key="value"`, or NULL; rows of one name have the same keys */
	size_t offset;     /* of the field in the owner's struct */
	const char *help;  /* one sentence */
};

/* offsetof(), refused by the compiler when the member is not of that size. */
#define METRIC_MEMBER(struct_, member_, type_) \
	(offsetof(struct_, member_) +          \
		0 * sizeof(char[sizeof(((struct_ *)0)->member_) == sizeof(type_) ? 1 : -1]))
#define METRIC_ROW_IN(unit_, name_, type_, label_, struct_, member_, help_)           \
	{                                                                             \
		.name = (name_), .type = (type_), .unit = (unit_), .label = (label_), \
		.offset = METRIC_MEMBER(struct_, member_, uint64_t), .help = (help_)  \
	}
#define METRIC_ROW(name_, type_, label_, struct_, member_, help_) \
	METRIC_ROW_IN(METRIC_PLAIN, name_, type_, label_, struct_, member_, help_)
#define METRIC_ROW_HISTOGRAM(name_, label_, struct_, member_, help_)                             \
	{                                                                                        \
		.name = (name_), .type = METRIC_HISTOGRAM, .unit = METRIC_NS, .label = (label_), \
		.offset = METRIC_MEMBER(struct_, member_, struct metric_histogram),              \
		.help = (help_)                                                                  \
	}
#define METRIC_ROW_INFO(name_, help_)                                 \
	{                                                             \
		.name = (name_), .type = METRIC_INFO, .help = (help_) \
	}
#define METRIC_END           \
	{                    \
		.name = NULL \
	}

/* Rows and the struct that they are about: what is walked at a scrape. */
struct metric_source {
	const struct metric *rows; /* up to METRIC_END */
	const void *owner;
	const char *
		label; /* of the owner, from metric_label_append(): stands before each row's own; or NULL */
};

enum { METRIC_BUCKET_COUNT = 16 };

/* How long something took, in buckets from 100 ns to 10 ms: steps of 1, 2.5, 5. */
struct metric_histogram {
	uint64_t count;
	uint64_t sum_ns;
	uint64_t buckets[METRIC_BUCKET_COUNT]; /* each alone; what took longer is in `count` only */
};

/* Upper ends of the buckets, each included; rising. */
extern const uint64_t metric_bucket_ends_ns[METRIC_BUCKET_COUNT];

void metric_histogram_add(struct metric_histogram *h, uint64_t ns);

/*
 * Call `each` for every row up to METRIC_END, with the field in the struct at `owner` as it is: a
 * double's bits, a histogram's count; 1 for METRIC_INFO.
 */
void metric_walk(const struct metric *rows, const void *owner,
	void (*each)(void *context, const struct metric *row, uint64_t value), void *context);

/* What stands before a row's name: "naiad_", or "" for process_*, which is named alike everywhere. */
const char *metric_prefix(const struct metric *row);

/*
 * Append `key="value"` to the labels in `out`, after a comma if it is not the first. The value is
 * escaped as Prometheus wants it; what is not UTF-8, and control bytes, become U+FFFD.
 *
 * returns  false when it did not fit: nothing was appended then
 */
bool metric_label_append(struct strbuf *out, const char *key, const char *value);
