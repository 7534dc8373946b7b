/*
 * spool_marks.h -- how far the records of a spool have got on their way to one peer.
 *
 *	... settled ... delivered ... attempted ... next ...
 *
 * Everything up to `settled` is certainly with the peer and may be forgotten. Up to `delivered` it
 * was handed over in such a way that our own end does not undo it. `attempted` is the last that we
 * began to hand over: what lies between is sent again, and said to be a repeat.
 *
 * Two slots are written in turn, each with a checksum, so that a torn write leaves the older one.
 */
#pragma once

#include <stdbool.h>
#include <stdint.h>

struct spool_marks {
	int fd; /* -1 while the file cannot be made: then a restart repeats more */
	int directory;
	uint64_t generation;
	uint64_t settled, delivered, attempted;
	uint64_t peer; /* whom it was delivered to, as far as that can be told; 0: it cannot */
};

/*
 * Read the marks that are kept in a directory; all are zero if there are none.
 *
 * directory  borrowed until spool_marks_close()
 * returns    true; false when what is there makes no sense or cannot be read: then anything may have been
 *            sent
 */
bool spool_marks_open(struct spool_marks *m, int directory);
/* Keep the marks as they are now. What fails is tried again by the next. */
void spool_marks_save(struct spool_marks *m);
void spool_marks_close(struct spool_marks *m);
