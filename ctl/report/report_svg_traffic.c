#include "ctl/report/report_pictures.h"

#include "ctl/report/report_text.h"
#include "ctl/report/svg.h"

static const double ns_per_day = 86400e9;

/* Where things stand in the picture of the traffic, in its own units. */
enum {
	WIDTH = 900,
	LEFT = 76,
	RIGHT = 10,
	PLOT = WIDTH - LEFT - RIGHT,
	BYTES_TOP = 14,
	BYTES_HIGH = 112, /* of both directions: each gets its share of it */
	BYTES_LEAST = 16,
	NO_BYTES_TOP = BYTES_TOP + BYTES_HIGH - 8,
	TALKS_BASE = BYTES_TOP + BYTES_HIGH + 58,
	TALKS_HIGH = 44,
	EVIDENCE_AT = TALKS_BASE + 18,
	TIME_AT = EVIDENCE_AT + 28,
	HIGH = TIME_AT + 8,
	TICKS = 5,
};

static double
time_x(const struct report_host *host, uint64_t ns)
{
	double part = ns <= host->from_ns ? 0.0
					  : (double)(ns - host->from_ns) /
						    (double)(host->to_ns - host->from_ns);

	return LEFT + (part > 1.0 ? 1.0 : part) * PLOT;
}

static void
draw_times(struct html *h, const struct report_host *host)
{
	double span = (double)(host->to_ns - host->from_ns);

	for (int i = 0; i < TICKS; i++) {
		double part = (double)i / (TICKS - 1);
		uint64_t at = host->from_ns + (uint64_t)(part * span);
		const char *anchor = i == 0 ? "start" : i == TICKS - 1 ? "end" : "middle";

		svg_line(h, "axis", LEFT + part * PLOT, TIME_AT - 16, LEFT + part * PLOT,
			TIME_AT - 12);
		svg_text(h, LEFT + part * PLOT, TIME_AT, anchor,
			report_clock(at, span > ns_per_day).text);
	}
}

/* The largest of all stretches, and where zero stands: up is sent, down is received, in one scale. */
struct scale {
	uint64_t sent, received, talks;
	double base, up, down;
};

static struct scale
scale_of(const struct report_host *host)
{
	struct scale s = { .talks = 0 };

	for (int i = 0; i < REPORT_BUCKETS; i++) {
		const struct report_bucket *b = &host->buckets[i];

		s.sent = b->sent > s.sent ? b->sent : s.sent;
		s.received = b->received > s.received ? b->received : s.received;
		s.talks = b->talks > s.talks ? b->talks : s.talks;
	}
	double all = (double)s.sent + (double)s.received;
	s.up = all > 0.0 ? (double)s.sent / all * BYTES_HIGH : 0.0;
	s.up = s.up < BYTES_LEAST ? BYTES_LEAST : s.up;
	s.up = s.up > BYTES_HIGH - BYTES_LEAST ? BYTES_HIGH - BYTES_LEAST : s.up;
	s.down = BYTES_HIGH - s.up;
	s.base = BYTES_TOP + s.up;
	return s;
}

/* What stands behind one stretch, for who points at it. */
static void
draw_words(struct html *h, const struct report_host *host, int i, double x, double wide)
{
	const struct report_bucket *b = &host->buckets[i];
	double span = (double)(host->to_ns - host->from_ns);

	html_open_format(h, "rect",
		"class=\"over\" x=\"%.1f\" y=\"%d\" width=\"%.1f\" height=\"%d\"", x, BYTES_TOP,
		wide, EVIDENCE_AT + 8 - BYTES_TOP);
	html_open(h, "title", NULL);
	html_format(h, "%s: %s, sent %s, received %s, %u evidence%s",
		report_time(host->from_ns + (uint64_t)(span / REPORT_BUCKETS * i)).text,
		report_plural(b->talks, "conversation", "conversations").text,
		report_bytes(b->sent).text, report_bytes(b->received).text, b->evidence,
		b->is_blind ? "; not all was seen" : "");
	html_close(h);
	html_close(h);
}

static void
draw_bucket(struct html *h, const struct report_host *host, int i, const struct scale *s)
{
	const struct report_bucket *b = &host->buckets[i];
	const double wide = (double)PLOT / REPORT_BUCKETS;
	double x = LEFT + i * wide;
	double sent = svg_part(b->sent, s->sent, s->up);
	double received = svg_part(b->received, s->received, s->down);
	double high = svg_part(b->talks, s->talks, TALKS_HIGH);

	if (b->talks == 0 && b->evidence == 0 && !b->is_blind)
		return;
	if (b->is_blind)
		svg_box(h, "blind", x, BYTES_TOP, wide, EVIDENCE_AT + 8 - BYTES_TOP);
	if (sent > 0.0)
		svg_box(h, "sent", x, s->base - sent, wide - 1.0, sent);
	if (received > 0.0)
		svg_box(h, "recv", x, s->base, wide - 1.0, received);
	if (high > 0.0)
		svg_box(h, "talks", x, TALKS_BASE - high, wide - 1.0, high);
	if (b->evidence > 0)
		html_empty(h, "circle", "class=\"%s\" cx=\"%.1f\" cy=\"%d\" r=\"4.5\"",
			report_threat_class(b->worst), x + wide / 2, EVIDENCE_AT);
	draw_words(h, host, i, x, wide);
}

static void
draw_scale(struct html *h, const struct scale *s)
{
	svg_line(h, "axis", LEFT, TALKS_BASE, LEFT + PLOT, TALKS_BASE);
	svg_text(h, LEFT - 8, TALKS_BASE - TALKS_HIGH + 8, "end", report_count(s->talks).text);
	svg_text(h, LEFT - 8, TALKS_BASE, "end", "0");
	svg_text(h, LEFT - 8, EVIDENCE_AT + 4, "end", "evidence");
	if (s->sent + s->received == 0)
		return;
	svg_line(h, "axis", LEFT, s->base, LEFT + PLOT, s->base);
	svg_text(h, LEFT - 8, s->base - s->up + 6, "end", report_bytes(s->sent).text);
	svg_text(h, LEFT - 8, s->base + s->down, "end", report_bytes(s->received).text);
}

void
report_svg_traffic(struct html *h, const struct report_host *host)
{
	struct scale s = scale_of(host);
	int top = s.sent + s.received == 0 ? NO_BYTES_TOP
					   : 0; /* scans carry no payload: nothing above */

	svg_open(h, top, WIDTH, HIGH - top, "Traffic and evidence over time");
	draw_scale(h, &s);
	for (int i = 0; i < REPORT_BUCKETS; i++)
		draw_bucket(h, host, i, &s);
	for (size_t i = 0; i < host->alert_count; i++) {
		double x = time_x(host, host->alerts[i]->ts_ns);
		bool is_late = x > LEFT + PLOT - 40;

		svg_line(h, "mark", x, top + 6, x, EVIDENCE_AT + 8);
		svg_text(h, is_late ? x - 4 : x + 4, top + 14, is_late ? "end" : "start", "alert");
	}
	draw_times(h, host);
	html_close(h);
}

void
report_svg_bar(struct html *h, double part)
{
	svg_open(h, 0, 200, 10, "How it stands to the largest");
	svg_box(h, "back", 0, 1, 200, 8);
	svg_box(h, "sent", 0, 1, part * 200 < 2 ? 2 : part * 200, 8);
	html_close(h);
}
