#include "ctl/report/report_parts.h"
#include "viewer/source/source_sum.h"

#include <stdlib.h>
#include <string.h>

static int
by_technique(const void *a, const void *b)
{
	const struct source_evidence *one = *(const struct source_evidence *const *)a;
	const struct source_evidence *other = *(const struct source_evidence *const *)b;
	int order = strcmp(one->technique, other->technique);

	return order != 0 ? order : strcmp(one->window.host, other->window.host);
}

void
report_techniques_fill(struct report *r)
{
	struct report_list rows = { .memory = &r->memory,
		.row_size = sizeof(struct report_technique) };
	struct report_technique *row = NULL;
	const struct source_evidence *before = NULL;
	size_t count = 0;

	if (r->evidence_read == 0)
		return;
	const size_t one = sizeof(const struct source_evidence *);
	const struct source_evidence **sorted = arena_alloc(&r->memory, r->evidence_read * one);
	if (sorted == NULL)
		return;
	for (size_t i = 0; i < r->evidence_read; i++)
		if (r->evidence[i].technique[0] != '\0' && r->evidence[i].silenced_by[0] == '\0')
			sorted[count++] = &r->evidence[i];
	if (count > 0)
		qsort(sorted, count, one, by_technique);
	for (size_t i = 0; i < count; i++) {
		const struct source_evidence *e = sorted[i];
		double threat = source_level(e->threat);
		bool is_new = before == NULL || strcmp(before->technique, e->technique) != 0;

		if (is_new)
			row = report_list_add(&rows);
		if (row == NULL)
			break;
		row->id = e->technique;
		row->evidence++;
		row->hosts += is_new || strcmp(before->window.host, e->window.host) != 0 ? 1 : 0;
		row->worst = threat > row->worst ? threat : row->worst;
		before = e;
	}
	r->techniques = rows.rows;
	r->technique_count = rows.count;
}

static bool
is_country(const char *text)
{
	return text[0] >= 'A' && text[0] <= 'Z' && text[1] >= 'A' && text[1] <= 'Z';
}

/* There are some 250 countries; 26 by 26 places hold them all. */
enum { LETTERS = 26 };

static int
by_peers(const void *a, const void *b)
{
	const struct report_country *one = a;
	const struct report_country *other = b;

	if (one->evidence != other->evidence)
		return one->evidence > other->evidence ? -1 : 1;
	if (one->peers != other->peers)
		return one->peers > other->peers ? -1 : 1;
	return strcmp(one->code, other->code);
}

void
report_countries_fill(struct report *r)
{
	struct report_country all[LETTERS * LETTERS] = { { .peers = 0 } };
	struct report_list rows = { .memory = &r->memory,
		.row_size = sizeof(struct report_country) };

	for (size_t i = 0; i < r->evidence_read; i++) {
		const char *place = r->evidence[i].about_place;

		if (is_country(place))
			all[(place[0] - 'A') * LETTERS + place[1] - 'A'].evidence++;
	}
	for (size_t h = 0; h < r->hosts_told; h++)
		for (size_t p = 0; p < r->hosts[h].peer_count; p++) {
			const char *country = r->hosts[h].peers[p].country;

			if (is_country(country))
				all[(country[0] - 'A') * LETTERS + country[1] - 'A'].peers++;
		}
	for (int i = 0; i < LETTERS * LETTERS; i++) {
		const char code[2] = { (char)('A' + i / LETTERS), (char)('A' + i % LETTERS) };

		if (all[i].peers + all[i].evidence == 0)
			continue;
		struct report_country *row = report_list_add(&rows);
		if (row == NULL)
			break;
		*row = all[i];
		row->code = arena_string(&r->memory, code, sizeof(code));
		if (row->code == NULL)
			row->code = "";
	}
	if (rows.count > 0)
		qsort(rows.rows, rows.count, sizeof(struct report_country), by_peers);
	r->countries = rows.rows;
	r->country_count = rows.count;
}
