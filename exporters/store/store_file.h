/* store_file.h -- the file of a store, before SQLite has it: what stands there, is it ours, and is it there still. */
#pragma once

#include "exporters/store/store_open.h"

#include <stdbool.h>

struct run_info;

/*
 * Make what is not there; over files, in place of what is. Only `path` and `live` of the store are looked at.
 *
 * returns  0; -EEXIST: there is something that is no store, or that the run reads; -EPROTO: it is a store of another
 *          version; another -errno. Nothing is changed then, and the line that tells the person is logged
 */
int store_file_make(const struct store *s, const struct run_info *run);

/* Does the path of an open store name another file now, or none? What is written goes where nobody looks for it. */
bool store_file_has_moved(const struct store *s);
