#include "ctl/report/report_page.h"

#include "ctl/report/report_text.h"

#include <string.h>

void
report_html_section(struct html *h, const char *attributes, const char *heading)
{
	html_open(h, "section", attributes);
	html_element(h, "h2", NULL, heading);
}

void
report_html_table(struct html *h, const char *const *heads, size_t count)
{
	html_open(h, "div", "class=\"scroll\"");
	html_open(h, "table", NULL);
	html_open(h, "thead", NULL);
	html_open(h, "tr", NULL);
	for (size_t i = 0; i < count; i++)
		if (heads[i][0] == '\0')
			html_element(h, "td", NULL, ""); /* over a picture: it heads nothing */
		else if (heads[i][0] == '#')
			html_element(h, "th", "scope=\"col\" class=\"n\"", heads[i] + 1);
		else
			html_element(h, "th", "scope=\"col\"", heads[i]);
	html_close(h);
	html_close(h);
	html_open(h, "tbody", NULL);
}

void
report_html_table_end(struct html *h)
{
	html_close(h);
	html_close(h);
	html_close(h);
}

void
report_html_cell(struct html *h, const char *text)
{
	html_element(h, "td", NULL, text);
}

void
report_html_number(struct html *h, const char *text)
{
	html_element(h, "td", "class=\"n\"", text);
}

/* The class is one of ours, whatever the level is called. */
void
report_html_level(struct html *h, const char *threat)
{
	static const struct {
		const char *threat, *attributes;
	} chips[] = {
		{ "critical", "class=\"chip critical\"" },
		{ "high", "class=\"chip high\"" },
		{ "medium", "class=\"chip medium\"" },
		{ "low", "class=\"chip low\"" },
	};
	const char *attributes = "class=\"chip\"";

	for (size_t i = 0; i < sizeof(chips) / sizeof(chips[0]); i++)
		if (strcmp(chips[i].threat, threat) == 0)
			attributes = chips[i].attributes;
	html_element(h, "span", attributes, threat[0] == '\0' ? "-" : threat);
}

void
report_html_left_out(struct html *h, uint64_t shown, uint64_t total, const char *what)
{
	if (total <= shown)
		return;
	html_open(h, "p", "class=\"note left-out\"");
	html_format(h, "The first %s of %s %s are shown; %s left out.", report_count(shown).text,
		report_count(total).text, what, report_plural(total - shown, "is", "are").text);
	html_close(h);
}
