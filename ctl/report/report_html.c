#include "ctl/report/report_html.h"

#include "ctl/report/report_page.h"
#include "ctl/report/report_style.h"
#include "ctl/report/report_text.h"
#include "naiad_version.h"

static void
put_head(struct html *h, const struct report *r)
{
	html_raw(h, "<!DOCTYPE html>\n");
	html_open(h, "html", "lang=\"en\" xmlns=\"http://www.w3.org/1999/xhtml\"");
	html_open(h, "head", NULL);
	html_raw(h, "<meta charset=\"utf-8\"/>"
		    "<meta http-equiv=\"Content-Security-Policy\" content=\"default-src 'none'; "
		    "style-src 'unsafe-inline'; base-uri 'none'; form-action 'none'\"/>"
		    "<meta name=\"viewport\" content=\"width=device-width, initial-scale=1\"/>"
		    "<meta name=\"referrer\" content=\"no-referrer\"/>"
		    "<meta name=\"generator\" content=\"naiad " NAIAD_VERSION "\"/>");
	html_open(h, "title", NULL);
	html_format(h, "%s: %s infected or attacking", r->source,
		report_plural(r->infected_count, "host", "hosts").text);
	html_close(h);
	html_open(h, "style", NULL);
	for (size_t i = 0; report_style[i] != NULL; i++)
		html_raw(h, report_style[i]);
	html_close(h);
	html_close(h);
}

static void
link_to(struct html *h, const char *target, const char *text)
{
	html_open(h, "li", NULL);
	html_open(h, "a", target);
	html_text(h, text);
	html_close(h);
	html_close(h);
}

static void
put_contents(struct html *h, const struct report *r)
{
	html_open(h, "nav", "aria-label=\"Contents\"");
	html_element(h, "p", NULL, "naiad report");
	html_open(h, "ol", NULL);
	link_to(h, "href=\"#summary\"", "Summary");
	link_to(h, "href=\"#losses\"", "What was not seen");
	link_to(h, "href=\"#alerts\"", "Alerts");
	html_open(h, "li", NULL);
	html_open(h, "a", "href=\"#hosts\"");
	html_text(h, "Hosts");
	html_close(h);
	if (r->hosts_told > 0) {
		html_open(h, "ol", NULL);
		for (size_t i = 0; i < r->hosts_told; i++) {
			html_open(h, "li", NULL);
			html_open_format(h, "a", "href=\"#host-%zu\"", i + 1);
			html_text(h, r->hosts[i].profile->host);
			html_close(h);
			html_close(h);
		}
		html_close(h);
	}
	html_close(h);
	link_to(h, "href=\"#attack\"", "ATT&CK matrix");
	link_to(h, "href=\"#indicators\"", "Indicators");
	link_to(h, "href=\"#places\"", "Map");
	link_to(h, "href=\"#devices\"", "Devices");
	link_to(h, "href=\"#words\"", "Glossary");
	html_close(h);
	html_close(h);
}

static void
put_title(struct html *h, const struct report *r)
{
	html_open(h, "header", NULL);
	html_element(h, "h1", NULL, "What was found in the network");
	html_open(h, "p", NULL);
	html_element(h, "bdi", "class=\"mono\"", r->source);
	html_close(h);
	if (r->from_ns != 0) {
		html_open(h, "p", NULL);
		html_format(
			h, "%s to %s", report_time(r->from_ns).text, report_time(r->to_ns).text);
		html_close(h);
	}
	html_close(h);
}

static void
put_footer(struct html *h, const struct report *r)
{
	html_open(h, "footer", NULL);
	html_open(h, "p", NULL);
	html_text(h, "Made by naiad " NAIAD_VERSION);
	if (r->now_ns != 0)
		html_format(h, " at %s", report_time(r->now_ns).text);
	html_text(h,
		". This page loads nothing and runs nothing. Names, paths and texts in it were sent by hosts "
		"of the network: what could mislead stands as \\xHH.");
	html_close(h);
	html_close(h);
}

void
report_html(const struct report *r, FILE *out)
{
	struct html h;

	html_init(&h, out);
	put_head(&h, r);
	html_open(&h, "body", NULL);
	html_open(&h, "div", "class=\"sheet\"");
	put_contents(&h, r);
	html_open(&h, "main", NULL);
	put_title(&h, r);
	report_html_summary(&h, r);
	report_html_alerts(&h, r);
	for (size_t i = 0; i < r->hosts_told; i++)
		report_html_host(&h, r, i);
	report_html_marks(&h, r);
	put_footer(&h, r);
	while (h.depth > 0)
		html_close(&h);
	html_raw(&h, "\n");
}
