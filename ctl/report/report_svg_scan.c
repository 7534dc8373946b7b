#include "ctl/report/report_pictures.h"
#include "ctl/report/report_text.h"
#include "ctl/report/svg.h"

enum {
	SCAN_WIDE = 900,
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
	svg_open(h, 0, SCAN_WIDE, bottom + 10, "Attempts, targets by ports");
	svg_box(h, "back", SCAN_LEFT, SCAN_TOP - 1, scan->columns * wide, scan->rows * CELL_HIGH);
	svg_text(h, SCAN_LEFT, SCAN_TOP - 8, "start", scan->first);
	if (scan->columns * wide > 240)
		svg_text(h, SCAN_LEFT + scan->columns * wide, SCAN_TOP - 8, "end", scan->last);
	for (uint32_t row = 0; row < scan->rows; row++)
		svg_text(h, SCAN_LEFT - 8, SCAN_TOP + row * CELL_HIGH + CELL_HIGH - 3, "end",
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
	svg_open(h, 0, BEACON_WIDE, BEACON_BASE + 24, "Time between one conversation and the next");
	svg_line(h, "axis", BEACON_LEFT, BEACON_BASE, BEACON_LEFT + BEACON_PLOT, BEACON_BASE);
	svg_line(h, "mark", BEACON_LEFT + BEACON_PLOT / 2.0, BEACON_BASE - BEACON_HIGH - 6,
		BEACON_LEFT + BEACON_PLOT / 2.0, BEACON_BASE);
	for (int i = 0; i < REPORT_BARS; i++) {
		double high = svg_part(beacon->bars[i], most, BEACON_HIGH);

		if (high > 0.0)
			svg_box(h, "sent", BEACON_LEFT + i * wide, BEACON_BASE - high, wide - 1.0,
				high);
	}
	svg_text(h, BEACON_LEFT - 6, BEACON_BASE - BEACON_HIGH + 8, "end", report_count(most).text);
	svg_text(h, BEACON_LEFT - 6, BEACON_BASE, "end", "0");
	svg_text(h, BEACON_LEFT, BEACON_BASE + 16, "start", "0 s");
	svg_text(h, BEACON_LEFT + BEACON_PLOT / 2.0, BEACON_BASE + 16, "middle",
		report_seconds(beacon->median_s).text);
	svg_text(h, BEACON_LEFT + BEACON_PLOT, BEACON_BASE + 16, "end",
		report_seconds(beacon->span_s).text);
	html_close(h);
}
