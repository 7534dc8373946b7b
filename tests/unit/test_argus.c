#include "tests/support/input_rig.h"

#include "daemon/base/time_text.h"

#include <errno.h>
#include <netinet/in.h>
#include <setjmp.h>
#include <stdarg.h>
#include <stdio.h>

#include <cmocka.h>

extern const struct input_format input_argus;

#define HEADER                                                                                  \
	"StartTime,Dur,Proto,SrcAddr,Sport,Dir,DstAddr,Dport,State,sTos,dTos,TotPkts,TotBytes," \
	"SrcBytes,SrcPkts,Label"
#define LINE                                                                                       \
	"2019/04/04 16:23:00.355768,129.927856,tcp,10.8.0.69,48009,   ->,31.13.83.2,443,SPA_SRPA," \
	"0,164,26,5723,1621,13,flow=From-Botnet-V1"
#define START_NS (UINT64_C(1554394980355768) * NS_PER_US)

static int
rig_open(void **state)
{
	struct input_rig *r = input_rig_new(&input_argus);

	*state = r;
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

static void
a_line_is_a_conversation_that_is_over(void **state)
{
	struct input_rig *r = *state;
	const struct input_item *item = &r->s.items[0];
	const struct obs_flow *f = &item->flow;

	assert_int_equal(input_rig_line(r, HEADER), 0);
	assert_int_equal(r->s.skipped, 0);
	assert_int_equal(input_rig_line(r, LINE), 1);
	assert_int_equal(item->o.kind, OBS_FLOW_END);
	assert_ptr_equal(item->o.flow, f);
	assert_true(f->start_ns == START_NS);
	assert_true(f->last_ns == START_NS + UINT64_C(129927856) * NS_PER_US);
	assert_true(item->o.ts_ns == f->last_ns);
	assert_true(item->key_ns == f->start_ns);
	assert_addr(&f->orig, "10.8.0.69");
	assert_addr(&f->resp, "31.13.83.2");
	assert_int_equal(f->orig_port, 48009);
	assert_int_equal(f->resp_port, 443);
	assert_int_equal(f->ip_proto, IPPROTO_TCP);
	assert_int_equal(f->state, CONN_RSTR);
	assert_int_equal(f->ended, FLOW_END_CLOSED);
	assert_true(f->established);
	assert_string_equal(f->label, "flow=From-Botnet-V1");
	assert_string_equal(f->history, "");
	assert_string_equal(f->service, "");
	assert_int_not_equal(f->id, 0);
	assert_int_equal(f->uid.text[0], 'C');
}

static void
the_answer_has_what_the_source_did_not_send(void **state)
{
	struct input_rig *r = *state;
	const struct obs_flow *f = &r->s.items[0].flow;

	input_rig_line(r, HEADER);
	input_rig_line(r, LINE);
	assert_int_equal(f->orig_total.packets, 13);
	assert_int_equal(f->resp_total.packets, 13);
	assert_int_equal(f->orig_total.ip_bytes, 1621);
	assert_int_equal(f->resp_total.ip_bytes, 5723 - 1621);
	assert_int_equal(f->orig_total.payload_bytes, 1621);
	assert_int_equal(f->resp_delta.payload_bytes, 5723 - 1621);
}

static void
a_source_that_sent_more_than_both_leaves_nothing(void **state)
{
	struct input_rig *r = *state;
	const struct obs_flow *f = &r->s.items[0].flow;

	input_rig_line(r, "StartTime,SrcAddr,DstAddr,Proto,TotPkts,SrcPkts");
	assert_int_equal(input_rig_line(r, "1.5,10.0.0.1,10.0.0.2,udp,3,4"), 1);
	assert_int_equal(f->orig_total.packets, 4);
	assert_int_equal(f->resp_total.packets, 0);
	assert_int_equal(input_rig_line(r, "1.5,10.0.0.1,10.0.0.2,udp,3,3"), 1);
	assert_int_equal(f->resp_total.packets, 0);
	assert_int_equal(input_rig_line(r, "1.5,10.0.0.1,10.0.0.2,udp,3,2"), 1);
	assert_int_equal(f->resp_total.packets, 1);
}

static void
an_answer_may_have_columns_of_its_own(void **state)
{
	struct input_rig *r = *state;
	const struct obs_flow *f = &r->s.items[0].flow;

	input_rig_line(r, "StartTime,SrcAddr,DstAddr,Proto,SrcPkts,DstPkts,SrcBytes,DstBytes");
	assert_int_equal(input_rig_line(r, "1.5,10.0.0.1,10.0.0.2,udp,3,2,300,200"), 1);
	assert_int_equal(f->orig_total.packets, 3);
	assert_int_equal(f->resp_total.packets, 2);
	assert_int_equal(f->resp_total.ip_bytes, 200);
	input_rig_begin(r, NULL);
	input_rig_line(r, "StartTime,SrcAddr,DstAddr,Proto,TotPkts,DstPkts");
	assert_int_equal(input_rig_line(r, "1.5,10.0.0.1,10.0.0.2,udp,5,2"), 1);
	assert_int_equal(f->orig_total.packets, 3);
	assert_int_equal(f->resp_total.packets, 2);
}

static void
columns_are_found_by_name_in_any_order_and_with_tabs(void **state)
{
	struct input_rig *r = *state;
	const struct obs_flow *f = &r->s.items[0].flow;

	assert_int_equal(
		input_rig_line(r, "DPORT\tDSTADDR\tSPORT\tSRCADDR\tPROTO\tLASTTIME\tSTATE"), 0);
	assert_int_equal(
		input_rig_line(r, "53\t2001:db8::2\t4000\t2001:db8::1\tudp\t1554394980.5\tCON"), 1);
	assert_addr(&f->orig, "2001:db8::1");
	assert_int_equal(f->orig_port, 4000);
	assert_int_equal(f->resp_port, 53);
	assert_true(f->start_ns == UINT64_C(1554394980500) * NS_PER_MS);
	assert_true(f->last_ns == f->start_ns);
	assert_int_equal(f->state, CONN_SF);
}

static void
without_a_header_columns_stand_where_they_usually_do(void **state)
{
	struct input_rig *r = *state;

	assert_int_equal(input_rig_line(r, LINE), 1);
	assert_int_equal(r->s.items[0].flow.resp_port, 443);
	assert_int_equal(r->s.items[0].flow.orig_total.packets, 13);
	assert_string_equal(r->s.items[0].flow.label, "flow=From-Botnet-V1");
}

static void
a_second_file_has_a_header_of_its_own(void **state)
{
	struct input_rig *r = *state;

	input_rig_line(r, HEADER);
	input_rig_begin(r, NULL);
	assert_int_equal(input_rig_line(r, "DstAddr,SrcAddr,StartTime,Proto"), 0);
	assert_int_equal(input_rig_line(r, "10.0.0.2,10.0.0.1,1.5,udp"), 1);
	assert_addr(&r->s.items[0].flow.orig, "10.0.0.1");
}

static const char icmp_line[] = "2019/04/04 16:23:00,0,icmp,10.8.0.1,0x0403,   ->,10.8.0.69,"
				"0x7208,URF,0,,1,590,590,1,";

static void
icmp_has_its_type_and_code_in_the_source_port(void **state)
{
	struct input_rig *r = *state;
	const struct obs_flow *f = &r->s.items[0].flow;

	input_rig_line(r, HEADER);
	assert_int_equal(input_rig_line(r, icmp_line), 1);
	assert_int_equal(f->orig_port, 3);
	assert_int_equal(f->resp_port, 4);
	assert_int_equal(f->state, CONN_OTH);
	assert_int_equal(
		input_rig_line(r, "2019/04/04 16:23:00,0,ipv6-icmp,fe80::1,135,->,fe80::2,0,NNS"),
		1);
	assert_int_equal(f->orig_port, 135);
	assert_int_equal(f->resp_port, 0);
}

static void
in_file_order_ports_and_directions_stay_as_they_are_written(void **state)
{
	struct input_rig *r = *state;
	const struct obs_flow *f = &r->s.items[0].flow;

	r->plan.file_order = true;
	input_rig_line(r, HEADER);
	assert_int_equal(input_rig_line(r, icmp_line), 1);
	assert_int_equal(f->orig_port, 0x0403);
	assert_int_equal(f->resp_port, 0x7208);
	input_rig_line(r, "2019/04/04 16:23:00,0,tcp,10.0.0.1,80,<-,10.0.0.2,4000,RA_S");
	assert_addr(&f->orig, "10.0.0.1");
	assert_int_equal(f->state, CONN_OTH);
}

static void
only_an_arrow_to_the_left_turns_the_ends(void **state)
{
	static const char *const straight[] = { "->", "<->", "<?>", "get_message  ->", "?>", "" };
	struct input_rig *r = *state;
	const struct obs_flow *f = &r->s.items[0].flow;
	char line[200];

	input_rig_line(r, HEADER);
	for (size_t i = 0; i < sizeof(straight) / sizeof(*straight); i++) {
		(void)snprintf(line, sizeof(line),
			"2019/04/04 16:23:00,0,tcp,10.0.0.1,80,%s,10.0.0.2,4000,S_RA,0,0,3,300,200,2,",
			straight[i]);
		assert_int_equal(input_rig_line(r, line), 1);
		assert_addr(&f->orig, "10.0.0.1");
		assert_int_equal(f->state, CONN_REJ);
	}
	assert_int_equal(input_rig_line(r, "2019/04/04 16:23:00,0,tcp,10.0.0.1,80,  <-,10.0.0.2,"
					   "4000,RA_S,0,0,3,300,200,2,"),
		1);
	assert_addr(&f->orig, "10.0.0.2");
	assert_addr(&f->resp, "10.0.0.1");
	assert_int_equal(f->orig_port, 4000);
	assert_int_equal(f->resp_port, 80);
	assert_int_equal(f->orig_total.packets, 1);
	assert_int_equal(f->orig_total.ip_bytes, 100);
	assert_int_equal(f->resp_total.packets, 2);
	assert_int_equal(f->state, CONN_REJ);
	input_rig_line(r, "2019/04/04 16:23:00,0,icmp,10.0.0.1,0x0303,  <-,10.0.0.2,0x1,URP");
	assert_addr(&f->orig, "10.0.0.2");
	assert_int_equal(f->orig_port, 3);
}

static void
what_is_not_ip_is_passed_over(void **state)
{
	static const char *const lines[] = {
		"2016/08/15 19:27:14,0,llc,01:80:c2:00:00:00,66,   ->,10:c3:7b:53:27:38,66,INT",
		"2020/07/24 11:05:40,0,arp,192.168.56.101,,  who,192.168.56.1,,CON",
		"1.5,0,eapol,01:80:c2:00:00:00,,->,10:c3:7b:53:27:38,,INT",
	};
	struct input_rig *r = *state;

	input_rig_line(r, HEADER);
	for (size_t i = 0; i < sizeof(lines) / sizeof(*lines); i++)
		assert_int_equal(input_rig_line(r, lines[i]), 0);
	assert_int_equal(r->s.skipped, sizeof(lines) / sizeof(*lines));
	assert_int_equal(input_rig_line(r, ""), 0);
	assert_int_equal(r->s.skipped, sizeof(lines) / sizeof(*lines));
}

static void
what_has_no_time_is_no_row(void **state)
{
	struct input_rig *r = *state;

	assert_int_equal(input_rig_line(r, "hello"), -EBADMSG); /* nor a header */
	assert_string_equal(r->s.complaint, "StartTime: \"hello\" is no time");
	assert_int_equal(input_rig_line(r, "{\"a\": 1, \"b\": 2}"), -EBADMSG);
	assert_int_equal(input_rig_line(r, LINE), 1);
	assert_int_equal(r->s.skipped, 0);
}

static void
a_header_stands_wherever_another_file_was_put_behind(void **state)
{
	struct input_rig *r = *state;

	input_rig_line(r, HEADER);
	assert_int_equal(input_rig_line(r, LINE), 1);
	assert_int_equal(input_rig_line(r, "StartTime,SrcAddr,DstAddr,Proto,TotPkts,SrcPkts"), 0);
	assert_int_equal(input_rig_line(r, "1.5,10.0.0.1,10.0.0.2,udp,3,2"), 1);
	assert_int_equal(r->s.items[0].flow.resp_total.packets, 1);
}

struct bad_case {
	const char *line, *complaint;
};

static void
a_bad_line_says_which_column_is_wrong(void **state)
{
	static const struct bad_case cases[] = {
		{ "never,0,tcp,10.0.0.1,1,->,10.0.0.2,2,S_", "StartTime: \"never\" is no time" },
		{ "1.5,x,tcp,10.0.0.1,1,->,10.0.0.2,2,S_", "Dur: \"x\" is no number of seconds" },
		{ "1.5,18446744073,tcp,10.0.0.1,1,->,10.0.0.2,2,S_",
			"Dur: \"18446744073\" is no number of seconds" },
		{ "1.5,0,tcp,10.0.0.x,1,->,10.0.0.2,2,S_", "SrcAddr: \"10.0.0.x\" is no address" },
		{ "1.5,0,tcp,10.0.0.1,1,->,,2,S_", "DstAddr: \"\" is no address" },
		{ "1.5,0,tcp,10.0.0.1,https,->,10.0.0.2,2,S_",
			"Sport: \"https\" is no port (ra -n prints numbers)" },
		{ "1.5,0,tcp,10.0.0.1,1,->,10.0.0.2,65536,S_", "Dport: \"65536\" is no port" },
		{ "1.5,0,tcp,10.0.0.1,1,->,10.0.0.2,2,S_,,,many", "TotPkts: \"many\" is no count" },
		{ "1.5,0,tcp,10.0.0.1,1,->,10.0.0.2,2,S_,,,1,-2", "TotBytes: \"-2\" is no count" },
		{ "1.5,0,tcp", "SrcAddr: \"\" is no address" },
	};
	struct input_rig *r = *state;

	input_rig_line(r, HEADER);
	for (size_t i = 0; i < sizeof(cases) / sizeof(*cases); i++) {
		assert_int_equal(input_rig_line(r, cases[i].line), -EBADMSG);
		assert_string_equal(r->s.complaint, cases[i].complaint);
	}
	assert_int_equal(input_rig_line(r, "1.5,129,tcp,10.0.0.1,1,->,10.0.0.2,65535,S_"), 1);
}

static void
a_line_cut_at_any_byte_is_read_or_bad(void **state)
{
	struct input_rig *r = *state;

	input_rig_line(r, HEADER);
	for (size_t cut = 0; cut < strlen(LINE); cut++) {
		int told = input_rig_bytes(r, LINE, cut);
		assert_true(told == 0 || told == 1 || told == -EBADMSG);
	}
}

static void
a_label_is_kept_as_far_as_there_is_room(void **state)
{
	struct input_rig *r = *state;
	char line[400] = "1.5,10.0.0.1,10.0.0.2,udp,";
	size_t before = strlen(line);
	const size_t most = sizeof(r->s.items[0].label) - 1;

	input_rig_line(r, "StartTime,SrcAddr,DstAddr,Proto,Label");
	memset(line + before, 'x', most + 1);
	for (size_t length = most - 1; length <= most + 1; length++) {
		assert_int_equal(input_rig_bytes(r, line, before + length), 1);
		assert_int_equal(strlen(r->s.items[0].flow.label), length > most ? most : length);
		assert_int_equal(r->s.cut_texts, length > most);
	}
}

static void
times_without_a_zone_follow_the_plan(void **state)
{
	struct input_rig *r = *state;

	r->plan.zone_s = 7200;
	assert_int_equal(input_rig_line(r, LINE), 1);
	assert_true(r->s.items[0].flow.start_ns == START_NS - 7200 * NS_PER_S);
}

int
main(void)
{
#define WITH_RIG(test) cmocka_unit_test_setup_teardown(test, rig_open, rig_close)
	const struct CMUnitTest tests[] = {
		WITH_RIG(a_line_is_a_conversation_that_is_over),
		WITH_RIG(the_answer_has_what_the_source_did_not_send),
		WITH_RIG(a_source_that_sent_more_than_both_leaves_nothing),
		WITH_RIG(an_answer_may_have_columns_of_its_own),
		WITH_RIG(columns_are_found_by_name_in_any_order_and_with_tabs),
		WITH_RIG(without_a_header_columns_stand_where_they_usually_do),
		WITH_RIG(a_second_file_has_a_header_of_its_own),
		WITH_RIG(icmp_has_its_type_and_code_in_the_source_port),
		WITH_RIG(in_file_order_ports_and_directions_stay_as_they_are_written),
		WITH_RIG(only_an_arrow_to_the_left_turns_the_ends),
		WITH_RIG(what_is_not_ip_is_passed_over),
		WITH_RIG(what_has_no_time_is_no_row),
		WITH_RIG(a_header_stands_wherever_another_file_was_put_behind),
		WITH_RIG(a_bad_line_says_which_column_is_wrong),
		WITH_RIG(a_line_cut_at_any_byte_is_read_or_bad),
		WITH_RIG(a_label_is_kept_as_far_as_there_is_room),
		WITH_RIG(times_without_a_zone_follow_the_plan),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
