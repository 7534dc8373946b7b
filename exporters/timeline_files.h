/*
 * timeline_files.h -- timeline/<host>.log: what each host did, in order of time, for people.
 *
 * Of runs over files. Conversations are told when they end, so each file is put in order at the end of the
 * run; one of more than TIMELINE_SORT_MAX bytes stays in the order of ends, and the log says so. So many
 * hosts have one; what further ones did is counted as failed, and the log says so once.
 */
#pragma once

#include "daemon/record/record.h"

#include <stdbool.h>
#include <stdint.h>

struct run_info;
struct timeline_files;

enum { TIMELINE_SORT_MAX = 64 * 1024 * 1024, TIMELINE_HOSTS_MAX = 4096 };

/*
 * Begin anew below run->output_dir: files of an earlier run go.
 *
 * hosts_max  TIMELINE_HOSTS_MAX, but for tests
 * returns    NULL when that cannot be done; the line that says why is logged
 */
struct timeline_files *timeline_files_new(const struct run_info *run, uint32_t hosts_max);

/* Append an entry. returns false when it could not be written; the first time the log says why */
bool timeline_files_write(struct timeline_files *f, const struct record_timeline *t);

/* Put all files in order. Accepts NULL. returns 0, or -errno of the first that could not be */
int timeline_files_free(struct timeline_files *f);
