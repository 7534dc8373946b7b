#include "tests/support/places_sample.h"

#include <stdio.h>
#include <string.h>

#define HOSTILE     "\033[2J\033[31mevil\r\n\x7f\xff"
#define LONG        "2001:db8:2:a::c0ff:ee00:1234"
#define HOME        "203.0.113.66"
#define SECOND      UINT64_C(1000000000)
#define BEGUN       (UINT64_C(1602075600) * SECOND)
#define COUNT(rows) (sizeof(rows) / sizeof((rows)[0]))

enum { CALLS = 121, SCANNED = 30 };

static const struct source_part web[] = { { "198.51.100.130", 900 }, { LONG, 70 } };
static const struct source_part home[] = { { HOME, 1210 } };
static const struct source_part odd[] = { { HOSTILE, 3 } };

static const struct source_row established[SOURCE_TABLE_COUNT][4] = {
	[SOURCE_PORTS_OF_CLIENT] = { { .proto = "TCP",
					     .key = "40001",
					     .flows = 1,
					     .packets = 900,
					     .bytes = 1200000 },
		{ .proto = "TCP", .key = "5000", .flows = 120, .packets = 1210, .bytes = 64000 },
		{ .proto = "UDP", .key = "53", .flows = 9, .packets = 18, .bytes = 2048 } },
	[SOURCE_PEERS_OF_CLIENT] = { { .proto = "TCP",
					     .key = "198.51.100.130",
					     .flows = 1,
					     .packets = 900,
					     .bytes = 1200000 },
		{ .proto = "TCP", .key = HOME, .flows = 121, .packets = 1210, .bytes = 64000 },
		{ .proto = "TCP", .key = LONG, .flows = 2, .packets = 70, .bytes = 9000 },
		{ .proto = "UDP", .key = HOSTILE, .flows = 1, .packets = 3, .bytes = 200 } },
	[SOURCE_PORTS_AS_SERVER] = { { .proto = "TCP",
		.key = "23",
		.flows = 12,
		.packets = 70,
		.bytes = 5000 } },
	[SOURCE_PORTS_CONTACTED] = { { .proto = "TCP",
					     .key = "80",
					     .flows = 3,
					     .packets = 970,
					     .bytes = 1209000,
					     .parts = web,
					     .part_count = 2 },
		{ .proto = "TCP",
			.key = "48101",
			.flows = 121,
			.packets = 1210,
			.bytes = 64000,
			.parts = home,
			.part_count = 1 },
		{ .proto = "UDP",
			.key = "9",
			.flows = 1,
			.packets = 3,
			.bytes = 200,
			.parts = odd,
			.part_count = 1 } },
};

static const char *const of_home[] = { "c2.example", "cdn.c2.example" };
static const char *const sni_of_home[] = { "front.example:443", "other.example:443",
	"third.example:443" };
static const char *const of_cloud[] = { "cloud.example", "www.cloud.example" };
static const char *const of_hostile[] = { HOSTILE };

#define NOWHERE .org = "", .country = "", .reverse = ""

static const struct source_address addresses[] = {
	{ .address = HOME,
		.org = "Example Hosting and Colocation",
		.asn = 64496,
		.country = "NL",
		.reverse = "vps.example",
		.names = of_home,
		.name_count = 2,
		.server_names = sni_of_home,
		.server_name_count = 3,
		.reputation = { true, 0.25, 0, 0.00012, 17 } },
	{ .address = "198.51.100.130",
		.org = "Example Cloud",
		.asn = 64500,
		.country = "US",
		.reverse = "",
		.names = of_cloud,
		.name_count = 2 },
	{ .address = LONG, .org = "", .country = "JP", .reverse = "" },
	{ .address = HOSTILE,
		.org = HOSTILE,
		.country = HOSTILE,
		.reverse = HOSTILE,
		.names = of_hostile,
		.name_count = 1,
		.server_names = of_hostile,
		.server_name_count = 1,
		.reputation = { true, 0, 0, 0, 0 } },
	{ .address = "192.168.2.1", .is_private = true, NOWHERE },
	{ .address = "198.51.100.9", .org = "Example Telecom", .country = "BR", .reverse = "" },
};

static const struct source_address *
address_of(const char *text)
{
	static const struct source_address unknown = { .address = "", NOWHERE };

	for (size_t i = 0; i < COUNT(addresses); i++)
		if (strcmp(addresses[i].address, text) == 0)
			return &addresses[i];
	return &unknown;
}

static bool
address(struct source *s, const char *text, struct arena *m, struct source_address *ret)
{
	(void)s;
	(void)m;
	*ret = *address_of(text);
	return ret->address[0] != '\0';
}

/* 192.0.2.1 and so on, each a place in another country now and then. */
static const char *
scanned_address(struct arena *m, size_t i)
{
	char text[32];

	(void)snprintf(text, sizeof(text), "192.0.%zu.%zu", 2 + i / 250, i % 250 + 1);
	const char *kept = arena_string(m, text, strlen(text));
	return kept == NULL ? "" : kept;
}

static size_t
scan_rows(const struct places_sample *p, enum source_table table, struct arena *m,
	const struct source_row **ret)
{
	struct source_row *rows = arena_alloc(m, (p->scanned + 1) * sizeof(*rows));
	struct source_part *parts = arena_alloc(m, (p->scanned + 1) * sizeof(*parts));

	*ret = rows;
	if (rows == NULL || parts == NULL)
		return 0;
	for (size_t i = 0; i < p->scanned; i++) {
		const char *to = scanned_address(m, i);

		rows[i] = (struct source_row){
			.proto = "TCP", .key = to, .flows = 1 + i % 3, .packets = 1 + i, .bytes = 60
		};
		parts[i] = (struct source_part){ to, 1 + i };
	}
	if (table == SOURCE_PEERS_OF_CLIENT)
		return p->scanned;
	if (table != SOURCE_PORTS_CONTACTED)
		return 0;
	rows[0] = (struct source_row){ .proto = "TCP",
		.key = "23",
		.flows = p->scanned,
		.packets = 3 * p->scanned,
		.bytes = 60 * p->scanned,
		.parts = parts,
		.part_count = p->scanned };
	return p->scanned > 0;
}

static size_t
rows(struct source *s, const struct source_window_id *w, enum source_table table,
	bool is_established, struct arena *m, const struct source_row **ret)
{
	const struct places_sample *p = s->state;
	size_t count = 0;

	(void)w;
	*ret = NULL;
	if (p->is_empty)
		return 0;
	if (!is_established)
		return scan_rows(p, table, m, ret);
	*ret = established[table];
	while (count < COUNT(established[0]) && established[table][count].proto != NULL)
		count++;
	return count;
}

static const char *
home_letters(struct arena *m)
{
	char text[2 * CALLS + 1] = "11.";

	for (size_t i = 2; i < CALLS; i++)
		(void)strcat(text, i % 40 == 0 ? "R+" : i % 10 == 0 ? "A," : "a,");
	const char *kept = arena_string(m, text, strlen(text));
	return kept == NULL ? "" : kept;
}

static size_t
tuples(struct source *s, const struct source_window_id *w, bool out, struct arena *m,
	const struct source_tuple **ret)
{
	static const struct source_tuple in[] = {
		{ .peer = "198.51.100.9", .port = "23", .proto = "tcp", .letters = "11.r.R*00s" },
		{ .peer = "198.51.100.9", .port = "80", .proto = "tcp", .letters = "1" }
	};
	const struct places_sample *p = s->state;
	struct source_tuple *all = arena_alloc(m, (p->scanned + 8) * sizeof(*all));
	size_t count = 0;

	(void)w;
	*ret = all;
	if (p->is_empty || all == NULL)
		return 0;
	if (!out)
		memcpy(all, in, sizeof(in));
	else {
		all[count++] = (struct source_tuple){ .peer = HOME,
			.port = "48101",
			.proto = "tcp",
			.letters = home_letters(m),
			.last_s = 120,
			.before_s = 60 };
		all[count++] = (struct source_tuple){
			.peer = "198.51.100.130", .port = "80", .proto = "tcp", .letters = "9"
		};
		all[count++] = (struct source_tuple){ .peer = LONG,
			.port = "80",
			.proto = "tcp",
			.letters = "22.a.a.a.a.a.a.a.a.a.a.a.a.a.a.a.a.a.a.a.a.a.a.b" };
		all[count++] = (struct source_tuple){
			.peer = HOSTILE, .port = "9", .proto = "udp", .letters = HOSTILE "az"
		};
		all[count++] = (struct source_tuple){ .peer = "192.168.2.1",
			.port = "53",
			.proto = "udp",
			.letters = "11.a.B.s.S.",
			.last_s = 9,
			.before_s = 9 };
		for (size_t i = 0; i < p->scanned; i++)
			all[count++] = (struct source_tuple){ .peer = scanned_address(m, i),
				.port = "23",
				.proto = "tcp",
				.letters = "1" };
	}
	count = out ? count : COUNT(in);
	for (size_t i = 0; i < count; i++)
		all[i].address = *address_of(all[i].peer);
	return count;
}

/* A call a minute, now and then half a second late; and others, that are no calls. */
static size_t
flows(struct source *s, const struct source_window_id *w, const char *const *uids, size_t uid_count,
	size_t most, struct arena *m, const struct source_flow **ret)
{
	const struct places_sample *p = s->state;
	struct source_flow *all = arena_alloc(m, (2 * (size_t)CALLS) * sizeof(*all));
	size_t count = 0;

	(void)w;
	(void)uids;
	(void)uid_count;
	*ret = all;
	for (size_t i = 0; all != NULL && i < CALLS && count + 2 <= most; i++) {
		uint64_t late = i % 10 == 0 ? SECOND / 2 : 0;

		if (p->is_irregular)
			late = (i * i * 7919 % 977) * SECOND;
		all[count++] = (struct source_flow){ .uid = "C",
			.orig = SAMPLE_HOST,
			.resp = HOME,
			.orig_port = "5000",
			.resp_port = "48101",
			.proto = "tcp",
			.start_ns = BEGUN + 60 * i * SECOND + late };
		all[count++] = (struct source_flow){ .uid = "D",
			.orig = "198.51.100.9",
			.resp = SAMPLE_HOST,
			.orig_port = "48101",
			.resp_port = "23",
			.proto = "TCP",
			.start_ns = BEGUN + i * i * SECOND };
	}
	return count;
}

#define SAID(name, whose, at_s, points_to, what)                                      \
	{                                                                             \
		.id = (name), .window = { whose, 1 }, .ts_ns = BEGUN + (at_s)*SECOND, \
		.technique = (points_to), .text = (what), .silenced_by = ""           \
	}

static const struct source_evidence said[] = {
	SAID("a", "192.168.2.30", 1, "T1046", "scanned port 23 of 30 addresses"),
	SAID("c", SAMPLE_HOST, 3, "T1046", "scanned 20 ports"),
	SAID("b", "192.168.2.30", 2, "T1046", "scanned port 2323 of 9 addresses"),
	SAID("d", SAMPLE_HOST, 4, "T1071.001", "calls home every minute"),
	SAID("e", SAMPLE_HOST, 5, "T1571", "HTTP on port 48101"),
	SAID("f", HOSTILE, 6, HOSTILE, HOSTILE),
	SAID("g", SAMPLE_HOST, 7, "", "of no technique"),
	{ .id = "h",
		.window = { SAMPLE_HOST, 1 },
		.technique = "T1041",
		.text = "not seen",
		.silenced_by = "a rule" },
	SAID("i", SAMPLE_HOST, 8, "T1110.001", "12 passwords in a minute"),
	SAID("j", SAMPLE_HOST, 9, "T1499.001", "a flood"),
	SAID("k", SAMPLE_HOST, 10, "T1105", "fetched a program"),
};

static size_t
evidences(struct source *s, const struct source_window_id *w, bool one_window, struct arena *m,
	const struct source_evidence **ret)
{
	const struct places_sample *p = s->state;

	(void)m;
	*ret = said;
	return p->is_empty || w->host != NULL || one_window ? 0 : COUNT(said);
}

static bool
can(const struct source *s, enum source_ability a)
{
	const struct places_sample *p = s->state;

	return a == SOURCE_HAS_FLOWS && !p->is_bare;
}

static uint64_t
stamp(struct source *s)
{
	(void)s;
	return 1;
}

static bool
run(struct source *s, struct arena *m, struct source_run *ret)
{
	(void)s;
	(void)m;
	(void)ret;
	return false;
}

static size_t
profiles(struct source *s, struct arena *m, const struct source_profile **ret)
{
	static const struct source_window window = { .id = { SAMPLE_HOST, 2 } };
	static const struct source_profile profile = { .host = SAMPLE_HOST,
		.name = "",
		.vendor = "",
		.country = "",
		.windows = &window,
		.window_count = 1 };

	(void)s;
	(void)m;
	*ret = &profile;
	return 1;
}

static const struct source_kind sample = { .can = can,
	.stamp = stamp,
	.profiles = profiles,
	.evidences = evidences,
	.rows = rows,
	.tuples = tuples,
	.flows = flows,
	.address = address,
	.run = run };
/* Whoever opens something in these tests gets nothing. */
const struct source_kind source_redis = { .can = can };
const struct source_kind source_store = { .can = can };

void
places_sample_init(struct places_sample *s)
{
	*s = (struct places_sample){ .scanned = SCANNED };
	s->source.kind = &sample;
	s->source.state = s;
	(void)strcpy(s->source.name, "sample");
}
