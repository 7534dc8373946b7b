/*
 * geo_file.h -- the databases that say where addresses are, opened and tried.
 *
 * They are mapped, so memory.limit does not pay for them, and opened before the sandbox closes: what is put in
 * their place later counts from the next start on.
 */
#pragma once

struct geo;

/*
 * Open what is named.
 *
 * countries, networks   paths; NULL or "": none; both may be the same
 * returns  to be freed with geo_free(); NULL when nothing is named or usable. A file that is not usable has a line that
 *          says why, and one that is, a line that says what it is
 */
struct geo *geo_file_load(const char *countries, const char *networks);
