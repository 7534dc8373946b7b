#include "daemon/loop/input_exporter.h"

#include "daemon/base/time_text.h"
#include "tests/support/flow_build.h"

#include <netinet/in.h>
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>

#include <cmocka.h>

#define NOW_NS  (UINT64_C(1700000000) * NS_PER_S)
#define WAIT_NS (10 * NS_PER_S)

enum { UP_MS = 3600000, VERSION_5 = 5, SYN = 2, SYN_ACK = 18 };

static const struct hash_key key = { { 1, 2 } };

struct place {
	struct input_exporter *exporter;
	struct flow_build datagram;
};

static int
begin(void **state)
{
	static struct place p;

	p.exporter = input_exporter_new(LIVE_INPUT_NETFLOW, WAIT_NS, &key);
	assert_non_null(p.exporter);
	*state = &p;
	return 0;
}

static int
end(void **state)
{
	struct place *p = *state;

	input_exporter_free(p->exporter);
	return 0;
}

/*
 * A datagram of version 5 that holds one record: a packet from `src` to `dst` a second ago. The exporter's
 * clock is `off_s` ahead of ours.
 */
static void
export_ahead(struct place *p, uint32_t sequence, const struct sockaddr_in *src,
	const struct sockaddr_in *dst, uint8_t flags, int off_s)
{
	struct flow_build *d = &p->datagram;
	const struct addr router = addr_v4(192, 168, 7, 1);

	d->length = 0;
	put(d, 2, VERSION_5);
	put(d, 2, 1);
	put(d, 4, UP_MS);
	put(d, 4, NOW_NS / NS_PER_S + (uint64_t)off_s);
	put(d, 4, 0);
	put(d, 4, sequence);
	put(d, 4, 0);
	put_bytes(d, &src->sin_addr, 4);
	put_bytes(d, &dst->sin_addr, 4);
	put(d, 8, 0);
	put(d, 4, 1);
	put(d, 4, 40);
	put(d, 4, UP_MS - 1000);
	put(d, 4, UP_MS - 1000);
	put_bytes(d, &src->sin_port, 2);
	put_bytes(d, &dst->sin_port, 2);
	put(d, 1, 0);
	put(d, 1, flags);
	put(d, 1, IPPROTO_TCP);
	put(d, 8, 0);
	put(d, 1, 0);
	input_exporter_take(p->exporter, &router, flow_build_cursor(d), NOW_NS);
}

static void export(struct place *p, uint32_t sequence, const struct sockaddr_in *src,
	const struct sockaddr_in *dst, uint8_t flags)
{
	export_ahead(p, sequence, src, dst, flags, 0);
}

static struct sockaddr_in
host(uint32_t address, uint16_t port)
{
	return (struct sockaddr_in){ .sin_addr = { htonl(address) }, .sin_port = htons(port) };
}

static void
both_directions_are_one_conversation(void **state)
{
	struct place *p = *state;
	const struct sockaddr_in client = host(0xc0a80742, 40000);
	const struct sockaddr_in server = host(0xc6336401, 443);
	const struct observation *o;

	export(p, 100, &client, &server, SYN);
	export(p, 101, &server, &client, SYN_ACK);
	assert_true(input_exporter_next(p->exporter, NOW_NS + WAIT_NS, &o));
	assert_int_equal(o->kind, OBS_FLOW_END);
	assert_true(o->ts_ns == o->flow->last_ns);
	assert_int_equal(o->flow->orig_port, 40000);
	assert_int_equal(o->flow->resp_port, 443);
	assert_int_equal(o->flow->orig_total.packets, 1);
	assert_int_equal(o->flow->resp_total.packets, 1);
	assert_non_null(o->flow->history);
	assert_non_null(o->flow->service);
	assert_non_null(o->flow->label);
	assert_false(input_exporter_next(p->exporter, UINT64_MAX, &o));
	assert_int_equal(input_exporter_counters(p->exporter)->paired, 1);
}

static void
one_direction_alone_is_told_when_the_wait_is_over(void **state)
{
	struct place *p = *state;
	const struct sockaddr_in client = host(0xc0a80742, 40000);
	const struct sockaddr_in server = host(0xc6336401, 23);
	const struct observation *o;

	export(p, 100, &client, &server, SYN);
	assert_false(input_exporter_next(p->exporter, NOW_NS, &o));
	assert_false(input_exporter_next(p->exporter, NOW_NS + WAIT_NS - 2 * NS_PER_S, &o));
	assert_true(input_exporter_next(p->exporter, NOW_NS + WAIT_NS, &o));
	assert_int_equal(o->flow->resp_total.packets, 0);
	assert_int_equal(input_exporter_counters(p->exporter)->told, 1);
}

static void
what_waits_is_told_at_the_end(void **state)
{
	struct place *p = *state;
	const struct sockaddr_in client = host(0xc0a80742, 40000);
	const struct sockaddr_in server = host(0xc6336401, 23);
	const struct observation *o;

	export(p, 100, &client, &server, SYN);
	assert_true(input_exporter_next(p->exporter, UINT64_MAX, &o));
	assert_false(input_exporter_next(p->exporter, UINT64_MAX, &o));
}

static void
gaps_and_nonsense_are_counted(void **state)
{
	struct place *p = *state;
	const struct addr router = addr_v4(192, 168, 7, 1);
	const struct sockaddr_in client = host(0xc0a80742, 40000);
	const struct sockaddr_in server = host(0xc6336401, 23);

	export(p, 100, &client, &server, SYN);
	export(p, 108, &client, &server, SYN);
	input_exporter_take(p->exporter, &router, cursor_over("nonsense", 8), NOW_NS);
	const struct input_exporter_counters *c = input_exporter_counters(p->exporter);
	assert_int_equal(c->records, 2);
	assert_int_equal(c->lost, 7);
	assert_int_equal(c->bad, 1);
}

static void
a_clock_that_is_off_by_more_than_a_minute_is_counted(void **state)
{
	struct place *p = *state;
	const struct sockaddr_in client = host(0xc0a80742, 40000);
	const struct sockaddr_in server = host(0xc6336401, 23);

	export_ahead(p, 100, &client, &server, SYN, 60);
	assert_int_equal(input_exporter_counters(p->exporter)->wrong_clocks, 0);
	export_ahead(p, 101, &client, &server, SYN, 61);
	assert_int_equal(input_exporter_counters(p->exporter)->wrong_clocks, 1);
}

static void
sflow_is_read_by_its_own_rules(void **state)
{
	const struct addr agent = addr_v4(192, 168, 7, 1);
	struct input_exporter *x = input_exporter_new(LIVE_INPUT_SFLOW, WAIT_NS, &key);

	(void)state;
	assert_non_null(x);
	/* no sFlow, but NetFlow's beginning */
	input_exporter_take(x, &agent, cursor_over("\0\5\0\1", 4), NOW_NS);
	assert_int_equal(input_exporter_counters(x)->bad, 1);
	assert_int_equal(input_exporter_counters(x)->without_template, 0);
	input_exporter_free(x);
	input_exporter_free(NULL);
}

int
main(void)
{
#define TEST(name) cmocka_unit_test_setup_teardown(name, begin, end)
	const struct CMUnitTest tests[] = {
		TEST(both_directions_are_one_conversation),
		TEST(one_direction_alone_is_told_when_the_wait_is_over),
		TEST(what_waits_is_told_at_the_end),
		TEST(gaps_and_nonsense_are_counted),
		TEST(a_clock_that_is_off_by_more_than_a_minute_is_counted),
		TEST(sflow_is_read_by_its_own_rules),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
