#include "ctl/live.h"

#include "ctl/case.h"
#include "ctl/case_alert.h"
#include "ctl/case_explain.h"
#include "ctl/case_live.h"
#include "ctl/mute.h"
#include "ctl/say.h"
#include "ctl/sensor.h"
#include "viewer/source/source.h"

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

/* args: which are wanted; NULL: all that it keeps */
static enum exit_code
latest_ask(const struct arguments *a, json_t *args, struct latest *l)
{
	json_t *all = json_pack("{s:i}", "limit", EVENTS_MAX);
	enum exit_code code =
		sensor_ask(a->socket, "evidence", args == NULL ? all : args, &l->data);

	arena_init(&l->memory, MEMORY_MAX, NULL);
	l->rows = NULL;
	l->count = 0;
	if (code == EXIT_OK)
		l->count = case_live_evidence(l->data, &l->memory, &l->rows);
	json_decref(all);
	return code;
}

static void
latest_done(struct latest *l)
{
	arena_done(&l->memory);
	json_decref(l->data);
}

/* ---- findings and alerts ---- */

static void
earlier_say(const json_t *data, size_t count, const char *what, FILE *out)
{
	json_int_t earlier = json_integer_value(json_object_get(data, "earlier"));

	if (count == 0)
		(void)fprintf(out, "no %s\n", what);
	if (earlier > 0)
		(void)fprintf(out, "%" JSON_INTEGER_FORMAT " more came before these; see --limit\n",
			earlier);
}

enum exit_code
live_evidence(const struct arguments *a, const struct table_terminal *terminal)
{
	struct latest l;
	enum exit_code code = latest_ask(a, a->args, &l);

	if (code == EXIT_OK && a->json) {
		say_json(l.data, terminal->out);
	} else if (code == EXIT_OK) {
		if (l.count > 0)
			member_show(&case_evidence, l.rows, l.count, terminal);
		earlier_say(l.data, l.count, "evidence", terminal->out);
	}
	latest_done(&l);
	return code;
}

enum exit_code
live_alerts(const struct arguments *a, const struct table_terminal *terminal)
{
	const struct case_alert *alerts = NULL;
	json_t *data = NULL;
	struct latest l;
	enum exit_code code = sensor_ask(a->socket, "alerts", a->args, &data);

	if (code == EXIT_OK && a->json) {
		say_json(data, terminal->out);
	} else if (code == EXIT_OK) {
		code = latest_ask(a, NULL, &l);
		if (code == EXIT_OK) {
			size_t count = case_live_alerts(data, l.rows, l.count, &l.memory, &alerts);

			case_alerts_show(alerts, count, terminal);
			earlier_say(data, count, "alerts", terminal->out);
		}
		latest_done(&l);
	}
	json_decref(data);
	return code;
}

/* ---- its store ---- */

/* As `-d` of it would; what the command needs besides is in `a`. */
static enum exit_code
store_run(const struct arguments *a, const struct table_terminal *terminal, const json_t *status)
{
	struct arguments of_store = *a;

	of_store.dir = json_string_value(json_object_get(status, "store"));
	return case_run(&of_store, terminal);
}

static bool
has_store(const json_t *status)
{
	return json_is_string(json_object_get(status, "store"));
}

enum exit_code
live_stored(const struct arguments *a, const struct table_terminal *terminal)
{
	char error[SAY_MAX];
	json_t *status = NULL;
	enum exit_code code = sensor_try(a->socket, "status", NULL, &status, error, sizeof(error));

	if (code != EXIT_OK) {
		say("%s; or of what a run left: naiadctl -d DIR %s", error, a->command);
	} else if (has_store(status)) {
		code = store_run(a, terminal, status);
	} else {
		say("%s is asked of what a run left: naiadctl -d DIR %s; a sensor writes it as it "
		    "runs with the setting store.write: always, and is asked of it then",
			a->command, a->command);
		code = EXIT_USAGE;
	}
	json_decref(status);
	return code;
}

/* ---- cards ---- */

/* Out of the sensor's memory, which has all that is known of a card. */
static enum exit_code
devices_ask(const struct arguments *a, const struct table_terminal *terminal)
{
	const struct source_device *rows = NULL;
	struct arena memory;
	json_t *data = NULL;
	json_t *args = json_pack("{s:I}", "limit", (json_int_t)a->limit);
	enum exit_code code = sensor_ask(a->socket, "devices", args, &data);

	arena_init(&memory, MEMORY_MAX, NULL);
	size_t count = case_live_devices(data, &memory, &rows);
	if (code == EXIT_OK && a->json) {
		json_t *all = member_rows(&case_devices, rows, count);

		say_json(all, terminal->out);
		json_decref(all);
	} else if (code == EXIT_OK && count > 0) {
		json_int_t more = json_integer_value(json_object_get(data, "more"));

		member_show(&case_devices, rows, count, terminal);
		if (more > 0)
			(void)fprintf(terminal->out,
				"%" JSON_INTEGER_FORMAT
				" more were silent for longer; see --limit\n",
				more);
	} else if (code == EXIT_OK) {
		(void)fputs("no devices\n", terminal->out);
	}
	arena_done(&memory);
	json_decref(args);
	json_decref(data);
	return code;
}

/* Of a store that is not to be read store_run() says why. */
static bool
lacks_devices(const json_t *status)
{
	char error[SOURCE_ERROR_MAX];
	const struct source_device *rows = NULL;
	struct source *s =
		source_open(json_string_value(json_object_get(status, "store")), NULL, error);
	struct arena memory;

	if (s == NULL)
		return false;
	arena_init(&memory, MEMORY_MAX, NULL);
	bool none = source_devices(s, &memory, &rows) == 0 && source_trouble(s)[0] == '\0';
	arena_done(&memory);
	source_close(s);
	return none;
}

/* A store hears of a card some seconds after it was seen first: until then the sensor itself is asked. */
enum exit_code
live_devices(const struct arguments *a, const struct table_terminal *terminal)
{
	json_t *status = NULL;
	enum exit_code code = sensor_ask(a->socket, "status", NULL, &status);

	if (code == EXIT_OK)
		code = has_store(status) && !lacks_devices(status) ? store_run(a, terminal, status)
								   : devices_ask(a, terminal);
	json_decref(status);
	return code;
}

/* ---- one finding ---- */

static void
explain_show(const struct arguments *a, const struct source_evidence *e,
	const struct table_terminal *terminal)
{
	struct case_explained x;

	/* What came before it in the window may be gone: what it added is not known. */
	case_explain_make(e, e->counted ? -1 : 0, NULL, 0, &x);
	if (a->json)
		member_say(&case_explain, &x, terminal->out);
	else
		case_explain_show(&x, terminal);
}

/* It is none of the latest: an older one is in the store. */
static enum exit_code
explain_stored(const struct arguments *a, const struct table_terminal *terminal)
{
	json_t *status = NULL;
	enum exit_code code = sensor_ask(a->socket, "status", NULL, &status);

	if (code == EXIT_OK && has_store(status)) {
		code = store_run(a, terminal, status);
	} else if (code == EXIT_OK) {
		say("none of the latest findings and alerts has an id that begins with %s, and the "
		    "sensor keeps no older ones: it does with the setting store.write: always",
			a->words[0]);
		code = EXIT_REFUSED;
	}
	json_decref(status);
	return code;
}

/* Of one whose findings are not all kept the store has the sum. */
static enum exit_code
explain_alert(const struct arguments *a, const struct table_terminal *terminal,
	const struct case_alert *alert)
{
	json_t *status = NULL;
	enum exit_code code = sensor_ask(a->socket, "status", NULL, &status);

	if (code == EXIT_OK && has_store(status) && alert->step_count == 0)
		code = store_run(a, terminal, status);
	else if (code == EXIT_OK && a->json)
		member_say(&case_alerts, alert, terminal->out);
	else if (code == EXIT_OK)
		case_alert_explain(alert, has_store(status), terminal);
	json_decref(status);
	return code;
}

enum exit_code
live_explain(const struct arguments *a, const struct table_terminal *terminal)
{
	const struct source_evidence *e = NULL;
	const struct case_alert *alerts = NULL;
	const struct case_alert *alert = NULL;
	json_t *data = NULL;
	json_t *all = json_pack("{s:i}", "limit", EVENTS_MAX);
	struct latest l;
	enum exit_code code = latest_ask(a, NULL, &l);
	unsigned found = case_explain_find(l.rows, l.count, a->words[0], &e);

	if (code == EXIT_OK)
		code = sensor_ask(a->socket, "alerts", all, &data);
	size_t count = case_live_alerts(data, l.rows, l.count, &l.memory, &alerts);
	found += case_explain_find_alert(alerts, count, a->words[0], &alert);
	if (code == EXIT_OK && found == 0) {
		code = explain_stored(a, terminal);
	} else if (code == EXIT_OK && found > 1) {
		say("more than one finding or alert has an id that begins with %s: give more of it",
			a->words[0]);
		code = EXIT_REFUSED;
	} else if (code == EXIT_OK && alert != NULL) {
		code = explain_alert(a, terminal, alert);
	} else if (code == EXIT_OK) {
		explain_show(a, e, terminal);
	}
	json_decref(all);
	json_decref(data);
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
		code = latest_ask(a, NULL, &l);
		if (code == EXIT_OK)
			code = mute_run(a, l.rows, l.count, settings, terminal->out);
		latest_done(&l);
	}
	json_decref(status);
	return code;
}
