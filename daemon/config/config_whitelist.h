/* config_whitelist.h -- the whitelist of loaded settings, with the file of Slips that they name. */
#pragma once

#include "daemon/config/config_rows.h"
#include "daemon/settings/whitelist_settings.h"

struct arena;
struct whitelist;

/*
 * Make it.
 *
 * path           of the file of settings, for messages; NULL: none
 * arena          where it goes; its strings are the settings'
 * report         gets a line for everything that is wrong
 * ret_whitelist  written on success; NULL when there are no rules. For whitelist_free()
 * errors         -EINVAL, -EFBIG, -ENOMEM, or of open() and read()
 */
int config_whitelist_build(const struct whitelist_settings *s, const char *path,
	struct arena *arena, struct config_report *report, struct whitelist **ret_whitelist);
