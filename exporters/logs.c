/*
 * logs -- zeek/conn.log and its neighbours, for everything that reads Zeek's logs; and timelines.
 *
 * One outlet, a file for each kind of record: a row below says which, where, and in which encodings; and
 * a file for each kind of transaction that has a log, which is made with its first line. It encodes by
 * itself, as no other outlet carries these lines.
 */
#include "exporters/exporter.h"
#include "exporters/line_outlet.h"
#include "exporters/timeline_files.h"
#include "exporters/zeek_transaction.h"

#include <assert.h>
#include <errno.h>
#include <string.h>

enum zeek {
	ZEEK_NONE,
	ZEEK_TSV,
	ZEEK_JSON,
	ZEEK_COUNT,
};

struct config {
	uint32_t zeek; /* enum zeek */
	bool timeline;
	struct line_file_limits disk;
};

static const char *const zeek_forms[] = { "none", "tsv", "json", NULL };

static const struct config_item config_items[] = {
	CONFIG_ENUM(struct config, zeek, zeek_forms, ZEEK_NONE,
		"Write zeek/conn.log and the other logs that Zeek has, tab-separated or as JSON lines."),
	CONFIG_BOOL(struct config, timeline, false,
		"Over files: write timeline/<host>.log, what each host did in words."),
	CONFIG_SECTION(
		struct config, disk, line_file_limit_rows, "What each may take of the disk, live."),
	CONFIG_END,
};

static const struct {
	enum record_kind kind;
	const char *path;
	const char *encodings[ZEEK_COUNT];
} rows[] = {
	{ RECORD_FLOW, "zeek/conn.log", { NULL, "zeek_conn_tsv", "zeek_conn_json" } },
	{ RECORD_TUNNEL, "zeek/tunnel.log", { NULL, "zeek_tunnel_tsv", "zeek_tunnel_json" } },
	{ RECORD_ARP, "zeek/arp.log", { NULL, "zeek_arp_tsv", "zeek_arp_json" } },
	{ RECORD_WEIRD, "zeek/weird.log", { NULL, "zeek_weird_tsv", "zeek_weird_json" } },
};

enum {
	LOGS = sizeof(rows) / sizeof(rows[0]),
	ENCODING_WORDS = 8,
	TRANSACTIONS_MAX = 40,
	HEADER_MAX = 2048,
	LINE_MAX_BYTES = 16 * 1024,
	PATH_MAX_BYTES = 32,
};

/* One file, and as much of an outlet as it needs: what is counted is summed up in the real one. */
struct log {
	const struct encoding *encoding;     /* NULL: of a transaction, or never opened */
	const struct transaction_kind *said; /* of what, if it is of one */
	bool refused; /* it could not be made; tried again when all are reopened */
	uint64_t encoding_state[ENCODING_WORDS];
	char header[HEADER_MAX];
	struct line_outlet file;
	struct outlet outlet;
};

struct state {
	struct log logs[LOGS + TRANSACTIONS_MAX]; /* the rows', then the transactions' */
	struct timeline_files *timeline;          /* NULL: there is none */
	uint64_t timeline_written, timeline_failed;
	char line[LINE_MAX_BYTES];
};

static uint32_t
accepts(const void *config, const struct run_info *run)
{
	const struct config *c = config;
	uint32_t kinds = c->timeline && !run->live ? RECORD_BIT(RECORD_TIMELINE) : 0;

	if (c->zeek == ZEEK_NONE)
		return kinds;
	for (size_t i = 0; i < LOGS; i++)
		kinds |= RECORD_BIT(rows[i].kind);
	return kinds | RECORD_BIT(RECORD_TRANSACTION);
}

static void
sum_up(struct outlet *o)
{
	struct state *s = o->state;

	o->written = s->timeline_written;
	o->queued_records = o->queued_bytes = 0;
	for (size_t d = 0; d < OUTLET_DROP_COUNT; d++)
		o->dropped[d] = 0;
	o->dropped[OUTLET_DROP_FAILED] = s->timeline_failed;
	for (size_t i = 0; i < LOGS + transaction_count; i++) {
		const struct outlet *one = &s->logs[i].outlet;

		o->written += one->written;
		o->queued_records += one->queued_records;
		o->queued_bytes += one->queued_bytes;
		for (size_t d = 0; d < OUTLET_DROP_COUNT; d++)
			o->dropped[d] += one->dropped[d];
		if (one->last_success_ns > o->last_success_ns)
			o->last_success_ns = one->last_success_ns;
	}
}

static int
log_open(struct outlet *o, struct log *l, size_t row)
{
	const struct config *c = o->config;
	struct strbuf header;

	l->encoding = encoding_find(rows[row].encodings[c->zeek]);
	assert(l->encoding != NULL && l->encoding->state_size <= sizeof(l->encoding_state));
	l->outlet = *o;
	l->outlet.state = &l->file;
	strbuf_init(&header, l->header, sizeof(l->header));
	if (l->encoding->header != NULL)
		l->encoding->header(l->encoding_state, o->run, &header);
	return line_outlet_open(&l->outlet, rows[row].path, l->header, &c->disk);
}

static int
transaction_log_open(struct outlet *o, struct log *l, const struct transaction_kind *kind)
{
	const struct config *c = o->config;
	char text[PATH_MAX_BYTES];
	const struct outlet counted = l->outlet;
	struct strbuf header;
	struct strbuf path;

	l->said = kind;
	l->outlet = *o;
	l->outlet.state = &l->file;
	l->outlet.written = counted.written;
	memcpy(l->outlet.dropped, counted.dropped, sizeof(counted.dropped));
	strbuf_init(&header, l->header, sizeof(l->header));
	if (c->zeek == ZEEK_TSV)
		zeek_transaction_header(&header, kind);
	strbuf_init(&path, text, sizeof(text));
	strbuf_printf(&path, "zeek/%s.log", kind->log);
	return line_outlet_open(&l->outlet, text, l->header, &c->disk);
}

static int
logs_open(struct outlet *o, const char *header)
{
	const struct config *c = o->config;
	struct state *s = o->state;
	int result = 0;

	(void)header;
	assert(transaction_count <= TRANSACTIONS_MAX);
	for (size_t i = 0; c->zeek != ZEEK_NONE && result >= 0 && i < LOGS; i++)
		result = log_open(o, &s->logs[i], i);
	if (result < 0 || !c->timeline || o->run->live)
		return result;
	s->timeline = timeline_files_new(o->run, TIMELINE_HOSTS_MAX);
	return s->timeline == NULL ? -EIO : 0;
}

static void
log_write_line(struct log *l, const struct record *r, const struct strbuf *line)
{
	if (line->truncated)
		l->outlet.dropped[OUTLET_DROP_TOO_LONG]++;
	else if (line->length > 0)
		line_outlet_write(&l->outlet, r, line->text, line->length);
}

static void
log_write(struct state *s, struct log *l, const struct record *r)
{
	struct strbuf line;

	strbuf_init(&line, s->line, sizeof(s->line));
	l->encoding->encode(l->encoding_state, l->outlet.run, r, &line);
	log_write_line(l, r, &line);
}

static void
transaction_write(struct outlet *o, const struct record *r)
{
	const struct config *c = o->config;
	struct state *s = o->state;
	struct strbuf line;

	for (size_t i = 0; i < transaction_count; i++) {
		struct log *l = &s->logs[LOGS + i];
		const struct transaction_kind *kind = transactions[i];
		if (kind->kind != r->transaction->kind || kind->log == NULL)
			continue;
		if (l->said == NULL && !l->refused)
			l->refused = transaction_log_open(o, l, kind) < 0;
		if (l->refused) {
			if (l->said != NULL)
				(void)line_outlet_close(&l->outlet, "");
			l->said = NULL;
			l->outlet.dropped[OUTLET_DROP_FAILED]++;
			continue;
		}
		strbuf_init(&line, s->line, sizeof(s->line));
		if (c->zeek == ZEEK_TSV) {
			zeek_tsv_see((struct zeek_tsv_state *)l->encoding_state, r);
			zeek_transaction_tsv(&line, kind, r->transaction);
		} else {
			zeek_transaction_json(&line, kind, r->transaction);
		}
		log_write_line(l, r, &line);
	}
}

static void
logs_write(struct outlet *o, const struct record *r, const char *line, size_t length)
{
	struct state *s = o->state;

	(void)line;
	(void)length;
	for (size_t i = 0; i < LOGS; i++)
		if (rows[i].kind == r->kind)
			log_write(s, &s->logs[i], r);
	if (r->kind == RECORD_TRANSACTION)
		transaction_write(o, r);
	else if (r->kind == RECORD_TIMELINE)
		*(timeline_files_write(s->timeline, r->timeline) ? &s->timeline_written
								 : &s->timeline_failed) += 1;
	sum_up(o);
}

static bool
log_is_open(const struct log *l)
{
	return l->encoding != NULL || l->said != NULL;
}

static void
logs_tick(struct outlet *o)
{
	struct state *s = o->state;

	for (size_t i = 0; i < LOGS + transaction_count; i++) {
		if (!log_is_open(&s->logs[i]))
			continue;
		s->logs[i].outlet.now = o->now;
		line_outlet_tick(&s->logs[i].outlet);
	}
	sum_up(o);
}

static void
logs_show(struct outlet *o)
{
	struct state *s = o->state;

	for (size_t i = 0; i < LOGS + transaction_count; i++)
		if (log_is_open(&s->logs[i]))
			line_outlet_show(&s->logs[i].outlet);
}

static void
logs_reopen(struct outlet *o)
{
	struct state *s = o->state;

	for (size_t i = 0; i < LOGS + transaction_count; i++) {
		s->logs[i].refused = false;
		if (log_is_open(&s->logs[i]))
			line_outlet_reopen(&s->logs[i].outlet);
	}
}

static int
log_close(struct log *l, uint32_t form)
{
	char text[HEADER_MAX];
	struct strbuf footer;

	if (!log_is_open(l))
		return 0;
	strbuf_init(&footer, text, sizeof(text));
	if (l->said != NULL && form == ZEEK_TSV)
		zeek_tsv_footer(l->encoding_state, l->outlet.run, &footer);
	else if (l->said == NULL && l->encoding->footer != NULL)
		l->encoding->footer(l->encoding_state, l->outlet.run, &footer);
	return line_outlet_close(&l->outlet, text);
}

static int
logs_close(struct outlet *o, const char *footer)
{
	const struct config *c = o->config;
	struct state *s = o->state;
	int result = 0;

	(void)footer;
	for (size_t i = 0; i < LOGS + transaction_count; i++) {
		int closed = log_close(&s->logs[i], c->zeek);

		if (result == 0)
			result = closed;
	}
	int ordered = timeline_files_free(s->timeline);
	s->timeline = NULL;
	if (result == 0)
		result = ordered;
	sum_up(o);
	return result;
}

const struct exporter exporter_logs = {
	.name = "logs",
	.summary = "Logs in the form of other programs.",
	.config_size = sizeof(struct config),
	.config = config_items,
	.state_size = sizeof(struct state),
	.accepts = accepts,
	.open = logs_open,
	.write = logs_write,
	.tick = logs_tick,
	.show = logs_show,
	.reopen = logs_reopen,
	.close = logs_close,
};
