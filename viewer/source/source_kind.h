/* source_kind.h -- what a kind of source answers, for source.c; see source.h for each. */
#pragma once

#include "viewer/source/source.h"

struct source_kind {
	size_t state_size;
	/* Is this what it opens? */
	bool (*is_mine)(const char *what);
	bool (*open)(struct source *s, const char *what, const char *cache);
	void (*close)(struct source *s);
	bool (*can)(const struct source *s, enum source_ability a);
	uint64_t (*stamp)(struct source *s);
	size_t (*profiles)(struct source *s, struct arena *m, const struct source_profile **ret);
	size_t (*entry_count)(struct source *s, const struct source_window_id *w);
	size_t (*entries)(struct source *s, const struct source_window_id *w, size_t from,
		size_t most, struct arena *m, const struct source_entry **ret);
	size_t (*evidences)(struct source *s, const struct source_window_id *w, bool one_window,
		struct arena *m, const struct source_evidence **ret);
	size_t (*alerts)(struct source *s, struct arena *m, const struct source_alert **ret);
	size_t (*rows)(struct source *s, const struct source_window_id *w, enum source_table table,
		bool established, struct arena *m, const struct source_row **ret);
	size_t (*tuples)(struct source *s, const struct source_window_id *w, bool out,
		struct arena *m, const struct source_tuple **ret);
	size_t (*flows)(struct source *s, const struct source_window_id *w, const char *const *uids,
		size_t uid_count, size_t most, struct arena *m, const struct source_flow **ret);
	/* NULL: it cannot tell them apart */
	size_t (*flows_with)(struct source *s, const struct source_window_id *w, const char *peer,
		size_t most, struct arena *m, const struct source_flow **ret);
	size_t (*devices)(struct source *s, struct arena *m, const struct source_device **ret);
	size_t (*losses)(struct source *s, struct arena *m, const struct source_loss **ret);
	size_t (*loss_spans)(
		struct source *s, struct arena *m, const struct source_loss_span **ret);
	bool (*address)(
		struct source *s, const char *address, struct arena *m, struct source_address *ret);
	bool (*run)(struct source *s, struct arena *m, struct source_run *ret);
};

struct source {
	const struct source_kind *kind;
	void *state; /* `state_size` bytes, zeroed */
	char name[256];
	char trouble[SOURCE_ERROR_MAX], first_trouble[SOURCE_ERROR_MAX];
};

/* Say what went wrong; the question then has no rows. */
void source_fail(struct source *s, const char *fmt, ...) __attribute__((format(printf, 2, 3)));

/*
 * An entry of a timeline from its JSON, in any of Kalipso's generations.
 *
 * host     whose timeline it is: a message that it sent itself is told as one to the other side; NULL: not known
 * ret      `ts_ns` 0: what is said goes on from the entry before (HTTP in the generation of the talk)
 * returns  false when it is none
 */
bool source_entry_read(const char *json, size_t length, const char *host, struct arena *m,
	struct source_entry *ret);

/* One of which nothing is known. */
struct source_entry source_entry_empty(void);
