/* naiadctl.c -- ask a running sensor, show its answer. */
#include "ctl/arguments.h"
#include "ctl/cell.h"
#include "ctl/client.h"
#include "ctl/show.h"
#include "naiad_version.h"

#include <langinfo.h>
#include <locale.h>
#include <stdbool.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/ioctl.h>
#include <unistd.h>

enum exit_code {
	EXIT_OK = 0,
	EXIT_REFUSED = 1, /* by the sensor, or what it said could not be written */
	EXIT_USAGE = 2,
	EXIT_NO_SENSOR = 4,
};

enum { ERROR_TEXT_MAX = 1024, COLUMNS_MAX = 10000 };

static bool
has_utf8(void)
{
	return strcmp(nl_langinfo(CODESET), "UTF-8") == 0;
}

/* $COLUMNS has the first word, as in ps(1); what is not a terminal has no end. */
static size_t
terminal_width(bool is_terminal)
{
	const char *columns = getenv("COLUMNS");
	unsigned long given = columns == NULL ? 0 : strtoul(columns, NULL, 10);
	struct winsize size = { .ws_col = 0 };

	if (given > 0 && given <= COLUMNS_MAX)
		return given;
	if (is_terminal && ioctl(STDOUT_FILENO, TIOCGWINSZ, &size) == 0)
		return size.ws_col;
	return 0;
}

/* See no-color.org. */
static bool
wants_colour(bool is_terminal)
{
	const char *no_colour = getenv("NO_COLOR");
	const char *term = getenv("TERM");

	return is_terminal && (no_colour == NULL || no_colour[0] == '\0') && term != NULL &&
	       strcmp(term, "dumb") != 0;
}

static void
say(const char *text)
{
	char memory[ERROR_TEXT_MAX * 4];
	struct strbuf clean;

	strbuf_init(&clean, memory, sizeof(memory));
	cell_append(&clean, text, ERROR_TEXT_MAX - 8, has_utf8());
	(void)fprintf(stderr, "naiadctl: %s\n", memory);
}

static void
show(const char *command, const json_t *data)
{
	bool is_terminal = isatty(STDOUT_FILENO) == 1;
	const struct table_terminal terminal = {
		.out = stdout,
		.width = terminal_width(is_terminal),
		.colour = wants_colour(is_terminal),
		.utf8 = has_utf8(),
	};
	static const struct {
		const char *command;
		void (*show)(const json_t *data, const struct table_terminal *terminal);
	} tables[] = {
		{ "status", show_status },
		{ "evidence", show_evidence },
		{ "alerts", show_alerts },
		{ "metrics", show_metrics },
		{ "reload", show_reload },
	};

	for (size_t i = 0; i < sizeof(tables) / sizeof(tables[0]); i++)
		if (strcmp(tables[i].command, command) == 0) {
			tables[i].show(data, &terminal);
			return;
		}
	if (strcmp(command, "reopen") == 0)
		(void)puts("output files are open again");
	const char *level = json_string_value(json_object_get(data, "level"));
	if (strcmp(command, "log-level") == 0 && level != NULL)
		(void)printf("log level is %s\n", level);
}

/* All of it in ASCII: what is printed is safe on a terminal, and reads back the same. */
static void
print_json(const json_t *data)
{
	(void)json_dumpf(data, stdout,
		JSON_INDENT(2) | JSON_ENSURE_ASCII | JSON_ENCODE_ANY | JSON_REAL_PRECISION(15));
	(void)putchar('\n');
}

static int
answer_show(const struct arguments *a, const char *line, size_t length)
{
	json_t *root = json_loadb(line, length, JSON_REJECT_DUPLICATES, NULL);
	const char *error = json_string_value(json_object_get(root, "error"));
	const json_t *data = json_object_get(root, "data");
	int code = EXIT_OK;

	if (!json_is_true(json_object_get(root, "ok")) || data == NULL) {
		say(error == NULL ? "what answers there is no sensor, or of another kind" : error);
		code = error == NULL ? EXIT_NO_SENSOR : EXIT_REFUSED;
	} else if (a->json) {
		print_json(data);
	} else {
		show(a->command, data);
	}
	if (code == EXIT_OK && (fflush(stdout) != 0 || ferror(stdout) != 0)) {
		say("cannot write what the sensor said");
		code = EXIT_REFUSED;
	}
	json_decref(root);
	return code;
}

static int
ask(const struct arguments *a)
{
	json_t *request = json_pack("{s:s, s:O}", "command", a->command, "args", a->args);
	char *text = request == NULL ? NULL : json_dumps(request, JSON_COMPACT);
	size_t room = text == NULL ? 0 : strlen(text) + 2;
	char *line = text == NULL ? NULL : malloc(room);
	char *answer = NULL;
	size_t length = 0;
	char error[CLIENT_ERROR_MAX];
	int code = EXIT_REFUSED;

	if (line != NULL)
		(void)snprintf(line, room, "%s\n", text);
	if (line == NULL) {
		say("no memory left");
	} else if (client_ask(a->socket, line, strlen(line), &answer, &length, error) < 0) {
		say(error);
		code = EXIT_NO_SENSOR;
	} else {
		code = answer_show(a, answer, length);
	}
	free(answer);
	free(line);
	free(text);
	json_decref(request);
	return code;
}

int
main(int argc, char *argv[])
{
	struct arguments a;
	char memory[ERROR_TEXT_MAX];
	struct strbuf error;

	(void)setlocale(LC_CTYPE, "");
	strbuf_init(&error, memory, sizeof(memory));
	if (arguments_parse(argc, argv, &a, &error) < 0) {
		say(error.text);
		return EXIT_USAGE;
	}
	int code = EXIT_OK;
	if (a.action == ARGUMENTS_HELP)
		(void)fputs(arguments_usage(), stdout);
	else if (a.action == ARGUMENTS_VERSION)
		(void)puts("naiadctl " NAIAD_VERSION);
	else
		code = ask(&a);
	arguments_done(&a);
	return code;
}
