/*
 * config_profile.h -- what `profile: quiet`, `balanced` and `paranoid` set.
 *
 * A profile is a list of settings, in no way different from lines of a file: it comes before the
 * file, which holds over it. Here is nothing but tables; tests/unit/test_config_profile.c sees to it
 * that each key is a setting and each value one that it takes.
 */
#pragma once

#include "daemon/config/config_rows.h"
#include "daemon/settings/settings.h"

/* By enum strictness; each list ends with a NULL key. */
extern const struct config_setting *const config_profiles[STRICTNESS_COUNT];
