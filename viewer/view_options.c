#include "viewer/view_options.h"

#include "daemon/base/log.h"
#include "viewer/grid.h"
#include "viewer/key_text.h"

#include <errno.h>
#include <getopt.h>
#include <stdio.h>
#include <string.h>

enum {
	QUOTED_MAX = 60,
	OPTION_KEYS = 256,
	OPTION_CACHE,
	OPTION_PRINT,
	OPTION_SEND,
	OPTION_COLOURS,
	OPTION_ASCII,
};

static const char usage[] =
	"naiad-view shows what a naiad found: hosts, their windows, timelines and evidence.\n"
	"\n"
	"usage: naiad-view [OPTIONS] WHAT\n"
	"\n"
	"What to look at\n"
	"  case42/             the directory of a run\n"
	"  naiad.db            a store\n"
	"  redis://HOST:PORT/DB, redis+unix:///PATH\n"
	"                      a Redis that a Kalipso reads, filled by naiad or by Slips\n"
	"      --cache URL     where that Redis has its addresses, if not in database 1\n"
	"\n"
	"      --keys SET      the letters of the talk (talk), or of the last Kalipso (last)\n"
	"      --ascii         lines and bars without Unicode\n"
	"\n"
	"Without a terminal\n"
	"      --print RxC     print one picture of R rows and C columns, and end\n"
	"      --send KEYS     press these before: 'jj<Enter>h<Esc>', <C-d>, <lt>, <Click ROW COLUMN>\n"
	"      --colours       print which colour is where, too\n"
	"\n"
	"  -V, --version       print the version and exit\n"
	"  -h, --help          print this and exit\n"
	"\n"
	"Nothing is ever written to what is looked at. `?` in it tells the keys; NO_COLOR leaves out\n"
	"colours.\n"
	"\n"
	"Exit: 0 ok, 1 cannot be shown, 2 usage.\n";

static const struct option long_options[] = {
	{ "keys", required_argument, NULL, OPTION_KEYS },
	{ "cache", required_argument, NULL, OPTION_CACHE },
	{ "print", required_argument, NULL, OPTION_PRINT },
	{ "send", required_argument, NULL, OPTION_SEND },
	{ "colours", no_argument, NULL, OPTION_COLOURS },
	{ "ascii", no_argument, NULL, OPTION_ASCII },
	{ "version", no_argument, NULL, 'V' },
	{ "help", no_argument, NULL, 'h' },
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
keys_take(struct view_options *o, struct strbuf *ret_error)
{
	o->keys_last = strcmp(optarg, "last") == 0;
	if (o->keys_last || strcmp(optarg, "talk") == 0)
		return 0;
	return refuse(ret_error, optarg, ": --keys takes talk or last");
}

static int
size_take(struct view_options *o, struct strbuf *ret_error)
{
	char rest = '\0';

	/* NOLINTNEXTLINE(cert-err34-c): what is too large is refused below */
	int count = sscanf(optarg, "%4ux%4u%c", &o->rows, &o->columns, &rest);
	if (count != 2 || o->rows < 1 || o->rows > GRID_SIDE_MAX || o->columns < 1 ||
		o->columns > GRID_SIDE_MAX)
		return refuse(
			ret_error, optarg, ": --print takes rows and columns, 1 to 1000: 24x80");
	if (o->action == VIEW_TERMINAL)
		o->action = VIEW_PRINT;
	return 0;
}

static int
send_take(struct view_options *o, struct strbuf *ret_error)
{
	const char *at = optarg;
	struct key_event key;

	o->send = optarg;
	while (key_text_read(&at, &key))
		;
	return *at == '\0' ? 0 : refuse(ret_error, at, ": --send has no such key");
}

static int
option_take(struct view_options *o, int option, struct strbuf *ret_error)
{
	switch (option) {
	case OPTION_KEYS:
		return keys_take(o, ret_error);
	case OPTION_CACHE:
		o->cache = optarg;
		return 0;
	case OPTION_PRINT:
		return size_take(o, ret_error);
	case OPTION_SEND:
		return send_take(o, ret_error);
	case OPTION_COLOURS:
		o->colours = true;
		return 0;
	case OPTION_ASCII:
		o->ascii = true;
		return 0;
	case 'V':
		if (o->action != VIEW_HELP)
			o->action = VIEW_VERSION;
		return 0;
	default:
		o->action = VIEW_HELP;
		return 0;
	}
}

static int
what_take(struct view_options *o, int count, char *words[], struct strbuf *ret_error)
{
	if (o->action == VIEW_HELP || o->action == VIEW_VERSION)
		return 0;
	if (count == 0) {
		strbuf_text(ret_error, "what is to be looked at? naiad-view --help tells");
		return -EINVAL;
	}
	if (count > 1)
		return refuse(ret_error, words[1], " is one word too many");
	o->what = words[0];
	if ((o->send[0] != '\0' || o->colours) && o->action != VIEW_PRINT) {
		strbuf_text(ret_error, "--send and --colours go with --print");
		return -EINVAL;
	}
	return 0;
}

int
view_options_parse(
	int argc, char *argv[], struct view_options *ret_options, struct strbuf *ret_error)
{
	int r = 0;
	int option = 0;

	*ret_options = (struct view_options){ .action = VIEW_TERMINAL, .send = "" };
	opterr = 0;
	optind = 0; /* forget an earlier command line */
	while (r == 0 && (option = getopt_long(argc, argv, ":Vh", long_options, NULL)) != -1) {
		if (option == '?' || option == ':')
			r = refuse(ret_error, argv[optind - 1],
				option == ':' ? " needs a value" : " is no option of naiad-view");
		else
			r = option_take(ret_options, option, ret_error);
	}
	return r < 0 ? r : what_take(ret_options, argc - optind, argv + optind, ret_error);
}

const char *
view_options_usage(void)
{
	return usage;
}
