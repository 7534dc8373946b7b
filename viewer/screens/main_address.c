/*
 * main_address.c -- facts one after the other, into the next row where this one is full: so it fits any width, and what
 * is not known takes no room.
 */
#include "viewer/screens/main_address.h"

#include "viewer/screens/show.h"

#include <stdio.h>
#include <string.h>

enum { FACT_GAP = 2, FACT_MAX = 512 };

/* Where the next fact goes. */
struct flowing {
	struct area area;
	unsigned row, column;
};

static void
fact(struct flowing *f, const char *label, enum grid_colour colour, const char *value)
{
	unsigned wide = area_width(&f->area, label) + 1 + area_width(&f->area, value);

	if (value[0] == '\0')
		return;
	if (f->column > 0 && f->column + wide > f->area.columns) {
		f->row++;
		f->column = 0;
	}
	unsigned at = f->column;
	if (label[0] != '\0')
		at = area_text(&f->area, f->row, at, GRID_DIM, label) + 1;
	f->column = area_text(&f->area, f->row, at, colour, value) + FACT_GAP;
}

static void
list_fact(struct flowing *f, const char *label, enum grid_colour colour, const char *const *texts,
	size_t count)
{
	char value[FACT_MAX] = "";
	size_t length = 0;

	for (size_t i = 0; i < count && length + 1 < sizeof(value); i++) {
		int more = snprintf(value + length, sizeof(value) - length, "%s%s",
			i > 0 ? ", " : "", texts[i]);

		length += more > 0 ? (size_t)more : 0;
	}
	fact(f, label, colour, value);
}

static void
place_facts(struct flowing *f, const struct source_address *a)
{
	char value[FACT_MAX];

	if (a->asn != 0)
		(void)snprintf(value, sizeof(value), "%u %s", a->asn, a->org);
	else
		(void)snprintf(value, sizeof(value), "%s", a->org);
	fact(f, "AS", GRID_PLAIN, value);
	fact(f, "country", GRID_PLAIN, a->country);
	fact(f, "", GRID_DIM, a->is_private ? "private address" : "");
	fact(f, "rDNS", GRID_NAME, a->reverse);
	list_fact(f, "names", GRID_NAME, a->names, a->name_count);
	list_fact(f, "SNI", GRID_NAME, a->server_names, a->server_name_count);
}

static void
reputation_fact(struct flowing *f, const struct source_reputation *r)
{
	char value[FACT_MAX];
	double worst = r->url;

	if (!r->known)
		return;
	if (r->downloaded > worst)
		worst = r->downloaded;
	(void)snprintf(value, sizeof(value), "url %.3f down %.3f ref %.3f com %.3f", r->url,
		r->downloaded, r->referring, r->communicating);
	fact(f, "VirusTotal", worst > 0 ? GRID_BAD : GRID_PLAIN, value);
}

/* What the tree knows of a host, that no address tells. */
static void
host_facts(struct flowing *f, struct model *m)
{
	const struct source_profile *p = model_profile(m, m->address);
	char room[32];

	if (p == NULL)
		return;
	fact(f, "", GRID_BAD, p->infected ? "infected" : "");
	fact(f, "", GRID_KEY, p->is_own ? "me" : "");
	fact(f, "host", GRID_NAME, p->name);
	fact(f, "card", GRID_PLAIN, p->vendor);
	fact(f, "evidence", GRID_WARN, p->evidence > 0 ? show_count(room, p->evidence) : "");
	fact(f, "alerts", GRID_BAD, p->alerts > 0 ? show_count(room, p->alerts) : "");
}

void
main_address_draw(struct model *m, const struct area *a)
{
	struct source_address address;
	struct flowing f = { .area = area_box(
				     a, m->address[0] != '\0' ? m->address : "Address", false) };

	if (m->address[0] == '\0')
		return;
	host_facts(&f, m);
	if (source_address(m->source, m->address, &m->memory, &address)) {
		place_facts(&f, &address);
		reputation_fact(&f, &address.reputation);
	}
	if (f.row == 0 && f.column == 0)
		(void)area_text(
			&f.area, 0, 0, GRID_DIM, show_none(m->source, "nothing is known of it"));
}
