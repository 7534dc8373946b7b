#include "tests/support/detector_rig.h"

#include <netinet/in.h>
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <string.h>

#include <cmocka.h>

extern const struct detector detector_data_upload;

static int
setup(void **state)
{
	static struct rig rig;

	rig_open(&rig, &detector_data_upload);
	*state = &rig;
	return 0;
}

static int
teardown(void **state)
{
	rig_done(*state);
	return 0;
}

#define MB UINT64_C(1000000)

/* A conversation that has sent `piece` since it was last looked at, and `total` in all. */
static struct obs_flow
sending(struct addr resp, uint64_t piece, uint64_t total)
{
	return (struct obs_flow){
		.uid = rig_uid(7),
		.resp = resp,
		.orig_port = 40000,
		.resp_port = 443,
		.ip_proto = IPPROTO_TCP,
		.orig_delta = { .payload_bytes = piece },
		.orig_total = { .payload_bytes = total },
	};
}

static size_t
reports(struct rig *r, struct obs_flow f)
{
	size_t before = r->raised_count;

	rig_flow(r, OBS_FLOW_INTERIM, &f);
	return r->raised_count - before;
}

static const struct addr sink = { .byte = { [10] = 0xff, 0xff, 192, 0, 2, 1 } };

static void
one_conversation_of_100_mb_is_told_on_both_sides(void **state)
{
	struct rig *r = *state;

	assert_int_equal(reports(r, sending(sink, 100 * MB - 1, 100 * MB - 1)), 0);
	assert_int_equal(reports(r, sending(sink, 50 * MB, 120 * MB)), 2);
	const struct raised *e = &r->raised[0];
	assert_string_equal(e->kind->name, "DATA_UPLOAD");
	assert_string_equal(e->kind->technique, "T1048");
	assert_int_equal(e->kind->signature_id, 5200028);
	assert_string_equal(e->kind->unit, "bytes");
	assert_int_equal(e->threat, THREAT_INFO);
	assert_float_equal(e->confidence, 0.6, 1e-9);
	assert_int_equal(e->role, EVIDENCE_ATTACKER);
	assert_false(e->twin);
	assert_true(addr_equal(&e->about, &sink));
	assert_int_equal(e->port, 443);
	assert_int_equal(e->ip_proto, IPPROTO_TCP);
	assert_int_equal(e->observed, 120 * MB);
	assert_int_equal(e->threshold, 100 * MB);
	assert_string_equal(e->object, "192.0.2.1 in one connection");
	assert_int_equal(e->uid_count, 1);
	assert_string_equal(e->text, "sent 120 MB to 192.0.2.1 in one connection");
	e = rig_last(r);
	assert_true(e->twin);
	assert_int_equal(e->threat, THREAT_HIGH);
	assert_int_equal(e->role, EVIDENCE_VICTIM);
	assert_string_equal(e->text, "was sent 120 MB by 10.0.0.1 in one connection");
}

static void
it_is_told_when_it_passes_and_at_each_tenfold(void **state)
{
	struct rig *r = *state;

	rig_set_size(r, "min_window", MB * MB);
	assert_int_equal(reports(r, sending(sink, 99 * MB, 99 * MB)), 0);
	assert_int_equal(reports(r, sending(sink, MB, 100 * MB)), 2);
	assert_int_equal(reports(r, sending(sink, MB, 101 * MB)), 0);
	assert_int_equal(reports(r, sending(sink, 898 * MB, 999 * MB)), 0);
	assert_int_equal(reports(r, sending(sink, MB, 1000 * MB)), 2);
	assert_int_equal(reports(r, sending(sink, MB, 1001 * MB)), 0);
	assert_int_equal(reports(r, sending(sink, 50000 * MB, 51001 * MB)), 2);
	assert_int_equal(reports(r, sending(sink, MB, UINT64_MAX)), 0);
	assert_int_equal(reports(r, sending(sink, 900 * MB, 1000 * MB)), 2); /* from 100 on */
}

/* A4 */
static void
a_window_sums_up_all_conversations_with_a_peer(void **state)
{
	struct rig *r = *state;

	for (unsigned i = 0; i < 9; i++)
		assert_int_equal(reports(r, sending(sink, 50 * MB, 50 * MB)), 0);
	assert_int_equal(reports(r, sending(addr_v4(192, 0, 2, 2), 50 * MB, 50 * MB)), 0);
	assert_int_equal(reports(r, sending(sink, 50 * MB - 1, 50 * MB - 1)), 0);
	assert_int_equal(reports(r, sending(sink, MB, MB)), 2);
	assert_string_equal(r->raised[0].text, "sent 500 MB to 192.0.2.1 in one window");
	assert_string_equal(r->raised[0].object, "192.0.2.1 in one window");
	assert_int_equal(r->raised[0].threshold, 500 * MB);
	assert_int_equal(reports(r, sending(sink, 50 * MB, 50 * MB)), 0);
	rig_window_next(r);
	for (unsigned i = 0; i < 9; i++)
		assert_int_equal(reports(r, sending(sink, 50 * MB, 50 * MB)), 0);
}

static void
small_pieces_cost_no_memory(void **state)
{
	struct rig *r = *state;

	size_t used = r->memory.used_bytes;
	for (unsigned i = 0; i < 1000; i++)
		(void)reports(r, sending(addr_v4(192, 0, 3, (uint8_t)i), UINT64_C(16) * 1024 - 1,
					 UINT64_C(16) * 1024 - 1));
	assert_int_equal(r->memory.used_bytes, used);
	(void)reports(r, sending(sink, UINT64_C(16) * 1024, UINT64_C(16) * 1024));
	assert_true(r->memory.used_bytes > used);
}

static void
the_gateway_and_nobody_in_particular_receive_nothing(void **state)
{
	struct rig *r = *state;
	const struct mac router = { { 2, 0, 0, 0, 0, 9 } };
	struct obs_flow out = sending(addr_v4(8, 8, 8, 8), 0, 0);
	struct obs_arp arp = {
		.operation = 1, .sender = addr_v4(10, 0, 0, 254), .sender_mac = router
	};

	assert_int_equal(reports(r, sending(addr_v4(224, 0, 0, 1), 900 * MB, 900 * MB)), 0);
	assert_int_equal(reports(r, sending(addr_v4(169, 254, 0, 1), 900 * MB, 900 * MB)), 0);
	assert_int_equal(reports(r, sending(addr_v4(240, 0, 0, 1), 900 * MB, 900 * MB)), 0);
	assert_int_equal(reports(r, sending(addr_v4(255, 255, 255, 255), 900 * MB, 900 * MB)), 0);
	out.orig = r->host;
	out.has_macs = true;
	out.resp_mac = router;
	rig_learn(r,
		&(struct observation){ .kind = OBS_FLOW_START, .ts_ns = r->now_ns, .flow = &out });
	rig_learn(r, &(struct observation){ .kind = OBS_ARP, .ts_ns = r->now_ns, .arp = &arp });
	assert_int_equal(reports(r, sending(addr_v4(10, 0, 0, 254), 900 * MB, 900 * MB)), 0);
	assert_int_equal(reports(r, sending(addr_v4(10, 0, 0, 253), 900 * MB, 900 * MB)), 4);
}

static void
who_received_is_not_looked_at(void **state)
{
	struct rig *r = *state;
	struct obs_flow f = sending(sink, 900 * MB, 900 * MB);

	rig_flow_as_server(r, OBS_FLOW_END, &f);
	rig_flow(r, OBS_FLOW_START, &f);
	assert_int_equal(r->raised_count, 0);
	rig_flow(r, OBS_FLOW_END, &f);
	assert_int_equal(r->raised_count, 4);
}

/* A foreign flow log may say anything. */
static void
a_piece_larger_than_the_whole_is_none(void **state)
{
	struct rig *r = *state;

	assert_int_equal(reports(r, sending(sink, 900 * MB, 800 * MB)), 0);
}

static void
peers_past_512_have_no_sum_but_their_conversations_count(void **state)
{
	struct rig *r = *state;

	for (unsigned i = 0; i < 512; i++)
		(void)reports(r, sending(addr_v4(192, 0, (uint8_t)(i >> 8), (uint8_t)i), MB, MB));
	size_t used = r->memory.used_bytes;
	assert_int_equal(reports(r, sending(addr_v4(192, 0, 9, 9), 900 * MB, 900 * MB)), 2);
	assert_int_equal(r->memory.used_bytes, used);
	assert_int_equal(reports(r, sending(addr_v4(192, 0, 1, 255), 900 * MB, 900 * MB)), 4);
}

static void
the_least_sizes_can_be_set(void **state)
{
	struct rig *r = *state;

	assert_false(rig_setting_takes(r, "min_connection", MB - 1));
	assert_true(rig_setting_takes(r, "min_connection", MB * MB));
	assert_false(rig_setting_takes(r, "min_connection", MB * MB + 1));
	assert_false(rig_setting_takes(r, "min_window", MB - 1));
	assert_true(rig_setting_takes(r, "min_window", MB * MB));
	assert_false(rig_setting_takes(r, "min_window", MB * MB + 1));
	rig_set_size(r, "min_connection", 2 * MB);
	rig_set_size(r, "min_window", 3 * MB);
	assert_int_equal(reports(r, sending(sink, 2 * MB, 2 * MB)), 2);
	assert_int_equal(reports(r, sending(sink, MB, MB)), 2);
}

int
main(void)
{
	const struct CMUnitTest tests[] = {
#define TEST(name) cmocka_unit_test_setup_teardown(name, setup, teardown)
		TEST(one_conversation_of_100_mb_is_told_on_both_sides),
		TEST(it_is_told_when_it_passes_and_at_each_tenfold),
		TEST(a_window_sums_up_all_conversations_with_a_peer),
		TEST(small_pieces_cost_no_memory),
		TEST(the_gateway_and_nobody_in_particular_receive_nothing),
		TEST(who_received_is_not_looked_at),
		TEST(a_piece_larger_than_the_whole_is_none),
		TEST(peers_past_512_have_no_sum_but_their_conversations_count),
		TEST(the_least_sizes_can_be_set),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
