/* The golden vectors of behaviour §13.1 and the table of §2.3, through the engine's own door. */
#include "daemon/base/time_text.h"
#include "daemon/tuples/features.h"
#include "tests/support/engine_rig.h"

#include <netinet/in.h>
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include <cmocka.h>

static const struct rig_flow golden[] = {
	{ 0, "10.0.0.5", 40000, "93.184.216.34", 443, IPPROTO_TCP, .5, 200, 800, CONN_SF, 6, 5 },
	{ 60, "10.0.0.5", 40001, "93.184.216.34", 443, IPPROTO_TCP, .5, 200, 800, CONN_SF, 6, 5 },
	{ 120, "10.0.0.5", 40002, "93.184.216.34", 443, IPPROTO_TCP, .5, 200, 800, CONN_SF, 6, 5 },
	{ 180, "10.0.0.5", 40003, "93.184.216.34", 443, IPPROTO_TCP, 12, 500, 3000, CONN_SF, 9, 8 },
	{ 10, "10.0.0.5", 50000, "8.8.8.8", 53, IPPROTO_UDP, .02, 40, 100, CONN_SF, 1, 1 },
	{ 200, "10.0.0.5", 41000, "198.51.100.7", 23, IPPROTO_TCP, 0, 0, 0, CONN_S0, 3, 0 },
	{ 201, "10.0.0.5", 41001, "198.51.100.8", 23, IPPROTO_TCP, 0, 0, 0, CONN_REJ, 1, 1 },
	{ 300, "203.0.113.9", 55555, "10.0.0.5", 22, IPPROTO_TCP, 3, 1500, 2500, CONN_SF, 12, 10 },
	{ 360, "203.0.113.9", 55556, "10.0.0.5", 22, IPPROTO_TCP, 3, 1500, 2500, CONN_RSTR, 2, 1 },
	{ 3600, "10.0.0.5", 40004, "93.184.216.34", 443, IPPROTO_TCP, .5, 200, 800, CONN_SF, 6, 5 },
	{ 400, "10.0.0.5", 8, "10.0.0.1", 0, IPPROTO_ICMP, 1, 56, 56, CONN_OTH, 1, 1 },
};

/* What a test of one window wants to see of it, worked out while its tuples are there. */
struct wanted {
	const char *host;
	int64_t number;
	struct feature_name name;
	char text[1024];
	bool seen;
};

/* "index flows packets bytes {key:packets,...}\n" of each entry */
static void
describe(struct engine_rig *r, const struct record_window *w)
{
	struct wanted *want = r->test;
	struct addr host = rig_addr(want->host);
	struct arena memory;
	const struct feature *features = NULL;
	char a[ADDR_TEXT_MAX];
	char *at = want->text;

	if (!addr_equal(&w->host, &host) || w->window.number != want->number)
		return;
	want->seen = true;
	arena_init(&memory, (size_t)1024 * 1024, NULL);
	size_t count = features_derive(w->tuples, &want->name, &memory, &features);
	for (size_t i = 0; i < count; i++) {
		const struct feature *f = &features[i];
		bool by_peer = want->name.index == FEATURE_PEERS;
		at += by_peer ? sprintf(at, "%s", addr_format(&f->peer, a))
			      : sprintf(at, "%u", f->port);
		at += sprintf(at, " %d %d %d", (int)f->flows, (int)f->packets, (int)f->bytes);
		for (size_t p = 0; p < f->part_count; p++)
			at += by_peer ? sprintf(at, " %u:%d", f->parts[p].port,
						(int)f->parts[p].packets)
				      : sprintf(at, " %s:%d", addr_format(&f->parts[p].peer, a),
						(int)f->parts[p].packets);
		at += sprintf(at, "\n");
	}
	arena_done(&memory);
}

static struct engine_rig *
run_golden(enum direction direction, struct setting_cidr *home, bool s20, struct wanted *want)
{
	struct engine_rig *r = malloc(sizeof(*r));

	assert_non_null(r);
	engine_rig_init(r);
	r->settings.direction = direction;
	r->settings.compat.windows = s20 ? COMPAT_WINDOWS_S20 : COMPAT_WINDOWS_NONE;
	if (home != NULL)
		engine_rig_home(r, home);
	if (want != NULL) {
		want->text[0] = '\0';
		r->on_window = describe;
		r->test = want;
	}
	engine_rig_start(r);
	for (size_t i = 0; i < sizeof(golden) / sizeof(golden[0]); i++)
		engine_rig_flow(r, &golden[i]);
	engine_rig_finish(r);
	if (want != NULL)
		assert_true(want->seen);
	return r;
}

static const struct kept_window *
window_of(const struct engine_rig *r, const char *host, int64_t number)
{
	struct addr a = rig_addr(host);

	for (size_t i = 0; i < r->window_count; i++)
		if (addr_equal(&r->windows[i].window.host, &a) &&
			r->windows[i].window.window.number == number)
			return &r->windows[i];
	return NULL;
}

static void
out_tuples_spell_as_in_slips(void **state)
{
	(void)state;
	for (int s20 = 0; s20 < 2; s20++) {
		struct engine_rig *r = run_golden(DIRECTION_OUT, NULL, s20 == 1, NULL);
		assert_string_equal(window_of(r, "10.0.0.5", 1)->spelled,
			"93.184.216.34:443:6 55,e,i,\n8.8.8.8:53:17 1\n198.51.100.7:23:6 1\n"
			"198.51.100.8:23:6 1\n10.0.0.1:0:1 2\n");
		assert_string_equal(
			window_of(r, "10.0.0.5", 2)->spelled, "93.184.216.34:443:6 5\n");
		assert_int_equal(window_of(r, "10.0.0.5", 2)->window.window.start_ns, rig_ns(3600));
		assert_int_equal(r->totals.flows, 11);
		free(r);
	}
}

static void
assert_dictionary(
	enum direction direction, struct feature_name name, const char *named, const char *expected)
{
	struct wanted want = { .host = "10.0.0.5", .number = 1, .name = name };
	char text[FEATURE_NAME_MAX];

	free(run_golden(direction, NULL, false, &want));
	assert_string_equal(feature_name_format(&name, text), named);
	assert_string_equal(want.text, expected);
}

static void
client_dictionaries_hold_the_golden_sums(void **state)
{
	(void)state;
	assert_dictionary(DIRECTION_OUT,
		(struct feature_name){ FEATURE_DESTINATION_PORTS, ROLE_CLIENT, IPPROTO_TCP, true },
		"DstPortsClientTCPEstablished", "443 4 50 6500 93.184.216.34:50\n");
	assert_dictionary(DIRECTION_OUT,
		(struct feature_name){ FEATURE_PEERS, ROLE_CLIENT, IPPROTO_TCP, true },
		"DstIPsClientTCPEstablished", "93.184.216.34 4 50 6500 443:50\n");
	assert_dictionary(DIRECTION_OUT,
		(struct feature_name){ FEATURE_DESTINATION_PORTS, ROLE_CLIENT, IPPROTO_TCP, false },
		"DstPortsClientTCPNotEstablished", "23 2 5 0 198.51.100.7:3 198.51.100.8:2\n");
	assert_dictionary(DIRECTION_OUT,
		(struct feature_name){ FEATURE_DESTINATION_PORTS, ROLE_CLIENT, IPPROTO_UDP, true },
		"DstPortsClientUDPEstablished", "53 1 2 140 8.8.8.8:2\n");
	assert_dictionary(DIRECTION_OUT,
		(struct feature_name){ FEATURE_DESTINATION_PORTS, ROLE_CLIENT, IPPROTO_ICMP, true },
		"DstPortsClientICMPEstablished", "0 1 2 112 10.0.0.1:2\n");
	assert_dictionary(DIRECTION_OUT,
		(struct feature_name){ FEATURE_SOURCE_PORTS, ROLE_CLIENT, IPPROTO_TCP, true },
		"SrcPortsClientTCPEstablished",
		"40000 1 11 1000\n40001 1 11 1000\n40002 1 11 1000\n40003 1 17 3500\n");
	assert_dictionary(DIRECTION_OUT,
		(struct feature_name){ FEATURE_SOURCE_PORTS, ROLE_CLIENT, IPPROTO_ICMP, true },
		"SrcPortsClientICMPEstablished", "8 1 2 112\n");
}

static void
server_dictionaries_hold_the_golden_sums(void **state)
{
	(void)state;
	assert_dictionary(DIRECTION_ALL,
		(struct feature_name){ FEATURE_PEERS, ROLE_SERVER, IPPROTO_TCP, true },
		"SrcIPsServerTCPEstablished", "203.0.113.9 1 22 4000 22:22\n");
	assert_dictionary(DIRECTION_ALL,
		(struct feature_name){ FEATURE_PEERS, ROLE_SERVER, IPPROTO_TCP, false },
		"SrcIPsServerTCPNotEstablished", "203.0.113.9 1 3 4000 22:3\n");
	assert_dictionary(DIRECTION_ALL,
		(struct feature_name){ FEATURE_DESTINATION_PORTS, ROLE_SERVER, IPPROTO_TCP, true },
		"DstPortsServerTCPEstablished", "22 1 22 4000 203.0.113.9:22\n");
	assert_dictionary(DIRECTION_OUT,
		(struct feature_name){ FEATURE_PEERS, ROLE_SERVER, IPPROTO_TCP, true },
		"SrcIPsServerTCPEstablished", "");
}

static void
home_and_direction_choose_the_profiles(void **state)
{
	struct setting_cidr ten;

	(void)state;
	assert_true(cidr_parse("10.0.0.0/8", &ten.value));
	const struct {
		struct setting_cidr *home;
		enum direction direction;
		unsigned hosts;
	} cases[] = {
		{ NULL, DIRECTION_OUT, 2 }, { NULL, DIRECTION_ALL, 7 }, { &ten, DIRECTION_OUT, 1 },
		{ &ten, DIRECTION_ALL, 2 }, /* 10.0.0.5, and 10.0.0.1 that it pings */
	};
	for (size_t i = 0; i < 4; i++) {
		struct engine_rig *r = run_golden(cases[i].direction, cases[i].home, false, NULL);
		assert_int_equal(r->totals.hosts, cases[i].hosts);
		free(r);
	}
}

static void
inside_home_both_sides_are_told(void **state)
{
	struct setting_cidr ten;

	(void)state;
	assert_true(cidr_parse("10.0.0.0/8", &ten.value));
	struct engine_rig *r = run_golden(DIRECTION_ALL, &ten, false, NULL);
	assert_int_equal(window_of(r, "10.0.0.1", 1)->flows[1], 1); /* as server */
	assert_int_equal(window_of(r, "10.0.0.5", 1)->flows[0], 8);
	assert_int_equal(window_of(r, "10.0.0.5", 1)->flows[1], 2);
	assert_null(window_of(r, "203.0.113.9", 1));
	free(r);
}

static void
numbers_by_profile_start_with_each_profile(void **state)
{
	struct engine_rig *r = malloc(sizeof(*r));

	(void)state;
	engine_rig_init(r);
	r->settings.windows.numbering = NUMBERING_PROFILE;
	engine_rig_start(r);
	for (size_t i = 0; i < sizeof(golden) / sizeof(golden[0]); i++)
		engine_rig_flow(r, &golden[i]);
	engine_rig_finish(r);
	assert_int_equal(window_of(r, "203.0.113.9", 1)->window.window.start_ns, rig_ns(300));
	assert_int_equal(window_of(r, "10.0.0.5", 1)->window.window.start_ns, rig_ns(0));
	free(r);
}

static void
one_window_for_all_when_asked(void **state)
{
	struct engine_rig *r = malloc(sizeof(*r));

	(void)state;
	engine_rig_init(r);
	r->settings.windows.only_one = true;
	engine_rig_start(r);
	for (size_t i = 0; i < sizeof(golden) / sizeof(golden[0]); i++)
		engine_rig_flow(r, &golden[i]);
	engine_rig_finish(r);
	assert_int_equal(r->window_count, 2);
	assert_non_null(strstr(window_of(r, "10.0.0.5", 1)->spelled, "55,e,i,"));
	free(r);
}

static void
every_dictionary_is_empty_without_flows(void **state)
{
	struct tuples t;
	struct arena memory;
	const struct feature *features = NULL;
	const struct hash_key key = { { 0, 0 } };

	(void)state;
	arena_init(&memory, 65536, NULL);
	tuples_init(&t, &memory, &key);
	for (int index = FEATURE_PEERS; index <= FEATURE_SOURCE_PORTS; index++)
		assert_int_equal(features_derive(&t,
					 &(struct feature_name){ (enum feature_index)index,
						 ROLE_CLIENT, IPPROTO_TCP, true },
					 &memory, &features),
			0);
	arena_done(&memory);
}

int
main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(out_tuples_spell_as_in_slips),
		cmocka_unit_test(client_dictionaries_hold_the_golden_sums),
		cmocka_unit_test(server_dictionaries_hold_the_golden_sums),
		cmocka_unit_test(home_and_direction_choose_the_profiles),
		cmocka_unit_test(inside_home_both_sides_are_told),
		cmocka_unit_test(numbers_by_profile_start_with_each_profile),
		cmocka_unit_test(one_window_for_all_when_asked),
		cmocka_unit_test(every_dictionary_is_empty_without_flows),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
