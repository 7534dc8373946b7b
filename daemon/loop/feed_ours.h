/* feed_ours.h -- what no list may accuse: our own networks, gateways and resolvers. */
#pragma once

#include "daemon/settings/settings.h"
#include "daemon/settings/settings_settle.h"

enum {
	FEED_OURS_OF_FILE = 8, /* gateways, or resolvers */
	FEED_OURS_MAX = 64 + SETTINGS_PREFIXES_MAX + 2 * FEED_OURS_OF_FILE,
};

/* Where this machine says how it gets out. NULL: it is not asked. */
struct feed_ours_files {
	const char *routes;    /* as /proc/net/route */
	const char *resolvers; /* as /etc/resolv.conf */
};

/*
 * Gather them: home_network as it is set, the interfaces' networks, and what the files say. Networks so wide that
 * nobody owns them ("::/0" is every host) are left out.
 *
 * settings  not settled: the private networks that stand for an empty home_network are everybody's
 * returns   how many
 */
size_t feed_ours(const struct settings *settings, const struct cidr *prefixes, size_t prefix_count,
	const struct feed_ours_files *files, struct cidr ret[FEED_OURS_MAX]);
