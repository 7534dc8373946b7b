/* naiadctl.c -- ask a running sensor or what a run left, show the answer. */
#include "ctl/arguments.h"
#include "ctl/case.h"
#include "ctl/config_show.h"
#include "ctl/doctor.h"
#include "ctl/live.h"
#include "ctl/say.h"
#include "ctl/schema.h"
#include "ctl/selftest.h"
#include "ctl/sensor.h"
#include "ctl/show.h"
#include "ctl/usage.h"

#include "daemon/base/strbuf.h"
#include "naiad_version.h"

#include <locale.h>
#include <stdbool.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/ioctl.h>
#include <unistd.h>

enum {
	COLUMNS_MAX = 10000,
};

/* $COLUMNS has the first word, as in ps(1); what is not a terminal has no end. */
static size_t
terminal_width(bool is_terminal)
{
	/* NOLINTNEXTLINE(concurrency-mt-unsafe): one thread */
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
	/* NOLINTBEGIN(concurrency-mt-unsafe): one thread */
	const char *no_colour = getenv("NO_COLOR");
	const char *term = getenv("TERM");
	/* NOLINTEND(concurrency-mt-unsafe) */

	return is_terminal && (no_colour == NULL || no_colour[0] == '\0') && term != NULL &&
	       strcmp(term, "dumb") != 0;
}

static struct table_terminal
terminal_make(void)
{
	bool is_terminal = isatty(STDOUT_FILENO) == 1;

	return (struct table_terminal){
		.out = stdout,
		.width = terminal_width(is_terminal),
		.colour = wants_colour(is_terminal),
		.utf8 = say_utf8(),
	};
}

/* ---- of a sensor ---- */

static void
show(const char *command, const json_t *data, const struct table_terminal *terminal)
{
	static const struct {
		const char *command;
		void (*show)(const json_t *data, const struct table_terminal *terminal);
	} tables[] = {
		{ "status", show_status },
		{ "metrics", show_metrics },
		{ "reload", show_reload },
	};

	for (size_t i = 0; i < sizeof(tables) / sizeof(tables[0]); i++)
		if (strcmp(tables[i].command, command) == 0) {
			tables[i].show(data, terminal);
			return;
		}
	if (strcmp(command, "reopen") == 0)
		(void)puts("output files are open again");
	const char *level = json_string_value(json_object_get(data, "level"));
	if (strcmp(command, "log-level") == 0 && level != NULL)
		(void)printf("log level is %s\n", level);
}

static enum exit_code
ask(const struct arguments *a, const struct table_terminal *terminal)
{
	json_t *data = NULL;
	enum exit_code code = sensor_ask(a->socket, a->command, a->args, &data);

	if (code == EXIT_OK && a->json)
		say_json(data, stdout);
	else if (code == EXIT_OK)
		show(a->command, data, terminal);
	json_decref(data);
	return code;
}

/* ---- of neither ---- */

static enum exit_code
schema_run(const struct arguments *a, const struct table_terminal *terminal)
{
	json_t *all = schema_of(a->word_count > 0 ? a->words[0] : NULL);

	if (all == NULL) {
		say("%s has no schema: naiadctl schema tells those that there are", a->words[0]);
		return EXIT_USAGE;
	}
	say_json(all, terminal->out);
	json_decref(all);
	return EXIT_OK;
}

static enum exit_code
run(const struct arguments *a)
{
	static const struct {
		const char *command;
		enum exit_code (*run)(
			const struct arguments *a, const struct table_terminal *terminal);
	} own[] = {
		{ "evidence", live_evidence },
		{ "alerts", live_alerts },
		{ "explain", live_explain },
		{ "devices", live_devices },
		{ "mute", live_mute },
		{ "doctor", doctor_run },
		{ "selftest", selftest_run },
		{ "config", config_run },
		{ "schema", schema_run },
	};
	const struct table_terminal terminal = terminal_make();

	if (a->dir != NULL)
		return case_run(a, &terminal);
	for (size_t i = 0; i < sizeof(own) / sizeof(own[0]); i++)
		if (strcmp(own[i].command, a->command) == 0)
			return own[i].run(a, &terminal);
	return (a->what->places & COMMAND_STORE) != 0 ? live_stored(a, &terminal)
						      : ask(a, &terminal);
}

static enum exit_code
act(const struct arguments *a)
{
	switch (a->action) {
	case ARGUMENTS_HELP:
		usage_print(stdout);
		return EXIT_OK;
	case ARGUMENTS_VERSION:
		(void)puts("naiadctl " NAIAD_VERSION);
		return EXIT_OK;
	case ARGUMENTS_COMPLETION:
		if (usage_completion(a->values[COMMAND_OPTION_COMPLETION], stdout))
			return EXIT_OK;
		say("--completion takes one of %s",
			command_options[COMMAND_OPTION_COMPLETION].choices);
		return EXIT_USAGE;
	case ARGUMENTS_ASK:
		break;
	}
	return run(a);
}

int
main(int argc, char *argv[])
{
	struct arguments a;
	char memory[SAY_MAX];
	struct strbuf error;

	(void)setlocale(LC_CTYPE, "");
	strbuf_init(&error, memory, sizeof(memory));
	if (arguments_parse(argc, argv, &a, &error) < 0) {
		say("%s", error.text);
		return EXIT_USAGE;
	}
	enum exit_code code = act(&a);
	if (code == EXIT_OK && (fflush(stdout) != 0 || ferror(stdout) != 0)) {
		say("cannot write the answer");
		code = EXIT_REFUSED;
	}
	arguments_done(&a);
	return (int)code;
}
