/*
 * run_json -- run.json: what was run over what, with which settings, and what came of it.
 *
 * The counts, losses and oddities of the totals, the settings line by line as --print-config prints them but
 * without its comments. No time but packet time: a second run over the same files writes the same
 * bytes. Written when the run ends; an empty file says that it did not. Laid out in lines, for a
 * person and for diff.
 */
#include "daemon/base/json.h"
#include "daemon/base/time_text.h"
#include "exporters/exporter.h"
#include "exporters/line_file.h"

#include <string.h>

enum { LINE_MAX_BYTES = 32 * 1024 };

struct config {
	bool enabled;
};

static const struct config_item config_items[] = {
	CONFIG_BOOL(struct config, enabled, true,
		"Write run.json at the end of a run over files: version, settings, counts, losses."),
	CONFIG_END,
};

struct state {
	struct line_file file;
};

/* One line of the document, under way. */
struct line {
	char text[LINE_MAX_BYTES];
	struct strbuf b;
	struct json j;
};

static uint32_t
accepts(const void *config, const struct run_info *run)
{
	const struct config *c = config;

	return c->enabled && !run->live ? RECORD_BIT(RECORD_TOTALS) : 0;
}

static int
run_json_open(struct outlet *o, const char *header)
{
	struct state *s = o->state;

	(void)header;
	return line_file_open(&s->file, o->run, "run.json", NULL, NULL);
}

static void
put(struct outlet *o, const char *text)
{
	struct state *s = o->state;

	if (line_file_write(&s->file, text, strlen(text), true) < 0)
		o->dropped[OUTLET_DROP_TOO_LONG]++;
}

/* Begin a line with a key, or without; the value is then written to `l->j`. */
static void
line_begin(struct line *l, const char *indent, const char *key)
{
	strbuf_init(&l->b, l->text, sizeof(l->text));
	strbuf_text(&l->b, indent);
	if (key != NULL) {
		json_init(&l->j, &l->b);
		json_text(&l->j, key);
		strbuf_text(&l->b, ": ");
	}
	json_init(&l->j, &l->b);
}

static void
line_end(struct outlet *o, struct line *l, bool last)
{
	if (!last)
		strbuf_char(&l->b, ',');
	if (l->b.truncated)
		o->dropped[OUTLET_DROP_TOO_LONG]++;
	else
		put(o, l->text);
}

static void
put_text(struct outlet *o, struct line *l, const char *key, const char *value)
{
	line_begin(l, "  ", key);
	json_text(&l->j, value);
	line_end(o, l, false);
}

static void
put_count(struct outlet *o, struct line *l, const char *key, uint64_t value)
{
	line_begin(l, "  ", key);
	json_u64(&l->j, value);
	line_end(o, l, false);
}

static void
put_time(struct outlet *o, struct line *l, const char *key, uint64_t ns, bool last)
{
	char text[48];
	struct strbuf time;

	strbuf_init(&time, text, sizeof(text));
	time_text_iso(&time, ns, "Z");
	line_begin(l, "  ", key);
	json_text(&l->j, ns == 0 ? NULL : text);
	line_end(o, l, last);
}

static void
put_capture(struct line *l, const char *path)
{
	json_object_begin(&l->j);
	json_key_text(&l->j, "file", path);
	json_key_text(&l->j, "kind", "pcap");
	json_object_end(&l->j);
}

static void
put_log(struct line *l, const struct run_input *input)
{
	json_object_begin(&l->j);
	json_key_text(&l->j, "file", input->file);
	json_key_text(&l->j, "kind", input->kind);
	if (input->log[0] != '\0')
		json_key_text(&l->j, "log", input->log);
	json_key_u64(&l->j, "lines", input->lines);
	json_key_u64(&l->j, "read", input->read);
	json_key_u64(&l->j, "skipped", input->skipped);
	json_key_u64(&l->j, "bad", input->bad);
	json_object_end(&l->j);
}

/* Of a directory that was given, each file that was read. */
static void
put_logs(struct outlet *o, struct line *l)
{
	const struct run_info *run = o->run;
	struct run_input input;
	struct run_input next;
	bool more = run->files(run->files_context, 0, &input, 1) > 0;

	for (size_t i = 1; more; i++) {
		more = run->files(run->files_context, i, &next, 1) > 0;
		line_begin(l, "    ", NULL);
		put_log(l, &input);
		line_end(o, l, !more);
		input = next;
	}
}

static void
put_inputs(struct outlet *o, struct line *l)
{
	put(o, "  \"inputs\": [");
	if (o->run->files != NULL)
		put_logs(o, l);
	for (size_t i = 0; o->run->files == NULL && i < o->run->input_count; i++) {
		line_begin(l, "    ", NULL);
		put_capture(l, o->run->inputs[i]);
		line_end(o, l, i + 1 == o->run->input_count);
	}
	put(o, "  ],");
}

static void
put_list(struct line *l, const struct run_list *list)
{
	json_object_begin(&l->j);
	json_key_text(&l->j, "file", list->file);
	json_key_text(&l->j, "kind", list->kind);
	json_key_u64(&l->j, "indicators", list->indicators);
	if (list->refused != NULL) {
		json_key_text(&l->j, "refused", list->refused);
		if (list->line > 0)
			json_key_u64(&l->j, "line", list->line);
	}
	json_object_end(&l->j);
}

static void
put_lists(struct outlet *o, struct line *l)
{
	if (o->run->list_count == 0)
		return;
	put(o, "  \"intelligence\": [");
	for (size_t i = 0; i < o->run->list_count; i++) {
		line_begin(l, "    ", NULL);
		put_list(l, &o->run->lists[i]);
		line_end(o, l, i + 1 == o->run->list_count);
	}
	put(o, "  ],");
}

/* The next line that sets something: comments are for people who write settings. */
static const char *
setting_line(const char *at)
{
	for (;;) {
		size_t blanks = strspn(at, " ");

		if (at[blanks] != '#' && at[blanks] != '\n')
			return at;
		at += strcspn(at, "\n");
		at += *at == '\n';
	}
}

static void
put_settings(struct outlet *o, struct line *l)
{
	const char *at = setting_line(o->run->settings_text);

	put(o, "  \"settings\": [");
	while (*at != '\0') {
		size_t length = strcspn(at, "\n");
		const char *next = setting_line(at + length + (at[length] == '\n' ? 1 : 0));

		line_begin(l, "    ", NULL);
		json_bytes(&l->j, at, length);
		line_end(o, l, *next == '\0');
		at = next;
	}
	put(o, "  ],");
}

static void
put_counts(struct outlet *o, struct line *l, const char *key, const struct record_loss *counts,
	size_t count)
{
	line_begin(l, "  ", key);
	strbuf_char(&l->b, '{');
	put(o, l->text);
	for (size_t i = 0; i < count; i++) {
		line_begin(l, "    ", counts[i].reason);
		json_u64(&l->j, counts[i].count);
		line_end(o, l, i + 1 == count);
	}
	put(o, "  },");
}

static void
run_json_write(struct outlet *o, const struct record *r, const char *line, size_t length)
{
	const struct record_totals *t = r->totals;
	struct line l;

	(void)line;
	(void)length;
	put(o, "{");
	put_text(o, &l, "version", o->run->version);
	put_text(o, &l, "sensor", o->run->sensor);
	put_inputs(o, &l);
	put_lists(o, &l);
	put_settings(o, &l);
	put_count(o, &l, "packets", t->packets);
	put_count(o, &l, "bytes", t->bytes);
	put_count(o, &l, "flows", t->flows);
	put_count(o, &l, "hosts", t->hosts);
	put_count(o, &l, "windows", t->windows);
	put_count(o, &l, "evidence", t->evidence);
	put_count(o, &l, "alerts", t->alerts);
	put_counts(o, &l, "lost", t->lost, t->lost_count);
	put_counts(o, &l, "weird", t->weird, t->weird_count);
	if (t->whitelist_count > 0)
		put_counts(o, &l, "whitelist", t->whitelist, t->whitelist_count);
	put_time(o, &l, "first_ts", t->first_ns, false);
	put_time(o, &l, "last_ts", t->last_ns, true);
	put(o, "}");
	outlet_left(o, 1);
}

static int
run_json_close(struct outlet *o, const char *footer)
{
	struct state *s = o->state;

	(void)footer;
	return line_file_close(&s->file, NULL);
}

const struct exporter exporter_run_json = {
	.name = "run_json",
	.summary = "What was run over what, and what came of it.",
	.config_size = sizeof(struct config),
	.config = config_items,
	.state_size = sizeof(struct state),
	.accepts = accepts,
	.open = run_json_open,
	.write = run_json_write,
	.close = run_json_close,
};
