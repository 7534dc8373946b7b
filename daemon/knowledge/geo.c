/*
 * The databases are read by paths, never as lists of entries: those are allocated. Their texts have no NUL at
 * their ends, so what is handed out is a copy in a small memory of answers, whose oldest makes room.
 *
 * A database is mapped, and a look-up that meets damage in it yields "unknown". What is damaged all over is refused
 * when it is added. Whoever shortens a file in place, instead of renaming another over it, stops the program:
 * updaters rename.
 */
#include "daemon/knowledge/geo.h"

#include <maxminddb.h>
#include <netinet/in.h>
#include <stdlib.h>
#include <string.h>
#include <strings.h>

enum {
	TRIES = 4096, /* nodes, and look-ups of each family */
	NODES_MAX = 1 << 28,
	LETTERS = 26,
	MAJOR_VERSION = 2,
};
#define EPOCH_MAX (UINT64_C(1) << 40) /* seconds; later, nobody builds databases any more */

/* What one look-up found. */
struct answer {
	const char *country; /* of geo.codes, or NULL */
	uint32_t asn;        /* 0: unknown */
	char org[GEO_ORG_MAX];
};

struct remembered {
	struct addr addr;
	uint64_t asked; /* the number of the question that used it last; 0: empty */
	struct answer answer;
};

struct geo {
	MMDB_s databases[GEO_DATABASES_MAX];
	size_t count;
	uint64_t asked;
	struct remembered remembered[GEO_REMEMBERED];
	char codes[LETTERS * LETTERS][3]; /* "AA" to "ZZ" */
};

struct geo *
geo_new(void)
{
	struct geo *g = calloc(1, sizeof(*g));

	if (g == NULL)
		return NULL;
	for (unsigned i = 0; i < LETTERS * LETTERS; i++) {
		g->codes[i][0] = (char)('A' + i / LETTERS);
		g->codes[i][1] = (char)('A' + i % LETTERS);
	}
	return g;
}

void
geo_free(struct geo *g)
{
	if (g == NULL)
		return;
	for (size_t i = 0; i < g->count; i++)
		MMDB_close(&g->databases[i]);
	free(g);
}

/*
 * One value of an entry.
 *
 * damaged  set when the database cannot be read there; never unset
 * returns  false when there is none
 */
static bool
read_value(
	MMDB_entry_s *entry, const char *const *path, MMDB_entry_data_s *ret_value, bool *damaged)
{
	int status = MMDB_aget_value(entry, ret_value, path);

	if (status != MMDB_SUCCESS) {
		if (status != MMDB_LOOKUP_PATH_DOES_NOT_MATCH_DATA_ERROR &&
			status != MMDB_INVALID_LOOKUP_PATH_ERROR)
			*damaged = true;
		return false;
	}
	return ret_value->has_data;
}

/* The index of a letter, or -1. */
static int
letter(char c)
{
	if (c >= 'A' && c <= 'Z')
		return c - 'A';
	return c >= 'a' && c <= 'z' ? c - 'a' : -1;
}

static const char *
read_country(const struct geo *g, MMDB_entry_s *entry, bool *damaged)
{
	/* Some write the country's name into `country`, and its code beside it. */
	static const char *const paths[][3] = {
		{ "country", "iso_code", NULL },
		{ "country_code", NULL },
		{ "country", NULL },
	};
	MMDB_entry_data_s value;

	for (size_t i = 0; i < sizeof(paths) / sizeof(paths[0]); i++) {
		if (!read_value(entry, paths[i], &value, damaged) ||
			value.type != MMDB_DATA_TYPE_UTF8_STRING || value.data_size != 2)
			continue;
		int first = letter(value.utf8_string[0]);
		int second = letter(value.utf8_string[1]);
		if (first >= 0 && second >= 0)
			return g->codes[first * LETTERS + second];
	}
	return NULL;
}

/* "AS15169", "15169". returns 0 when it is no such thing */
static uint32_t
asn_of_text(const char *text, size_t length)
{
	uint64_t asn = 0;
	size_t i = length > 2 && strncasecmp(text, "AS", 2) == 0 ? 2 : 0;

	for (; i < length && asn <= UINT32_MAX; i++) {
		if (text[i] < '0' || text[i] > '9')
			return 0;
		asn = asn * 10 + (uint64_t)(text[i] - '0');
	}
	return asn <= UINT32_MAX ? (uint32_t)asn : 0;
}

static uint32_t
read_asn(MMDB_entry_s *entry, bool *damaged)
{
	static const char *const paths[][2] = {
		{ "autonomous_system_number", NULL },
		{ "asn", NULL },
	};
	MMDB_entry_data_s value;
	uint32_t asn = 0;

	for (size_t i = 0; asn == 0 && i < sizeof(paths) / sizeof(paths[0]); i++) {
		if (!read_value(entry, paths[i], &value, damaged))
			continue;
		if (value.type == MMDB_DATA_TYPE_UINT32)
			asn = value.uint32;
		else if (value.type == MMDB_DATA_TYPE_UINT16)
			asn = value.uint16;
		else if (value.type == MMDB_DATA_TYPE_UTF8_STRING)
			asn = asn_of_text(value.utf8_string, value.data_size);
	}
	return asn;
}

static void
read_org(MMDB_entry_s *entry, char ret_org[GEO_ORG_MAX], bool *damaged)
{
	static const char *const paths[][2] = {
		{ "autonomous_system_organization", NULL },
		{ "as_name", NULL },
		{ "name", NULL },
		{ "org", NULL },
	};
	MMDB_entry_data_s value;

	for (size_t i = 0; ret_org[0] == '\0' && i < sizeof(paths) / sizeof(paths[0]); i++) {
		if (!read_value(entry, paths[i], &value, damaged) ||
			value.type != MMDB_DATA_TYPE_UTF8_STRING)
			continue;
		size_t length = value.data_size;
		if (length > GEO_ORG_MAX - 1) {
			length = GEO_ORG_MAX - 1;
			while (length > 0 && ((uint8_t)value.utf8_string[length] & 0xc0) == 0x80)
				length--; /* no half a character */
		}
		memcpy(ret_org, value.utf8_string, length);
		ret_org[length] = '\0';
	}
}

/* Add to `answer` what an entry says and no database before it did. returns false when it is damaged */
static bool
read_entry(const struct geo *g, MMDB_entry_s *entry, struct answer *answer)
{
	bool damaged = false;

	if (answer->country == NULL)
		answer->country = read_country(g, entry, &damaged);
	if (answer->asn == 0) {
		answer->asn = read_asn(entry, &damaged);
		if (answer->asn != 0)
			read_org(entry, answer->org, &damaged);
	}
	return !damaged;
}

/* returns false when the database is damaged there */
static bool
look_up(const struct geo *g, const MMDB_s *db, const struct addr *a, struct answer *answer)
{
	union {
		struct sockaddr any;
		struct sockaddr_in v4;
		struct sockaddr_in6 v6;
	} to = { 0 };
	int status;

	if (addr_is_v4(a)) {
		to.v4.sin_family = AF_INET;
		memcpy(&to.v4.sin_addr, &a->byte[12], sizeof(to.v4.sin_addr));
	} else if (db->metadata.ip_version == 4) {
		return true;
	} else {
		to.v6.sin6_family = AF_INET6;
		memcpy(&to.v6.sin6_addr, a->byte, sizeof(to.v6.sin6_addr));
	}
	MMDB_lookup_result_s found = MMDB_lookup_sockaddr(db, &to.any, &status);
	if (status != MMDB_SUCCESS)
		return false;
	return !found.found_entry || read_entry(g, &found.entry, answer);
}

static const struct answer *
ask(struct geo *g, const struct addr *a)
{
	struct remembered *place = &g->remembered[0];

	g->asked++;
	for (size_t i = 0; i < GEO_REMEMBERED; i++) {
		struct remembered *r = &g->remembered[i];
		if (r->asked != 0 && addr_equal(&r->addr, a)) {
			r->asked = g->asked;
			return &r->answer;
		}
		if (r->asked < place->asked)
			place = r;
	}
	*place = (struct remembered){ .addr = *a, .asked = g->asked };
	for (size_t i = 0; i < g->count; i++)
		(void)look_up(g, &g->databases[i], a, &place->answer);
	return &place->answer;
}

const char *
geo_country(struct geo *g, const struct addr *a)
{
	return ask(g, a)->country;
}

uint32_t
geo_asn(struct geo *g, const struct addr *a, const char **ret_org)
{
	const struct answer *answer = ask(g, a);

	if (ret_org != NULL)
		*ret_org = answer->org[0] == '\0' ? NULL : answer->org;
	return answer->asn;
}

static bool
is_described(const MMDB_metadata_s *m)
{
	return m->binary_format_major_version == MAJOR_VERSION &&
	       (m->ip_version == 4 || m->ip_version == 6) && m->node_count > 0 &&
	       m->node_count <= NODES_MAX && m->build_epoch <= EPOCH_MAX;
}

static bool
try_record(const struct geo *g, uint8_t type, MMDB_entry_s *entry, struct answer *answer)
{
	if (type == MMDB_RECORD_TYPE_INVALID)
		return false;
	return type != MMDB_RECORD_TYPE_DATA || read_entry(g, entry, answer);
}

/* Nodes all over the tree; what they say is gathered in `answer`. */
static bool
try_nodes(const struct geo *g, const MMDB_s *db, struct answer *answer)
{
	uint32_t count = db->metadata.node_count;
	uint32_t tries = count < TRIES ? count : TRIES;
	MMDB_search_node_s node;

	for (uint32_t i = 0; i < tries; i++) {
		struct answer here[2] = { 0 };
		uint32_t number = (uint32_t)((uint64_t)i * count / tries);
		if (MMDB_read_node(db, number, &node) != MMDB_SUCCESS ||
			!try_record(g, node.left_record_type, &node.left_record_entry, &here[0]) ||
			!try_record(g, node.right_record_type, &node.right_record_entry, &here[1]))
			return false;
		for (size_t side = 0; side < 2; side++) {
			answer->country =
				here[side].country != NULL ? here[side].country : answer->country;
			answer->asn = here[side].asn != 0 ? here[side].asn : answer->asn;
		}
	}
	return true;
}

/* Addresses all over both families. */
static bool
try_addresses(const struct geo *g, const MMDB_s *db)
{
	for (unsigned i = 0; i < TRIES; i++) {
		struct answer ignored[2] = { 0 };
		struct addr v4 = addr_v4((uint8_t)(i >> 4), (uint8_t)(i << 4), 1, 1);
		struct addr v6 = { .byte = { (uint8_t)(0x20 | i >> 7), (uint8_t)(i << 1), 1, 1 } };
		if (!look_up(g, db, &v4, &ignored[0]) || !look_up(g, db, &v6, &ignored[1]))
			return false;
	}
	return true;
}

const char *
geo_add(struct geo *g, const struct MMDB_s *db)
{
	struct answer said = { 0 };

	if (g->count == GEO_DATABASES_MAX)
		return "there are two databases already";
	if (!is_described(&db->metadata))
		return "its description is not one of a database of addresses";
	if (!try_nodes(g, db, &said) || !try_addresses(g, db))
		return "it is damaged";
	if (said.country == NULL && said.asn == 0)
		return "it has neither countries nor networks";
	g->databases[g->count++] = *db;
	memset(g->remembered, 0, sizeof(g->remembered));
	return NULL;
}
