/* feed_tell.h -- what became of the lists: lines for the person, numbers for /metrics. */
#pragma once

#include "daemon/base/metric.h"
#include "daemon/loop/feed_lists.h"
#include "daemon/settings/intelligence_settings.h"

struct run_list;

struct feed_numbers {
	uint64_t loaded, kept,
		missing; /* lists: as they are now, as they were before, without any indicator */
	uint64_t types
		[INTEL_TYPE_COUNT]; /* indicators; INTEL_HASH: of lists that were kept, whatever they are */
	uint64_t bytes;
	uint64_t loaded_ns; /* wall clock of the last that was taken; 0: none was */
	uint64_t refused[FEED_REFUSAL_COUNT];
	uint64_t failed; /* readings of which nothing was taken */
};

extern const struct metric feed_metric_rows[];

/* Where no list can come of: settings without a path, a directory that cannot be read. */
void feed_tell_found(const struct intelligence_settings *s, const struct feed_lists *lists);

/* A line for each list that is refused, and one for all that are there. */
void feed_tell(const struct feed_lists *lists, const struct feed_report *reports,
	const struct intel *intel);

/* For run.json. returns what free() takes, one for each list; NULL when memory is out */
struct run_list *feed_run_lists(const struct feed_lists *lists, const struct feed_report *reports);

/* Nothing was taken. */
void feed_tell_failed(uint64_t most_bytes);

/* Count lists and indicators as they are now, and the refusals of this time. */
void feed_count(struct feed_numbers *n, const struct feed_lists *lists,
	const struct feed_report *reports, const struct intel *intel);
