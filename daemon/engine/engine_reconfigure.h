/* engine_reconfigure.h -- other settings for a running engine. */
#pragma once

struct detector;
struct engine;
struct settings;

/*
 * Go on with other settings, between two packets.
 *
 * settings          with those that need a restart (`at_start`) as they were: see config_keep()
 * detectors         the same ones in the same order, one section each in `detector_configs`
 *
 * All three are borrowed from now on; what was borrowed before may be freed. Windows that are open
 * keep what they know, and are weighed by the new alert rule at their next finding; how many findings
 * of a detector they write stays as it was at their first. Where the whitelist silences other findings than
 * before, a window is weighed anew, and an alert that is due now is raised.
 */
void engine_reconfigure(struct engine *e, const struct settings *settings,
	const struct detector *const *detectors, const void *const *detector_configs);
