/*
 * settings_settle.h -- what is left open by the settings, settled by the way of running.
 *
 * Over files: the originator's side of every host, 1 GiB. Live: both sides of the hosts at home,
 * 128 MiB; and at home are the private networks and those of the interfaces (house H0.1).
 */
#pragma once

#include "daemon/settings/settings.h"

#include <stddef.h>

enum {
	SETTINGS_PREFIXES_MAX = 64,                    /* of interfaces */
	SETTINGS_HOME_MAX = 8 + SETTINGS_PREFIXES_MAX, /* private networks come first */
};

/* Over files. */
void settings_settle_files(struct settings *s);

/*
 * Live.
 *
 * prefixes  networks of the interfaces behind which our hosts are; further ones than
 *           SETTINGS_PREFIXES_MAX are left out
 * home      room for what an empty home_network becomes; borrowed by `s`
 */
void settings_settle_live(struct settings *s, const struct cidr *prefixes, size_t prefix_count,
	struct setting_cidr home[SETTINGS_HOME_MAX]);
