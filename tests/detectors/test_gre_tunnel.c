#include "tests/support/detector_rig.h"

#include <netinet/in.h>
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>

#include <cmocka.h>

extern const struct detector detector_gre_tunnel;

enum { MAX_PEERS = 64 };

static int
setup(void **state)
{
	static struct rig rig;

	rig_open(&rig, &detector_gre_tunnel);
	*state = &rig;
	return 0;
}

static int
teardown(void **state)
{
	rig_done(*state);
	return 0;
}

/* GRE between the host and `peer` with so many bytes each way. */
static struct obs_flow
gre(const struct rig *r, struct addr peer, uint64_t sent, uint64_t received)
{
	return (struct obs_flow){
		.uid = rig_uid(3),
		.orig = r->host,
		.resp = peer,
		.ip_proto = 47,
		.orig_total = { .packets = sent > 0, .ip_bytes = sent },
		.resp_total = { .packets = received > 0, .ip_bytes = received },
		.history = "",
		.service = "",
	};
}

static struct addr
outside(void)
{
	return addr_v4(93, 184, 216, 34);
}

/* The engine tells that packets are inside `f`. */
static void
tell(struct rig *r, const struct obs_flow *f, enum tunnel_kind kind, bool closed,
	enum obs_role role)
{
	struct obs_tunnel t = { .kind = kind, .closed = closed, .flow = f };

	rig_observe(
		r, &(struct observation){
			   .kind = OBS_TUNNEL, .role = role, .ts_ns = RIG_START_NS, .tunnel = &t });
}

/* A tunnel from its first packet to its end. */
static void
tunnel(struct rig *r, struct addr peer, enum tunnel_kind kind, uint64_t sent, uint64_t received)
{
	struct obs_flow f = gre(r, peer, sent, received);

	tell(r, &f, kind, false, ROLE_CLIENT);
	rig_flow(r, OBS_FLOW_END, &f);
	tell(r, &f, kind, true, ROLE_CLIENT);
}

static void
one_byte_short_is_silence(void **state)
{
	struct rig *r = *state;

	tunnel(r, outside(), TUNNEL_GRE, 5000, 4999);
	assert_int_equal(r->raised_count, 0);
	tunnel(r, outside(), TUNNEL_GRE, 5000, 5000);
	assert_int_equal(r->raised_count, 1);
}

static void
the_finding_says_what_was_measured(void **state)
{
	struct rig *r = *state;
	struct addr peer = outside();

	tunnel(r, peer, TUNNEL_GRE, 12000, 345);
	const struct raised *e = rig_last(r);
	assert_string_equal(e->kind->name, "GRE_TUNNEL");
	assert_string_equal(e->kind->technique, "T1572");
	assert_int_equal(e->kind->signature_id, 5200041);
	assert_string_equal(e->kind->unit, "bytes");
	assert_string_equal(e->kind->title, "GRE tunnel");
	assert_string_equal(
		e->text, "exchanged 12345 bytes with 93.184.216.34 through a GRE tunnel");
	assert_string_equal(e->object, "93.184.216.34");
	assert_int_equal(e->threat, THREAT_LOW);
	assert_float_equal(e->confidence, 0.5, 1e-9);
	assert_int_equal(e->role, EVIDENCE_ATTACKER);
	assert_true(e->has_about && addr_equal(&e->about, &peer));
	assert_int_equal(e->ip_proto, 47);
	assert_int_equal(e->observed, 12345);
	assert_int_equal(e->threshold, 10000);
	assert_int_equal(e->uid_count, 1);
	assert_string_equal(e->uids[0].text, rig_uid(3).text);
}

static void
a_peer_is_mentioned_once_over_all_windows(void **state)
{
	struct rig *r = *state;

	for (unsigned i = 0; i < 5; i++) {
		tunnel(r, outside(), TUNNEL_GRE, 20000, 20000);
		rig_window_next(r);
	}
	assert_int_equal(r->raised_count, 1);
	tunnel(r, addr_v4(93, 184, 216, 35), TUNNEL_PPTP, 20000, 20000);
	assert_int_equal(r->raised_count, 2);
}

static void
a_tunnel_that_goes_on_is_mentioned_before_its_end(void **state)
{
	struct rig *r = *state;
	struct obs_flow f = gre(r, outside(), 6000, 6000);

	rig_flow(r, OBS_FLOW_INTERIM, &f); /* nothing was found inside yet */
	assert_int_equal(r->raised_count, 0);
	tell(r, &f, TUNNEL_GRE, false, ROLE_CLIENT);
	rig_flow(r, OBS_FLOW_START, &f);
	assert_int_equal(r->raised_count, 0);
	rig_flow(r, OBS_FLOW_INTERIM, &f);
	assert_int_equal(r->raised_count, 1);
}

static void
one_side_alone_keeps_no_tunnel(void **state)
{
	struct rig *r = *state;

	tunnel(r, outside(), TUNNEL_GRE, 20000, 0);
	tunnel(r, outside(), TUNNEL_GRE, 0, 20000);
	assert_int_equal(r->raised_count, 0);
}

static void
mirrors_and_other_tunnels_are_not_meant(void **state)
{
	struct rig *r = *state;
	struct obs_flow f = gre(r, outside(), 20000, 20000);

	tunnel(r, outside(), TUNNEL_ERSPAN, 20000, 20000);
	tell(r, &f, TUNNEL_GRE, true, ROLE_CLIENT); /* an end alone says nothing */
	rig_flow(r, OBS_FLOW_END, &f);
	f.ip_proto = 4;
	tell(r, &f, TUNNEL_IP, false, ROLE_CLIENT);
	rig_flow(r, OBS_FLOW_END, &f);
	assert_int_equal(r->raised_count, 0);
}

static void
inside_a_site_tunnels_are_how_it_is_built(void **state)
{
	struct rig *r = *state;

	tunnel(r, addr_v4(10, 9, 9, 9), TUNNEL_GRE, 20000, 20000);
	tunnel(r, addr_v4(224, 0, 0, 5), TUNNEL_GRE, 20000, 20000);
	assert_int_equal(r->raised_count, 0);
}

static void
a_tunnel_that_the_outside_began_is_the_hosts_as_well(void **state)
{
	struct rig *r = *state;
	struct obs_flow f = gre(r, outside(), 20000, 20000);

	f.resp = r->host;
	f.orig = outside();
	tell(r, &f, TUNNEL_GRE, false, ROLE_SERVER);
	rig_flow_as_server(r, OBS_FLOW_END, &f);
	assert_int_equal(r->raised_count, 1);
	assert_string_equal(rig_last(r)->object, "93.184.216.34");

	f.resp = addr_v4(8, 8, 8, 8); /* between two public ones it is of the one that began */
	f.orig = addr_v4(93, 184, 216, 40);
	tell(r, &f, TUNNEL_GRE, false, ROLE_SERVER);
	rig_flow_as_server(r, OBS_FLOW_END, &f);
	assert_int_equal(r->raised_count, 1);
}

static void
the_word_of_a_log_is_mentioned_once_with_little_confidence(void **state)
{
	struct rig *r = *state;
	struct obs_flow f = gre(r, outside(), 0, 0);

	tell(r, &f, TUNNEL_GRE, true, ROLE_CLIENT);
	tell(r, &f, TUNNEL_ERSPAN, false, ROLE_CLIENT);
	assert_int_equal(r->raised_count, 0);
	tell(r, &f, TUNNEL_GRE, false, ROLE_CLIENT);
	assert_int_equal(r->raised_count, 1);
	const struct raised *e = rig_last(r);
	assert_string_equal(
		e->text, "spoke, as a log says, with 93.184.216.34 through a GRE tunnel");
	assert_string_equal(e->object, "93.184.216.34");
	assert_float_equal(e->confidence, 0.2, 1e-9);
	assert_int_equal(e->threat, THREAT_LOW);
	assert_int_equal(e->uid_count, 1);
	tell(r, &f, TUNNEL_GRE, false, ROLE_CLIENT);
	tunnel(r, outside(), TUNNEL_GRE, 20000, 20000);
	assert_int_equal(r->raised_count, 1);
}

static void
the_word_of_a_log_says_nothing_of_a_public_host(void **state)
{
	struct rig *r = *state;
	struct obs_flow f = gre(r, outside(), 0, 0);

	r->host = f.orig = addr_v4(8, 8, 4, 4);
	tell(r, &f, TUNNEL_GRE, false, ROLE_CLIENT);
	assert_int_equal(r->raised_count, 0);
}

static void
no_more_than_64_peers_are_followed(void **state)
{
	struct rig *r = *state;

	for (unsigned i = 0; i < MAX_PEERS + 10; i++)
		tunnel(r, addr_v4(93, 184, 1, (uint8_t)i), TUNNEL_GRE, 20000, 20000);
	assert_int_equal(r->raised_count, MAX_PEERS);
	size_t used = r->profile_memory.used_bytes;
	tunnel(r, addr_v4(93, 184, 2, 1), TUNNEL_GRE, 20000, 20000);
	assert_int_equal(r->profile_memory.used_bytes, used);
}

static void
a_full_arena_is_quiet(void **state)
{
	struct rig *r = *state;

	r->profile_memory.cap_bytes = r->profile_memory.used_bytes;
	tunnel(r, outside(), TUNNEL_GRE, 20000, 20000);
	assert_int_equal(r->raised_count, 0);
	assert_true(r->profile_memory.refused > 0);
}

static void
the_bytes_can_be_set(void **state)
{
	struct rig *r = *state;

	assert_false(rig_setting_takes(r, "min_bytes", 99));
	assert_true(rig_setting_takes(r, "min_bytes", UINT64_C(1) << 40));
	assert_false(rig_setting_takes(r, "min_bytes", (UINT64_C(1) << 40) + 1));
}

int
main(void)
{
	const struct CMUnitTest tests[] = {
#define TEST(name) cmocka_unit_test_setup_teardown(name, setup, teardown)
		TEST(one_byte_short_is_silence),
		TEST(the_finding_says_what_was_measured),
		TEST(a_peer_is_mentioned_once_over_all_windows),
		TEST(a_tunnel_that_goes_on_is_mentioned_before_its_end),
		TEST(one_side_alone_keeps_no_tunnel),
		TEST(mirrors_and_other_tunnels_are_not_meant),
		TEST(inside_a_site_tunnels_are_how_it_is_built),
		TEST(a_tunnel_that_the_outside_began_is_the_hosts_as_well),
		TEST(the_word_of_a_log_is_mentioned_once_with_little_confidence),
		TEST(the_word_of_a_log_says_nothing_of_a_public_host),
		TEST(no_more_than_64_peers_are_followed),
		TEST(a_full_arena_is_quiet),
		TEST(the_bytes_can_be_set),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
