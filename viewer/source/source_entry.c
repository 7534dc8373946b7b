/*
 * One reader for all generations: where two of them have the same thing under two names, both names are in the table
 * below. What no generation is known to write is kept as a pair, as the first ones showed it.
 *
 * A message of ICMP is always "from" who sent it, also where that is the host whose timeline it is. The other side is
 * what a person looks for, so such an entry is turned round.
 */
#include "daemon/base/number_text.h"
#include "daemon/base/time_parse.h"
#include "viewer/source/source_kind.h"
#include "viewer/source/source_text.h"

#include <ctype.h>
#include <jansson.h>
#include <stdlib.h>
#include <string.h>
#include <strings.h>

enum {
	ENTRY_MAX = 1024 * 1024, /* bytes of JSON that are looked at */
	PAIRS_MAX = 64,
};

struct reading {
	struct arena *memory;
	struct source_entry *entry;
	const char *daddr, *saddr;
	struct source_pair pairs[PAIRS_MAX];
	size_t pair_count;
	uint64_t size; /* of a message, which has no two sides */
	bool has_size;
};

/* ---- values ---- */

static const char *
dumped(struct arena *m, const json_t *value)
{
	char *text = json_dumps(value, JSON_ENCODE_ANY | JSON_COMPACT);
	const char *copy = text != NULL ? source_text_copy(m, text) : "";

	free(text);
	return copy;
}

static const char *
scalar_text(struct arena *m, const json_t *value)
{
	if (json_is_string(value))
		return source_text(m, json_string_value(value), json_string_length(value));
	return json_is_null(value) ? "" : dumped(m, value);
}

/* A list has ", " between its values. */
static const char *
text_of(struct arena *m, const json_t *value)
{
	struct source_line line = { .length = 0 };
	const json_t *one = NULL;
	size_t i = 0;

	if (!json_is_array(value))
		return scalar_text(m, value);
	json_array_foreach(value, i, one) source_line_add(&line, scalar_text(m, one));
	return source_line_done(&line, m);
}

/* A number, or as people read it: "67.43Kb". */
static bool
bytes_of(const json_t *value, uint64_t *ret)
{
	static const char units[] = "bKMG";
	const char *text = json_string_value(value);
	uint64_t billionths = 0;
	double bytes = json_number_value(value);

	if (text != NULL) {
		size_t digits = strspn(text, "0123456789.");
		if (number_text_seconds(text, digits, &billionths) != 0)
			return false;
		bytes = (double)billionths / 1e9;
		const char *unit = text[digits] != '\0' ? strchr(units, text[digits]) : units;
		for (; unit != NULL && unit > units; unit--)
			bytes *= 1024;
	} else if (!json_is_number(value)) {
		return false;
	}
	if (!(bytes >= 0) || bytes >= 0x1p63)
		return false;
	*ret = json_is_integer(value) ? (uint64_t)json_integer_value(value)
				      : (uint64_t)(bytes + 0.5);
	return true;
}

/* ---- members ---- */

static void
put_pair(struct reading *r, const char *label, json_t *value)
{
	const char *text = text_of(r->memory, value);

	if (*text == '\0' || r->pair_count == PAIRS_MAX)
		return;
	char *name = arena_string(r->memory, label, strlen(label));
	if (name == NULL)
		return;
	/* "server_name" is how a program calls it. */
	for (char *at = name; (at = strchr(at, '_')) != NULL;)
		*at = ' ';
	name[0] = (char)toupper((unsigned char)name[0]);
	r->pairs[r->pair_count++] = (struct source_pair){ name, text };
}

static void
take_time(struct reading *r, json_t *value)
{
	const char *text = text_of(r->memory, value);
	size_t length = strlen(text);

	if (time_parse_date(text, length, 0, &r->entry->ts_ns) != 0)
		(void)number_text_seconds(text, length, &r->entry->ts_ns);
}

static void
take_service(struct reading *r, json_t *value)
{
	r->entry->service = text_of(r->memory, value);
}

/* "HTTPS/TCP": a name and no number. */
static void
take_service_and_proto(struct reading *r, json_t *value)
{
	const char *text = text_of(r->memory, value);
	const char *slash = strrchr(text, '/');

	r->entry->service =
		slash != NULL ? source_text(r->memory, text, (size_t)(slash - text)) : text;
}

static void
take_preposition(struct reading *r, json_t *value)
{
	r->entry->is_from = strcmp(text_of(r->memory, value), "from") == 0;
}

static void
take_names(struct reading *r, json_t *value)
{
	const char *names = text_of(r->memory, value);

	r->entry->names = strcmp(names, "????") == 0 ? "" : names;
}

static void
take_daddr(struct reading *r, json_t *value)
{
	r->daddr = text_of(r->memory, value);
}

static void
take_saddr(struct reading *r, json_t *value)
{
	r->saddr = text_of(r->memory, value);
}

static void
take_port(struct reading *r, json_t *value)
{
	r->entry->port = text_of(r->memory, value);
}

/* "Established", "notestablished", "Not Established" */
static void
take_state(struct reading *r, json_t *value)
{
	const char *text = text_of(r->memory, value);

	r->entry->has_state = *text != '\0';
	r->entry->established = strcasecmp(text, "established") == 0;
}

static void
take_warning(struct reading *r, json_t *value)
{
	r->entry->warning = text_of(r->memory, value);
}

static void
take_critical(struct reading *r, json_t *value)
{
	r->entry->critical = text_of(r->memory, value);
}

static void
take_sent(struct reading *r, json_t *value)
{
	r->entry->has_sizes |= bytes_of(value, &r->entry->sent);
}

static void
take_received(struct reading *r, json_t *value)
{
	r->entry->has_sizes |= bytes_of(value, &r->entry->received);
}

static void
take_size(struct reading *r, json_t *value)
{
	r->has_size = bytes_of(value, &r->size);
}

static void
take_nothing(struct reading *r, json_t *value)
{
	(void)r;
	(void)value;
}

/* No generation's, but ours. */
static void
take_uid(struct reading *r, json_t *value)
{
	r->entry->uid = text_of(r->memory, value);
}

static void
take_duration(struct reading *r, json_t *value)
{
	if (json_is_number(value) && json_number_value(value) >= 0)
		r->entry->duration_s = json_number_value(value);
}

static void
take_said(struct reading *r, json_t *value)
{
	const char *key = NULL;
	json_t *member = NULL;

	if (!json_is_object(value)) {
		put_pair(r, "", value);
		return;
	}
	json_object_foreach(value, key, member) put_pair(r, key, member);
}

static const struct {
	const char *key;
	void (*take)(struct reading *r, json_t *value);
} members[] = {
	{ "timestamp", take_time },
	{ "dport_name", take_service },
	{ "dport_name/proto", take_service_and_proto },
	{ "preposition", take_preposition },
	{ "dns_resolution", take_names },
	{ "daddr", take_daddr },
	{ "saddr", take_saddr },
	{ "dport/proto", take_port },
	{ "state", take_state },
	{ "warning", take_warning },
	{ "critical warning", take_critical },
	{ "sent", take_sent },
	{ "Sent", take_sent },
	{ "recv", take_received },
	{ "Recv", take_received },
	{ "size", take_size },
	{ "Size", take_size },
	{ "tot", take_nothing },
	{ "Tot", take_nothing },
	{ "duration", take_duration },
	{ "info", take_said },
	{ "http_data", take_said },
	{ "uid", take_uid },
};

static void
take(struct reading *r, const char *key, json_t *value)
{
	for (size_t i = 0; i < sizeof(members) / sizeof(members[0]); i++)
		if (strcmp(members[i].key, key) == 0) {
			members[i].take(r, value);
			return;
		}
	put_pair(r, key, value);
}

/* ---- an entry ---- */

static void
settle_peer(struct reading *r, const char *host)
{
	struct source_entry *e = r->entry;
	const char *other = e->is_from ? r->daddr : r->saddr;

	e->peer = e->is_from ? r->saddr : r->daddr;
	if (host == NULL || *other == '\0' || strcmp(e->peer, host) != 0 ||
		strcmp(other, host) == 0)
		return;
	e->peer = other;
	e->is_from = !e->is_from;
}

static void
settle_size(struct reading *r)
{
	struct source_entry *e = r->entry;

	if (!r->has_size || e->has_sizes)
		return;
	e->has_sizes = true;
	*(e->is_from ? &e->received : &e->sent) = r->size;
}

static void
settle_pairs(struct reading *r)
{
	if (r->pair_count == 0)
		return;
	struct source_pair *pairs = arena_alloc(r->memory, r->pair_count * sizeof(*pairs));
	if (pairs == NULL)
		return;
	memcpy(pairs, r->pairs, r->pair_count * sizeof(*pairs));
	r->entry->pairs = pairs;
	r->entry->pair_count = r->pair_count;
}

bool
source_entry_read(const char *json, size_t length, const char *host, struct arena *m,
	struct source_entry *ret)
{
	struct reading r = { .memory = m, .entry = ret, .daddr = "", .saddr = "" };
	const char *key = NULL;
	json_t *value = NULL;

	*ret = source_entry_empty();
	json_t *whole = length <= ENTRY_MAX ? json_loadb(json, length, JSON_ALLOW_NUL, NULL) : NULL;
	bool is_entry = json_object_size(whole) > 0; /* of NULL and of what is no object 0 */
	json_object_foreach(whole, key, value) take(&r, key, value);
	json_decref(whole);
	settle_peer(&r, host);
	settle_size(&r);
	settle_pairs(&r);
	return is_entry;
}

struct source_entry
source_entry_empty(void)
{
	return (struct source_entry){
		.service = "",
		.names = "",
		.peer = "",
		.port = "",
		.warning = "",
		.critical = "",
		.uid = "",
		.duration_s = -1,
	};
}

void
source_entry_copy(struct arena *m, const struct source_entry *from, struct source_entry *to)
{
	struct source_pair *pairs =
		from->pair_count > 0 ? arena_alloc(m, from->pair_count * sizeof(*pairs)) : NULL;

	*to = *from;
	to->service = source_text_copy(m, from->service);
	to->names = source_text_copy(m, from->names);
	to->peer = source_text_copy(m, from->peer);
	to->port = source_text_copy(m, from->port);
	to->warning = source_text_copy(m, from->warning);
	to->critical = source_text_copy(m, from->critical);
	to->uid = source_text_copy(m, from->uid);
	to->pairs = pairs;
	to->pair_count = pairs == NULL ? 0 : from->pair_count;
	for (size_t i = 0; i < to->pair_count; i++)
		pairs[i] = (struct source_pair){ source_text_copy(m, from->pairs[i].label),
			source_text_copy(m, from->pairs[i].value) };
}
