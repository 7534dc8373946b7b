/*
 * First what somebody must act on, then what to keep an eye on, then how much was seen and what was
 * not. Plain text that stands in 80 columns, for a terminal, a ticket or a mail; whatever a peer may
 * have had a hand in is made safe for all three.
 */
#include "exporters/summary_text.h"

#include "daemon/base/text_safe.h"
#include "daemon/base/time_text.h"
#include "exporters/summary.h"

#include <inttypes.h>
#include <string.h>

enum {
	COLUMNS = 80,
	INDENT = 4,
	HOST_WIDTH = 15,
	SENTENCE_COLUMN = INDENT + 6 + 2 + 8 + 2 + HOST_WIDTH + 2,
	SAFE_MAX = 4 * SUMMARY_TEXT_MAX + 8,
};

/* Words that go to the next line, indented, when they do not fit on this one. */
struct page {
	FILE *out;
	size_t column;
	size_t indent;
	bool space; /* a space is due before the next word */
};

/* Columns that text takes: UTF-8 sequences count once. Wide letters count as one, and wrap late. */
static size_t
width_of(const char *text, size_t length)
{
	size_t width = 0;

	for (size_t i = 0; i < length; i++)
		width += ((unsigned char)text[i] & 0xc0) != 0x80 ? 1 : 0;
	return width;
}

static void
page_begin(struct page *p, FILE *out, size_t indent)
{
	*p = (struct page){ .out = out, .column = indent, .indent = indent };
	(void)fprintf(out, "%*s", (int)indent, "");
}

static void
page_word(struct page *p, const char *word, size_t length)
{
	size_t width = width_of(word, length);

	if (p->space && p->column + 1 + width > COLUMNS) {
		(void)fprintf(p->out, "\n%*s", (int)p->indent, "");
		p->column = p->indent;
	} else if (p->space) {
		(void)fputc(' ', p->out);
		p->column++;
	}
	(void)fwrite(word, 1, length, p->out);
	p->column += width;
	p->space = true;
}

static void
page_text(struct page *p, const char *text)
{
	while (*text != '\0') {
		size_t length = strcspn(text, " ");

		if (length > 0)
			page_word(p, text, length);
		text += length + (text[length] == ' ' ? 1 : 0);
	}
}

static void
page_end(struct page *p)
{
	(void)fputc('\n', p->out);
}

/* "12 FLOWS_EVICTED,": a number is not parted from its name. */
static void
page_count(struct page *p, uint64_t count, const char *name, bool more)
{
	char text[128];
	int length = snprintf(text, sizeof(text), "%" PRIu64 " %s%s", count, name, more ? "," : "");

	page_word(p, text, (size_t)length < sizeof(text) ? (size_t)length : sizeof(text) - 1);
}

static const char *
plural(uint64_t count)
{
	return count == 1 ? "" : "s";
}

static void
put_seconds(struct strbuf *b, uint64_t ns)
{
	char text[48];
	struct strbuf time;

	strbuf_init(&time, text, sizeof(text));
	time_text_iso(&time, ns, "");
	text[10] = ' ';
	strbuf_bytes(b, text, sizeof("2026-11-24 02:00:00") - 1);
}

static void
put_bytes(struct strbuf *b, uint64_t bytes)
{
	static const char *const units[] = { "KiB", "MiB", "GiB", "TiB" };
	double value = (double)bytes / 1024;
	size_t unit = 0;

	if (bytes < 1024) {
		strbuf_printf(b, "%" PRIu64 " bytes", bytes);
		return;
	}
	while (value >= 1024 && unit + 1 < sizeof(units) / sizeof(units[0])) {
		value /= 1024;
		unit++;
	}
	strbuf_printf(b, "%.1f %s", value, units[unit]);
}

/* What was read: packets and bytes of captures, lines of logs. */
static void
put_read(struct strbuf *b, const struct run_info *run, const struct record_totals *t)
{
	struct run_input input;
	uint64_t lines = 0;
	size_t files = 0;

	if (run->files == NULL) {
		strbuf_printf(b, "%" PRIu64 " packet%s, ", t->packets, plural(t->packets));
		put_bytes(b, t->bytes);
		return;
	}
	for (; run->files(run->files_context, files, &input, 1) > 0; files++)
		lines += input.lines;
	strbuf_printf(
		b, "%" PRIu64 " line%s of %zu file%s", lines, plural(lines), files, plural(files));
}

static void
print_head(const struct summary *s, FILE *out)
{
	const struct record_totals *t = s->totals;
	char text[SAFE_MAX];
	struct strbuf b;
	struct page p;

	strbuf_init(&b, text, sizeof(text));
	strbuf_printf(&b, "naiad %s over ", s->run->version);
	if (s->run->input_count == 1)
		text_safe(&b, s->run->inputs[0], SUMMARY_TEXT_MAX / 2);
	else
		strbuf_printf(&b, "%zu inputs", s->run->input_count);
	strbuf_text(&b, ": ");
	put_read(&b, s->run, t);
	if (t->last_ns > 0) {
		strbuf_text(&b, ", ");
		time_text_length(&b, t->last_ns - t->first_ns);
		strbuf_text(&b, " from ");
		put_seconds(&b, t->first_ns);
		strbuf_text(&b, " UTC");
	}
	strbuf_printf(&b, ", analysed in %.1f s", (double)s->elapsed_ns / (double)NS_PER_S);
	page_begin(&p, out, 0);
	page_text(&p, text);
	page_end(&p);
}

static void
print_windows(struct page *p, const struct summary_host *h)
{
	char text[64];

	page_text(p, h->window_count + h->other_windows == 1 ? "in window" : "in windows");
	for (uint32_t i = 0; i < h->window_count; i++) {
		bool last = i + 1 == h->window_count && h->other_windows == 0;

		(void)snprintf(text, sizeof(text), "%" PRId64 "%s", h->windows[i], last ? "" : ",");
		page_text(p, text);
	}
	if (h->other_windows > 0)
		page_text(p, "and more");
}

static void
print_types(const struct summary_hosts *hosts, const struct summary_host *h, FILE *out)
{
	struct page p;

	if (h->type_count == 0)
		return;
	page_begin(&p, out, INDENT);
	for (uint32_t i = 0; i < h->type_count; i++)
		page_count(&p, h->types[i].count, hosts->types[h->types[i].type].name,
			i + 1 < h->type_count || h->other_types > 0);
	if (h->other_types > 0)
		page_count(&p, h->other_types, "of other types", false);
	page_end(&p);
}

static void
print_alerted(const struct summary *s, const struct summary_host *h, FILE *out)
{
	char text[SAFE_MAX];
	struct strbuf b;
	struct page p;

	strbuf_init(&b, text, sizeof(text));
	(void)fprintf(out, "\n%s\n", addr_format(&h->addr, text));
	page_begin(&p, out, INDENT);
	text_safe(&b, h->text, SUMMARY_TEXT_MAX);
	page_text(&p, text);
	page_end(&p);
	print_types(s->hosts, h, out);
	strbuf_reset(&b);
	strbuf_printf(
		&b, "score %.2f, %" PRIu64 " alert%s ", h->score, h->alerts, plural(h->alerts));
	page_begin(&p, out, INDENT);
	page_text(&p, text);
	print_windows(&p, h);
	page_end(&p);
	strbuf_reset(&b);
	put_seconds(&b, h->first_ns);
	strbuf_text(&b, " to ");
	put_seconds(&b, h->last_ns);
	(void)fprintf(out, "%*s%s UTC\n", INDENT, "", text);
}

static void
print_more(size_t shown, size_t all, FILE *out)
{
	if (all > shown)
		(void)fprintf(
			out, "\n%*s... and %zu more, see alerts.log\n", INDENT, "", all - shown);
}

static void
print_infected(const struct summary *s, FILE *out)
{
	size_t shown = s->alerted < s->most ? s->alerted : s->most;

	if (s->alerted == 0) {
		(void)fprintf(out, "\nNo host raised an alert.\n");
		return;
	}
	(void)fprintf(out, "\nINFECTED OR ATTACKING: %zu host%s raised an alert\n", s->alerted,
		plural(s->alerted));
	for (size_t i = 0; i < shown; i++)
		print_alerted(s, s->ranked[i], out);
	print_more(shown, s->alerted, out);
}

/* A row a host; a sentence that does not fit goes on below itself, for cut short it says nothing. */
static void
print_suspect(const struct summary_host *h, FILE *out)
{
	char text[SAFE_MAX];
	char addr[ADDR_TEXT_MAX];
	struct strbuf b;
	struct page p = { .out = out, .indent = SENTENCE_COLUMN };

	p.column = (size_t)fprintf(out, "%*s%6.2f  %8" PRIu64 "  %-*s ", INDENT, "", h->score,
		h->evidence, HOST_WIDTH, addr_format(&h->addr, addr));
	p.space = true;
	strbuf_init(&b, text, sizeof(text));
	text_safe(&b, h->text, SUMMARY_TEXT_MAX);
	page_text(&p, text);
	page_end(&p);
}

static void
print_suspects(const struct summary *s, FILE *out)
{
	size_t all = s->hosts->count - s->alerted;
	size_t shown = all < s->most ? all : s->most;

	if (all == 0)
		return;
	(void)fprintf(out, "\nEVIDENCE WITHOUT AN ALERT: %zu host%s\n\n", all, plural(all));
	(void)fprintf(
		out, "%*s score  evidence  %-*s  strongest\n", INDENT, "", HOST_WIDTH, "host");
	for (size_t i = 0; i < shown; i++)
		print_suspect(s->ranked[s->alerted + i], out);
	print_more(shown, all, out);
}

/* Of hosts that the summary had no room for. */
static void
print_rest(const struct summary_hosts *hosts, FILE *out)
{
	if (hosts->rest_evidence + hosts->rest_alerts > 0)
		(void)fprintf(out,
			"\nOf hosts not listed: %" PRIu64 " evidence, %" PRIu64
			" alerts, see alerts.log\n",
			hosts->rest_evidence, hosts->rest_alerts);
}

static void
print_lost(const struct record_totals *t, FILE *out)
{
	size_t left = 0;
	struct page p;

	for (size_t i = 0; i < t->lost_count; i++)
		left += t->lost[i].count > 0 ? 1 : 0;
	page_begin(&p, out, 0);
	page_text(&p, "Not seen, or seen in part:");
	if (left == 0)
		page_text(&p, "nothing");
	for (size_t i = 0; i < t->lost_count; i++)
		if (t->lost[i].count > 0)
			page_count(&p, t->lost[i].count, t->lost[i].reason, --left > 0);
	page_end(&p);
}

static void
print_totals(const struct record_totals *t, FILE *out)
{
	struct page p;

	(void)fputc('\n', out);
	page_begin(&p, out, 0);
	page_count(&p, t->flows, t->flows == 1 ? "flow" : "flows", true);
	page_count(&p, t->hosts, t->hosts == 1 ? "host" : "hosts", true);
	page_count(&p, t->windows, t->windows == 1 ? "window" : "windows", true);
	page_count(&p, t->evidence, "evidence", true);
	page_count(&p, t->alerts, t->alerts == 1 ? "alert" : "alerts", false);
	page_end(&p);
	print_lost(t, out);
}

void
summary_text_print(const struct summary *s, FILE *out)
{
	print_head(s, out);
	print_infected(s, out);
	print_suspects(s, out);
	print_rest(s->hosts, out);
	print_totals(s->totals, out);
}
