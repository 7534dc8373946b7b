#include "ctl/report/svg.h"

void
svg_open(struct html *h, int top, int width, int height, const char *name)
{
	html_open_format(h, "svg",
		"xmlns=\"http://www.w3.org/2000/svg\" viewBox=\"0 %d %d %d\" role=\"img\"", top,
		width, height);
	html_element(h, "title", NULL, name);
}

void
svg_text(struct html *h, double x, double y, const char *anchor, const char *text)
{
	html_open_format(h, "text", "x=\"%.1f\" y=\"%.1f\" text-anchor=\"%s\"", x, y, anchor);
	html_text(h, text);
	html_close(h);
}

void
svg_line(struct html *h, const char *class, double x1, double y1, double x2, double y2)
{
	html_empty(h, "path", "class=\"%s\" d=\"M%.1f %.1fL%.1f %.1f\"", class, x1, y1, x2, y2);
}

void
svg_box(struct html *h, const char *class, double x, double y, double width, double height)
{
	html_empty(h, "rect", "class=\"%s\" x=\"%.1f\" y=\"%.1f\" width=\"%.1f\" height=\"%.1f\"",
		class, x, y, width, height);
}

double
svg_part(uint64_t value, uint64_t most, double room)
{
	double high = most == 0 ? 0.0 : (double)value / (double)most * room;

	return value > 0 && high < 1.0 ? 1.0 : high;
}
