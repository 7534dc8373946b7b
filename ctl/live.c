#include "ctl/live.h"

#include "ctl/case_explain.h"
#include "ctl/case_live.h"
#include "ctl/mute.h"
#include "ctl/say.h"
#include "ctl/sensor.h"

enum {
	EVENTS_MAX = 1024, /* as many as a sensor keeps */
	MEMORY_MAX = 64 * 1024 * 1024,
};

/* What a sensor found of late. */
struct latest {
	json_t *data;
	struct arena memory;
	const struct source_evidence *rows;
	size_t count;
};

static enum exit_code
latest_ask(const struct arguments *a, struct latest *l)
{
	json_t *args = json_pack("{s:i}", "limit", EVENTS_MAX);
	enum exit_code code = sensor_ask(a->socket, "evidence", args, &l->data);

	arena_init(&l->memory, MEMORY_MAX, NULL);
	l->rows = NULL;
	l->count = 0;
	if (code == EXIT_OK)
		l->count = case_live_evidence(l->data, &l->memory, &l->rows);
	json_decref(args);
	return code;
}

static void
latest_done(struct latest *l)
{
	arena_done(&l->memory);
	json_decref(l->data);
}

static void
explain_show(const struct arguments *a, const struct source_evidence *e,
	const struct table_terminal *terminal)
{
	struct case_explained x;

	/* What came before it in the window may be gone: what it added is not known. */
	case_explain_make(e, e->counted ? -1 : 0, NULL, 0, &x);
	if (a->json) {
		json_t *one = member_row(&case_explain, &x);

		say_json(one, terminal->out);
		json_decref(one);
	} else {
		case_explain_show(&x, terminal);
	}
}

enum exit_code
live_explain(const struct arguments *a, const struct table_terminal *terminal)
{
	const struct source_evidence *e = NULL;
	struct latest l;
	enum exit_code code = latest_ask(a, &l);

	if (code == EXIT_OK) {
		unsigned found = case_explain_find(l.rows, l.count, a->words[0], &e);

		if (found == 1) {
			explain_show(a, e, terminal);
		} else {
			say(found == 0 ? "none of the latest findings has an id that begins with "
					 "%s: older ones are in the store, naiadctl -d DIR explain"
				       : "more than one finding has an id that begins with %s: "
					 "give more of it",
				a->words[0]);
			code = EXIT_REFUSED;
		}
	}
	latest_done(&l);
	return code;
}

/* Which settings it reads: only those are worth an edit. The answer stays the caller's. */
static enum exit_code
settings_ask(const struct arguments *a, json_t **ret_status, const char **ret_path)
{
	*ret_status = NULL;
	*ret_path = a->values[COMMAND_OPTION_CONF];
	if (*ret_path != NULL)
		return EXIT_OK;
	enum exit_code code = sensor_ask(a->socket, "status", NULL, ret_status);
	if (code != EXIT_OK)
		return code;
	*ret_path = json_string_value(json_object_get(*ret_status, "settings"));
	if (*ret_path != NULL)
		return EXIT_OK;
	say("the sensor runs without a settings file, and so would not read the rule: start it with "
	    "-c FILE");
	return EXIT_REFUSED;
}

enum exit_code
live_mute(const struct arguments *a, const struct table_terminal *terminal)
{
	json_t *status = NULL;
	const char *settings = NULL;
	struct latest l;
	enum exit_code code = settings_ask(a, &status, &settings);

	if (code == EXIT_OK && mute_is_host(a)) {
		code = mute_run(a, NULL, 0, settings, terminal->out);
	} else if (code == EXIT_OK) {
		code = latest_ask(a, &l);
		if (code == EXIT_OK)
			code = mute_run(a, l.rows, l.count, settings, terminal->out);
		latest_done(&l);
	}
	json_decref(status);
	return code;
}
