#include "viewer/screens/tuple_details.h"

#include "daemon/base/strbuf.h"

enum { LABEL = 12, LISTED_MAX = 1024 };

static void
texts_draw(const struct area *a, unsigned row, const char *label, const char *const *texts,
	size_t count)
{
	struct area in = area_labelled(a, row, label, LABEL);
	char memory[LISTED_MAX];
	struct strbuf b;

	strbuf_init(&b, memory, sizeof(memory));
	for (size_t i = 0; i < count; i++) {
		strbuf_text(&b, i > 0 ? ", " : "");
		strbuf_text(&b, texts[i]);
	}
	(void)area_text(&in, 0, 0, GRID_NAME, count > 0 ? memory : "-");
}

static void
network_draw(const struct area *a, unsigned row, const struct source_address *of)
{
	struct area in = area_labelled(a, row, "network", LABEL);
	unsigned end = area_text(&in, 0, 0, GRID_PLAIN, of->country);

	if (end > 0)
		end++;
	if (of->asn > 0)
		end = area_format(&in, 0, end, GRID_PLAIN, "AS%u", of->asn) + 1;
	end = area_text(&in, 0, end, GRID_PLAIN, of->org);
	if (of->is_private)
		(void)area_text(&in, 0, end > 0 ? end + 1 : 0, GRID_DIM, "private");
	else if (end == 0)
		(void)area_text(&in, 0, 0, GRID_PLAIN, "-");
}

static void
reputation_draw(const struct area *a, unsigned row, const struct source_reputation *r)
{
	struct area in = area_labelled(a, row, "reputation", LABEL);

	if (r->known)
		(void)area_format(&in, 0, 0,
			r->url + r->downloaded + r->referring + r->communicating > 0 ? GRID_BAD
										     : GRID_PLAIN,
			"url %.5g   down %.5g   ref %.5g   com %.5g", r->url, r->downloaded,
			r->referring, r->communicating);
	else
		(void)area_text(&in, 0, 0, GRID_PLAIN, "-");
}

void
tuple_details_draw(const struct area *a, const struct source_tuple *t)
{
	const struct source_address *of = &t->address;
	const char *const reverse[] = { of->reverse };
	struct area in = area_box(a, t->peer, false);

	texts_draw(&in, 0, "names", of->names, of->name_count);
	texts_draw(&in, 1, "SNI", of->server_names, of->server_name_count);
	texts_draw(&in, 2, "rDNS", reverse, of->reverse[0] != '\0');
	network_draw(&in, 3, of);
	reputation_draw(&in, 4, &of->reputation);
}
