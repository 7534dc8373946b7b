#include "ctl/report/report_md_marks.h"

#include "ctl/report/md.h"
#include "ctl/report/report_text.h"
#include "ctl/report/tactic.h"

static void
put_techniques(FILE *out, const struct report *r)
{
	(void)fputs("\n## ATT&CK matrix\n\n", out);
	(void)fputs(
		r->technique_count == 0
			? "Nothing was seen.\n"
			: "| Tactic | Technique | Name | Findings | Hosts |\n|---|---|---|---:|---:|\n",
		out);
	for (size_t t = 0; t < TACTIC_COLUMNS; t++)
		for (size_t i = 0; i < r->technique_count; i++) {
			const char *name = NULL;

			if (tactic_of(r->techniques[i].id, &name) != t)
				continue;
			(void)fputs("|", out);
			md_cell(out, tactic_name(t));
			md_cell(out, r->techniques[i].id);
			md_cell(out, name);
			md_cell(out, report_count(r->techniques[i].evidence).text);
			md_cell(out, report_count(r->techniques[i].hosts).text);
			md_row_end(out);
		}
}

static void
put_indicators(FILE *out, const struct report *r)
{
	(void)fputs("\n## Indicators\n\n", out);
	(void)fputs(
		r->indicators_told == 0
			? "None.\n"
			: "| Indicator | Known as | Why | Weight | Seen by | Findings | First | Last |\n|---|---|---|---:|---|---:|---|---|\n",
		out);
	for (size_t i = 0; i < r->indicators_told; i++) {
		const struct report_indicator *row = &r->indicators[i];
		char value[MD_TEXT_MAX];
		char known[MD_TEXT_MAX];

		report_defang(row->value, value, sizeof(value));
		report_defang(row->known_as, known, sizeof(known));
		(void)fprintf(out, "| `%s` |",
			value); /* has letters, digits and marks of names and URLs alone */
		md_cell(out, known);
		md_cell(out, row->why);
		(void)fprintf(out, " %.2f |", row->threat);
		md_cell(out, row->host);
		md_cell(out, report_count(row->evidence).text);
		md_cell(out, report_clock(row->first_ns, r->has_days).text);
		md_cell(out, report_clock(row->last_ns, r->has_days).text);
		md_row_end(out);
	}
	md_left_out(out, r->indicators_told, r->indicator_count, "indicators");
}

static void
put_countries(FILE *out, const struct report *r)
{
	(void)fputs("\n## Countries\n\n", out);
	(void)fputs(r->country_count == 0 ? "None is known.\n"
					  : "| Country | Findings | Peers |\n|---|---:|---:|\n",
		out);
	for (size_t i = 0; i < r->country_count; i++) {
		(void)fputs("|", out);
		md_cell(out, r->countries[i].code);
		md_cell(out, report_count(r->countries[i].evidence).text);
		md_cell(out, report_count(r->countries[i].peers).text);
		md_row_end(out);
	}
}

static void
put_devices(FILE *out, const struct report *r)
{
	(void)fputs("\n## Devices\n\n", out);
	(void)fputs(r->devices_told == 0
			    ? "None is known.\n"
			    : "| Network card | Maker | Addresses | Names |\n|---|---|---|---|\n",
		out);
	for (size_t i = 0; i < r->devices_told; i++) {
		(void)fputs("|", out);
		md_cell(out, r->devices[i].mac);
		md_cell(out, r->devices[i].vendor);
		md_cell(out, r->devices[i].addresses);
		md_cell(out, r->devices[i].names);
		md_row_end(out);
	}
	md_left_out(out, r->devices_told, r->device_count, "devices");
}

void
report_md_marks(FILE *out, const struct report *r)
{
	put_techniques(out, r);
	put_indicators(out, r);
	put_countries(out, r);
	put_devices(out, r);
}
