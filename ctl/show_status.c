#include "ctl/show.h"

#include "daemon/base/strbuf.h"
#include "daemon/base/time_text.h"

#include <inttypes.h>
#include <string.h>

enum { TEXT_MAX = 64, LIST_MAX = 512 };

static json_int_t
number(const json_t *object, const char *key)
{
	return json_integer_value(json_object_get(object, key));
}

static const char *
text(const json_t *object, const char *key)
{
	return json_string_value(json_object_get(object, key));
}

/* "2026-11-24T02:00:00.123456Z" is "2026-11-24 02:00:00" to people. */
static const char *
time_of(const json_t *object, const char *key, char ret_text[TEXT_MAX])
{
	const char *iso = text(object, key);

	if (iso == NULL || strlen(iso) < 19)
		return "never";
	(void)snprintf(ret_text, TEXT_MAX, "%.10s %.8s", iso, iso + 11);
	return ret_text;
}

static const char *
mebibytes(json_int_t bytes, char ret_text[TEXT_MAX])
{
	(void)snprintf(ret_text, TEXT_MAX, "%" PRId64 " MiB", (int64_t)(bytes >> 20));
	return ret_text;
}

static void
line(struct table_print *t, const char *name, const char *value, enum table_style style)
{
	table_print_cell(t, name, TABLE_PLAIN);
	table_print_cell(t, value, style);
}

static void
memory_lines(struct table_print *t, const json_t *memory)
{
	char resident[TEXT_MAX];
	char limit[TEXT_MAX];
	char all[LIST_MAX];
	struct strbuf b;
	size_t index = 0;
	const json_t *area = NULL;

	table_print_cell(t, "memory", TABLE_PLAIN);
	table_print_format(t, TABLE_PLAIN, "%s of %s",
		mebibytes(number(memory, "resident"), resident),
		mebibytes(number(memory, "limit"), limit));
	strbuf_init(&b, all, sizeof(all));
	/* Without a blank inside an area, so that a line ends between two. */
	json_array_foreach(json_object_get(memory, "areas"), index, area)
	{
		const char *name = text(area, "name");

		strbuf_printf(&b, "%s%s=%" PRId64 "MiB", index == 0 ? "" : " ",
			name == NULL ? "-" : name, (int64_t)(number(area, "bytes") >> 20));
	}
	if (index > 0)
		line(t, "set aside", all, TABLE_PLAIN);
}

/* A sum, and what was lost of it: the second only where there is something. */
static void
counted_line(struct table_print *t, const char *name, const json_t *engine, const char *now_key,
	const char *now, const char *ever_key, const char *const *losses)
{
	char all[LIST_MAX];
	struct strbuf b;
	bool lost = false;

	strbuf_init(&b, all, sizeof(all));
	strbuf_printf(&b, "%" JSON_INTEGER_FORMAT " %s", number(engine, now_key), now);
	if (ever_key != NULL)
		strbuf_printf(
			&b, ", %" JSON_INTEGER_FORMAT " since the start", number(engine, ever_key));
	for (; losses[0] != NULL; losses += 2)
		if (number(engine, losses[0]) > 0) {
			lost = true;
			strbuf_printf(&b, ", %" JSON_INTEGER_FORMAT " %s",
				number(engine, losses[0]), losses[1]);
		}
	line(t, name, all, lost ? TABLE_WARN : TABLE_PLAIN);
}

/* What is silenced is seen by who looks: nobody else tells of it. */
static void
whitelist_line(struct table_print *t, const json_t *hits)
{
	json_int_t traffic = number(hits, "ignore-traffic");
	json_int_t silenced = number(hits, "no-evidence") + number(hits, "no-alert");

	if (traffic + silenced == 0)
		return;
	table_print_cell(t, "whitelist", TABLE_PLAIN);
	table_print_format(t, TABLE_PLAIN,
		"%" JSON_INTEGER_FORMAT " findings silenced, %" JSON_INTEGER_FORMAT
		" conversations ignored",
		silenced, traffic);
}

static void
engine_lines(struct table_print *t, const json_t *engine)
{
	static const char *const of_flows[] = { "flows_evicted", "ended to make room", NULL };
	static const char *const of_hosts[] = { "profiles_evicted", "forgotten to make room",
		NULL };
	static const char *const of_windows[] = { "windows_truncated", "with too little memory",
		"windows_refused", "observations without memory for one", NULL };
	static const char *const of_evidence[] = { "evidence_suppressed", "held back",
		"evidence_lost", "lost", NULL };
	static const char *const nothing[] = { NULL };

	counted_line(t, "packets", engine, "packets", "analysed", NULL, nothing);
	counted_line(t, "flows", engine, "flows_active", "now", "flows_started", of_flows);
	counted_line(t, "hosts", engine, "profiles_active", "now", NULL, of_hosts);
	counted_line(t, "windows", engine, "windows_open", "open", "windows_opened", of_windows);
	counted_line(t, "evidence", engine, "evidence", "found", NULL, of_evidence);
	counted_line(t, "alerts", engine, "alerts", "raised", NULL, nothing);
	whitelist_line(t, json_object_get(engine, "whitelist_hits"));
}

static void
reload_line(struct table_print *t, const json_t *reload)
{
	char at[TEXT_MAX];
	char all[LIST_MAX];
	const char *waiting = text(reload, "needs_restart");
	bool ok = json_is_true(json_object_get(reload, "ok"));
	bool waits = waiting != NULL && waiting[0] != '\0';

	if (!json_is_object(reload)) {
		line(t, "last reload", "never", TABLE_PLAIN);
		return;
	}
	(void)snprintf(all, sizeof(all), "%s, %s%s%s", time_of(reload, "at", at),
		ok ? "done" : "refused: the old settings are in force",
		waits ? "; these need a restart: " : "", waits ? waiting : "");
	line(t, "last reload", all, !ok ? TABLE_BAD : waits ? TABLE_WARN : TABLE_GOOD);
}

static void
summary_show(const json_t *data, const struct table_terminal *terminal)
{
	static const struct table_column columns[] = { { NULL, false }, { NULL, false } };
	struct table_print t;
	char started[TEXT_MAX];
	char up[TEXT_MAX];
	struct strbuf b;

	strbuf_init(&b, up, sizeof(up));
	time_text_length(&b, (uint64_t)number(data, "uptime_s") * NS_PER_S);
	table_print_begin(&t, terminal, columns, 2);
	line(&t, "sensor", text(data, "sensor"), TABLE_PLAIN);
	table_print_cell(&t, "running", TABLE_PLAIN);
	table_print_format(&t, TABLE_PLAIN, "naiad %s, process %" JSON_INTEGER_FORMAT ", for %s",
		text(data, "version") == NULL ? "-" : text(data, "version"), number(data, "pid"),
		up);
	line(&t, "started (UTC)", time_of(data, "started", started), TABLE_PLAIN);
	const char *settings = text(data, "settings");
	line(&t, "settings", settings != NULL ? settings : "the defaults", TABLE_PLAIN);
	const char *store = text(data, "store");
	line(&t, "store", store != NULL ? store : "none", TABLE_PLAIN);
	reload_line(&t, json_object_get(data, "reload"));
	line(&t, "log level", text(data, "log_level"), TABLE_PLAIN);
	memory_lines(&t, json_object_get(data, "memory"));
	engine_lines(&t, json_object_get(data, "engine"));
	table_print_end(&t);
}

static void
number_cell(struct table_print *t, json_int_t value, bool is_loss)
{
	table_print_format(
		t, is_loss && value > 0 ? TABLE_WARN : TABLE_PLAIN, "%" JSON_INTEGER_FORMAT, value);
}

static void
interfaces_show(const json_t *interfaces, const struct table_terminal *terminal)
{
	static const struct table_column columns[] = {
		{ "INTERFACE", false },
		{ "ROLE", false },
		{ "STATE", false },
		{ "ANALYSED", true },
		{ "FILTERED", true },
		{ "DROPPED", true },
		{ "LAST PACKET (UTC)", false },
	};
	struct table_print t;
	size_t index = 0;
	const json_t *one = NULL;
	char last[TEXT_MAX];

	table_print_begin(&t, terminal, columns, 7);
	json_array_foreach(interfaces, index, one)
	{
		const char *state = text(one, "state");
		bool up = state != NULL && strcmp(state, "up") == 0;

		table_print_cell(&t, text(one, "name"), TABLE_PLAIN);
		table_print_cell(&t, text(one, "role"), TABLE_PLAIN);
		table_print_cell(&t, state, up ? TABLE_GOOD : TABLE_BAD);
		number_cell(&t, number(one, "analysed"), false);
		number_cell(&t, number(one, "filtered"), false);
		number_cell(&t,
			number(one, "dropped_kernel") + number(one, "dropped_interface") +
				number(one, "dropped_here"),
			true);
		table_print_cell(&t, time_of(one, "last_packet", last), TABLE_PLAIN);
	}
	table_print_end(&t);
}

static void
inputs_show(const json_t *inputs, const struct table_terminal *terminal)
{
	static const struct table_column columns[] = {
		{ "INPUT", false },
		{ "TYPE", false },
		{ "STATE", false },
		{ "TOLD", true },
		{ "BAD", true },
		{ "DROPPED", true },
		{ "LAST (UTC)", false },
	};
	struct table_print t;
	size_t index = 0;
	const json_t *one = NULL;
	char last[TEXT_MAX];

	table_print_begin(&t, terminal, columns, 7);
	json_array_foreach(inputs, index, one)
	{
		table_print_cell(&t, text(one, "name"), TABLE_PLAIN);
		table_print_cell(&t, text(one, "type"), TABLE_PLAIN);
		table_print_cell(&t, text(one, "state"), TABLE_PLAIN);
		number_cell(&t, number(one, "told"), false);
		number_cell(&t, number(one, "bad"), true);
		number_cell(&t, number(one, "dropped"), true);
		table_print_cell(&t, time_of(one, "last", last), TABLE_PLAIN);
	}
	table_print_end(&t);
}

static void
outputs_show(const json_t *outputs, const struct table_terminal *terminal)
{
	static const struct table_column columns[] = {
		{ "OUTPUT", false },
		{ "WRITTEN", true },
		{ "QUEUED", true },
		{ "DROPPED", true },
		{ "FORGOTTEN", true },
		{ "LEFT OUT", true },
		{ "LAST SUCCESS (UTC)", false },
	};
	struct table_print t;
	size_t index = 0;
	const json_t *one = NULL;
	char last[TEXT_MAX];

	table_print_begin(&t, terminal, columns, 7);
	json_array_foreach(outputs, index, one)
	{
		table_print_cell(&t, text(one, "name"), TABLE_PLAIN);
		number_cell(&t, number(one, "written"), false);
		number_cell(&t, number(one, "queued"), false);
		number_cell(&t, number(one, "dropped"), true);
		number_cell(&t, number(one, "forgotten"), false);
		number_cell(&t, number(one, "left_out"), false);
		table_print_cell(&t, time_of(one, "last_success", last), TABLE_PLAIN);
	}
	table_print_end(&t);
}

void
show_status(const json_t *data, const struct table_terminal *terminal)
{
	const json_t *interfaces = json_object_get(data, "interfaces");
	const json_t *inputs = json_object_get(data, "inputs");
	const json_t *outputs = json_object_get(data, "outputs");

	summary_show(data, terminal);
	if (json_array_size(interfaces) > 0) {
		(void)fputc('\n', terminal->out);
		interfaces_show(interfaces, terminal);
	}
	if (json_array_size(inputs) > 0) {
		(void)fputc('\n', terminal->out);
		inputs_show(inputs, terminal);
	}
	if (json_array_size(outputs) > 0) {
		(void)fputc('\n', terminal->out);
		outputs_show(outputs, terminal);
	}
}
