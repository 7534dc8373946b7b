/* suffix_file.h -- the list of public suffixes, read from its file, or the one that libpsl was built with. */
#pragma once

struct public_suffix;

/*
 * Read the list.
 *
 * path     text or compiled (.dafsa); NULL or "": the one of libpsl
 * returns  to be freed with public_suffix_free(); NULL when there is none at all, after a line that says so
 */
struct public_suffix *suffix_file_load(const char *path);
