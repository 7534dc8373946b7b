#include "daemon/settings/intelligence_settings.h"

#include "daemon/base/time_text.h"
#include "daemon/evidence_kind.h"
#include "daemon/intel/intel.h"

#include <assert.h>

#define MIB (UINT64_C(1024) * 1024)

enum { PATH_TEXT_MAX = 4096 };

static const char *const levels[] = { "info", "low", "medium", "high", "critical", NULL };
const char *const intelligence_kinds[] = { "malicious", "known-good", "tor", "doh", "dynamic-dns",
	"paste", "sinkhole", NULL };
static const char *const uses[] = { "evidence", "info", NULL };

static_assert(sizeof(levels) / sizeof(levels[0]) == THREAT_COUNT + 1, "one for each");
static_assert(sizeof(intelligence_kinds) / sizeof(intelligence_kinds[0]) == LIST_CATEGORY_COUNT + 1,
	"one for each");

static const struct config_item feed_rows[] = {
	{ .name = "path",
		.type = CONFIG_TYPE_STRING,
		.offset = CONFIG_MEMBER(struct feed_settings, path, char *),
		.min = 1,
		.max = PATH_TEXT_MAX,
		.unit = "",
		.help = "The file; a new one is renamed over it." },
	CONFIG_ENUM(struct feed_settings, level, levels, THREAT_MEDIUM,
		"How bad it is to be in it, where the list itself does not say."),
	CONFIG_ENUM(struct feed_settings, kind, intelligence_kinds, LIST_MALICIOUS,
		"What it means to be in it: seen to do harm, a file that is what it should be, a relay of Tor, a resolver over HTTPS, a domain that lends names for changing addresses, a site for pasted texts, a sinkhole."),
	CONFIG_ENUM(struct feed_settings, use, uses, FEED_USE_EVIDENCE,
		"Whether who talks with what it names is accused, or that is only told."),
	CONFIG_STRING(struct feed_settings, tags, INTEL_TEXT_MAX, NULL,
		"Words for all that has none of its own."),
	CONFIG_END,
};

const struct config_item intelligence_rows[] = {
	CONFIG_LIST(struct intelligence_settings, feeds, struct feed_settings, feed_rows,
		INTELLIGENCE_FEEDS_MAX,
		"Lists of addresses, networks, names, autonomous systems, fingerprints and digests; docs/INTELLIGENCE.md has their formats."),
	CONFIG_STRING(struct intelligence_settings, directory, PATH_TEXT_MAX, NULL,
		"A directory of which each file is such a list, of medium level; those whose names begin with a dot are none."),
	CONFIG_SIZE(struct intelligence_settings, memory, 0, UINT64_C(1) << 36, 0,
		"What they may take of memory.limit, half of that at the most; live, half of it is for the new ones while the old ones are still in use; 0 is an eighth of memory.limit. Without lists it is nothing."),
	CONFIG_SIZE(struct intelligence_settings, max_file, 1024, UINT64_C(1) << 36, 64 * MIB,
		"A larger file is refused."),
	CONFIG_DURATION(struct intelligence_settings, check, 0, 86400 * NS_PER_S, 60 * NS_PER_S,
		"How often the files are looked at when live, to take those that changed; 0s: only at a reload."),
	CONFIG_END,
};
