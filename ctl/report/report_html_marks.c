#include "ctl/report/report_page.h"
#include "ctl/report/report_pictures.h"
#include "ctl/report/report_text.h"
#include "ctl/report/tactic.h"
#include "viewer/screens/map_places.h"

#include <string.h>

enum { DEFANGED_MAX = 600 };

static void
put_technique(struct html *h, const struct report_technique *t, const char *name)
{
	html_open_format(h, "li", "class=\"%s\"", report_threat_class(t->worst));
	html_open(h, "span", NULL);
	html_element(h, "strong", NULL, t->id);
	html_text(h, " ");
	html_text(h, name);
	html_close(h);
	html_open(h, "span", "class=\"dim\"");
	html_format(h, "%s, %s", report_plural(t->evidence, "finding", "findings").text,
		report_plural(t->hosts, "host", "hosts").text);
	html_close(h);
	html_close(h);
}

/* returns how many stand in this column */
static size_t
count_of(const struct report *r, size_t tactic)
{
	size_t count = 0;
	const char *name = NULL;

	for (size_t i = 0; i < r->technique_count; i++)
		count += tactic_of(r->techniques[i].id, &name) == tactic ? 1 : 0;
	return count;
}

static void
put_attack(struct html *h, const struct report *r)
{
	report_html_section(h, "id=\"attack\"", "ATT&CK matrix");
	html_element(h, "p", "class=\"note\"",
		"Techniques of MITRE ATT&CK that evidence points to, each in the column that a sensor of the network "
		"means. A finding is no proof of the technique.");
	html_open(h, "ul", "class=\"matrix\"");
	for (size_t t = 0; t < TACTIC_COLUMNS; t++) {
		size_t count = count_of(r, t);

		if (count == 0 && t == TACTIC_OTHER)
			continue;
		html_open(h, "li", count == 0 ? "class=\"none\"" : NULL);
		html_element(h, "h3", NULL, tactic_name(t));
		if (count == 0)
			html_element(h, "span", "class=\"dim\"", "none seen");
		else
			html_open(h, "ul", NULL);
		for (size_t i = 0; count > 0 && i < r->technique_count; i++) {
			const char *name = NULL;

			if (tactic_of(r->techniques[i].id, &name) == t)
				put_technique(h, &r->techniques[i], name);
		}
		if (count > 0)
			html_close(h);
		html_close(h);
	}
	html_close(h);
	html_close(h);
}

static const char *
kind_name(const struct report_indicator *i)
{
	switch (i->kind) {
	case REPORT_ADDRESS:
		return "address";
	case REPORT_NAME:
		return "name";
	case REPORT_URL:
		return "URL";
	case REPORT_JA4:
		return "JA4";
	case REPORT_DIGEST:
	case REPORT_INDICATOR_KINDS:
		break;
	}
	return strlen(i->value) == 32 ? "MD5 or JA3" : strlen(i->value) == 40 ? "SHA-1" : "SHA-256";
}

static void
put_indicators(struct html *h, const struct report *r)
{
	static const char *const heads[] = { "Kind", "Indicator", "Known as", "Why", "Seen by",
		"#Findings", "First", "Last" };

	report_html_section(h, "id=\"indicators\"", "Indicators");
	html_element(h, "p", "class=\"note\"",
		"What evidence names outside of this network, the strongest first: where to look next. Defanged: take the "
		"brackets out before use. That it stands here does not make it malicious; it weighs level \xc3\x97 confidence of that evidence.");
	if (r->indicators_told == 0) {
		html_element(h, "p", NULL, "None: no evidence names anything outside.");
		html_close(h);
		return;
	}
	report_html_table(h, heads, 8);
	for (size_t i = 0; i < r->indicators_told; i++) {
		const struct report_indicator *row = &r->indicators[i];
		char value[DEFANGED_MAX];
		char known[DEFANGED_MAX];

		report_defang(row->value, value, sizeof(value));
		report_defang(row->known_as, known, sizeof(known));
		html_open(h, "tr", "class=\"indicator\"");
		report_html_cell(h, kind_name(row));
		html_open(h, "td", "class=\"wide\"");
		html_element(h, "code", NULL, value);
		html_close(h);
		report_html_cell(h, known);
		html_open_format(h, "td", "class=\"%s\"", report_threat_class(row->threat));
		html_text(h, row->why);
		html_open(h, "small", NULL);
		html_format(h, "weighs %.2f", row->threat);
		html_close(h);
		html_close(h);
		html_open(h, "td", NULL);
		html_element(h, "code", NULL, row->host);
		html_close(h);
		report_html_number(h, report_count(row->evidence).text);
		html_element(h, "td", "class=\"t\"", report_clock(row->first_ns, r->has_days).text);
		html_element(h, "td", "class=\"t\"", report_clock(row->last_ns, r->has_days).text);
		html_close(h);
	}
	report_html_table_end(h);
	report_html_left_out(h, r->indicators_told, r->indicator_count, "indicators");
	html_close(h);
}

static void
put_countries(struct html *h, const struct report *r)
{
	static const char *const heads[] = { "Country", "#Findings", "#Peers", "" };
	uint64_t most = 1;

	report_html_section(h, "id=\"places\"", "Map");
	if (r->country_count == 0) {
		html_element(h, "p", NULL,
			"None is known: all parties are inside, or the sensor has no database of places.");
		html_close(h);
		return;
	}
	for (size_t i = 0; i < r->country_count; i++) {
		uint64_t sum = r->countries[i].evidence + r->countries[i].peers;

		most = sum > most ? sum : most;
	}
	html_element(h, "p", "class=\"note\"",
		"Where the other parties of evidence are, and the peers of the hosts that have a section.");
	html_open(h, "figure", "class=\"map\"");
	report_svg_map(h, r);
	html_open(h, "figcaption", NULL);
	html_text(h,
		"Red: evidence is about somebody there. Blue: peers only. Places are roughly the middle of the country.");
	html_close(h);
	html_close(h);
	report_html_table(h, heads, 4);
	for (size_t i = 0; i < r->country_count; i++) {
		const struct report_country *c = &r->countries[i];
		const struct map_place *place = map_place_find(c->code);

		html_open(h, "tr", "class=\"country\"");
		html_open(h, "td", NULL);
		html_text(h, c->code);
		if (place != NULL) {
			html_text(h, " ");
			html_text(h, place->name);
		}
		html_close(h);
		report_html_number(h, report_count(c->evidence).text);
		report_html_number(h, report_count(c->peers).text);
		html_open(h, "td", "class=\"bar\"");
		report_svg_bar(h, (double)(c->evidence + c->peers) / (double)most);
		html_close(h);
		html_close(h);
	}
	report_html_table_end(h);
	html_close(h);
}

static void
put_devices(struct html *h, const struct report *r)
{
	static const char *const heads[] = { "Network card", "Maker", "Addresses", "Names", "First",
		"Last" };

	report_html_section(h, "id=\"devices\"", "Devices");
	if (r->devices_told == 0) {
		html_element(h, "p", NULL,
			r->has_devices ? "None was seen on the local link."
				       : "This source does not tell of devices.");
		html_close(h);
		return;
	}
	report_html_table(h, heads, 6);
	for (size_t i = 0; i < r->devices_told; i++) {
		const struct source_device *d = &r->devices[i];

		html_open(h, "tr", "class=\"device\"");
		html_open(h, "td", NULL);
		html_element(h, "code", NULL, d->mac);
		if (d->is_router) {
			html_text(h, " ");
			html_element(h, "span", "class=\"chip\"", "router");
		}
		html_close(h);
		report_html_cell(h, d->vendor);
		report_html_cell(h, d->addresses);
		report_html_cell(h, d->names);
		html_element(h, "td", "class=\"t\"", report_clock(d->first_ns, r->has_days).text);
		html_element(h, "td", "class=\"t\"", report_clock(d->last_ns, r->has_days).text);
		html_close(h);
	}
	report_html_table_end(h);
	report_html_left_out(h, r->devices_told, r->device_count, "devices");
	html_close(h);
}

void
report_html_marks(struct html *h, const struct report *r)
{
	put_attack(h, r);
	put_indicators(h, r);
	put_countries(h, r);
	put_devices(h, r);
	report_html_section(h, "id=\"words\"", "Glossary");
	html_open(h, "dl", "class=\"words\"");
	for (const struct report_word *w = report_glossary; w->word != NULL; w++) {
		html_element(h, "dt", NULL, w->word);
		html_element(h, "dd", NULL, w->meaning);
	}
	html_close(h);
	html_close(h);
}
