#include "tests/support/input_rig.h"

#include "daemon/base/time_text.h"
#include "daemon/input/flow_pair.h"

#include <errno.h>
#include <netinet/in.h>
#include <setjmp.h>
#include <stdarg.h>
#include <stdio.h>

#include <cmocka.h>

extern const struct input_format input_nfdump;

#define HEADER "ts,te,td,sa,da,sp,dp,pr,flg,fwd,stos,ipkt,ibyt,opkt,obyt"
#define THERE                                                                                     \
	"2018-01-12 15:37:30,2018-01-12 15:37:31,0.500,147.32.80.119,147.32.82.62,52324,902,TCP," \
	"...AP.SF,0,0,5,431,0,0"
#define BACK                                                                                      \
	"2018-01-12 15:37:30,2018-01-12 15:37:31,0.400,147.32.82.62,147.32.80.119,902,52324,TCP," \
	"...AP.SF,0,0,4,325,0,0"
/* 2018-01-12 15:37:30 */
#define T0 (UINT64_C(1515771450) * NS_PER_S)

static int
rig_open(void **state)
{
	*state = input_rig_new(&input_nfdump);
	return 0;
}

static int
rig_close(void **state)
{
	input_rig_free(*state);
	return 0;
}

static void
assert_addr(const struct addr *a, const char *expected)
{
	char text[ADDR_TEXT_MAX];

	assert_string_equal(addr_format(a, text), expected);
}

/* What waits, which is one. */
static const struct obs_flow *
only(struct input_rig *r)
{
	assert_int_equal(input_rig_held(r, UINT64_MAX), 1);
	return &r->s.items[0].flow;
}

static void
two_lines_are_one_conversation(void **state)
{
	struct input_rig *r = *state;
	const struct input_item *item = &r->s.items[0];

	assert_int_equal(input_rig_line(r, HEADER), 0);
	assert_int_equal(input_rig_line(r, BACK), 0);
	assert_int_equal(input_rig_line(r, THERE), 0);
	assert_int_equal(r->s.kept, 2);
	const struct obs_flow *f = only(r);
	assert_int_equal(item->o.kind, OBS_FLOW_END);
	assert_ptr_equal(item->o.flow, f);
	assert_addr(&f->orig, "147.32.80.119");
	assert_addr(&f->resp, "147.32.82.62");
	assert_int_equal(f->orig_port, 52324);
	assert_int_equal(f->resp_port, 902);
	assert_int_equal(f->orig_total.packets, 5);
	assert_int_equal(f->orig_total.ip_bytes, 431);
	assert_int_equal(f->resp_total.packets, 4);
	assert_int_equal(f->resp_delta.ip_bytes, 325);
	assert_int_equal(f->state, CONN_SF);
	assert_true(f->established);
	assert_string_equal(f->label, "");
	assert_int_equal(input_rig_held(r, UINT64_MAX), 0);
}

/* It is kept, so nobody but the format can ask whether its time is believed. */
static void
a_line_of_another_century_does_not_end_what_waits(void **state)
{
	struct input_rig *r = *state;

	input_rig_line(r, HEADER);
	input_rig_line(r, BACK);
	assert_int_equal(
		input_rig_line(r, "2099-01-12 15:37:30,2099-01-12 15:37:31,0.500,10.0.0.1,10.0.0.2,"
				  "1,2,TCP,S,0,0,1,60,0,0"),
		-EBADMSG);
	assert_string_equal(r->s.complaint, "its time is 29585 days ahead of the lines before");
	assert_int_equal(input_rig_line(r, THERE), 0);
	assert_int_equal(only(r)->resp_total.packets, 4);
	assert_int_equal(input_rig_held(r, UINT64_MAX), 0);
}

static void
the_start_fits_whole_seconds_and_the_duration(void **state)
{
	struct input_rig *r = *state;
	const struct obs_flow *f;

	input_rig_line(r, HEADER);
	input_rig_line(r, THERE);
	f = only(r);
	assert_true(f->start_ns == T0 + NS_PER_S / 2);
	assert_true(f->last_ns == T0 + NS_PER_S);
	input_rig_line(
		r, "2018-01-12 15:37:30,2018-01-12 15:37:30,0.500,10.0.0.1,10.0.0.2,1,2,TCP,S");
	f = only(r);
	assert_true(f->start_ns == T0);
	assert_true(f->last_ns == T0 + NS_PER_S / 2);
	input_rig_line(r, "1515771450.942,1515771451.442,0.5,10.0.0.1,10.0.0.2,1,2,6,S");
	f = only(r);
	assert_true(f->start_ns == T0 + UINT64_C(942) * NS_PER_MS);
	assert_true(f->last_ns == T0 + NS_PER_S + UINT64_C(442) * NS_PER_MS);
}

static void
newer_names_and_a_missing_end_are_read(void **state)
{
	struct input_rig *r = *state;

	assert_int_equal(input_rig_line(r, "firstSeen,duration,proto,srcAddr,srcPort,dstAddr,"
					   "dstPort,packets,bytes,bps,bpp,flows"),
		0);
	assert_int_equal(
		input_rig_line(r, "2018-01-12 15:37:30.250,1.5,UDP,2001:db8::1,4000,2001:db8::2,53,"
				  "1,60,0,60,1"),
		0);
	const struct obs_flow *f = only(r);
	assert_addr(&f->orig, "2001:db8::1");
	assert_int_equal(f->resp_port, 53);
	assert_true(f->start_ns == T0 + UINT64_C(250) * NS_PER_MS);
	assert_true(f->last_ns == T0 + UINT64_C(1750) * NS_PER_MS);
	assert_int_equal(f->orig_total.ip_bytes, 60);
}

static void
without_a_header_columns_stand_where_csv_has_them(void **state)
{
	struct input_rig *r = *state;

	assert_int_equal(input_rig_line(r, THERE), 0);
	assert_int_equal(only(r)->orig_total.ip_bytes, 431);
	assert_int_equal(
		input_rig_line(r, "2018-01-12 15:37:30,2018-01-12 15:37:31,0.500,"
				  "147.32.80.119,  147.32.82.62, 52324,  902,6    ,......S.,"
				  "  0,   0,       1,      60,  0,  0"),
		0);
	assert_int_equal(only(r)->state, CONN_S0);
}

static void
a_line_may_tell_both_directions(void **state)
{
	struct input_rig *r = *state;

	input_rig_line(r, HEADER);
	input_rig_line(r,
		"2018-01-12 15:37:30,2018-01-12 15:37:31,0.500,147.32.80.119,147.32.82.62,"
		"52324,902,TCP,...AP.SF,0,0,5,431,4,325");
	const struct obs_flow *f = only(r);
	assert_int_equal(f->resp_total.packets, 4);
	assert_int_equal(f->resp_total.ip_bytes, 325);
	assert_int_equal(f->state, CONN_SF);
}

static void
icmp_has_type_and_code_in_the_destination_port(void **state)
{
	static const char *const ports[] = { "1023", "3.255" };
	struct input_rig *r = *state;
	char line[200];

	for (size_t i = 0; i < sizeof(ports) / sizeof(*ports); i++) {
		(void)snprintf(line, sizeof(line),
			"1515771450,1515771450,0,10.0.0.1,10.0.0.2,0,%s,ICMP,........", ports[i]);
		assert_int_equal(input_rig_line(r, line), 0);
		const struct obs_flow *f = only(r);
		assert_int_equal(f->ip_proto, IPPROTO_ICMP);
		assert_int_equal(f->orig_port, 3);
		assert_int_equal(f->resp_port, 255);
	}
}

static void
an_answer_is_waited_for_by_the_times_of_the_lines(void **state)
{
	struct input_rig *r = *state;

	input_rig_line(r, "1000,1000,0,10.0.0.1,10.0.0.2,4000,80,TCP,......S.");
	assert_int_equal(input_rig_held(r, 0), 0);
	input_rig_line(r, "1059,1059,0,10.0.0.3,10.0.0.2,4000,80,TCP,......S.");
	assert_int_equal(input_rig_held(r, 0), 0);
	input_rig_line(r, "1060,1060,0,10.0.0.4,10.0.0.2,4000,80,TCP,......S.");
	assert_int_equal(input_rig_held(r, 0), 1);
	assert_addr(&r->s.items[0].flow.orig, "10.0.0.1");
	assert_true(r->s.items[0].key_ns == 1060 * NS_PER_S);
	assert_int_equal(input_rig_held(r, 0), 0);
}

static void
a_long_piece_is_an_interim(void **state)
{
	struct input_rig *r = *state;
	const struct input_item *item = &r->s.items[0];

	input_rig_line(r, "1000,1060,60,10.0.0.1,10.0.0.2,4000,80,TCP,...A..S.,0,0,5,500,0,0");
	input_rig_line(r, "1120,1120,0,10.0.0.3,10.0.0.2,4000,80,TCP,......S.");
	assert_int_equal(input_rig_held(r, 0), 1);
	assert_int_equal(item->o.kind, OBS_FLOW_INTERIM);
	assert_int_equal(item->flow.orig_delta.ip_bytes, 500);
	input_rig_line(r, "1130,1131,1,10.0.0.1,10.0.0.2,4000,80,TCP,...A...F,0,0,1,50,0,0");
	input_rig_line(r, "1180,1180,0,10.0.0.4,10.0.0.2,4000,80,TCP,......S.");
	assert_int_equal(input_rig_held(r, 0), 1); /* 10.0.0.3 */
	input_rig_line(r, "1191,1191,0,10.0.0.5,10.0.0.2,4000,80,TCP,......S.");
	assert_int_equal(input_rig_held(r, 0), 1);
	assert_int_equal(item->o.kind, OBS_FLOW_END);
	assert_int_equal(item->flow.orig_delta.ip_bytes, 50);
	assert_int_equal(item->flow.orig_total.ip_bytes, 550);
	assert_true(item->flow.previous_ns == 1060 * NS_PER_S);
}

static void
what_is_no_record_is_passed_over(void **state)
{
	struct input_rig *r = *state;

	assert_int_equal(input_rig_line(r, "No matching flows"), 0);
	assert_int_equal(input_rig_line(r, ""), 0);
	input_rig_begin(r, NULL);
	input_rig_line(r, HEADER);
	input_rig_line(r, "Summary");
	assert_int_equal(input_rig_line(r, "flows,bytes,packets,avg_bps,avg_pps,avg_bpp"), 0);
	assert_int_equal(input_rig_line(r, "4593,241025,4652,58357,140,51"), 0);
	assert_int_equal(r->s.skipped, 0);
	assert_int_equal(input_rig_held(r, UINT64_MAX), 0);
	input_rig_begin(r, NULL); /* the next file has flows again */
	input_rig_line(r, THERE);
	only(r);
	assert_int_equal(input_rig_line(r, "1000,1000,0,02:00:00:00:00:01,,,,arp"), 0);
	assert_int_equal(r->s.skipped, 1);
}

static void
what_has_no_time_is_no_record(void **state)
{
	struct input_rig *r = *state;

	assert_int_equal(input_rig_line(r, "hello"), -EBADMSG);
	assert_string_equal(r->s.complaint, "ts: \"hello\" is no time");
	assert_int_equal(input_rig_line(r, "a,b,c"), -EBADMSG);
	assert_int_equal(r->s.skipped, 0);
}

static void
above_the_capacity_flows_are_told_early_and_counted(void **state)
{
	struct input_rig *r = *state;
	char line[128];

	for (unsigned i = 0; i <= FLOW_PAIR_CAPACITY; i++) {
		assert_int_equal(r->s.evicted, 0);
		assert_int_equal(input_rig_held(r, 0), 0);
		(void)snprintf(line, sizeof(line), "1,1,0,10.0.%u.%u,10.1.0.1,4000,53,17,S",
			i >> 8 & 255, i & 255);
		if (i == FLOW_PAIR_CAPACITY)
			(void)snprintf(line, sizeof(line), "1,1,0,10.2.0.1,10.1.0.1,4000,53,17,S");
		input_rig_line(r, line);
	}
	assert_int_equal(input_rig_held(r, 0), 1);
	assert_int_equal(r->s.items[0].flow.ended, FLOW_END_EVICTED);
	assert_int_equal(r->s.evicted, 1);
	assert_int_equal(r->s.refused, 0);
	assert_int_equal(input_rig_held(r, 0), 0);
}

struct bad_case {
	const char *line, *complaint;
};

static void
a_bad_line_says_which_column_is_wrong(void **state)
{
	static const struct bad_case cases[] = {
		{ "x,1,0,10.0.0.1,10.0.0.2,1,2,TCP", "ts: \"x\" is no time" },
		{ "1,x,0,10.0.0.1,10.0.0.2,1,2,TCP", "te: \"x\" is no time" },
		{ "1,1,x,10.0.0.1,10.0.0.2,1,2,TCP", "td: \"x\" is no number of seconds" },
		{ "5,5,6,10.0.0.1,10.0.0.2,1,2,TCP", "td: \"6\" is no number of seconds" },
		{ "1,1,0,10.0.0,10.0.0.2,1,2,TCP", "sa: \"10.0.0\" is no address" },
		{ "1,1,0,10.0.0.1,fe80::1..2:3,1,2,TCP", "da: \"fe80::1..2:3\" is no address" },
		{ "1,1,0,10.0.0.1,10.0.0.2,65536,2,TCP", "sp: \"65536\" is no port" },
		{ "1,1,0,10.0.0.1,10.0.0.2,1,-2,TCP", "dp: \"-2\" is no port" },
		{ "1,1,0,10.0.0.1,10.0.0.2,1,3.256,ICMP",
			"dp: \"3.256\" is no type and code of ICMP" },
		{ "1,1,0,10.0.0.1,10.0.0.2,1,256.1,ICMP",
			"dp: \"256.1\" is no type and code of ICMP" },
		{ "1,1,0,10.0.0.1,10.0.0.2,1,2,TCP,S,0,0,1.2 M",
			"ipkt: \"1.2 M\" is no count (nfdump -N prints numbers)" },
		{ "1,1,0,10.0.0.1,10.0.0.2,1,2,TCP,S,0,0,1,x",
			"ibyt: \"x\" is no count (nfdump -N prints numbers)" },
		{ "1,1,0,10.0.0.1,10.0.0.2,1,2,TCP,S,0,0,1,1,x,1",
			"opkt: \"x\" is no count (nfdump -N prints numbers)" },
		{ "1,1,0,10.0.0.1,10.0.0.2,1,2,TCP,S,0,0,1,1,1,x",
			"obyt: \"x\" is no count (nfdump -N prints numbers)" },
	};
	struct input_rig *r = *state;

	for (size_t i = 0; i < sizeof(cases) / sizeof(*cases); i++) {
		assert_int_equal(input_rig_line(r, cases[i].line), -EBADMSG);
		assert_string_equal(r->s.complaint, cases[i].complaint);
	}
	assert_int_equal(input_rig_line(r, "5,5,5,10.0.0.1,10.0.0.2,65535,2,TCP"), 0);
	assert_int_equal(only(r)->start_ns, 5 * NS_PER_S);
}

static void
a_line_cut_at_any_byte_is_read_or_bad(void **state)
{
	struct input_rig *r = *state;

	for (size_t cut = 0; cut < strlen(THERE); cut++) {
		int told = input_rig_bytes(r, THERE, cut);
		assert_true(told == 0 || told == -EBADMSG);
	}
}

int
main(void)
{
#define WITH_RIG(test) cmocka_unit_test_setup_teardown(test, rig_open, rig_close)
	const struct CMUnitTest tests[] = {
		WITH_RIG(two_lines_are_one_conversation),
		WITH_RIG(a_line_of_another_century_does_not_end_what_waits),
		WITH_RIG(the_start_fits_whole_seconds_and_the_duration),
		WITH_RIG(newer_names_and_a_missing_end_are_read),
		WITH_RIG(without_a_header_columns_stand_where_csv_has_them),
		WITH_RIG(a_line_may_tell_both_directions),
		WITH_RIG(icmp_has_type_and_code_in_the_destination_port),
		WITH_RIG(an_answer_is_waited_for_by_the_times_of_the_lines),
		WITH_RIG(a_long_piece_is_an_interim),
		WITH_RIG(what_is_no_record_is_passed_over),
		WITH_RIG(what_has_no_time_is_no_record),
		WITH_RIG(above_the_capacity_flows_are_told_early_and_counted),
		WITH_RIG(a_bad_line_says_which_column_is_wrong),
		WITH_RIG(a_line_cut_at_any_byte_is_read_or_bad),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
