#include "exporters/kalipso/kalipso_table.h"

#include "daemon/base/json.h"
#include "daemon/base/time_text.h"

#include <stdlib.h>
#include <string.h>

enum {
	TABLE_MEMORY_MAX = 16 * 1024 * 1024, /* while one dictionary is worked out */
	ROW_MAX =
		512, /* bytes that a row, or an inner row, may take, with all that is to be closed */
	TIME_MAX = 32,
};

struct table {
	struct dialect_target *target;
	struct json json;
	const struct feature_name *which;
	enum kalipso_parts parts;
	size_t parts_left; /* inner rows that may still be written */
};

static bool
has_room(const struct strbuf *out)
{
	return out->capacity - out->length > ROW_MAX;
}

static int
compare_bytes(const void *a, const void *b)
{
	const struct feature *x = a;
	const struct feature *y = b;

	return (x->bytes < y->bytes) - (x->bytes > y->bytes);
}

static void
port_key(struct json *j, uint16_t port)
{
	char text[8];
	struct strbuf b;

	strbuf_init(&b, text, sizeof(text));
	strbuf_u64(&b, port);
	json_key(j, text);
}

static void
addr_key(struct json *j, const struct addr *a)
{
	char text[ADDR_TEXT_MAX];

	json_key(j, addr_format(a, text));
}

static void
put_part(struct table *table, const struct feature_part *p)
{
	struct json *j = &table->json;
	char text[TIME_MAX];
	struct strbuf time;

	if (table->which->index == FEATURE_PEERS) {
		port_key(j, p->port);
		json_u64(j, p->packets);
		return;
	}
	addr_key(j, &p->peer);
	if (table->parts == KALIPSO_PACKETS) {
		json_u64(j, p->packets);
		return;
	}
	strbuf_init(&time, text, sizeof(text));
	time_text_epoch(&time, p->first_ns);
	json_object_begin(j);
	json_key_u64(j, "pkts", p->packets);
	json_key_u64(j, "spkts", p->orig_packets);
	json_key_text(j, "stime", text);
	json_key(j, "uid");
	json_array_begin(j);
	json_array_end(j);
	json_object_end(j);
}

static const char *
parts_name(const struct feature_name *which)
{
	if (which->index == FEATURE_PEERS)
		return "dstports";
	return which->role == ROLE_SERVER ? "srcips" : "dstips";
}

static void
put_parts(struct table *table, const struct feature *f)
{
	struct json *j = &table->json;
	size_t i = 0;

	json_key(j, parts_name(table->which));
	json_object_begin(j);
	for (; i < f->part_count && table->parts_left > 0 && has_room(j->out); i++) {
		put_part(table, &f->parts[i]);
		table->parts_left--;
	}
	table->target->left_out += f->part_count - i;
	json_object_end(j);
}

static void
put_row(struct table *table, const struct feature *f)
{
	struct json *j = &table->json;

	if (table->which->index == FEATURE_PEERS)
		addr_key(j, &f->peer);
	else
		port_key(j, f->port);
	json_object_begin(j);
	json_key_u64(j, "totalflows", f->flows);
	json_key_u64(j, "totalpkt", f->packets);
	json_key_u64(j, "totalbytes", f->bytes);
	put_parts(table, f);
	json_object_end(j);
}

/* returns the rows with the most bytes first if there are too many, else as they are */
static const struct feature *
largest_first(const struct feature *features, size_t count, const struct table *table,
	struct arena *memory)
{
	if (count <= table->target->tuples_max)
		return features;
	struct feature *sorted = arena_alloc(memory, count * sizeof(*sorted));
	if (sorted == NULL)
		return features;
	memcpy(sorted, features, count * sizeof(*sorted));
	qsort(sorted, count, sizeof(*sorted), compare_bytes);
	return sorted;
}

void
kalipso_table(struct dialect_target *t, struct strbuf *out, const struct tuples *tuples,
	const struct feature_name *which, enum kalipso_parts parts)
{
	struct table table = {
		.target = t, .which = which, .parts = parts, .parts_left = t->tuples_max
	};
	const struct feature *features = NULL;
	struct arena memory;
	size_t i = 0;

	arena_init(&memory, TABLE_MEMORY_MAX, NULL);
	size_t count = features_derive(tuples, which, &memory, &features);
	features = largest_first(features, count, &table, &memory);
	json_init(&table.json, out);
	json_object_begin(&table.json);
	for (; i < count && i < t->tuples_max && has_room(out); i++)
		put_row(&table, &features[i]);
	json_object_end(&table.json);
	t->left_out += memory.refused > 0 ? tuples->count : count - i;
	arena_done(&memory);
}

static bool
has_source_port(const struct tuples *tuples, const struct feature_name *which)
{
	for (const struct source_port *p = tuples->first_port; p != NULL; p = p->next)
		if (p->role == which->role && p->ip_proto == which->ip_proto &&
			p->established == which->established)
			return true;
	return false;
}

bool
kalipso_table_has_rows(const struct tuples *tuples, const struct feature_name *which)
{
	if (which->index == FEATURE_SOURCE_PORTS)
		return has_source_port(tuples, which);
	for (const struct tuple *i = tuples->first; i != NULL; i = i->next) {
		const struct tuple_sums *s = &i->sums[which->established];
		if (i->role == which->role && i->ip_proto == which->ip_proto &&
			(s->flows > 0 || s->packets > 0))
			return true;
	}
	return false;
}
