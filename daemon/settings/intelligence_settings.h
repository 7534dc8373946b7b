/* intelligence_settings.h -- the settings of threat intelligence: which lists, and how much of them. */
#pragma once

#include "daemon/settings/config_item.h"

#include <stdint.h>

enum { INTELLIGENCE_FEEDS_MAX = 64 };

enum feed_use {
	FEED_USE_EVIDENCE,
	FEED_USE_INFO, /* who is in it is told, and accused of nothing */
};

/* One list. */
struct feed_settings {
	const char *path; /* NULL is passed over, with a line */
	uint32_t level;   /* enum threat, where the list gives none */
	uint32_t kind;    /* enum list_category */
	uint32_t use;     /* enum feed_use */
	const char *tags; /* of all that has none of its own; NULL: none */
};

struct intelligence_settings {
	struct config_list feeds; /* of struct feed_settings */
	const char *directory;    /* all files in it are lists as well; NULL or "": none is */
	uint64_t memory;          /* bytes; 0: an eighth of memory.limit */
	uint64_t max_file;        /* bytes */
	uint64_t check;           /* ns; 0: only when asked to */
};

/* Words of enum list_category, NULL at the end. */
extern const char *const intelligence_kinds[];

/* Ends in CONFIG_END; offsets are into struct intelligence_settings. */
extern const struct config_item intelligence_rows[];
