#include "ctl/arguments.h"

#include "ctl/duration.h"

#include "daemon/base/log.h"
#include "daemon/base/strbuf.h"

#include <errno.h>
#include <getopt.h>
#include <stdlib.h>
#include <string.h>

#define SOCKET_DEFAULT "/run/naiad/control.sock"

enum { QUOTED_MAX = 60, OPTION_FIRST = 256, LIMIT_DEFAULT = 50 };

static int
refuse(struct strbuf *ret_error, const char *word, const char *what)
{
	log_quote(ret_error, word, strlen(word), QUOTED_MAX);
	strbuf_text(ret_error, what);
	return -EINVAL;
}

static bool
whole_number(const char *text, int64_t *ret)
{
	char *end = NULL;

	errno = 0;
	*ret = strtol(text, &end, 10);
	return errno == 0 && end != text && *end == '\0';
}

/* Texts go as they are: the sensor knows what is a level or a time. It takes UTF-8 only. */
static int
text_set(struct arguments *a, const char *key, const char *text, struct strbuf *ret_error)
{
	if (json_object_set_new(a->args, key, json_string(text)) < 0)
		return refuse(ret_error, text, " is no text");
	return 0;
}

static bool
is_choice(const char *choices, const char *word)
{
	size_t length = strlen(word);

	for (const char *at = choices; at != NULL && length > 0; at = strchr(at, ' ')) {
		at += *at == ' ' ? 1 : 0;
		if (strncmp(at, word, length) == 0 && (at[length] == ' ' || at[length] == '\0'))
			return true;
	}
	return false;
}

/* The numbers among the values. */
static int
limit_read(struct arguments *a, struct strbuf *ret_error)
{
	const char *text = a->values[COMMAND_OPTION_LIMIT];
	int64_t limit = 0;

	a->limit = LIMIT_DEFAULT;
	if (text == NULL)
		return 0;
	if (!whole_number(text, &limit) || limit < 1)
		return refuse(ret_error, text, ": --limit takes a whole number from 1");
	a->limit = (uint64_t)limit;
	return 0;
}

static int
values_read(struct arguments *a, struct strbuf *ret_error)
{
	const char *host = a->values[COMMAND_OPTION_HOST];
	const char *window = a->values[COMMAND_OPTION_WINDOW];
	const char *since = a->values[COMMAND_OPTION_SINCE];

	int r = limit_read(a, ret_error);
	if (r < 0)
		return r;
	if (host != NULL && !cidr_parse(host, &a->host))
		return refuse(ret_error, host,
			": --host takes an address or a network: 10.0.0.1, fe80::/10");
	if (window != NULL && !whole_number(window, &a->window))
		return refuse(ret_error, window, ": --window takes the number of a time window");
	if (a->dir == NULL)
		return 0;
	if (since != NULL && !duration_parse(since, &a->since_ns))
		return refuse(ret_error, since, ": --since takes how long ago: 15m, 2h, 1d");
	return 0;
}

/* What the sensor is sent. */
static int
request_make(struct arguments *a, struct strbuf *ret_error)
{
	static const enum command_option_id texts[] = { COMMAND_OPTION_HOST, COMMAND_OPTION_TYPE,
		COMMAND_OPTION_LEVEL, COMMAND_OPTION_SINCE };
	int r = 0;

	for (size_t i = 0; r == 0 && i < sizeof(texts) / sizeof(texts[0]); i++)
		if (a->values[texts[i]] != NULL)
			r = text_set(
				a, command_options[texts[i]].name, a->values[texts[i]], ret_error);
	if (r == 0 && a->values[COMMAND_OPTION_LIMIT] != NULL)
		(void)json_object_set_new(a->args, "limit", json_integer((json_int_t)a->limit));
	if (r == 0 && a->word_count > 0 && a->what->argument != NULL)
		r = text_set(a, a->what->argument, a->words[0], ret_error);
	return r;
}

static int
options_check(const struct arguments *a, struct strbuf *ret_error)
{
	for (int i = 0; i < COMMAND_OPTIONS; i++) {
		const struct command_option *o = &command_options[i];

		if (a->values[i] == NULL)
			continue;
		if (!command_takes(a->what, (enum command_option_id)i)) {
			(void)refuse(ret_error, a->command, " takes no --");
			strbuf_text(ret_error, o->name);
			return -EINVAL;
		}
		if (o->choices != NULL && !is_choice(o->choices, a->values[i])) {
			(void)refuse(ret_error, a->values[i], ": --");
			strbuf_printf(ret_error, "%s takes one of %s", o->name, o->choices);
			return -EINVAL;
		}
	}
	return 0;
}

static int
words_take(struct arguments *a, int count, char *words[], struct strbuf *ret_error)
{
	if (count == 0) {
		strbuf_text(ret_error, "what is it to do? naiadctl --help tells the commands");
		return -EINVAL;
	}
	a->what = command_find(words[0]);
	if (a->what == NULL)
		return refuse(ret_error, words[0],
			" is no command; naiadctl --help tells those that there are");
	a->command = a->what->name;
	a->words = (const char *const *)(words + 1);
	a->word_count = (size_t)count - 1;
	if (a->word_count > a->what->words_most)
		return refuse(ret_error, words[1 + a->what->words_most], " is one word too many");
	if (a->word_count < a->what->words_least) {
		(void)refuse(ret_error, a->command, " needs a word after it: ");
		strbuf_text(ret_error, a->what->word);
		return -EINVAL;
	}
	if (a->dir != NULL && (a->what->places & COMMAND_RUN) == 0)
		return refuse(ret_error, a->command, " is not asked of a run: leave -d out");
	int r = options_check(a, ret_error);
	if (r == 0)
		r = values_read(a, ret_error);
	return r == 0 ? request_make(a, ret_error) : r;
}

static void
option_take(struct arguments *a, int id)
{
	a->values[id] = optarg == NULL ? "" : optarg;
	switch (id) {
	case COMMAND_OPTION_SOCKET:
		a->socket = optarg;
		break;
	case COMMAND_OPTION_DIR:
		a->dir = optarg;
		break;
	case COMMAND_OPTION_JSON:
		a->json = true;
		break;
	case COMMAND_OPTION_HELP:
		a->action = ARGUMENTS_HELP;
		break;
	case COMMAND_OPTION_VERSION:
		if (a->action == ARGUMENTS_ASK)
			a->action = ARGUMENTS_VERSION;
		break;
	case COMMAND_OPTION_COMPLETION:
		if (a->action == ARGUMENTS_ASK)
			a->action = ARGUMENTS_COMPLETION;
		break;
	default:
		break;
	}
}

/* The table of options, as getopt_long() wants it. */
static void
long_options_make(struct option ret_long[COMMAND_OPTIONS + 1], char *ret_short)
{
	*ret_short++ = ':';
	for (int i = 0; i < COMMAND_OPTIONS; i++) {
		const struct command_option *o = &command_options[i];

		ret_long[i] = (struct option){ o->name,
			o->value != NULL ? required_argument : no_argument, NULL,
			OPTION_FIRST + i };
		if (o->letter == '\0')
			continue;
		*ret_short++ = o->letter;
		if (o->value != NULL)
			*ret_short++ = ':';
	}
	ret_long[COMMAND_OPTIONS] = (struct option){ NULL, 0, NULL, 0 };
	*ret_short = '\0';
}

static int
id_of_letter(int letter)
{
	for (int i = 0; i < COMMAND_OPTIONS; i++)
		if (command_options[i].letter == letter)
			return i;
	return -1;
}

int
arguments_parse(int argc, char *argv[], struct arguments *ret_arguments, struct strbuf *ret_error)
{
	struct option long_options[COMMAND_OPTIONS + 1];
	char short_options[2 * COMMAND_OPTIONS + 2];
	int r = 0;
	int option = 0;

	*ret_arguments = (struct arguments){
		.action = ARGUMENTS_ASK,
		.socket = SOCKET_DEFAULT,
		.args = json_object(),
	};
	long_options_make(long_options, short_options);
	opterr = 0;
	optind = 0; /* forget an earlier command line */
	while (r == 0 &&
		(option = getopt_long(argc, argv, short_options, long_options, NULL)) != -1) {
		if (option == '?' || option == ':')
			r = refuse(ret_error, argv[optind - 1],
				option == ':' ? " needs a value" : " is no option of naiadctl");
		else
			option_take(ret_arguments, option >= OPTION_FIRST ? option - OPTION_FIRST
									  : id_of_letter(option));
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
