/*
 * What is known of an address: of ours in one place, naiad:addresses; of a Slips' in up to three, IPsInfo or its kinds,
 * and DNSresolution.
 */
#include "daemon/base/country_name.h"
#include "viewer/source/source_json.h"
#include "viewer/source/source_redis_part.h"
#include "viewer/source/source_text.h"

#include <ctype.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

static const char *const kinds[] = { "asn", "geocountry", "reverse_dns", "VirusTotal", "SNI" };
enum { KINDS = sizeof(kinds) / sizeof(kinds[0]) };

void
source_redis_address_send(struct source_redis *r, const char *address)
{
	if (r->run[0] != '\0') {
		source_redis_send(
			r->places, "HGET", "naiad:addresses", address, (const char *)NULL);
		return;
	}
	source_redis_send(r->places, "HGET", "IPsInfo", address, (const char *)NULL);
	for (size_t i = 0; r->has_kinds && i < KINDS; i++) {
		char key[32];
		(void)snprintf(key, sizeof(key), "IPsInfo:%s", kinds[i]);
		source_redis_send(r->places, "HGET", key, address, (const char *)NULL);
	}
	source_redis_send(r->data, "HGET", "DNSresolution", address, (const char *)NULL);
}

/* ---- both ---- */

static void
take_country(struct source_address *a, const char *country, struct arena *m)
{
	const char *code = country_code(country);

	a->is_private |= strcmp(country, "Private") == 0;
	if (code == NULL && strlen(country) == 2)
		code = source_text(m, country, 2);
	if (code != NULL)
		a->country = code;
}

static void
take_reputation(struct source_address *a, const json_t *of, const char *downloaded,
	const char *referring, const char *communicating, const char *url)
{
	if (json_object_size(of) == 0)
		return;
	a->reputation = (struct source_reputation){
		.known = true,
		.url = source_json_number(of, url, 0),
		.downloaded = source_json_number(of, downloaded, 0),
		.referring = source_json_number(of, referring, 0),
		.communicating = source_json_number(of, communicating, 0),
	};
}

/* [{"server_name":"cdn.example","dport":443}]: "cdn.example:443" */
static void
take_server_names(struct source_address *a, const json_t *list, struct arena *m)
{
	size_t room = json_array_size(list);
	const char **names = room > 0 ? arena_alloc(m, room * sizeof(*names)) : NULL;

	for (size_t i = 0; names != NULL && i < room; i++) {
		const json_t *one = json_array_get(list, i);
		const char *name = source_json_text(one, "server_name", m);

		if (*name != '\0')
			names[a->server_name_count++] = source_text_format(
				m, "%s:%s", name, source_json_text(one, "dport", m));
	}
	a->server_names = names;
}

static json_t *
taken(struct source_redis_link *l)
{
	struct redisReply *answer = source_redis_take(l);
	size_t length = 0;
	const char *text = source_redis_text(answer, &length);
	json_t *json = source_json_read(text, length);

	/* Slips' newest have the bare word as well, or the first generation the bare name. */
	if (json == NULL && length > 0 && *text != '{' && *text != '[')
		json = json_stringn(text, length);
	source_redis_drop(answer);
	return json;
}

/* ---- ours ---- */

static void
take_names(struct source_address *a, const json_t *list, struct arena *m, const char **ret_name)
{
	size_t room = json_array_size(list);
	const char **names = room > 0 ? arena_alloc(m, room * sizeof(*names)) : NULL;

	for (size_t i = 0; names != NULL && i < room; i++) {
		const json_t *one = json_array_get(list, i);
		const char *name = source_json_text(one, "name", m);

		if (**ret_name == '\0')
			*ret_name = name;
		if (*a->reverse == '\0' && json_is_true(json_object_get(one, "believed")))
			*ret_name = a->reverse = name;
		if (json_is_true(json_object_get(one, "dns")))
			names[a->name_count++] = name;
	}
	a->names = names;
}

static bool
take_ours(struct source_redis *r, struct arena *m, struct source_address *a, const char **ret_name,
	const char **ret_vendor)
{
	json_t *json = taken(r->places);
	bool is_known = json_object_size(json) > 0;

	a->org = source_json_text(json, "org", m);
	a->asn = (uint32_t)source_json_count(json, "asn");
	a->country = source_json_text(json, "country", m);
	a->is_private = json_is_true(json_object_get(json, "private"));
	take_names(a, json_object_get(json, "names"), m, ret_name);
	take_server_names(a, json_object_get(json, "server_names"), m);
	take_reputation(a, json_object_get(json, "reputation"), "downloaded", "referring",
		"communicating", "url");
	*ret_vendor = source_json_text(json, "vendor", m);
	if (**ret_name == '\0')
		*ret_name = source_json_text(json, "device_name", m);
	json_decref(json);
	return is_known;
}

/* ---- of Slips ---- */

/* "AS64498 Example BV", {"asnorg":"Example BV"}, {"number":"AS64498","org":"Example BV"} */
static void
take_network(struct source_address *a, const json_t *asn, struct arena *m)
{
	const char *number = source_json_text_of(asn, m, "number", "asn", (const char *)NULL);
	const char *org = json_is_object(asn)
				  ? source_json_text_of(asn, m, "org", "asnorg", (const char *)NULL)
				  : source_json_value(asn, m);
	char *end = NULL;

	if (*number == '\0' && strncmp(org, "AS", 2) == 0 && isdigit((unsigned char)org[2])) {
		number = org;
		(void)strtoul(org + 2, &end, 10);
		org = end + strspn(end, " ");
	}
	number += strncmp(number, "AS", 2) == 0 ? 2 : 0;
	a->asn = (uint32_t)strtoul(number, NULL, 10);
	a->org = strcmp(org, "Unknown") == 0 ? "" : org;
}

static void
take_kind(struct source_address *a, const char *kind, const json_t *value, struct arena *m)
{
	if (value == NULL)
		return;
	/* Where a kind has a hash of its own, its value may be an object with itself in it. */
	const json_t *inner = json_object_get(value, kind);
	value = inner != NULL ? inner : value;
	if (strcmp(kind, "asn") == 0)
		take_network(a, value, m);
	else if (strcmp(kind, "geocountry") == 0)
		take_country(a, source_json_value(value, m), m);
	else if (strcmp(kind, "reverse_dns") == 0)
		a->reverse = source_json_value(value, m);
	else if (strcmp(kind, "VirusTotal") == 0)
		take_reputation(a, value, "down_file", "ref_file", "com_file", "URL");
	else
		take_server_names(a, value, m);
}

/* ["a.example"], {"domains":["a.example"]}, a.example */
static void
take_resolution(struct source_address *a, const json_t *names, struct arena *m)
{
	const json_t *domains = json_object_get(names, "domains");

	a->name_count = source_json_texts(domains != NULL ? domains : names, m, &a->names);
}

static bool
take_slips(struct source_redis *r, struct arena *m, struct source_address *a)
{
	json_t *whole = taken(r->places);
	bool is_known = json_object_size(whole) > 0;

	for (size_t i = 0; i < KINDS; i++)
		take_kind(a, kinds[i], json_object_get(whole, kinds[i]), m);
	for (size_t i = 0; r->has_kinds && i < KINDS; i++) {
		json_t *kind = taken(r->places);
		is_known |= kind != NULL;
		take_kind(a, kinds[i], kind, m);
		json_decref(kind);
	}
	json_t *names = taken(r->data);
	take_resolution(a, names, m);
	json_decref(names);
	json_decref(whole);
	return is_known || a->name_count > 0;
}

bool
source_redis_address_take(struct source_redis *r, const char *address, struct arena *m,
	struct source_address *ret, const char **ret_name, const char **ret_vendor)
{
	bool is_known;

	*ret_name = "";
	*ret_vendor = "";
	*ret = (struct source_address){
		.address = source_text_copy(m, address),
		.org = "",
		.country = "",
		.reverse = "",
	};
	if (r->run[0] != '\0')
		return take_ours(r, m, ret, ret_name, ret_vendor);
	is_known = take_slips(r, m, ret);
	*ret_name = ret->reverse;
	return is_known;
}

bool
source_redis_address(
	struct source *s, const char *address, struct arena *m, struct source_address *ret)
{
	struct source_redis *r = source_redis_question(s);
	const char *name = NULL;
	const char *vendor = NULL;

	*ret = (struct source_address){ .address = "", .org = "", .country = "", .reverse = "" };
	if (r == NULL)
		return false;
	source_redis_address_send(r, address);
	bool is_known = source_redis_address_take(r, address, m, ret, &name, &vendor);
	return source_redis_answer(s, is_known) > 0;
}
