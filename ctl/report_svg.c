#include "ctl/report_svg.h"

#include "ctl/report_text.h"

static const double ns_per_day = 86400e9;

/* Where things stand in the picture of the traffic, in its own units. */
enum {
	WIDTH = 900,
	LEFT = 76,
	RIGHT = 10,
	PLOT = WIDTH - LEFT - RIGHT,
	BYTES_TOP = 14,
	BYTES_HALF = 56,
	BYTES_BASE = BYTES_TOP + BYTES_HALF,
	NO_BYTES_TOP = BYTES_BASE + BYTES_HALF - 8,
	TALKS_BASE = BYTES_BASE + BYTES_HALF + 58,
	TALKS_HIGH = 44,
	EVIDENCE_AT = TALKS_BASE + 18,
	TIME_AT = EVIDENCE_AT + 28,
	HIGH = TIME_AT + 8,
	TICKS = 5,
};

static void
picture_open(struct html *h, int top, int width, int height, const char *name)
{
	html_open_format(h, "svg",
		"xmlns=\"http://www.w3.org/2000/svg\" viewBox=\"0 %d %d %d\" role=\"img\"", top,
		width, height);
	html_element(h, "title", NULL, name);
}

static void
label(struct html *h, double x, double y, const char *anchor, const char *text)
{
	html_open_format(h, "text", "x=\"%.1f\" y=\"%.1f\" text-anchor=\"%s\"", x, y, anchor);
	html_text(h, text);
	html_close(h);
}

static void
line(struct html *h, const char *class, double x1, double y1, double x2, double y2)
{
	html_empty(h, "path", "class=\"%s\" d=\"M%.1f %.1fL%.1f %.1f\"", class, x1, y1, x2, y2);
}

static void
box(struct html *h, const char *class, double x, double y, double width, double height)
{
	html_empty(h, "rect", "class=\"%s\" x=\"%.1f\" y=\"%.1f\" width=\"%.1f\" height=\"%.1f\"",
		class, x, y, width, height);
}

/* What is there at all is seen: half a unit at least. */
static double
part_of(uint64_t value, uint64_t most, double room)
{
	double high = most == 0 ? 0.0 : (double)value / (double)most * room;

	return value > 0 && high < 1.0 ? 1.0 : high;
}

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

		line(h, "axis", LEFT + part * PLOT, TIME_AT - 16, LEFT + part * PLOT, TIME_AT - 12);
		label(h, LEFT + part * PLOT, TIME_AT, anchor,
			report_clock(at, span > ns_per_day).text);
	}
}

static void
draw_bucket(struct html *h, const struct report_host *host, int i, uint64_t bytes, uint64_t talks)
{
	const struct report_bucket *b = &host->buckets[i];
	const double wide = (double)PLOT / REPORT_BUCKETS;
	double x = LEFT + i * wide;
	double sent = part_of(b->sent, bytes, BYTES_HALF);
	double received = part_of(b->received, bytes, BYTES_HALF);
	double high = part_of(b->talks, talks, TALKS_HIGH);
	double span = (double)(host->to_ns - host->from_ns);

	if (b->talks == 0 && b->evidence == 0)
		return;
	if (sent > 0.0)
		box(h, "sent", x, BYTES_BASE - sent, wide - 1.0, sent);
	if (received > 0.0)
		box(h, "recv", x, BYTES_BASE, wide - 1.0, received);
	if (high > 0.0)
		box(h, "talks", x, TALKS_BASE - high, wide - 1.0, high);
	if (b->evidence > 0)
		html_empty(h, "circle", "class=\"%s\" cx=\"%.1f\" cy=\"%d\" r=\"4.5\"",
			report_threat_class(b->worst), x + wide / 2, EVIDENCE_AT);
	html_open_format(h, "rect",
		"class=\"over\" x=\"%.1f\" y=\"%d\" width=\"%.1f\" height=\"%d\"", x, BYTES_TOP,
		wide, EVIDENCE_AT + 8 - BYTES_TOP);
	html_open(h, "title", NULL);
	html_format(h, "%s: %s, sent %s, received %s, %u evidence",
		report_time(host->from_ns + (uint64_t)(span / REPORT_BUCKETS * i)).text,
		report_plural(b->talks, "conversation", "conversations").text,
		report_bytes(b->sent).text, report_bytes(b->received).text, b->evidence);
	html_close(h);
	html_close(h);
}

void
report_svg_traffic(struct html *h, const struct report_host *host)
{
	uint64_t bytes = 0;
	uint64_t talks = 0;

	for (int i = 0; i < REPORT_BUCKETS; i++) {
		const struct report_bucket *b = &host->buckets[i];
		uint64_t more = b->sent > b->received ? b->sent : b->received;

		bytes = more > bytes ? more : bytes;
		talks = b->talks > talks ? b->talks : talks;
	}
	int top = bytes == 0 ? NO_BYTES_TOP : 0; /* nothing to see above: scans carry no payload */
	picture_open(h, top, WIDTH, HIGH - top, "Traffic and evidence over time");
	line(h, "axis", LEFT, TALKS_BASE, LEFT + PLOT, TALKS_BASE);
	if (bytes > 0) {
		line(h, "axis", LEFT, BYTES_BASE, LEFT + PLOT, BYTES_BASE);
		label(h, LEFT - 8, BYTES_TOP + 8, "end", report_bytes(bytes).text);
		label(h, LEFT - 8, BYTES_BASE + 4, "end", "0 B");
		label(h, LEFT - 8, BYTES_BASE + BYTES_HALF, "end", report_bytes(bytes).text);
	}
	label(h, LEFT - 8, TALKS_BASE - TALKS_HIGH + 8, "end", report_count(talks).text);
	label(h, LEFT - 8, TALKS_BASE, "end", "0");
	label(h, LEFT - 8, EVIDENCE_AT + 4, "end", "evidence");
	for (int i = 0; i < REPORT_BUCKETS; i++)
		draw_bucket(h, host, i, bytes, talks);
	for (size_t i = 0; i < host->alert_count; i++) {
		double x = time_x(host, host->alerts[i]->ts_ns);
		bool is_late = x > LEFT + PLOT - 40;

		line(h, "mark", x, top + 6, x, EVIDENCE_AT + 8);
		label(h, is_late ? x - 4 : x + 4, top + 14, is_late ? "end" : "start", "alert");
	}
	draw_times(h, host);
	html_close(h);
}

enum {
	CELL_HIGH = 13,
	SCAN_LEFT = 150,
	SCAN_TOP = 22,
	SCAN_PLOT = 740,
	CELL_WIDE_MAX = 26,
	LEVELS = 3
};

/* How much of the most a cell has: 0 nothing, 1 .. LEVELS. */
static int
level_of(uint32_t value, uint32_t most)
{
	return value == 0 ? 0 : 1 + (int)((double)(value - 1) / (double)most * LEVELS);
}

/* All cells of one level in one path: a hundred by twenty-four of them are not worth an element each. */
static void
draw_cells(struct html *h, const uint32_t cells[REPORT_SCAN_ROWS][REPORT_SCAN_COLUMNS],
	const struct report_scan *scan, double wide, int level, uint32_t most, const char *class)
{
	bool is_open = false;

	for (uint32_t row = 0; row < scan->rows; row++)
		for (uint32_t column = 0; column < scan->columns; column++) {
			if (level_of(cells[row][column], most) != level)
				continue;
			if (!is_open)
				(void)fprintf(h->out, "<path class=\"%s p%d\" d=\"", class, level);
			is_open = true;
			(void)fprintf(h->out, "M%.1f %uh%.1fv%dh-%.1fz", SCAN_LEFT + column * wide,
				SCAN_TOP + row * CELL_HIGH, wide * 0.9, CELL_HIGH - 2, wide * 0.9);
		}
	if (is_open)
		html_raw(h, "\"/>");
}

static uint32_t
most_of(const uint32_t cells[REPORT_SCAN_ROWS][REPORT_SCAN_COLUMNS])
{
	uint32_t most = 1;

	for (size_t row = 0; row < REPORT_SCAN_ROWS; row++)
		for (size_t column = 0; column < REPORT_SCAN_COLUMNS; column++)
			most = cells[row][column] > most ? cells[row][column] : most;
	return most;
}

void
report_svg_scan(struct html *h, const struct report_scan *scan)
{
	double wide = (double)SCAN_PLOT / scan->columns;
	int bottom = SCAN_TOP + (int)scan->rows * CELL_HIGH;

	wide = wide > CELL_WIDE_MAX ? CELL_WIDE_MAX : wide;
	picture_open(h, 0, WIDTH, bottom + 10, "Attempts, targets by ports");
	box(h, "back", SCAN_LEFT, SCAN_TOP - 1, scan->columns * wide, scan->rows * CELL_HIGH);
	label(h, SCAN_LEFT, SCAN_TOP - 8, "start", scan->first);
	if (scan->columns * wide > 240)
		label(h, SCAN_LEFT + scan->columns * wide, SCAN_TOP - 8, "end", scan->last);
	for (uint32_t row = 0; row < scan->rows; row++)
		label(h, SCAN_LEFT - 8, SCAN_TOP + row * CELL_HIGH + CELL_HIGH - 3, "end",
			scan->labels[row]);
	for (int level = 1; level <= LEVELS; level++)
		draw_cells(h, scan->tried, scan, wide, level, most_of(scan->tried), "miss");
	for (int level = 1; level <= LEVELS; level++)
		draw_cells(h, scan->answered, scan, wide, level, most_of(scan->answered), "hit");
	html_close(h);
}

enum {
	BEACON_WIDE = 440,
	BEACON_LEFT = 34,
	BEACON_PLOT = 396,
	BEACON_BASE = 112,
	BEACON_HIGH = 90
};

void
report_svg_beacon(struct html *h, const struct report_beacon *beacon)
{
	const double wide = (double)BEACON_PLOT / REPORT_BARS;
	uint32_t most = 1;

	for (int i = 0; i < REPORT_BARS; i++)
		most = beacon->bars[i] > most ? beacon->bars[i] : most;
	picture_open(
		h, 0, BEACON_WIDE, BEACON_BASE + 24, "Time between one conversation and the next");
	line(h, "axis", BEACON_LEFT, BEACON_BASE, BEACON_LEFT + BEACON_PLOT, BEACON_BASE);
	line(h, "mark", BEACON_LEFT + BEACON_PLOT / 2.0, BEACON_BASE - BEACON_HIGH - 6,
		BEACON_LEFT + BEACON_PLOT / 2.0, BEACON_BASE);
	for (int i = 0; i < REPORT_BARS; i++) {
		double high = part_of(beacon->bars[i], most, BEACON_HIGH);

		if (high > 0.0)
			box(h, "sent", BEACON_LEFT + i * wide, BEACON_BASE - high, wide - 1.0,
				high);
	}
	label(h, BEACON_LEFT - 6, BEACON_BASE - BEACON_HIGH + 8, "end", report_count(most).text);
	label(h, BEACON_LEFT - 6, BEACON_BASE, "end", "0");
	label(h, BEACON_LEFT, BEACON_BASE + 16, "start", "0 s");
	label(h, BEACON_LEFT + BEACON_PLOT / 2.0, BEACON_BASE + 16, "middle",
		report_seconds(beacon->median_s).text);
	label(h, BEACON_LEFT + BEACON_PLOT, BEACON_BASE + 16, "end",
		report_seconds(beacon->span_s).text);
	html_close(h);
}

void
report_svg_bar(struct html *h, double part)
{
	picture_open(h, 0, 200, 10, "How it stands to the largest");
	box(h, "back", 0, 1, 200, 8);
	box(h, "sent", 0, 1, part * 200 < 2 ? 2 : part * 200, 8);
	html_close(h);
}
