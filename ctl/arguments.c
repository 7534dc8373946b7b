#include "ctl/arguments.h"

#include "daemon/base/log.h"
#include "daemon/base/strbuf.h"

#include <errno.h>
#include <getopt.h>
#include <stdlib.h>
#include <string.h>

#define SOCKET_DEFAULT "/run/naiad/control.sock"

enum { QUOTED_MAX = 60, OPTION_HOST = 256, OPTION_TYPE, OPTION_LEVEL, OPTION_SINCE, OPTION_LIMIT };

static const char usage[] =
	"naiadctl asks a running naiad how it is, what it found, and tells it what to do.\n"
	"\n"
	"usage: naiadctl [--socket PATH] [--json] COMMAND [...]\n"
	"\n"
	"Commands\n"
	"  status              what runs: interfaces, losses, memory, outputs, the last reload\n"
	"  evidence            the latest findings, the newest last\n"
	"  alerts              the latest alerts\n"
	"  metrics [PART]      counters and gauges whose names hold PART\n"
	"  reload              read the settings again; says what changed and what needs a restart\n"
	"  reopen              open output files again, after they were moved away\n"
	"  log-level [LEVEL]   say or set how much is logged: error, warning, info, debug\n"
	"\n"
	"For evidence and alerts\n"
	"      --host ADDRESS  of this host, or of a network: 10.0.0.0/8\n"
	"      --type NAME     of this kind: HORIZONTAL_PORT_SCAN\n"
	"      --level LEVEL   of this level or higher: info, low, medium, high, critical\n"
	"      --since TIME    not older than that: 15m, 2h, 1d\n"
	"      --limit N       at most that many (50)\n"
	"\n"
	"  -s, --socket PATH   the sensor's socket (" SOCKET_DEFAULT ")\n"
	"  -j, --json          the data as JSON instead of tables\n"
	"  -V, --version       print the version and exit\n"
	"  -h, --help          print this and exit\n"
	"\n"
	"Root, the sensor's user and the members of the socket's group may ask; reload, reopen and\n"
	"log-level are for the first two.\n"
	"\n"
	"Exit: 0 ok, 1 refused or failed, 2 usage, 4 no sensor there.\n";

/* What there is to ask, and which word or options may follow. */
static const struct command {
	const char *name;
	const char *word; /* the argument that a word after it is; NULL: none */
	bool filters;
} commands[] = {
	{ "status", NULL, false },
	{ "evidence", NULL, true },
	{ "alerts", NULL, true },
	{ "metrics", "name", false },
	{ "reload", NULL, false },
	{ "reopen", NULL, false },
	{ "log-level", "level", false },
};

static const struct option long_options[] = {
	{ "socket", required_argument, NULL, 's' },
	{ "json", no_argument, NULL, 'j' },
	{ "version", no_argument, NULL, 'V' },
	{ "help", no_argument, NULL, 'h' },
	{ "host", required_argument, NULL, OPTION_HOST },
	{ "type", required_argument, NULL, OPTION_TYPE },
	{ "level", required_argument, NULL, OPTION_LEVEL },
	{ "since", required_argument, NULL, OPTION_SINCE },
	{ "limit", required_argument, NULL, OPTION_LIMIT },
	{ NULL, 0, NULL, 0 },
};

static int
refuse(struct strbuf *ret_error, const char *word, const char *what)
{
	log_quote(ret_error, word, strlen(word), QUOTED_MAX);
	strbuf_text(ret_error, what);
	return -EINVAL;
}

static int
limit_set(struct arguments *a, struct strbuf *ret_error)
{
	char *end = NULL;

	errno = 0;
	long limit = strtol(optarg, &end, 10);
	if (errno != 0 || end == optarg || *end != '\0' || limit < 1)
		return refuse(ret_error, optarg, ": --limit takes a whole number from 1");
	(void)json_object_set_new(a->args, "limit", json_integer(limit));
	return 0;
}

/* Texts go as they are: the sensor knows what is a level or a time. It takes UTF-8 only. */
static int
text_set(struct arguments *a, const char *key, const char *text, struct strbuf *ret_error)
{
	if (json_object_set_new(a->args, key, json_string(text)) < 0)
		return refuse(ret_error, text, " is no text");
	return 0;
}

static int
option_take(struct arguments *a, int option, struct strbuf *ret_error)
{
	switch (option) {
	case 's':
		a->socket = optarg;
		return 0;
	case 'j':
		a->json = true;
		return 0;
	case 'V':
		if (a->action == ARGUMENTS_ASK)
			a->action = ARGUMENTS_VERSION;
		return 0;
	case 'h':
		a->action = ARGUMENTS_HELP;
		return 0;
	case OPTION_HOST:
		return text_set(a, "host", optarg, ret_error);
	case OPTION_TYPE:
		return text_set(a, "type", optarg, ret_error);
	case OPTION_LEVEL:
		return text_set(a, "level", optarg, ret_error);
	case OPTION_SINCE:
		return text_set(a, "since", optarg, ret_error);
	default:
		return limit_set(a, ret_error);
	}
}

static const struct command *
command_find(const char *name)
{
	for (size_t i = 0; i < sizeof(commands) / sizeof(commands[0]); i++)
		if (strcmp(commands[i].name, name) == 0)
			return &commands[i];
	return NULL;
}

static int
words_take(struct arguments *a, int count, char *words[], struct strbuf *ret_error)
{
	if (count == 0) {
		strbuf_text(ret_error, "what is it to do? naiadctl --help tells the commands");
		return -EINVAL;
	}
	const struct command *m = command_find(words[0]);
	if (m == NULL)
		return refuse(ret_error, words[0],
			" is no command; naiadctl --help tells those that there are");
	a->command = m->name;
	if (!m->filters && json_object_size(a->args) > 0)
		return refuse(ret_error, m->name,
			" takes none of --host, --type, --level, --since, --limit");
	if (count > 1 && m->word == NULL)
		return refuse(ret_error, words[1], " is one word too many");
	if (count > 2)
		return refuse(ret_error, words[2], " is one word too many");
	return count > 1 ? text_set(a, m->word, words[1], ret_error) : 0;
}

int
arguments_parse(int argc, char *argv[], struct arguments *ret_arguments, struct strbuf *ret_error)
{
	int r = 0;
	int option = 0;

	*ret_arguments = (struct arguments){
		.action = ARGUMENTS_ASK,
		.socket = SOCKET_DEFAULT,
		.args = json_object(),
	};
	opterr = 0;
	optind = 0; /* forget an earlier command line */
	while (r == 0 && (option = getopt_long(argc, argv, ":s:jVh", long_options, NULL)) != -1) {
		if (option == '?' || option == ':')
			r = refuse(ret_error, argv[optind - 1],
				option == ':' ? " needs a value" : " is no option of naiadctl");
		else
			r = option_take(ret_arguments, option, ret_error);
	}
	if (r == 0 && ret_arguments->action == ARGUMENTS_ASK)
		r = words_take(ret_arguments, argc - optind, argv + optind, ret_error);
	if (r < 0)
		arguments_done(ret_arguments);
	return r;
}

void
arguments_done(struct arguments *a)
{
	json_decref(a->args);
	a->args = NULL;
}

const char *
arguments_usage(void)
{
	return usage;
}
