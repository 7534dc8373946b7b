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
	[COMMAND_OPTION_SOCKET] = { "socket", "PATH", NULL,
		"the sensor's socket (/run/naiad/control.sock)", 's', true },
	[COMMAND_OPTION_DIR] = { "dir", "WHAT", NULL,
		"what a run left: its directory or naiad.db, or a redis:// address", 'd', true },
	[COMMAND_OPTION_JSON] = { "json", NULL, NULL, "the data as JSON instead of tables", 'j',
		true },
	[COMMAND_OPTION_COMPLETION] = { "completion", "SHELL", "bash zsh fish",
		"print what completes commands in bash, zsh or fish, and exit", '\0', true },
	[COMMAND_OPTION_VERSION] = { "version", NULL, NULL, "print the version and exit", 'V',
		true },
	[COMMAND_OPTION_HELP] = { "help", NULL, NULL, "print this and exit", 'h', true },
	[COMMAND_OPTION_HOST] = { "host", "ADDRESS", NULL,
		"of this host, or of a network: 10.0.0.0/8", '\0', false },
	[COMMAND_OPTION_TYPE] = { "type", "NAME", NULL, "of this kind: HORIZONTAL_PORT_SCAN", '\0',
		false },
	[COMMAND_OPTION_LEVEL] = { "level", "LEVEL", "info low medium high critical",
		"of this level or higher: info, low, medium, high, critical", '\0', false },
	[COMMAND_OPTION_SINCE] = { "since", "TIME", NULL,
		"not older than that: 15m, 2h, 1d; with -d before its last packet", '\0', false },
	[COMMAND_OPTION_LIMIT] = { "limit", "N", NULL, "at most that many (50)", '\0', false },
	[COMMAND_OPTION_WINDOW] = { "window", "N", NULL, "of this time window; without it of all",
		'\0', false },
	[COMMAND_OPTION_HTML] = { "html", "FILE", NULL,
		"a page that needs nothing else; - is standard output", '\0', false },
	[COMMAND_OPTION_MD] = { "md", "FILE", NULL, "the same as Markdown", '\0', false },
	[COMMAND_OPTION_FOR] = { "for", "TIME", NULL, "how long: 12h, 7d (the default), 4w", '\0',
		false },
	[COMMAND_OPTION_SCOPE] = { "scope", "WHAT", "pair host kind",
		"pair: this kind between these two; host: all of the host; kind: this kind of the "
		"host",
		'\0', false },
	[COMMAND_OPTION_NOTE] = { "note", "TEXT", NULL, "why; it stays with the rule", '\0',
		false },
	[COMMAND_OPTION_CONF] = { "conf", "FILE", NULL, "the settings (" COMMANDS_SETTINGS ")",
		'\0', false },
};

const struct command commands[] = {
	{ "status", "what runs, or ran: interfaces, losses, memory, outputs, the last reload", NULL,
		NULL, 0, 0, COMMAND_SOCKET | COMMAND_RUN, 0 },
	{ "evidence", "the latest findings, the newest last", NULL, NULL, 0, 0,
		COMMAND_SOCKET | COMMAND_RUN, FILTERS },
	{ "alerts", "the latest alerts, and the sums that made them", NULL, NULL, 0, 0,
		COMMAND_SOCKET | COMMAND_RUN, FILTERS },
	{ "explain", "a finding or an alert in plain words; the beginning of its id will do", "ID",
		NULL, 1, 1, COMMAND_SOCKET | COMMAND_RUN, 0 },
	{ "devices", "network cards, and what is known of them", NULL, NULL, 0, 0,
		COMMAND_SOCKET | COMMAND_RUN, 1u << COMMAND_OPTION_LIMIT },
	{ "profiles", "the hosts, the infected first", NULL, NULL, 0, 0,
		COMMAND_STORE | COMMAND_RUN,
		1u << COMMAND_OPTION_HOST | 1u << COMMAND_OPTION_LIMIT },
	{ "flows", "conversations, by their uids or of a host", "UID", NULL, 0, WORDS_MANY,
		COMMAND_STORE | COMMAND_RUN, PART },
	{ "timeline", "what a host did, in order", NULL, NULL, 0, 0, COMMAND_STORE | COMMAND_RUN,
		PART },
	{ "report", "all of it for somebody else: --html FILE, --md FILE or --json", NULL, NULL, 0,
		0, COMMAND_STORE | COMMAND_RUN, REPORTS },
	{ "config", "the settings: of a run, or of the settings file as naiad reads it", NULL, NULL,
		0, 0, COMMAND_SOCKET | COMMAND_RUN | COMMAND_ALONE, CONF },
	{ "mute", "a rule of the whitelist that ends by itself", "ID|HOST", NULL, 1, 1,
		COMMAND_SOCKET | COMMAND_RUN, MUTING },
	{ "doctor", "what is wrong with this sensor, and the remedy", NULL, NULL, 0, 0,
		COMMAND_SOCKET | COMMAND_ALONE, CONF },
	{ "selftest", "does the installed naiad find a scan that is there", NULL, NULL, 0, 0,
		COMMAND_ALONE, 0 },
	{ "schema", "what --json says with -d, as a JSON Schema", "COMMAND", NULL, 0, 1,
		COMMAND_ALONE, 0 },
	{ "metrics", "counters and gauges whose names hold PART", "PART", "name", 0, 1,
		COMMAND_SOCKET, 0 },
	{ "reload", "read the settings again; says what changed and what needs a restart", NULL,
		NULL, 0, 0, COMMAND_SOCKET, 0 },
	{ "reopen", "open output files again, after they were moved away", NULL, NULL, 0, 0,
		COMMAND_SOCKET, 0 },
	{ "log-level", "say or set how much is logged: error, warning, info, debug", "LEVEL",
		"level", 0, 1, COMMAND_SOCKET, 0 },
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
