#include "ctl/commands.h"

#include <string.h>

enum {
	WORDS_MANY = 64,
	FILTERS = 1u << COMMAND_OPTION_HOST | 1u << COMMAND_OPTION_TYPE |
		  1u << COMMAND_OPTION_LEVEL | 1u << COMMAND_OPTION_SINCE |
		  1u << COMMAND_OPTION_LIMIT,
	PART = 1u << COMMAND_OPTION_HOST | 1u << COMMAND_OPTION_WINDOW | 1u << COMMAND_OPTION_LIMIT,
	REPORTS = 1u << COMMAND_OPTION_HTML | 1u << COMMAND_OPTION_MD,
	MUTING = 1u << COMMAND_OPTION_FOR | 1u << COMMAND_OPTION_SCOPE | 1u << COMMAND_OPTION_NOTE |
		 1u << COMMAND_OPTION_CONF,
	CONF = 1u << COMMAND_OPTION_CONF,
};

const struct command_option command_options[COMMAND_OPTIONS] = {
	[COMMAND_OPTION_SOCKET] = { 's', "socket", "PATH", NULL, true,
		"the sensor's socket (/run/naiad/control.sock)" },
	[COMMAND_OPTION_DIR] = { 'd', "dir", "WHAT", NULL, true,
		"what a run left: its directory or naiad.db, or a redis:// address" },
	[COMMAND_OPTION_JSON] = { 'j', "json", NULL, NULL, true,
		"the data as JSON instead of tables" },
	[COMMAND_OPTION_COMPLETION] = { '\0', "completion", "SHELL", "bash zsh fish", true,
		"print what completes commands in bash, zsh or fish, and exit" },
	[COMMAND_OPTION_VERSION] = { 'V', "version", NULL, NULL, true,
		"print the version and exit" },
	[COMMAND_OPTION_HELP] = { 'h', "help", NULL, NULL, true, "print this and exit" },
	[COMMAND_OPTION_HOST] = { '\0', "host", "ADDRESS", NULL, false,
		"of this host, or of a network: 10.0.0.0/8" },
	[COMMAND_OPTION_TYPE] = { '\0', "type", "NAME", NULL, false,
		"of this kind: HORIZONTAL_PORT_SCAN" },
	[COMMAND_OPTION_LEVEL] = { '\0', "level", "LEVEL", "info low medium high critical", false,
		"of this level or higher: info, low, medium, high, critical" },
	[COMMAND_OPTION_SINCE] = { '\0', "since", "TIME", NULL, false,
		"not older than that: 15m, 2h, 1d; with -d before its last packet" },
	[COMMAND_OPTION_LIMIT] = { '\0', "limit", "N", NULL, false, "at most that many (50)" },
	[COMMAND_OPTION_WINDOW] = { '\0', "window", "N", NULL, false,
		"of this time window; without it of all" },
	[COMMAND_OPTION_HTML] = { '\0', "html", "FILE", NULL, false,
		"a page that needs nothing else; - is standard output" },
	[COMMAND_OPTION_MD] = { '\0', "md", "FILE", NULL, false, "the same as Markdown" },
	[COMMAND_OPTION_FOR] = { '\0', "for", "TIME", NULL, false,
		"how long: 12h, 7d (the default), 4w" },
	[COMMAND_OPTION_SCOPE] = { '\0', "scope", "WHAT", "pair host kind", false,
		"pair: this kind between these two; host: all of the host; kind: this kind of the "
		"host" },
	[COMMAND_OPTION_NOTE] = { '\0', "note", "TEXT", NULL, false,
		"why; it stays with the rule" },
	[COMMAND_OPTION_CONF] = { '\0', "conf", "FILE", NULL, false,
		"the settings (" COMMANDS_SETTINGS ")" },
};

const struct command commands[] = {
	{ "status", COMMAND_SOCKET | COMMAND_RUN, NULL, NULL, 0, 0, 0,
		"what runs, or ran: interfaces, losses, memory, outputs, the last reload" },
	{ "evidence", COMMAND_SOCKET | COMMAND_RUN, NULL, NULL, 0, 0, FILTERS,
		"the latest findings, the newest last" },
	{ "alerts", COMMAND_SOCKET | COMMAND_RUN, NULL, NULL, 0, 0, FILTERS,
		"the latest alerts; with -d the sums that made them" },
	{ "explain", COMMAND_SOCKET | COMMAND_RUN, "ID", NULL, 1, 1, 0,
		"one finding in plain words; the beginning of its id will do" },
	{ "profiles", COMMAND_RUN, NULL, NULL, 0, 0,
		1u << COMMAND_OPTION_HOST | 1u << COMMAND_OPTION_LIMIT,
		"the hosts, the infected first" },
	{ "devices", COMMAND_RUN, NULL, NULL, 0, 0, 1u << COMMAND_OPTION_LIMIT,
		"network cards, and what is known of them" },
	{ "flows", COMMAND_RUN, "UID", NULL, 0, WORDS_MANY, PART,
		"conversations, by their uids or of a host" },
	{ "timeline", COMMAND_RUN, NULL, NULL, 0, 0, PART, "what a host did, in order" },
	{ "report", COMMAND_RUN, NULL, NULL, 0, 0, REPORTS,
		"all of it for somebody else: --html FILE, --md FILE or --json" },
	{ "config", COMMAND_RUN | COMMAND_ALONE, NULL, NULL, 0, 0, CONF,
		"the settings in effect: of a run, or of the settings file" },
	{ "mute", COMMAND_SOCKET | COMMAND_RUN, "ID|HOST", NULL, 1, 1, MUTING,
		"a rule of the whitelist that ends by itself" },
	{ "doctor", COMMAND_SOCKET | COMMAND_ALONE, NULL, NULL, 0, 0, CONF,
		"what is wrong with this sensor, and the remedy" },
	{ "selftest", COMMAND_ALONE, NULL, NULL, 0, 0, 0,
		"does the installed naiad find a scan that is there" },
	{ "schema", COMMAND_ALONE, "COMMAND", NULL, 0, 1, 0,
		"what --json says with -d, as a JSON Schema" },
	{ "metrics", COMMAND_SOCKET, "PART", "name", 0, 1, 0,
		"counters and gauges whose names hold PART" },
	{ "reload", COMMAND_SOCKET, NULL, NULL, 0, 0, 0,
		"read the settings again; says what changed and what needs a restart" },
	{ "reopen", COMMAND_SOCKET, NULL, NULL, 0, 0, 0,
		"open output files again, after they were moved away" },
	{ "log-level", COMMAND_SOCKET, "LEVEL", "level", 0, 1, 0,
		"say or set how much is logged: error, warning, info, debug" },
};
const size_t command_count = sizeof(commands) / sizeof(commands[0]);

const struct command *
command_find(const char *name)
{
	for (size_t i = 0; i < command_count; i++)
		if (strcmp(commands[i].name, name) == 0)
			return &commands[i];
	return NULL;
}

bool
command_takes(const struct command *c, enum command_option_id option)
{
	return command_options[option].everywhere || (c->options >> option & 1) != 0;
}
