/*
 * spool_store.h -- the directory of segments under a spool: what is on disk, in order, bounded.
 *
 * The cap is shared out among SPOOL_SEGMENTS_MAX segments. When all are there and one more is
 * needed the oldest goes, counted. What is damaged is set aside as *.bad.
 */
#pragma once

#include "exporters/spool_segment.h"

enum { SPOOL_SEGMENTS_MAX = 16 };

struct spool_store {
	char *path;
	int directory;
	uint64_t segment_bytes;
	struct spool_segment segments[SPOOL_SEGMENTS_MAX]; /* oldest first */
	size_t count;
	bool fresh;    /* the next record begins a segment */
	bool unsynced; /* the last segment has records that may not be on the disk itself */
	uint64_t next; /* number behind that of the last record */
	uint64_t released;
	struct {                /* where the reader is */
		uint64_t first; /* of its segment */
		uint64_t number;
		uint64_t offset;
	} at;
	uint64_t overrun, lost, set_aside; /* as in struct spool_counts */
};

/* As spool_open(), but logs nothing of a failure. spool_store_close() accepts it either way. */
int spool_store_open(struct spool_store *s, const char *path, uint64_t cap_bytes);

/* Append a framed record; `number` is s->next or higher. returns 0, or -errno */
int spool_store_append(struct spool_store *s, uint64_t number, const char *frame, size_t length);

/* As spool_read(). */
bool spool_store_read(struct spool_store *s, uint64_t *number, char *ret_bytes, size_t *ret_length);

/* Records up to and including `number` are no longer needed. */
void spool_store_release(struct spool_store *s, uint64_t number);

/* returns 0, or -errno */
int spool_store_sync(struct spool_store *s);

/* Records that are not released, and the bytes of the segments that hold them. */
void spool_store_held(const struct spool_store *s, uint64_t *ret_records, uint64_t *ret_bytes);

/* Accepts a zeroed or half-opened struct. */
void spool_store_close(struct spool_store *s);
