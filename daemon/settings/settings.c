#include "daemon/settings/settings.h"

#include "daemon/base/time_text.h"
#include "daemon/evidence_kind.h"
#include "daemon/proto/proto.h"

#include <assert.h>

static const char *const profiles[] = { "quiet", "balanced", "paranoid", NULL };
static const char *const directions[] = { "auto", "out", "all", NULL };
static const char *const numberings[] = { "global", "profile", NULL };
static const char *const compats[] = { "none", "s20", NULL };
static const char *const timeouts[] = { "naiad", "slips", "zeek", NULL };
static const char *const policies[] = { "first", "last", "linux", "windows", NULL };
static const char *const protocols_read[] = { "all", "dns", "none", NULL };
static const char *const digests[] = { "code", "all", "none", NULL };
static const char *const rules[] = { "naiad", "slips", NULL };

static const struct config_item home_rows[] = {
	CONFIG_CIDR(struct setting_cidr, value, NULL, "A network whose hosts are profiled."),
	CONFIG_END,
};

static const struct config_item windows_rows[] = {
	{ .name = "width",
		.type = CONFIG_TYPE_DURATION,
		.offset = CONFIG_MEMBER(struct settings, windows.width, uint64_t),
		.min = NS_PER_S,
		.max = UINT64_C(366) * 86400 * NS_PER_S,
		.dflt = 3600 * NS_PER_S,
		.unit = "",
		.help = "Width of a time window." },
	{ .name = "numbering",
		.type = CONFIG_TYPE_ENUM,
		.offset = CONFIG_MEMBER(struct settings, windows.numbering, uint32_t),
		.choices = numberings,
		.dflt = NUMBERING_GLOBAL,
		.unit = "",
		.help = "Whether window 1 starts with the first packet of all, or of each profile." },
	{ .name = "only_one",
		.type = CONFIG_TYPE_BOOL,
		.offset = CONFIG_MEMBER(struct settings, windows.only_one, bool),
		.unit = "",
		.help = "Keep everything of a host in one window that never ends." },
	{ .name = "open_max",
		.type = CONFIG_TYPE_U32,
		.offset = CONFIG_MEMBER(struct settings, windows.open_max, uint32_t),
		.min = 1,
		.max = 16,
		.dflt = 3,
		.unit = "windows",
		.help = "Windows that one profile may have open at a time." },
	{ .name = "memory_max",
		.type = CONFIG_TYPE_SIZE,
		.offset = CONFIG_MEMBER(struct settings, windows.memory_max, uint64_t),
		.min = UINT64_C(16) * 1024,
		.max = UINT64_C(1) << 30,
		.dflt = UINT64_C(1024) * 1024,
		.unit = "",
		.help = "Memory that the features of one window, and again its detectors, may take." },
	CONFIG_END,
};

static const struct config_item flow_rows[] = {
	{ .name = "timeouts",
		.type = CONFIG_TYPE_ENUM,
		.offset = CONFIG_MEMBER(struct settings, flow.timeouts, uint32_t),
		.choices = timeouts,
		.dflt = FLOW_TIMEOUTS_NAIAD,
		.unit = "",
		.help = "How long a silent conversation is kept: our times, those of Slips, or those of Zeek.",
		.at_start = true },
	{ .name = "interim",
		.type = CONFIG_TYPE_DURATION,
		.offset = CONFIG_MEMBER(struct settings, flow.interim, uint64_t),
		.max = 86400 * NS_PER_S,
		.dflt = 300 * NS_PER_S,
		.unit = "",
		.help = "How often a conversation that goes on is looked at; 0s is never.",
		.at_start = true },
	{ .name = "checksums",
		.type = CONFIG_TYPE_BOOL,
		.offset = CONFIG_MEMBER(struct settings, flow.checksums, bool),
		.dflt = true,
		.unit = "",
		.help = "Verify the checksums of TCP, UDP and ICMP: wrong ones are counted, never a reason to ignore." },
	CONFIG_END,
};

static const struct config_item protocols_rows[] = {
	{ .name = "read",
		.type = CONFIG_TYPE_ENUM,
		.offset = CONFIG_MEMBER(struct settings, protocols.read, uint32_t),
		.choices = protocols_read,
		.dflt = PROTOCOLS_ALL,
		.unit = "",
		.help = "Which protocols are read in what hosts say to each other: all, DNS alone (which the detectors of scans need), or none: conversations are only counted then." },
	{ .name = "digests",
		.type = CONFIG_TYPE_ENUM,
		.offset = CONFIG_MEMBER(struct settings, protocols.digests, uint32_t),
		.choices = digests,
		.dflt = PROTO_DIGESTS_CODE,
		.unit = "",
		.help = "Of which files MD5, SHA-1 and SHA-256 are made: all, those that may carry code (not pictures, sound, films and fonts, which are most of the bytes), or none." },
	{ .name = "trust_store",
		.type = CONFIG_TYPE_STRING,
		.offset = CONFIG_MEMBER(struct settings, protocols.trust_store, char *),
		.max = 4096,
		.dflt_text = "/etc/ssl/certs/ca-certificates.crt",
		.unit = "",
		.help = "The certificates, in PEM, of those who may sign the certificates of servers; \"\" is nobody, and no chain is verified." },
	CONFIG_END,
};

static const struct config_item fragments_rows[] = {
	{ .name = "policy",
		.type = CONFIG_TYPE_ENUM,
		.offset = CONFIG_MEMBER(struct settings, fragments.policy, uint32_t),
		.choices = policies,
		.dflt = FRAGMENTS_FIRST,
		.unit = "",
		.help = "Whose bytes count where IPv4 fragments overlap: those of the first, of the last, or as the hosts here have it; Linux drops most of what overlaps, and all drop it in IPv6." },
	{ .name = "timeout",
		.type = CONFIG_TYPE_DURATION,
		.offset = CONFIG_MEMBER(struct settings, fragments.timeout, uint64_t),
		.min = NS_PER_S,
		.max = 120 * NS_PER_S,
		.dflt = 30 * NS_PER_S,
		.unit = "",
		.help = "How long the parts of a datagram are waited for, from the first that came." },
	CONFIG_END,
};

static const struct config_item alert_rows[] = {
	{ .name = "rule",
		.type = CONFIG_TYPE_ENUM,
		.offset = CONFIG_MEMBER(struct settings, alert.rule, uint32_t),
		.choices = rules,
		.dflt = ALERT_RULE_NAIAD,
		.unit = "",
		.help = "How evidence adds up: each subject once and decisive evidence at once, or all of it as in Slips." },
	{ .name = "threshold",
		.type = CONFIG_TYPE_DOUBLE,
		.offset = CONFIG_MEMBER(struct settings, alert.threshold, double),
		.max_double = 1000,
		.dflt_double = 0,
		.unit = "a minute of window width",
		.help = "Sum of level times confidence that makes an alert; 0 is 0.05, or 0.25 with the rule of Slips." },
	{ .name = "converge",
		.type = CONFIG_TYPE_U32,
		.offset = CONFIG_MEMBER(struct settings, alert.converge, uint32_t),
		.max = ASPECT_COUNT - 1,
		.dflt = 3,
		.unit = "aspects",
		.help = "Different ways in which one peer is odd (its name, certificate, port, protocol, content, client, habit, a list) that make an alert together; 0: none do." },
	CONFIG_END,
};

static const char *const threats[] = { "info", "low", "medium", "high", "critical", NULL };

static_assert(sizeof(threats) / sizeof(threats[0]) == THREAT_COUNT + 1, "one for each");

static const struct config_item level_rows[] = {
	{ .name = "type",
		.type = CONFIG_TYPE_STRING,
		.offset = CONFIG_MEMBER(struct setting_level, type, char *),
		.min = 1,
		.max = 64,
		.unit = "",
		.help = "The type of evidence, as it is written: UNKNOWN_PORT." },
	CONFIG_ENUM(struct setting_level, level, threats, THREAT_INFO, "The level."),
	CONFIG_END,
};

static const struct config_item evidence_rows[] = {
	{ .name = "max_per_detector",
		.type = CONFIG_TYPE_U32,
		.offset = CONFIG_MEMBER(struct settings, evidence.max_per_detector, uint32_t),
		.min = 1,
		.max = 100000,
		.dflt = 100,
		.unit = "findings",
		.help = "Findings of one detector that are written for one window; the rest are counted." },
	{ .name = "levels",
		.type = CONFIG_TYPE_LIST,
		.offset = CONFIG_MEMBER(struct settings, evidence.levels, struct config_list),
		.max = 256,
		.rows = level_rows,
		.item_size = sizeof(struct setting_level),
		.unit = "",
		.help = "How bad findings of a type are, instead of what docs/DETECTORS.md has. All of them are then, also those that are told for information when there are many; at info none convicts." },
	CONFIG_END,
};

static const struct config_item compat_rows[] = {
	{ .name = "windows",
		.type = CONFIG_TYPE_ENUM,
		.offset = CONFIG_MEMBER(struct settings, compat.windows, uint32_t),
		.choices = compats,
		.dflt = COMPAT_WINDOWS_NONE,
		.unit = "",
		.help = "s20: windows as Slips 0.7.0 keeps them, for comparisons over files." },
	CONFIG_END,
};

static const struct config_item memory_rows[] = {
	{ .name = "limit",
		.type = CONFIG_TYPE_SIZE,
		.offset = CONFIG_MEMBER(struct settings, memory.limit, uint64_t),
		.max = UINT64_C(1) << 40,
		.dflt = 0,
		.unit = "",
		.help = "Memory of the whole process, 64MiB or more; 0 is 128MiB live and 1GiB over files." },
	CONFIG_END,
};

static const struct config_item sensor_rows[] = {
	{ .name = "name",
		.type = CONFIG_TYPE_STRING,
		.offset = CONFIG_MEMBER(struct settings, sensor.name, char *),
		.max = 64,
		.dflt_text = "naiad",
		.unit = "",
		.help = "Name of this sensor in what it writes." },
	CONFIG_END,
};

/* The nested rows carry offsets into struct settings, so a section's own offset is zero. */
#define SECTION(name_, at_start_, rows_, help_)                                            \
	{                                                                                  \
		.name = (name_), .type = CONFIG_TYPE_SECTION, .rows = (rows_), .unit = "", \
		.help = (help_), .at_start = (at_start_)                                   \
	}

const struct config_item settings_rows[] = {
	CONFIG_ENUM(struct settings, profile, profiles, STRICTNESS_BALANCED,
		"How much it takes for an alert: the defaults that DETECTORS.md lists under Profiles are other ones. What is set besides holds, so in a file that was printed whole another profile changes nothing."),
	CONFIG_LIST(struct settings, home_network, struct setting_cidr, home_rows, 64,
		"Networks whose hosts are profiled; none: every host over files; live the private networks and those of the interfaces, and ::/0 is every host."),
	CONFIG_ENUM(struct settings, direction, directions, DIRECTION_AUTO,
		"Whether a conversation is told of the host that opened it, or of both; auto is out over files and all live."),
	SECTION("windows", true, windows_rows, "Time windows."),
	SECTION("flow", false, flow_rows, "Conversations."),
	SECTION("fragments", true, fragments_rows, "Putting IP fragments together."),
	SECTION("protocols", true, protocols_rows, "What hosts say."),
	SECTION("alert", false, alert_rows, "When evidence becomes an alert."),
	SECTION("evidence", false, evidence_rows, "Evidence."),
	CONFIG_SECTION(struct settings, whitelist, whitelist_rows,
		"What is not looked at, not told, or told without an alert: docs/WHITELIST.md."),
	SECTION("compat", true, compat_rows, "Comparisons with other programs."),
	SECTION("memory", true, memory_rows, "Memory."),
	SECTION("sensor", true, sensor_rows, "This sensor."),
	CONFIG_END,
};
