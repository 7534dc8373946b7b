/*
 * build_info.h -- naiad_build_info: which naiad runs with which settings, for a fleet of them.
 */
#pragma once

#include "daemon/base/metric.h"
#include "daemon/base/strbuf.h"

#include <stdbool.h>

enum { BUILD_INFO_LABEL_MAX = 256 };

extern const struct metric build_info_rows[];

/*
 * Append version, revision, config_sha256: the label of the rows' source. Again after a reload.
 *
 * settings_text  as config_print() writes them: two sensors with the same settings have the same sum
 * returns        false when there is no digest, or no room
 */
bool build_info_label(struct strbuf *out, const char *settings_text);
