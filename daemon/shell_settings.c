#include "daemon/shell_settings.h"

#include "daemon/base/time_text.h"

#define MIB (UINT64_C(1024) * 1024)

enum { PATH_TEXT_MAX = 4096, FILTER_MAX_BYTES = 4096, USER_MAX = 32, SOCKET_PATH_MAX = 107 };

static const char *const roles[] = { "lan", "wan", "span", NULL };
static const char *const types[] = { "zeek", "eve", "netflow", "sflow", NULL };
static const char *const modes[] = { "0660", "0666", NULL };
static const char *const sorts[] = { "auto", "never", "always", NULL }; /* enum input_sort */

static const struct config_item interface_rows[] = {
	{ .name = "name",
		.type = CONFIG_TYPE_STRING,
		.offset = CONFIG_MEMBER(struct capture_interface_settings, name, char *),
		.min = 1,
		.max = CAPTURE_INTERFACE_NAME_MAX,
		.unit = "",
		.help = "The interface's name, as ip(8) shows it." },
	CONFIG_ENUM(struct capture_interface_settings, role, roles, CAPTURE_ROLE_LAN,
		"Our hosts are behind it, the outside is, or it is a copy of other links."),
	CONFIG_END,
};

static const struct config_item capture_rows[] = {
	{ .name = "filter",
		.type = CONFIG_TYPE_STRING,
		.offset = CONFIG_MEMBER(struct shell_settings, capture.filter, char *),
		.min = 1,
		.max = FILTER_MAX_BYTES,
		.unit = "",
		.help = "Only packets that match are looked at, in the language of tcpdump." },
	{ .name = "interfaces",
		.type = CONFIG_TYPE_LIST,
		.offset = CONFIG_MEMBER(
			struct shell_settings, capture.interfaces, struct config_list),
		.max = 16,
		.rows = interface_rows,
		.item_size = sizeof(struct capture_interface_settings),
		.unit = "",
		.help = "Where to capture when no -i and no -r is given.",
		.at_start = true },
	{ .name = "ring",
		.type = CONFIG_TYPE_SIZE,
		.offset = CONFIG_MEMBER(struct shell_settings, capture.ring, uint64_t),
		.min = 256 * UINT64_C(1024),
		.max = 1024 * MIB,
		.dflt = 8 * MIB,
		.unit = "",
		.help = "Packets that the kernel keeps for us, an interface; it bridges our pauses.",
		.at_start = true },
	{ .name = "snaplen",
		.type = CONFIG_TYPE_U32,
		.offset = CONFIG_MEMBER(struct shell_settings, capture.snaplen, uint32_t),
		.min = 128,
		.max = 262144,
		.dflt = 262144,
		.unit = "bytes",
		.help = "How much of a frame is captured.",
		.at_start = true },
	{ .name = "promiscuous",
		.type = CONFIG_TYPE_BOOL,
		.offset = CONFIG_MEMBER(struct shell_settings, capture.promiscuous, bool),
		.dflt = true,
		.unit = "",
		.help = "Ask the interface for frames that are not addressed to it.",
		.at_start = true },
	{ .name = "reopen",
		.type = CONFIG_TYPE_BOOL,
		.offset = CONFIG_MEMBER(struct shell_settings, capture.reopen, bool),
		.dflt = true,
		.unit = "",
		.help = "Keep CAP_NET_RAW asleep to open an interface again that was gone; false drops it for good.",
		.at_start = true },
	CONFIG_END,
};

static const struct config_item from_rows[] = {
	CONFIG_CIDR(struct setting_cidr, value, NULL, "A network whose routers may export."),
	CONFIG_END,
};

static const struct config_item live_input_rows[] = {
	CONFIG_ENUM(struct live_input_settings, type, types, LIVE_INPUT_ZEEK,
		"Zeek's logs, Suricata's EVE, what routers export as NetFlow (v5, v9, IPFIX) or as sFlow."),
	{ .name = "path",
		.type = CONFIG_TYPE_STRING,
		.offset = CONFIG_MEMBER(struct live_input_settings, path, char *),
		.min = 1,
		.max = PATH_TEXT_MAX,
		.unit = "",
		.help = "A directory or a file that grows; for eve also unix:/PATH or unix_dgram:/PATH, a socket that is made for Suricata; for netflow and sflow udp:ADDRESS:PORT." },
	CONFIG_LIST(struct live_input_settings, from, struct setting_cidr, from_rows,
		LIVE_INPUT_EXPORTERS_MAX,
		"Who may export over UDP, which anybody can forge; none: the private networks."),
	CONFIG_SIZE(struct live_input_settings, buffer, 64 * UINT64_C(1024), 256 * MIB, 2 * MIB,
		"What the kernel keeps of a UDP socket while we are busy; more than net.core.rmem_max only for root."),
	CONFIG_STRING(struct live_input_settings, group, USER_MAX, NULL,
		"Group of a Unix socket, that of the program that writes to it; without one that of service.user."),
	CONFIG_ENUM(struct live_input_settings, mode, modes, LIVE_INPUT_MODE_GROUP,
		"Mode of a Unix socket: its group may write to it, or everybody."),
	CONFIG_DURATION(struct live_input_settings, delay, 0, 600 * NS_PER_S, 10 * NS_PER_S,
		"How late what is told may come: so long a router's record waits for the other direction, and while nothing comes, time goes on so far behind the clock."),
	CONFIG_END,
};

static const struct config_item service_rows[] = {
	{ .name = "user",
		.type = CONFIG_TYPE_STRING,
		.offset = CONFIG_MEMBER(struct shell_settings, service.user, char *),
		.max = USER_MAX,
		.dflt_text = "_naiad",
		.unit = "",
		.help = "Who to become when started as root." },
	{ .name = "state",
		.type = CONFIG_TYPE_STRING,
		.offset = CONFIG_MEMBER(struct shell_settings, service.state, char *),
		.max = PATH_TEXT_MAX,
		.dflt_text = "/var/lib/naiad",
		.unit = "",
		.help = "Directory for what survives a restart." },
	{ .name = "logs",
		.type = CONFIG_TYPE_STRING,
		.offset = CONFIG_MEMBER(struct shell_settings, service.logs, char *),
		.min = 1,
		.max = PATH_TEXT_MAX,
		.dflt_text = "/var/log/naiad",
		.unit = "",
		.help = "Directory of what is written when live, if no -o is given." },
	{ .name = "sandbox",
		.type = CONFIG_TYPE_BOOL,
		.offset = CONFIG_MEMBER(struct shell_settings, service.sandbox, bool),
		.dflt = true,
		.unit = "",
		.help = "Close everything that is not needed after start: Landlock and a filter of system calls." },
	CONFIG_END,
};

static const struct config_item read_rows[] = {
	{ .name = "sort",
		.type = CONFIG_TYPE_ENUM,
		.offset = CONFIG_MEMBER(struct shell_settings, read.sort, uint32_t),
		.choices = sorts,
		.unit = "",
		.help = "Whether lines of a file are put in the order of their times; auto does so with EVE and conn.log." },
	{ .name = "timezone",
		.type = CONFIG_TYPE_DOUBLE,
		.offset = CONFIG_MEMBER(struct shell_settings, read.timezone, double),
		.min_double = -12,
		.max_double = 14,
		.unit = "hours",
		.help = "East of Greenwich: where a log was written whose times say no zone (Argus, nfdump)." },
	CONFIG_END,
};

static const struct config_item metrics_rows[] = {
	{ .name = "enabled",
		.type = CONFIG_TYPE_BOOL,
		.offset = CONFIG_MEMBER(struct shell_settings, metrics.enabled, bool),
		.dflt = true,
		.unit = "",
		.help = "Answer Prometheus when live." },
	{ .name = "listen",
		.type = CONFIG_TYPE_STRING,
		.offset = CONFIG_MEMBER(struct shell_settings, metrics.listen, char *),
		.min = 1,
		.max = SOCKET_PATH_MAX + 5,
		.dflt_text = "127.0.0.1:9947",
		.unit = "",
		.help = "ADDRESS:PORT, [ADDRESS]:PORT, or unix:/PATH." },
	CONFIG_END,
};

static const struct config_item control_rows[] = {
	{ .name = "enabled",
		.type = CONFIG_TYPE_BOOL,
		.offset = CONFIG_MEMBER(struct shell_settings, control.enabled, bool),
		.dflt = true,
		.unit = "",
		.help = "Answer naiadctl when live." },
	{ .name = "path",
		.type = CONFIG_TYPE_STRING,
		.offset = CONFIG_MEMBER(struct shell_settings, control.path, char *),
		.min = 1,
		.max = SOCKET_PATH_MAX,
		.dflt_text = "/run/naiad/control.sock",
		.unit = "",
		.help = "Unix socket of the control program." },
	CONFIG_END,
};

static const struct config_item site_rows[] = {
	{ .name = "vendors",
		.type = CONFIG_TYPE_STRING,
		.offset = CONFIG_MEMBER(struct shell_settings, site.vendors, char *),
		.max = PATH_TEXT_MAX,
		.dflt_text = "/usr/share/ieee-data/oui.txt",
		.unit = "",
		.help = "The IEEE's list of who made which network cards (oui.txt, in Debian the package ieee-data); without it devices have no vendors." },
	CONFIG_END,
};

/* The nested rows carry offsets into struct shell_settings, so a section's own offset is zero. */
#define SECTION(name_, at_start_, rows_, help_)                                            \
	{                                                                                  \
		.name = (name_), .type = CONFIG_TYPE_SECTION, .rows = (rows_), .unit = "", \
		.help = (help_), .at_start = (at_start_)                                   \
	}

const struct config_item shell_settings_rows[] = {
	SECTION("capture", false, capture_rows, "Which packets are looked at."),
	{ .name = "inputs",
		.type = CONFIG_TYPE_LIST,
		.offset = CONFIG_MEMBER(struct shell_settings, inputs, struct config_list),
		.max = LIVE_INPUTS_MAX,
		.rows = live_input_rows,
		.item_size = sizeof(struct live_input_settings),
		.unit = "",
		.help = "Flow logs of other programs, read as they are written, beside or instead of interfaces.",
		.at_start = true },
	SECTION("service", true, service_rows, "The daemon as a service."),
	SECTION("read", true, read_rows, "Logs of other programs, read with -r."),
	SECTION("metrics", true, metrics_rows, "Prometheus: /metrics, /-/healthy, /-/ready."),
	SECTION("control", true, control_rows, "The socket of naiadctl."),
	SECTION("site", true, site_rows, "What is known of the place."),
	CONFIG_END,
};
