#include "daemon/config/config_profile.h"

#define SET(key, value)                   \
	{                                 \
		(key), (value), "profile" \
	}
#define END                      \
	{                        \
		NULL, NULL, NULL \
	}

/*
 * For whom each alert costs a night's sleep. More has to come together, and the four convictions
 * that rest on one act which somebody's own tool might do too are evidence only: a scraper's
 * rhythm, a report to a name by dynamic DNS, a program under another name, an administrator's
 * remote service. What is refused by everybody around (scans, guessing) and what no program does
 * for a living (Zerologon, one path on eight domains) convicts as ever.
 */
static const struct config_setting quiet[] = {
	SET("alert.threshold", "0.1"),
	SET("detectors.beacon.convict", "0"),
	SET("detectors.blind_post.convict", "false"),
	SET("detectors.executable.convict", "false"),
	SET("detectors.remote_execution.convict", "false"),
	SET("detectors.login_guessing.capacity", "10"),
	SET("detectors.unknown_port.attempts", "false"),
	END,
};

/* The defaults. */
static const struct config_setting balanced[] = { END };

/*
 * For a hunt, or a network of few hosts that never do anything new: half of what is enough
 * elsewhere, and what one does only once.
 */
static const struct config_setting paranoid[] = {
	SET("alert.threshold", "0.02"),
	SET("alert.converge", "2"),
	SET("detectors.horizontal_scan.min_targets", "5"),
	SET("detectors.horizontal_scan.convict_targets", "50"),
	SET("detectors.vertical_scan.min_ports", "5"),
	SET("detectors.vertical_scan.convict_ports", "50"),
	SET("detectors.gre_scan.min_targets", "5"),
	SET("detectors.private_connection.min_peers", "1"),
	SET("detectors.dns_failed.min_domains", "5"),
	SET("detectors.dns_failed.convict", "15"),
	SET("detectors.path_rotation.min_domains", "3"),
	SET("detectors.path_rotation.convict_domains", "5"),
	SET("detectors.login_guessing.capacity", "3"),
	SET("detectors.login_guessing.convict", "25"),
	SET("detectors.login_guessing.min_users", "3"),
	SET("detectors.ssh_guessing.min_attempts", "5"),
	SET("detectors.ssh_guessing.convict_attempts", "15"),
	SET("detectors.netlogon.min_calls", "10"),
	SET("detectors.netlogon.convict", "25"),
	SET("detectors.beacon.convict", "100"),
	END,
};

const struct config_setting *const config_profiles[STRICTNESS_COUNT] = {
	[STRICTNESS_QUIET] = quiet,
	[STRICTNESS_BALANCED] = balanced,
	[STRICTNESS_PARANOID] = paranoid,
};
