/*
 * writer.h -- the process that writes: outlets, files, the state; so that the engine never waits.
 *
 * writer_start() forks a child that opens every outlet and then only reads records from a socket
 * pair and hands them on. Here, in the process that captures, a record is packed into a batch; a
 * batch leaves without waiting, or queues. The queue is bounded: conversations are dropped when it
 * is three quarters full, a window is cut short at seven eighths, findings are dropped when it is
 * full; what is dropped is counted. A child that ends takes the daemon with it (its owner is told);
 * a daemon that ends, however, leaves a child that writes out what it was given and goes.
 */
#pragma once

#include "daemon/base/log.h"
#include "daemon/record/record.h"

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>
#include <sys/types.h>

struct config;
struct event_base;
struct outlet_stats;
struct run_info;
struct writer;

struct writer_plan {
	const struct config *config; /* borrowed, as `run` is, for the child's life as well */
	const struct run_info *run;
	/*
	 * Called in the child. Confine, before anything is opened: give up whatever it need not
	 * have; -errno, already logged, ends it. Save: write the state down. Note: the same, of a
	 * note. NULL: nothing is done.
	 */
	int (*confine)(void *context);
	int (*save)(void *context, const void *bytes, size_t length);
	void (*note)(void *context, const void *bytes, size_t length);
	void *context;
};

struct writer_stats {
	uint64_t records;         /* handed to the child */
	uint64_t dropped_flows;   /* because the queue was full, or nearly */
	uint64_t dropped_windows; /* or cut short, because it was nearly full */
	uint64_t dropped;         /* other records, because it was full */
	uint64_t queued;          /* batches now */
};

/*
 * Fork the child and wait until its outlets are open. To be called before there is an event base,
 * a capture or a listener, so that the child inherits none of them.
 *
 * returns  0; -errno of what the child could not open, already logged by it; -errno of fork()
 */
int writer_start(const struct writer_plan *plan, struct writer **ret_writer);

/*
 * Let the writer work on an event loop.
 *
 * gone     called once, when the child has ended though nobody asked it to
 * returns  0 or -ENOMEM
 */
int writer_attach(struct writer *w, struct event_base *base, void (*gone)(void *), void *context);

/* What to give to the engine; never blocks. */
struct record_sink writer_sink(struct writer *w);

/* Send what was batched. At the end of each turn of the loop. */
void writer_flush(struct writer *w);

/*
 * From now on a full queue waits for the child and drops nothing. For the end, when nobody waits for
 * us any more: everything that goes on is over then at once, and that is more than the queue holds.
 *
 * patience_ms  for all of it, with what writer_stop() takes; after that records are dropped
 */
void writer_hold(struct writer *w, int patience_ms);

/* SIGUSR1: the outlets reopen what a log rotator may have moved. */
void writer_reopen(struct writer *w);

/* The child logs up to this level from now on. */
void writer_log_level(struct writer *w, enum log_level most);

/*
 * Have the state written to its file, after all records before it.
 *
 * bytes    kept by the caller, and unchanged, until writer_is_saving() is false
 * returns  false when the last one is still on its way: this one is not taken
 */
bool writer_save(struct writer *w, const void *bytes, size_t length);
bool writer_is_saving(const struct writer *w);

enum { WRITER_NOTE_MAX = 30 * 1024 };

/*
 * Have a note written down, after all records before it. It costs a message: it may come each turn. One
 * that is still on its way is replaced.
 *
 * bytes  copied, WRITER_NOTE_MAX at the most
 */
void writer_note(struct writer *w, const void *bytes, size_t length);

/* Wait, for a second at most, until no state is on its way. returns whether there is none now */
bool writer_settle(struct writer *w);

/* Whom to end when all else fails: the one process that the sandbox lets this one signal. */
pid_t writer_pid(const struct writer *w);

struct writer_stats writer_stats(const struct writer *w);

/* Of all kinds, those that the child did not get, or not whole. */
uint64_t writer_dropped(const struct writer *w);

/*
 * What the outlets did, as of a second ago at most.
 *
 * ret_count  how many there are
 * returns    an array, valid until the loop turns
 */
const struct outlet_stats *writer_outlets(const struct writer *w, size_t *ret_count);

/*
 * Hand over everything, let the child write it out and end, and free the writer. Accepts NULL.
 *
 * patience_ms  how long all of that may take together, if writer_hold() did not say so; the child
 *              is killed then, and what it had is lost, and said
 * returns      0, or -errno when the child could not write what it was given
 */
int writer_stop(struct writer *w, int patience_ms);
