/*
 * metric.h -- counters as rows: one line of a table gives the name, the type and the sentence.
 *
 * The owner increments a plain uint64_t field of its own struct; a row says where that field is. A
 * walker reads the rows when somebody asks. Label values come from closed lists in the rows, never
 * from the wire.
 */
#pragma once

#include <stddef.h>
#include <stdint.h>

enum metric_type {
	METRIC_COUNTER,
	METRIC_GAUGE,
};

struct metric {
	const char *name; /* without the "naiad_" prefix; counters end in _total */
	enum metric_type type;
	const char *label; /* `key="value"`, or NULL; rows of one name stand together */
	size_t offset;     /* of the uint64_t in the owner's struct */
	const char *help;  /* one sentence */
};

#define METRIC_ROW(name_, type_, label_, struct_, member_, help_)                             \
	{                                                                                     \
		.name = (name_), .type = (type_), .label = (label_),                          \
		.offset = offsetof(struct_, member_) +                                        \
			  0 * sizeof(char[sizeof(((struct_ *)0)->member_) == sizeof(uint64_t) \
						  ? 1                                         \
						  : -1]),                                     \
		.help = (help_)                                                               \
	}
#define METRIC_END           \
	{                    \
		.name = NULL \
	}

/* Call `each` for every row up to METRIC_END, with the value in the struct at `owner`. */
void metric_walk(const struct metric *rows, const void *owner,
	void (*each)(void *context, const struct metric *row, uint64_t value), void *context);
