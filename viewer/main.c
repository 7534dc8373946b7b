/* main.c -- naiad-view: open a source, show it until somebody has seen enough. */
#include "daemon/base/text_safe.h"
#include "naiad_version.h"
#include "viewer/key_text.h"
#include "viewer/model.h"
#include "viewer/term.h"
#include "viewer/view_options.h"

#include <langinfo.h>
#include <locale.h>
#include <signal.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

enum exit_code {
	EXIT_OK = 0,
	EXIT_CANNOT = 1,
	EXIT_USAGE = 2,
};

enum { ERROR_TEXT_MAX = 1024, LOOK_MS = 1000 };

static void
say(const char *text)
{
	char room[4 * ERROR_TEXT_MAX];

	(void)fprintf(stderr, "naiad-view: %s\n", text_safe_in(room, sizeof(room), text));
}

static bool
has_utf8(const struct view_options *o)
{
	return !o->ascii && strcmp(nl_langinfo(CODESET), "UTF-8") == 0;
}

/* A picture that waits for nothing: who reads it cannot wait for another. */
static void
draw_whole(struct model *m, struct grid *g)
{
	model_draw(m, g);
	if (!model_go_on(m))
		return;
	while (model_go_on(m))
		continue;
	model_draw(m, g);
}

static int
print(struct model *m, const struct view_options *o)
{
	struct grid g;
	struct key_event key;
	const char *keys = o->send;

	if (!grid_init(&g, o->rows, o->columns, has_utf8(o))) {
		say("no memory left for a picture");
		return EXIT_CANNOT;
	}
	draw_whole(m, &g);
	while (!m->quit && key_text_read(&keys, &key)) {
		model_key(m, &key, &g);
		draw_whole(m, &g);
	}
	grid_print(&g, stdout, o->colours);
	grid_done(&g);
	return fflush(stdout) == 0 && ferror(stdout) == 0 ? EXIT_OK : EXIT_CANNOT;
}

/* A picture of the size that the terminal has now. returns false when memory is out */
static bool
draw(struct model *m, struct grid *g)
{
	unsigned rows = 0;
	unsigned columns = 0;
	bool utf8 = g->utf8;

	term_size(&rows, &columns);
	if (rows != g->rows || columns != g->columns) {
		grid_done(g);
		if (!grid_init(g, rows, columns, utf8))
			return false;
	}
	model_draw(m, g);
	return true;
}

/* Each key has its picture, since the next one may ask where things stand in it; only the last is sent. */
static void
show(struct model *m, struct grid *g)
{
	struct key_event key;
	bool is_drawn = draw(m, g);

	while (is_drawn && !m->quit) {
		enum term_event event = term_next(0, &key);

		if (event == TERM_NOTHING) {
			term_show(g);
			if (model_go_on(m)) {
				is_drawn = draw(m, g);
				continue;
			}
			event = term_next(LOOK_MS, &key);
		}
		if (event == TERM_END)
			return;
		if (event == TERM_KEY)
			model_key(m, &key, g);
		else if (!model_look(m))
			continue;
		is_drawn = draw(m, g);
		if (m->copied[0] != '\0')
			term_copy(m->copied);
		m->copied[0] = '\0';
	}
}

static int
show_on_terminal(struct model *m, const struct view_options *o)
{
	struct grid g;

	if (!grid_init(&g, 0, 0, has_utf8(o))) {
		say("no memory left for a picture");
		return EXIT_CANNOT;
	}
	const char *error = term_open();
	if (error != NULL) {
		say(error);
		grid_done(&g);
		return EXIT_CANNOT;
	}
	show(m, &g);
	int ended = term_close();
	grid_done(&g);
	if (ended != 0)
		(void)raise(ended); /* whoever started this sees how it ended */
	return EXIT_OK;
}

static int
run(const struct view_options *o)
{
	struct model m;
	char error[SOURCE_ERROR_MAX];
	int code = EXIT_CANNOT;
	struct source *s = source_open(o->what, o->cache, error);

	if (s == NULL) {
		say(error);
		return EXIT_CANNOT;
	}
	if (model_init(&m, s)) {
		m.keys_last = o->keys_last;
		code = o->action == VIEW_PRINT ? print(&m, o) : show_on_terminal(&m, o);
	} else {
		say("no memory left");
	}
	model_done(&m);
	source_close(s);
	return code;
}

int
main(int argc, char *argv[])
{
	struct view_options o;
	char memory[ERROR_TEXT_MAX];
	struct strbuf error;

	(void)setlocale(LC_CTYPE, "");
	(void)signal(SIGPIPE, SIG_IGN); /* a Redis that is gone is an error like any other */
	strbuf_init(&error, memory, sizeof(memory));
	if (view_options_parse(argc, argv, &o, &error) < 0) {
		say(error.text);
		return EXIT_USAGE;
	}
	if (o.action == VIEW_HELP)
		(void)fputs(view_options_usage(), stdout);
	else if (o.action == VIEW_VERSION)
		(void)puts("naiad-view " NAIAD_VERSION);
	else
		return run(&o);
	return EXIT_OK;
}
