/* reputation_file.h -- one file of reputation, line by line, whatever it is. */
#pragma once

#include "exporters/kalipso/reputation.h"

enum { REPUTATION_FILE_BYTES_MAX = 8 * 1024 * 1024 };

/* What became of it. */
struct reputation_file {
	const char *expected; /* where it was wrong first; NULL: nowhere */
	uint64_t line; /* which that is, from 1; 0: the file as a whole, nothing more is read */
	uint64_t lines, bad; /* without blank ones */
};

/*
 * Read a regular file of at most REPUTATION_FILE_BYTES_MAX; anything else is refused, and nothing is waited for.
 *
 * directory  its descriptor
 * take       called for each good line
 */
void reputation_file_read(int directory, const char *name,
	void (*take)(void *context, const struct reputation_scores *scores), void *context,
	struct reputation_file *ret);
