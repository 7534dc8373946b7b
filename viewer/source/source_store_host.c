#include "viewer/source/source_json.h"
#include "viewer/source/source_order.h"
#include "viewer/source/source_store_part.h"
#include "viewer/source/source_text.h"

#include <stdlib.h>
#include <string.h>

/* ---- addresses ---- */

/* Names that the DNS gave; the newest that more than a client's word stands for is that of the address. */
static bool
names_read(struct source *s, struct arena *m, struct source_address *a)
{
	struct source_rows_of rows = { .memory = m, .row_size = sizeof(const char *) };
	struct question q = question_begin(s, ASK_ADDRESS_NAMES);
	bool is_named = false;

	question_put_text(&q, a->address);
	while (question_next(&q)) {
		const char *name = question_text(&q, 0, m);
		const char **of_dns = question_i64(&q, 1) != 0 ? source_row_add(&rows) : NULL;
		is_named = true;
		if (of_dns != NULL)
			*of_dns = name;
		if (*a->reverse == '\0' && question_i64(&q, 2) != 0)
			a->reverse = name;
	}
	question_end(&q);
	a->names = rows.rows;
	a->name_count = rows.count;
	return is_named;
}

bool
source_store_address(
	struct source *s, const char *address, struct arena *m, struct source_address *ret)
{
	struct question q = question_begin(s, ASK_ADDRESS);

	*ret = (struct source_address){
		.address = source_text_copy(m, address),
		.org = "",
		.country = "",
		.reverse = "",
	};
	question_put_text(&q, address);
	bool is_known = question_next(&q);
	if (is_known) {
		uint64_t asn = question_u64(&q, 2);
		ret->is_private = question_i64(&q, 0) != 0;
		ret->country = question_text(&q, 1, m);
		ret->asn = asn <= UINT32_MAX ? (uint32_t)asn : 0;
		ret->org = question_text(&q, 3, m);
	}
	question_end(&q);
	return names_read(s, m, ret) || is_known;
}

/* ---- names that servers were asked for by ---- */

enum { LOSS_SPANS_SINCE = 2 }; /* version of the tables */
enum { SERVER_NAMES_MAX = 3 }; /* the newest, as Kalipso shows them */

/* A tuple's peer, and where its names are put. */
struct server {
	const char *peer;
	const char *names[SERVER_NAMES_MAX];
	size_t count;
};

static int
compare_servers(const void *a, const void *b)
{
	const struct server *x = a;
	const struct server *y = b;

	return strcmp(x->peer, y->peer);
}

/* What is said again is the newest again. */
static void
server_add(struct server *server, const char *name)
{
	size_t at = 0;

	while (at < server->count && strcmp(server->names[at], name) != 0)
		at++;
	if (at == SERVER_NAMES_MAX)
		at = 0;
	if (at < server->count) {
		server->count--;
		memmove(&server->names[at], &server->names[at + 1],
			(server->count - at) * sizeof(server->names[0]));
	}
	server->names[server->count++] = name;
}

static size_t
servers_of(struct server *servers, const struct source_tuple *tuples, size_t count)
{
	size_t kept = 0;

	for (size_t i = 0; i < count; i++)
		servers[i].peer = tuples[i].peer;
	qsort(servers, count, sizeof(*servers), compare_servers);
	for (size_t i = 0; i < count; i++)
		if (kept == 0 || strcmp(servers[kept - 1].peer, servers[i].peer) != 0)
			servers[kept++].peer = servers[i].peer;
	return kept;
}

void
source_store_server_names(struct source *s, const char *list, struct source_tuple *tuples,
	size_t count, struct arena *m)
{
	struct server *servers = count > 0 ? arena_alloc(m, count * sizeof(*servers)) : NULL;

	if (servers == NULL)
		return;
	size_t server_count = servers_of(servers, tuples, count);
	struct question q = question_begin(s, ASK_SERVER_NAMES);
	question_put_text(&q, list);
	while (question_next(&q)) {
		const char *name = question_text(&q, 2, m);
		struct server wanted = { .peer = question_text(&q, 0, m) };
		struct server *server =
			bsearch(&wanted, servers, server_count, sizeof(*servers), compare_servers);
		if (server != NULL && *name != '\0')
			server_add(server, source_text_format(m, "%s:%lld", name,
						   (long long)question_i64(&q, 1)));
	}
	question_end(&q);
	for (size_t i = 0; i < count; i++) {
		struct server wanted = { .peer = tuples[i].peer };
		const struct server *server =
			bsearch(&wanted, servers, server_count, sizeof(*servers), compare_servers);
		tuples[i].address.server_names = server->names;
		tuples[i].address.server_name_count = server->count;
	}
}

/* ---- devices ---- */

static const char *
joined(struct source *s, enum store_question which, const char *mac, struct arena *m)
{
	struct source_line line = { .length = 0 };
	struct question q = question_begin(s, which);

	question_put_text(&q, mac);
	while (question_next(&q))
		source_line_add(&line, question_text(&q, 0, m));
	question_end(&q);
	return source_line_done(&line, m);
}

size_t
source_store_devices(struct source *s, struct arena *m, const struct source_device **ret)
{
	struct source_rows_of rows = { .memory = m, .row_size = sizeof(struct source_device) };
	unsigned refused = m->refused;
	struct question q = question_begin(s, ASK_DEVICES);

	while (question_next(&q)) {
		struct source_device *d = source_row_add(&rows);
		if (d == NULL)
			break;
		*d = (struct source_device){
			.mac = question_text(&q, 0, m),
			.vendor = question_text(&q, 1, m),
			.is_router = question_i64(&q, 2) != 0,
			.first_ns = question_u64(&q, 3),
			.last_ns = question_u64(&q, 4),
		};
		d->addresses = joined(s, ASK_DEVICE_ADDRESSES, d->mac, m);
		d->names = joined(s, ASK_DEVICE_NAMES, d->mac, m);
	}
	question_end(&q);
	source_store_full(s, m, refused);
	*ret = rows.rows;
	return rows.count;
}

/* ---- the run ---- */

size_t
source_store_losses(struct source *s, struct arena *m, const struct source_loss **ret)
{
	struct source_rows_of rows = { .memory = m, .row_size = sizeof(struct source_loss) };
	unsigned refused = m->refused;
	struct question q = question_begin(s, ASK_LOSSES);

	while (question_next(&q)) {
		struct source_loss *l = source_row_add(&rows);
		if (l == NULL)
			break;
		*l = (struct source_loss){ question_text(&q, 0, m), question_u64(&q, 1) };
	}
	question_end(&q);
	source_store_full(s, m, refused);
	*ret = rows.rows;
	return rows.count;
}

size_t
source_store_loss_spans(struct source *s, struct arena *m, const struct source_loss_span **ret)
{
	struct source_rows_of rows = { .memory = m, .row_size = sizeof(struct source_loss_span) };
	const struct store_state *state = s->state;
	unsigned refused = m->refused;

	*ret = NULL;
	if (state->version < LOSS_SPANS_SINCE)
		return 0;
	struct question q = question_begin(s, ASK_LOSS_SPANS);
	while (question_next(&q)) {
		struct source_loss_span *l = source_row_add(&rows);
		if (l == NULL)
			break;
		*l = (struct source_loss_span){
			.reason = question_text(&q, 0, m),
			.interface = question_text(&q, 1, m),
			.from_ns = question_u64(&q, 2),
			.to_ns = question_u64(&q, 3),
			.count = question_u64(&q, 4),
		};
	}
	question_end(&q);
	source_store_full(s, m, refused);
	*ret = rows.rows;
	return rows.count;
}

/* Lies in a JSON array. */
static void
take_inputs(struct question *q, int column, struct arena *m, struct source_run *ret)
{
	const char *text = question_text(q, column, m);
	json_t *array = source_json_read(text, strlen(text));

	ret->input_count = source_json_texts(array, m, &ret->inputs);
	json_decref(array);
}

bool
source_store_run(struct source *s, struct arena *m, struct source_run *ret)
{
	struct question q = question_begin(s, ASK_RUN);
	bool is_there = question_next(&q);

	if (is_there) {
		*ret = (struct source_run){
			.version = question_text(&q, 0, m),
			.sensor = question_text(&q, 1, m),
			.live = question_i64(&q, 3) != 0,
			.ended = question_i64(&q, 4) != 0,
			.packets = question_u64(&q, 5),
			.bytes = question_u64(&q, 6),
			.flows = question_u64(&q, 7),
			.first_ns = question_u64(&q, 8),
			.last_ns = question_u64(&q, 9),
			.settings = question_text(&q, 10, m),
		};
		take_inputs(&q, 2, m, ret);
	}
	question_end(&q);
	return is_there;
}
