/*
 * spool.h -- records on their way to a peer that may be away, kept on disk, bounded, in order.
 *
 * A directory of segments. Appending writes at once, so that nothing is lost with the process, and
 * syncs within SPOOL_SYNC_MS, so that little is lost with the machine. What the disk does not take
 * waits in memory and can be read from there. Over the cap the oldest segment goes, counted; what
 * is damaged is set aside as *.bad, never read twice, never the reason why nothing starts. Records
 * have numbers that only grow, from 1.
 *
 * One process, one writer, one reader.
 */
#pragma once

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

struct spool;

enum {
	SPOOL_WAITING_MAX = 8 * 1024 * 1024, /* bytes in memory while the disk takes nothing */
	SPOOL_SYNC_MS = 200,
};

/* What a spool holds and what it lost. */
struct spool_counts {
	uint64_t records, bytes; /* that are not released */
	uint64_t overrun;        /* records that were dropped unread, the oldest first */
	uint64_t refused;        /* that found no room in memory while the disk took nothing */
	uint64_t lost;           /* that were damaged on disk, as far as their numbers tell */
	uint64_t set_aside;      /* files renamed to *.bad */
};

/*
 * Open the spool in a directory, and make it if it is not there.
 *
 * path       absolute
 * cap_bytes  on disk
 * returns    0, or -errno, which is already logged
 */
int spool_open(const char *path, uint64_t cap_bytes, struct spool **ret_spool);

/* The descriptor of its directory: for spool_marks, which live beside the segments. */
int spool_directory(const struct spool *s);

/*
 * Append a record.
 *
 * length   1 .. SPOOL_RECORD_MAX
 * returns  0, or -EMSGSIZE, or -ENOBUFS: the disk takes nothing and memory is full
 */
int spool_append(struct spool *s, const char *bytes, size_t length);

/*
 * Read the first record that is there from a number on.
 *
 * number     in: where to begin; out: of the record that was read
 * ret_bytes  SPOOL_RECORD_MAX
 * returns    false when there is none
 * cost       one read of the file when records are read in order
 */
bool spool_read(struct spool *s, uint64_t *number, char *ret_bytes, size_t *ret_length);

/* The number of the next record that is appended. */
uint64_t spool_next(const struct spool *s);
/* Let the next number be `number` at least: lower ones were used, though their records are gone. */
void spool_next_at_least(struct spool *s, uint64_t number);

/* Records up to and including `number` are no longer needed. */
void spool_release(struct spool *s, uint64_t number);

/* Several times a second: sync what was appended, try again what failed. `now_ns`: monotonic. */
void spool_tick(struct spool *s, uint64_t now_ns);

struct spool_counts spool_counts(const struct spool *s);

/* Write out, sync and close. Accepts NULL. returns 0, or -errno if records are in memory only */
int spool_close(struct spool *s);
