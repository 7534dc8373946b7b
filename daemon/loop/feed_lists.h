/* feed_lists.h -- which files are lists: those that are named, and those of a directory. */
#pragma once

#include "daemon/feeds/feed_load.h"
#include "daemon/settings/intelligence_settings.h"

enum {
	FEED_LISTS_OF_DIRECTORY_MAX = 256,
	FEED_LISTS_MAX = INTELLIGENCE_FEEDS_MAX + FEED_LISTS_OF_DIRECTORY_MAX,
};

/* Found anew each time: settings and directories change. All zero: none. */
struct feed_lists {
	struct feed_list *lists;
	size_t count;
	char **texts;    /* what `lists` point to: two of each */
	size_t left_out; /* files of the directory for which there is no room */
	size_t nameless; /* settings that name no file */
	int error;       /* why the directory cannot be read, an errno; or 0 */
};

/* Is a file, or a directory of them, named at all? */
bool feed_lists_any(const struct intelligence_settings *s);

/*
 * Find them: those that are named, whether they are there or not, then the directory's in the order of their names.
 * A path counts once.
 *
 * returns  0, or -ENOMEM; feed_lists_free() takes `ret` in both cases
 */
int feed_lists_find(const struct intelligence_settings *s, struct feed_lists *ret);
void feed_lists_free(struct feed_lists *l);

/* A number that is another one when a file is another, has come, or has gone. */
uint64_t feed_lists_signature(const struct feed_lists *l);
