#include "exporters/kalipso/kalipso_address.h"

#include "daemon/base/country_name.h"
#include "daemon/base/time_text.h"
#include "exporters/kalipso/kalipso_facts.h"
#include "exporters/kalipso/kalipso_text.h"
#include "exporters/kalipso/kalipso_window.h"
#include "exporters/kalipso/reputation.h"

enum { VALUE_MAX = 160, SCORE_DECIMALS = 5, TIME_DECIMALS = 6 };

/* "AS64498 Example BV", or what is known of it. */
static void
put_network(struct strbuf *out, const struct mirror_address *a)
{
	if (a->asn != 0) {
		strbuf_text(out, "AS");
		strbuf_u64(out, a->asn);
	}
	strbuf_text(out, a->asn != 0 && a->org[0] != '\0' ? " " : "");
	strbuf_text(out, a->org);
}

static void
key_network(struct json *j, const struct mirror_address *a, bool is_object)
{
	char text[VALUE_MAX];
	struct strbuf b;

	if (a->asn == 0 && a->org[0] == '\0')
		return;
	strbuf_init(&b, text, sizeof(text));
	put_network(&b, a);
	json_key(j, "asn");
	if (!is_object) {
		kalipso_text(j, text);
		return;
	}
	json_object_begin(j);
	json_key(j, "asnorg");
	kalipso_text(j, a->org[0] != '\0' ? a->org : text);
	json_key_double(j, "timestamp", (double)a->seen_ns / 1e9, TIME_DECIMALS);
	json_object_end(j);
}

static void
key_country(struct json *j, const struct mirror_address *a)
{
	const char *name = a->is_private ? "Private" : country_name(a->country);

	if (name != NULL)
		json_key_text(j, "geocountry", name);
}

static void
key_reputation(struct json *j, const struct reputation_scores *s)
{
	if (s == NULL)
		return;
	json_key(j, "VirusTotal");
	json_object_begin(j);
	json_key_double(j, "URL", s->url, SCORE_DECIMALS);
	json_key_double(j, "down_file", s->downloaded, SCORE_DECIMALS);
	json_key_double(j, "ref_file", s->referring, SCORE_DECIMALS);
	json_key_double(j, "com_file", s->communicating, SCORE_DECIMALS);
	json_object_end(j);
}

static void
key_server_names(struct json *j, const struct mirror_address *a)
{
	if (a->server_name_count == 0)
		return;
	json_key(j, "SNI");
	json_array_begin(j);
	for (size_t i = 0; i < a->server_name_count; i++) {
		json_object_begin(j);
		json_key(j, "server_name");
		kalipso_text(j, a->server_names[i].text);
		json_key_u64(j, "dport", a->server_names[i].port);
		json_object_end(j);
	}
	json_array_end(j);
}

/* Nobody is asked for it: it is the newest name that more than a client's word stands for. */
static void
key_name(struct json *j, const struct mirror_address *a)
{
	for (size_t i = 0; i < a->name_count; i++)
		if (a->names[i].is_believed) {
			json_key(j, "reverse_dns");
			kalipso_text(j, a->names[i].text);
			return;
		}
}

void
kalipso_address_info(
	struct dialect_target *t, const struct mirror_address *a, const struct kalipso_info *info)
{
	char text[ADDR_TEXT_MAX];
	struct json j;

	redis_begin(t->command, t->cache_db, "HSET", "IPsInfo");
	redis_arg(t->command, addr_format(&a->addr, text));
	json_init(&j, redis_arg_begin(t->command));
	json_object_begin(&j);
	key_network(&j, a, info->asn_is_object);
	key_country(&j, a);
	key_reputation(&j, reputation_of(t->reputation, &a->addr));
	if (info->has_names) {
		key_server_names(&j, a);
		key_name(&j, a);
	}
	json_object_end(&j);
	redis_arg_end(t->command);
	(void)redis_end(t->command);
	kalipso_expire(t, t->cache_db, "IPsInfo");
	kalipso_facts_address(t, a);
}

static bool
has_dns(const struct mirror_address *a)
{
	for (size_t i = 0; i < a->name_count; i++)
		if (a->names[i].is_dns)
			return true;
	return false;
}

void
kalipso_address_names(struct dialect_target *t, const struct mirror_address *a,
	void (*put)(struct strbuf *out, const struct mirror_address *a))
{
	char text[ADDR_TEXT_MAX];

	if (!has_dns(a))
		return;
	redis_begin(t->command, t->db, "HSET", "DNSresolution");
	redis_arg(t->command, addr_format(&a->addr, text));
	put(redis_arg_begin(t->command), a);
	redis_arg_end(t->command);
	(void)redis_end(t->command);
	kalipso_expire(t, t->db, "DNSresolution");
}

void
kalipso_names_list(struct json *j, const struct mirror_address *a)
{
	json_array_begin(j);
	for (size_t i = 0; i < a->name_count; i++)
		if (a->names[i].is_dns)
			kalipso_text(j, a->names[i].text);
	json_array_end(j);
}

void
kalipso_address_gone(struct dialect_target *t, const struct addr *a)
{
	char text[ADDR_TEXT_MAX];

	addr_format(a, text);
	if (!mirror_host_told(t->mirror, t->target, a)) {
		kalipso_command(t, t->cache_db, "HDEL", "IPsInfo", text);
	} else {
		redis_begin(t->command, t->cache_db, "HSET", "IPsInfo");
		redis_arg(t->command, text);
		redis_arg(t->command, "{}");
		(void)redis_end(t->command);
	}
	kalipso_command(t, t->db, "HDEL", "DNSresolution", text);
	kalipso_facts_address_gone(t, a);
}
