/* NetFlow v9 and IPFIX: the frame of templates and sets. */
#include "daemon/base/time_text.h"
#include "daemon/input/flow_exporters.h"
#include "daemon/input/netflow.h"
#include "daemon/input/netflow_templates.h"
#include "tests/support/flow_build.h"
#include "tests/support/flow_pair_only.h"

#include <errno.h>
#include <netinet/in.h>
#include <setjmp.h>
#include <stdarg.h>
#include <stdlib.h>

#include <cmocka.h>

enum { V9 = 9, IPFIX = 10, UPTIME_MS = 100000, TEMPLATE = 256, OPTIONS = 300, REVERSE = 29305 };

#define NOW (UINT64_C(1700000000) * NS_PER_S)

struct rig {
	struct netflow *n;
	struct flow_pair *pair;
	struct addr from;
	struct flow_build b;
	unsigned version;
	uint32_t sequence;
	uint32_t domain;
	uint32_t uptime_ms;
	uint64_t now_ns;
	size_t set; /* where the set that is open begins */
};

static int
rig_open(void **state, unsigned version)
{
	struct rig *r = calloc(1, sizeof(*r));
	const struct netflow_plan plan = { 0 };
	const struct flow_pair_plan pairs = flow_pair_plan_of_files();

	*state = r;
	r->n = netflow_new(&plan);
	r->pair = flow_pair_new(&pairs);
	r->from = addr_v4(192, 168, 0, 1);
	r->version = version;
	r->uptime_ms = UPTIME_MS;
	r->now_ns = NOW;
	return r->n == NULL || r->pair == NULL;
}

static int
v9_open(void **state)
{
	return rig_open(state, V9);
}

static int
ipfix_open(void **state)
{
	return rig_open(state, IPFIX);
}

static int
rig_close(void **state)
{
	struct rig *r = *state;

	netflow_free(r->n);
	flow_pair_free(r->pair);
	free(r);
	return 0;
}

static void
begin(struct rig *r)
{
	r->b.length = 0;
	put(&r->b, 2, r->version);
	put(&r->b, 2, 0); /* v9: records, which nobody needs; IPFIX: length */
	if (r->version == V9)
		put(&r->b, 4, r->uptime_ms);
	put(&r->b, 4, r->now_ns / NS_PER_S);
	put(&r->b, 4, r->sequence);
	put(&r->b, 4, r->domain);
}

static void
set_begin(struct rig *r, uint16_t id)
{
	r->set = r->b.length;
	put(&r->b, 2, id);
	put(&r->b, 2, 0);
}

static void
set_end(struct rig *r)
{
	put_length(&r->b, r->set + 2, 2, r->set);
}

static int
come(struct rig *r)
{
	if (r->version == IPFIX)
		put_length(&r->b, 2, 2, 0);
	else
		r->sequence++;
	/* In memory of its size, so that a read past it is seen. */
	uint8_t *bytes = malloc(r->b.length + 1);
	memcpy(bytes, r->b.bytes, r->b.length);
	int result =
		netflow_packet(r->n, &r->from, cursor_over(bytes, r->b.length), r->now_ns, r->pair);
	free(bytes);
	return result;
}

static void
field(struct rig *r, uint16_t id, uint16_t length)
{
	put(&r->b, 2, id);
	put(&r->b, 2, length);
}

static uint16_t
template_set(const struct rig *r)
{
	return r->version == V9 ? 0 : 2;
}

static uint16_t
options_set(const struct rig *r)
{
	return r->version == V9 ? 1 : 3;
}

/* Ends, ports, protocol, packets, bytes: 21 bytes a record. */
static void
flow_template(struct rig *r, uint16_t id)
{
	static const uint16_t fields[][2] = { { 8, 4 }, { 12, 4 }, { 7, 2 }, { 11, 2 }, { 4, 1 },
		{ 2, 4 }, { 1, 4 } };

	put(&r->b, 2, id);
	put(&r->b, 2, sizeof(fields) / sizeof(*fields));
	for (size_t i = 0; i < sizeof(fields) / sizeof(*fields); i++)
		field(r, fields[i][0], fields[i][1]);
}

static void
flow_record(struct rig *r, uint16_t src_port)
{
	put_v4(&r->b, addr_v4(10, 0, 0, 1));
	put_v4(&r->b, addr_v4(10, 0, 0, 2));
	put(&r->b, 2, src_port);
	put(&r->b, 2, 53);
	put(&r->b, 1, IPPROTO_UDP);
	put(&r->b, 4, 3);
	put(&r->b, 4, 300);
}

static void
send_template(struct rig *r)
{
	begin(r);
	set_begin(r, template_set(r));
	flow_template(r, TEMPLATE);
	set_end(r);
	assert_int_equal(come(r), 0);
}

static int
send_data(struct rig *r, uint16_t id, unsigned records)
{
	begin(r);
	set_begin(r, id);
	for (unsigned i = 0; i < records; i++)
		flow_record(r, (uint16_t)(4000 + i));
	set_end(r);
	if (r->version == IPFIX)
		r->sequence += records;
	return come(r);
}

static void
a_template_says_what_data_means(void **state)
{
	struct rig *r = *state;

	send_template(r);
	assert_int_equal(send_data(r, TEMPLATE, 1), 1);
	struct obs_flow f = flow_pair_only(r->pair);
	assert_int_equal(f.orig_port, 4000);
	assert_int_equal(f.resp_port, 53);
	assert_int_equal(f.orig_total.packets, 3);
	assert_int_equal(f.orig_total.ip_bytes, 300);
	assert_true(f.last_ns == NOW);
	assert_int_equal(send_data(r, TEMPLATE, 40), 40);
	struct netflow_counters c = netflow_counters(r->n);
	assert_int_equal(c.packets, 3);
	assert_int_equal(c.records, 41);
	assert_int_equal(c.lost + c.bad + c.skipped + c.without_template, 0);
}

static void
template_and_data_may_come_in_one_datagram_with_padding(void **state)
{
	struct rig *r = *state;

	begin(r);
	set_begin(r, template_set(r));
	flow_template(r, TEMPLATE);
	flow_template(r, TEMPLATE + 1);
	put(&r->b, 3, 0);
	set_end(r);
	set_begin(r, TEMPLATE);
	flow_record(r, 1);
	put(&r->b, 3, 0);
	set_end(r);
	set_begin(r, TEMPLATE + 1);
	flow_record(r, 2);
	set_end(r);
	set_begin(r, 100); /* of no kind that is known */
	put(&r->b, 4, 0);
	set_end(r);
	assert_int_equal(come(r), 2);
}

static void
data_without_a_template_is_counted(void **state)
{
	struct rig *r = *state;

	assert_int_equal(send_data(r, TEMPLATE, 5), 0);
	assert_int_equal(netflow_counters(r->n).without_template, 1);
	send_template(r);
	assert_int_equal(send_data(r, TEMPLATE, 5), 5);
	assert_int_equal(netflow_counters(r->n).lost, 0); /* how many those were, nobody knows */
	r->domain = 1;
	assert_int_equal(send_data(r, TEMPLATE, 5), 0);
	r->domain = 0;
	r->from = addr_v4(192, 168, 0, 2);
	assert_int_equal(send_data(r, TEMPLATE, 5), 0);
	r->from = addr_v4(192, 168, 0, 1);
	r->now_ns += 3600 * NS_PER_S;
	assert_int_equal(send_data(r, TEMPLATE, 5), 0);
	assert_int_equal(netflow_counters(r->n).without_template, 4);
}

static void
a_template_that_is_told_again_holds(void **state)
{
	struct rig *r = *state;

	send_template(r);
	begin(r);
	set_begin(r, template_set(r));
	put(&r->b, 2, TEMPLATE);
	put(&r->b, 2, 3);
	field(r, 8, 4);
	field(r, 12, 4);
	field(r, 1, 13);
	set_end(r);
	assert_int_equal(come(r), 0);
	assert_int_equal(send_data(r, TEMPLATE, 1), 0); /* a number of 13 bytes is none */
	assert_int_equal(netflow_counters(r->n).skipped, 1);
}

static void
template_of(struct rig *r, unsigned fields, uint16_t length)
{
	begin(r);
	set_begin(r, template_set(r));
	put(&r->b, 2, TEMPLATE);
	put(&r->b, 2, fields);
	for (unsigned i = 0; i < fields; i++)
		field(r, 1000, length);
	set_end(r);
	assert_int_equal(come(r), 0);
}

static void
a_template_has_at_most_sixty_four_fields(void **state)
{
	struct rig *r = *state;

	template_of(r, NETFLOW_FIELDS_MAX - 1, 1);
	template_of(r, NETFLOW_FIELDS_MAX, 1);
	assert_int_equal(netflow_counters(r->n).refused_templates, 0);
	template_of(r, NETFLOW_FIELDS_MAX + 1, 1);
	assert_int_equal(netflow_counters(r->n).refused_templates, 1);
	send_data(r, TEMPLATE, 1); /* and the one before it is void */
	assert_int_equal(netflow_counters(r->n).without_template, 1);
	template_of(r, 3, 0); /* records of no length have no end */
	assert_int_equal(netflow_counters(r->n).refused_templates, 2);
}

static void
a_datagram_cut_at_any_byte_is_read_or_bad(void **state)
{
	struct rig *r = *state;
	size_t bounds[4];

	begin(r);
	bounds[0] = r->b.length;
	set_begin(r, template_set(r));
	flow_template(r, TEMPLATE);
	set_end(r);
	bounds[1] = r->b.length;
	set_begin(r, options_set(r));
	put(&r->b, 2, OPTIONS);
	put(&r->b, 2, r->version == V9 ? 4 : 2);
	put(&r->b, 2, r->version == V9 ? 4 : 1);
	field(r, 1, 4);
	field(r, 34, 4);
	set_end(r);
	bounds[2] = r->b.length;
	set_begin(r, TEMPLATE);
	flow_record(r, 1);
	set_end(r);
	bounds[3] = r->b.length;
	size_t length = r->b.length;
	for (size_t cut = 0; cut <= length; cut++) {
		bool is_whole = false;
		for (size_t i = 0; i < sizeof(bounds) / sizeof(*bounds); i++)
			/* Up to three bytes behind a set are too few for another. */
			is_whole |= cut >= bounds[i] && cut < bounds[i] + 4;
		uint8_t *bytes = malloc(cut + 1);
		memcpy(bytes, r->b.bytes, cut);
		if (r->version == IPFIX && cut >= 4) {
			bytes[2] = (uint8_t)(cut >> 8);
			bytes[3] = (uint8_t)cut;
		}
		int result =
			netflow_packet(r->n, &r->from, cursor_over(bytes, cut), r->now_ns, r->pair);
		free(bytes);
		assert_int_equal(result, is_whole ? cut == length : -EBADMSG);
	}
}

static void
a_set_shorter_than_its_header_is_bad(void **state)
{
	struct rig *r = *state;

	for (uint16_t length = 0; length <= 4; length++) {
		begin(r);
		put(&r->b, 2, 500);
		put(&r->b, 2, length);
		assert_int_equal(come(r), length < 4 ? -EBADMSG : 0);
	}
}

/* An exporter tells that sampler 7, or all of it, takes one packet in 100. */
static void
options(struct rig *r, bool has_sampler)
{
	begin(r);
	set_begin(r, options_set(r));
	put(&r->b, 2, OPTIONS);
	put(&r->b, 2, r->version == V9 ? 4 : has_sampler ? 3 : 2);
	put(&r->b, 2, r->version == V9 ? (has_sampler ? 8 : 4) : 1);
	field(r, r->version == V9 ? 1 : 144, 4); /* scope: the system, or a process */
	if (has_sampler)
		field(r, r->version == V9 ? 48 : 302, 2);
	field(r, r->version == V9 ? 50 : 34, 4);
	set_end(r);
	set_begin(r, OPTIONS);
	put(&r->b, 4, 1);
	if (has_sampler)
		put(&r->b, 2, 7);
	put(&r->b, 4, 100);
	set_end(r);
	if (r->version == IPFIX)
		r->sequence++;
	assert_int_equal(come(r), 0);
}

static void
options_tell_how_much_is_sampled(void **state)
{
	struct rig *r = *state;

	send_template(r);
	options(r, /* has_sampler= */ false);
	assert_int_equal(send_data(r, TEMPLATE, 1), 1);
	struct obs_flow f = flow_pair_only(r->pair);
	assert_int_equal(f.orig_total.packets, 300);
	assert_int_equal(f.orig_total.ip_bytes, 30000);
	assert_int_equal(netflow_counters(r->n).sampled, 1);
	assert_int_equal(netflow_counters(r->n).skipped, 0);
	assert_int_equal(netflow_counters(r->n).lost, 0);
}

static void
a_record_may_name_its_sampler_or_its_rate(void **state)
{
	static const uint16_t sampler[] = { 7, 8 };
	struct rig *r = *state;

	options(r, /* has_sampler= */ true);
	for (size_t i = 0; i < sizeof(sampler) / sizeof(*sampler); i++) {
		for (unsigned inline_rate = 0; inline_rate < 2; inline_rate++) {
			begin(r);
			set_begin(r, template_set(r));
			put(&r->b, 2, TEMPLATE);
			put(&r->b, 2, 5);
			field(r, 8, 4);
			field(r, 12, 4);
			field(r, 2, 1);
			field(r, 48, 1);
			field(r, 34, 1);
			set_end(r);
			set_begin(r, TEMPLATE);
			put_v4(&r->b, addr_v4(10, 0, 0, 1));
			put_v4(&r->b, addr_v4(10, 0, 0, 2));
			put(&r->b, 1, 1);
			put(&r->b, 1, sampler[i]);
			put(&r->b, 1, inline_rate != 0 ? 5 : 0);
			set_end(r);
			if (r->version == IPFIX)
				r->sequence++;
			assert_int_equal(come(r), 1);
			uint64_t expected = sampler[i] == 7 ? 100 : 1;
			assert_int_equal(flow_pair_only(r->pair).orig_total.packets,
				inline_rate != 0 ? 5 : expected);
		}
	}
}

static void
what_goes_in_and_out_of_an_exporter_is_told_once(void **state)
{
	struct rig *r = *state;

	begin(r);
	set_begin(r, template_set(r));
	put(&r->b, 2, TEMPLATE);
	put(&r->b, 2, 4);
	field(r, 8, 4);
	field(r, 12, 4);
	field(r, 2, 1);
	field(r, 61, 1);
	set_end(r);
	set_begin(r, TEMPLATE);
	for (unsigned i = 0; i < 3; i++) {
		put_v4(&r->b, addr_v4(10, 0, 0, 1));
		put_v4(&r->b, addr_v4(10, 0, 0, 2));
		put(&r->b, 1, 1);
		put(&r->b, 1, i % 2);
	}
	set_end(r);
	assert_int_equal(come(r), 3);
	assert_int_equal(flow_pair_only(r->pair).orig_total.packets, 2);
	assert_int_equal(flow_pair_counters(r->pair).copies, 1);
}

static void
datagrams_of_version_9_are_numbered(void **state)
{
	struct rig *r = *state;

	send_template(r);
	r->sequence += 3;
	send_data(r, TEMPLATE, 5);
	assert_int_equal(netflow_counters(r->n).lost, 3);
	r->sequence = 0;
	r->uptime_ms = 1000;
	assert_int_equal(send_data(r, TEMPLATE, 5), 0); /* it has started anew: what is 256 now? */
	assert_int_equal(netflow_counters(r->n).restarts, 1);
	assert_int_equal(netflow_counters(r->n).without_template, 1);
}

static void
records_of_ipfix_are_numbered(void **state)
{
	struct rig *r = *state;

	send_template(r);
	send_data(r, TEMPLATE, 5);
	send_template(r);
	r->sequence += 3;
	send_data(r, TEMPLATE, 5);
	assert_int_equal(netflow_counters(r->n).lost, 3);
	options(r, /* has_sampler= */ false); /* those count as well */
	send_data(r, TEMPLATE, 7);
	assert_int_equal(netflow_counters(r->n).lost, 3);
}

static void
of_version_9_scopes_are_no_elements(void **state)
{
	struct rig *r = *state;

	begin(r);
	set_begin(r, 1);
	put(&r->b, 2, OPTIONS);
	put(&r->b, 2, 4);
	put(&r->b, 2, 0);
	field(r, 34, 4); /* would be the rate */
	set_end(r);
	set_begin(r, OPTIONS);
	put(&r->b, 4, 100);
	set_end(r);
	assert_int_equal(come(r), 0);
	send_template(r);
	send_data(r, TEMPLATE, 1);
	assert_int_equal(flow_pair_only(r->pair).orig_total.packets, 3);
}

static void
ipfix_takes_templates_back(void **state)
{
	static const uint16_t ids[] = { TEMPLATE, 2, 3, TEMPLATE + 1 };
	struct rig *r = *state;

	for (size_t i = 0; i < sizeof(ids) / sizeof(*ids); i++) {
		send_template(r);
		begin(r);
		set_begin(r, ids[i] == 3 ? 3 : 2);
		put(&r->b, 2, ids[i]);
		put(&r->b, 2, 0);
		set_end(r);
		assert_int_equal(come(r), 0);
		assert_int_equal(send_data(r, TEMPLATE, 1), i < 2 ? 0 : 1);
	}
}

static void
ipfix_has_elements_of_enterprises_lengths_that_vary_and_both_directions(void **state)
{
	struct rig *r = *state;

	begin(r);
	set_begin(r, 2);
	put(&r->b, 2, TEMPLATE);
	put(&r->b, 2, 7);
	field(r, 8, 4);
	field(r, 0x8000 | 82, NETFLOW_LENGTH_VARIES); /* somebody's own */
	put(&r->b, 4, 9999);
	field(r, 0x8000 | 2, 1); /* somebody's own: no packets */
	put(&r->b, 4, 9999);
	field(r, 12, 4);
	field(r, 2, 1);
	field(r, 0x8000 | 2, 1);
	put(&r->b, 4, REVERSE);
	field(r, 239, 1);
	set_end(r);
	set_begin(r, TEMPLATE);
	for (unsigned i = 0; i < 2; i++) {
		put_v4(&r->b, addr_v4(10, 0, 0, 1));
		if (i == 0) {
			put(&r->b, 1, 3);
			put_bytes(&r->b, "eth", 3);
		} else {
			put(&r->b, 1, 255);
			put(&r->b, 2, 300);
			for (unsigned k = 0; k < 300; k++)
				put(&r->b, 1, 'x');
		}
		put(&r->b, 1, 77);
		put_v4(&r->b, addr_v4(10, 0, 0, 2));
		put(&r->b, 1, 5);
		put(&r->b, 1, 4);
		put(&r->b, 1, 2 - i); /* the other end opened it; then this one */
	}
	set_end(r);
	assert_int_equal(come(r), 2);
	struct obs_flow f = flow_pair_only(r->pair);
	const struct addr src = addr_v4(10, 0, 0, 1);
	assert_true(addr_equal(&f.orig, &src));
	assert_int_equal(f.orig_total.packets, 10);
	assert_int_equal(f.resp_total.packets, 8);
}

static void
a_message_ends_where_it_says(void **state)
{
	struct rig *r = *state;

	send_template(r);
	begin(r);
	put_length(&r->b, 2, 2, 0);
	size_t length = r->b.length;
	put(&r->b, 8, UINT64_MAX); /* behind its end */
	assert_int_equal(netflow_packet(r->n, &r->from, flow_build_cursor(&r->b), NOW, r->pair), 0);
	for (size_t says = 0; says < length; says++) {
		r->b.length = 2;
		put(&r->b, 2, says);
		r->b.length = length;
		assert_int_equal(
			netflow_packet(r->n, &r->from, flow_build_cursor(&r->b), NOW, r->pair),
			-EBADMSG);
	}
}

int
main(void)
{
#define OF_BOTH(test)                                              \
	cmocka_unit_test_setup_teardown(test, v9_open, rig_close), \
		cmocka_unit_test_setup_teardown(test, ipfix_open, rig_close)
	const struct CMUnitTest tests[] = {
		OF_BOTH(a_template_says_what_data_means),
		OF_BOTH(template_and_data_may_come_in_one_datagram_with_padding),
		OF_BOTH(data_without_a_template_is_counted),
		OF_BOTH(a_template_that_is_told_again_holds),
		OF_BOTH(a_template_has_at_most_sixty_four_fields),
		OF_BOTH(a_datagram_cut_at_any_byte_is_read_or_bad),
		OF_BOTH(a_set_shorter_than_its_header_is_bad),
		OF_BOTH(options_tell_how_much_is_sampled),
		OF_BOTH(a_record_may_name_its_sampler_or_its_rate),
		OF_BOTH(what_goes_in_and_out_of_an_exporter_is_told_once),
		cmocka_unit_test_setup_teardown(
			datagrams_of_version_9_are_numbered, v9_open, rig_close),
		cmocka_unit_test_setup_teardown(
			records_of_ipfix_are_numbered, ipfix_open, rig_close),
		cmocka_unit_test_setup_teardown(
			of_version_9_scopes_are_no_elements, v9_open, rig_close),
		cmocka_unit_test_setup_teardown(ipfix_takes_templates_back, ipfix_open, rig_close),
		cmocka_unit_test_setup_teardown(
			ipfix_has_elements_of_enterprises_lengths_that_vary_and_both_directions,
			ipfix_open, rig_close),
		cmocka_unit_test_setup_teardown(
			a_message_ends_where_it_says, ipfix_open, rig_close),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
