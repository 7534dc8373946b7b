#include "exporters/kalipso/kalipso_facts.h"

#include "daemon/base/json.h"
#include "daemon/base/text_safe.h"
#include "exporters/kalipso/kalipso_text.h"
#include "exporters/kalipso/kalipso_window.h"
#include "exporters/kalipso/reputation.h"

static const char windows_key[] = "naiad:windows";
static const char addresses_key[] = "naiad:addresses";

enum {
	SUM_DECIMALS = 3,
	SCORE_DECIMALS = 5,
	TEXT_ROOM = 4 * MIRROR_ORG_MAX + 4, /* each byte as \xHH, "..." and the NUL */
};

/* ---- windows ---- */

/* "10.0.0.1 3" */
static const char *
window_field(char room[KALIPSO_KEY_MAX], const struct addr *host, int64_t number)
{
	char text[ADDR_TEXT_MAX];
	struct strbuf b;

	strbuf_init(&b, room, KALIPSO_KEY_MAX);
	strbuf_text(&b, addr_format(host, text));
	strbuf_char(&b, ' ');
	strbuf_i64(&b, number);
	return room;
}

/* Of all flows of the host, as client and as server; a Kalipso is told those of TCP and UDP, and of them some. */
static void
key_sums(struct json *j, const struct tuples *tuples)
{
	uint64_t flows = 0;
	uint64_t packets = 0;
	uint64_t bytes = 0;

	for (const struct tuple *i = tuples->first; i != NULL; i = i->next)
		for (size_t state = 0; state < 2; state++) {
			flows += i->sums[state].flows;
			packets += i->sums[state].packets;
			bytes += i->sums[state].bytes;
		}
	json_key_u64(j, "flows", flows);
	json_key_u64(j, "packets", packets);
	json_key_u64(j, "bytes", bytes);
}

void
kalipso_facts_window(
	struct dialect_target *t, const struct mirror_window *w, const struct tuples *tuples)
{
	char field[KALIPSO_KEY_MAX];
	struct json j;

	redis_begin(t->command, t->db, "HSET", windows_key);
	redis_arg(t->command, window_field(field, &w->host, w->ref.number));
	json_init(&j, redis_arg_begin(t->command));
	json_object_begin(&j);
	json_key_u64(&j, "start_ns", w->ref.start_ns);
	json_key_u64(&j, "end_ns", w->ref.end_ns);
	json_key_bool(&j, "closed", w->closed);
	json_key_u64(&j, "evidence", w->evidence.begun + w->evidence.count);
	json_key_u64(&j, "alerts", w->alerts);
	json_key_double(&j, "sum", w->threat, SUM_DECIMALS);
	if (tuples != NULL)
		key_sums(&j, tuples);
	json_object_end(&j);
	redis_arg_end(t->command);
	(void)redis_end(t->command);
	kalipso_expire(t, t->db, windows_key);
}

void
kalipso_facts_window_gone(struct dialect_target *t, const struct addr *host, int64_t number)
{
	char field[KALIPSO_KEY_MAX];

	kalipso_command(t, t->db, "HDEL", windows_key, window_field(field, host, number));
}

/* ---- addresses ---- */

/* Text of the wire: its braces only a Kalipso cannot bear, and none reads this. */
static void
key_hostile(struct json *j, const char *key, const char *text)
{
	char room[TEXT_ROOM];

	json_key_text(j, key, text_safe_in(room, sizeof(room), text));
}

static void
key_names(struct json *j, const struct mirror_address *a)
{
	json_key(j, "names");
	json_array_begin(j);
	for (size_t i = 0; i < a->name_count; i++) {
		json_object_begin(j);
		key_hostile(j, "name", a->names[i].text);
		json_key_bool(j, "dns", a->names[i].is_dns);
		json_key_bool(j, "believed", a->names[i].is_believed);
		json_object_end(j);
	}
	json_array_end(j);
	json_key(j, "server_names");
	json_array_begin(j);
	for (size_t i = 0; i < a->server_name_count; i++) {
		json_object_begin(j);
		key_hostile(j, "server_name", a->server_names[i].text);
		json_key_u64(j, "dport", a->server_names[i].port);
		json_object_end(j);
	}
	json_array_end(j);
}

static void
key_reputation(struct json *j, const struct reputation_scores *s)
{
	if (s == NULL)
		return;
	json_key(j, "reputation");
	json_object_begin(j);
	json_key_double(j, "url", s->url, SCORE_DECIMALS);
	json_key_double(j, "downloaded", s->downloaded, SCORE_DECIMALS);
	json_key_double(j, "referring", s->referring, SCORE_DECIMALS);
	json_key_double(j, "communicating", s->communicating, SCORE_DECIMALS);
	json_object_end(j);
}

void
kalipso_facts_address(struct dialect_target *t, const struct mirror_address *a)
{
	char text[ADDR_TEXT_MAX];
	struct json j;

	redis_begin(t->command, t->cache_db, "HSET", addresses_key);
	redis_arg(t->command, addr_format(&a->addr, text));
	json_init(&j, redis_arg_begin(t->command));
	json_object_begin(&j);
	json_key_bool(&j, "private", a->is_private);
	json_key_text(&j, "country", a->country);
	json_key_u64(&j, "asn", a->asn);
	key_hostile(&j, "org", a->org);
	key_hostile(&j, "vendor", a->vendor);
	key_hostile(&j, "device_name", a->device_name);
	key_names(&j, a);
	key_reputation(&j, reputation_of(t->reputation, &a->addr));
	json_object_end(&j);
	redis_arg_end(t->command);
	(void)redis_end(t->command);
	kalipso_expire(t, t->cache_db, addresses_key);
}

void
kalipso_facts_address_gone(struct dialect_target *t, const struct addr *a)
{
	char text[ADDR_TEXT_MAX];

	kalipso_command(t, t->cache_db, "HDEL", addresses_key, addr_format(a, text));
}
