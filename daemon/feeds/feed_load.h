/*
 * feed_load.h -- make one store of several lists, slice by slice: so that a sensor goes on between two slices.
 *
 * Two passes over every list (intel_build.h). A list that makes no sense any more is refused as a whole, and what it
 * said in the store before is said again; so nobody disarms us by a broken file, or by cutting one off. What is found
 * in the second pass only (the list has changed meanwhile, what it says takes too much) begins both anew, without it.
 */
#pragma once

#include "daemon/feeds/feed_gate.h"

#include <sys/types.h>

enum { FEED_SLICE = 64 * 1024 };

struct feed_load;

/* One list. All of it is borrowed for as long as it is loaded. */
struct feed_list {
	const char *name; /* as it is told: its path */
	enum list_category category;
	enum threat level;
	const char *tag; /* where it gives none; "" for none */
	bool is_info;
	uint64_t before; /* indicators that it has in the store before; 0: it is not there */
};

/* Where the bytes of lists come from. One is open at a time. */
struct feed_source {
	/*
	 * Begin a list from its first byte.
	 *
	 * again    in the second pass
	 * returns  0; -EFBIG: it is larger than it may be; -ESTALE: it is not what it was in the first pass; or -errno
	 */
	int (*open)(void *context, size_t list, bool again);
	/* returns how many bytes were read, 0 at the end, or -errno */
	ssize_t (*read)(void *context, char *ret_bytes, size_t room);
	void (*close)(void *context);
	void *context;
};

struct feed_load_plan {
	const struct feed_list *lists;
	size_t list_count;          /* at most INTEL_SOURCES_MAX */
	const struct intel *before; /* made with the same key; or NULL */
	uint64_t most_bytes;        /* of the store */
	uint64_t now_ns;            /* feed.h */
	struct hash_key key;
	struct feed_gate gate; /* initialised */
	struct feed_source source;
};

/* What became of one list. */
struct feed_report {
	enum feed_refusal refusal;
	int error;      /* why it cannot be read, an errno: of FEED_UNOPENED */
	uint64_t line;  /* where it is refused; 0: as a whole */
	bool is_kept;   /* it is refused, and says what it said before */
	uint64_t count; /* indicators that it has in the store */
	uint64_t types
		[INTEL_TYPE_COUNT]; /* of what was read; INTEL_HASH: of what is kept, whatever it is */
	uint64_t skipped;           /* by the gate: nobody's addresses, public suffixes */
	struct feed_stats stats;    /* of its lines */
};

enum feed_load_state {
	FEED_LOAD_MORE,
	FEED_LOAD_DONE,
	FEED_LOAD_FAILED, /* what has to be kept and what is new do not fit together, or memory is out */
};

/* Begin. returns NULL when memory is out */
struct feed_load *feed_load_new(const struct feed_load_plan *plan);
/* Or end it halfway. `l` may be NULL */
void feed_load_free(struct feed_load *l);

/* Go on, for one slice. Once it is done or failed, it stays so. */
enum feed_load_state feed_load_step(struct feed_load *l);

/* After it is done, once: the store. returns what intel_free() takes */
struct intel *feed_load_take(struct feed_load *l);

/* What became of a list; of those after it, nothing is known yet before it is done. */
const struct feed_report *feed_load_report(const struct feed_load *l, size_t list);
