#include "viewer/screens/map_tally.h"

#include <stdlib.h>
#include <string.h>

/* An address, and where it is. */
struct party {
	const char *address, *country;
	bool is_private;
	struct map_country *at;
};

struct parties {
	struct party *rows; /* by address, each once */
	size_t count;
};

static int
by_address(const void *left, const void *right)
{
	const struct party *a = left;
	const struct party *b = right;

	return strcmp(a->address, b->address);
}

static int
by_addresses(const void *left, const void *right)
{
	const struct map_country *a = left;
	const struct map_country *b = right;

	if (a->out + a->in != b->out + b->in)
		return a->out + a->in > b->out + b->in ? -1 : 1;
	if (a->bytes != b->bytes)
		return a->bytes > b->bytes ? -1 : 1;
	return strcmp(
		a->code[0] == '\0' ? a->name : a->code, b->code[0] == '\0' ? b->name : b->code);
}

static struct parties
parties_of(struct map_tally *t, struct model *m, bool out)
{
	struct source_window_id window = model_window(m);
	const struct source_tuple *tuples = NULL;
	size_t count = source_tuples(m->source, &window, out, &m->memory, &tuples);
	struct parties p = { .count = 0 };

	if (count > 0)
		p.rows = arena_alloc(&m->memory, count * sizeof(*p.rows));
	t->is_full |= count > 0 && p.rows == NULL;
	if (p.rows == NULL)
		return p;
	for (size_t i = 0; i < count; i++)
		p.rows[i] = (struct party){ .address = tuples[i].peer,
			.country = tuples[i].address.country,
			.is_private = tuples[i].address.is_private };
	qsort(p.rows, count, sizeof(*p.rows), by_address);
	for (size_t i = 0; i < count; i++)
		if (i == 0 || by_address(&p.rows[i], &p.rows[p.count - 1]) != 0)
			p.rows[p.count++] = p.rows[i];
	return p;
}

/* Where an address is counted: in its country, or with those that have none. */
static struct map_country *
country_of(struct map_tally *t, const struct party *p)
{
	const char *code = p->country;
	const char *name = p->is_private ? "private" : "not known";
	const struct map_place *place = NULL;

	if (code[0] != '\0') {
		place = map_place_find(code);
		name = place == NULL ? "" : place->name;
	}
	if (t->count >= MAP_COUNTRIES_MAX - 1 && place == NULL) {
		code = "";
		name = "other";
	}
	for (size_t i = 0; i < t->count; i++)
		if (strcmp(t->countries[i].code, code) == 0 &&
			strcmp(t->countries[i].name, name) == 0)
			return &t->countries[i];
	struct map_country *c = &t->countries[t->count++];
	*c = (struct map_country){ .code = code, .name = name, .place = place };
	return c;
}

static void
bytes_add(struct model *m, const struct parties *out, bool established)
{
	struct source_window_id window = model_window(m);
	const struct source_row *rows = NULL;
	size_t count = source_rows(
		m->source, &window, SOURCE_PEERS_OF_CLIENT, established, &m->memory, &rows);

	for (size_t i = 0; i < count && out->count > 0; i++) {
		struct party wanted = { .address = rows[i].key };
		const struct party *p =
			bsearch(&wanted, out->rows, out->count, sizeof(wanted), by_address);

		if (p != NULL)
			p->at->bytes += rows[i].bytes;
	}
}

struct map_tally
map_tally_of(struct model *m)
{
	struct map_tally t = { .count = 0 };

	t.countries = arena_alloc(&m->memory, MAP_COUNTRIES_MAX * sizeof(*t.countries));
	if (t.countries == NULL)
		return (struct map_tally){ .is_full = true };
	struct parties out = parties_of(&t, m, true);
	struct parties in = parties_of(&t, m, false);
	for (size_t i = 0; i < out.count; i++) {
		out.rows[i].at = country_of(&t, &out.rows[i]);
		out.rows[i].at->out++;
	}
	for (size_t i = 0; i < in.count; i++)
		country_of(&t, &in.rows[i])->in++;
	bytes_add(m, &out, true);
	bytes_add(m, &out, false);
	if (t.count > 1)
		qsort(t.countries, t.count, sizeof(*t.countries), by_addresses);
	return t;
}
