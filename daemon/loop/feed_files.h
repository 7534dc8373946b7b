/*
 * feed_files.h -- the lists of threat intelligence as files: read, watched, and read again without a pause.
 *
 * What is read is one store; the next one is made beside it, a slice at a time, and takes its place between two
 * packets. What becomes of each list is told in the log: one line for each that is refused, with what was expected and
 * what happens now.
 */
#pragma once

#include "daemon/feeds/feed_load.h"
#include "daemon/settings/intelligence_settings.h"

struct feed_files;
struct feed_numbers;
struct public_suffix;
struct run_list;

struct feed_files_plan {
	const struct intelligence_settings *settings; /* feed_files_settings() */
	uint64_t most_bytes;                          /* of one store */
	const struct cidr *ours;                      /* copied */
	size_t ours_count;                            /* at most FEED_OURS_MAX */
	struct public_suffix *suffixes;               /* borrowed; or NULL */
	bool live;                                    /* entries have a date, and it is now */
};

/*
 * What the settings give to lists.
 *
 * limit    memory.limit, settled
 * returns  bytes, with room for two stores when live; 0: there are no lists
 */
uint64_t feed_files_memory(const struct intelligence_settings *s, uint64_t limit);

/* Prepare. returns NULL when memory is out */
struct feed_files *feed_files_new(const struct feed_files_plan *plan);
void feed_files_free(struct feed_files *f); /* or NULL */

/* The same settings lie elsewhere from now on. */
void feed_files_settings(struct feed_files *f, const struct intelligence_settings *settings);
/* From now on call `swap` when there is another store, before that of before is freed. */
void feed_files_on_swap(struct feed_files *f,
	void (*swap)(void *context, const struct intel *fresh), void *context);

/* Find the lists and begin to read them, once more if they are being read. returns false when nothing is begun: all stays as it is */
bool feed_files_begin(struct feed_files *f);
/* Go on, for a slice. returns whether there is more to do */
bool feed_files_step(struct feed_files *f);
/* Both, to the end. */
void feed_files_load(struct feed_files *f);

/*
 * Look whether they should be read again: something has changed, and nothing for two seconds since.
 *
 * now_ns   monotonic
 */
bool feed_files_are_due(struct feed_files *f, uint64_t now_ns);

/* What was read last; NULL before that. */
const struct intel *feed_files_intel(const struct feed_files *f);

/* What became of its lists, for run.json. returns how many there are, valid until the next one is read; `f` may be NULL */
size_t feed_files_told(const struct feed_files *f, const struct run_list **ret_lists);

/* What is counted of them: feed_tell.h. */
const struct feed_numbers *feed_files_numbers(const struct feed_files *f);
