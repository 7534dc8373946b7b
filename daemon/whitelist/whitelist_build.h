/*
 * whitelist_build.h -- the whitelist of the settings, read: texts become networks, names, ports, and rules are indexed.
 *
 * Everything that is wrong is told with file, line and what was expected, not only the first of it.
 */
#pragma once

#include "daemon/whitelist/whitelist.h"

#include <stdbool.h>
#include <stddef.h>

struct arena;

/* All of it is borrowed for the call, but for the arena and the settings' texts: those as long as the whitelist. */
struct whitelist_plan {
	const struct whitelist_settings *settings;
	const char *path; /* of the file that they are from, for messages */
	/* What the file of Slips has: whitelist_slips.h. NULL: there is none. */
	const char *slips_path, *slips;
	size_t slips_length;
	/* Is there a detector or a kind of evidence of that name? NULL: all are believed. */
	bool (*is_detector)(const char *name);
	struct arena *arena;
	void (*complain)(void *context, const char *line);
	void *context;
};

/*
 * Make a whitelist.
 *
 * ret_whitelist  written on success; to be given to whitelist_free() before its arena goes. NULL when there is no rule
 * errors         -EINVAL, with a line for everything that is wrong; -ENOMEM, without
 */
int whitelist_build(const struct whitelist_plan *plan, struct whitelist **ret_whitelist);

/* Give back what is not in the arena. NULL is accepted. */
void whitelist_free(struct whitelist *w);
