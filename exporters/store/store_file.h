/* store_file.h -- the file of a store, before SQLite has it: what stands there, is it ours, and is it there still. */
#pragma once

#include "exporters/store/store_open.h"

#include <stdbool.h>

struct run_info;

/*
 * Make what is not there, over files in place of what is, and lock it. Of the store only `path` and `live` are looked at,
 * and the lock is set.
 *
 * returns  0; -EEXIST: there is something that is no store, or that the run reads; -EPROTO: it is a store of another
 *          version; -EBUSY: another run writes to it; another -errno. Nothing is changed then, and the line that tells the person is logged
 */
int store_file_make(struct store *s, const struct run_info *run);

/* Let others have it. After SQLite has closed it: with any descriptor of a file all its locks would go. */
void store_file_leave(struct store *s);

/* Does the path of an open store name another file now, or none? What is written goes where nobody looks for it. */
bool store_file_has_moved(const struct store *s);
