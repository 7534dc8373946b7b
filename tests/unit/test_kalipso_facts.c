/* What naiad tells its own readers, beside what a Kalipso reads. */
#include "exporters/kalipso/kalipso_facts.h"

#include "tests/support/kalipso_rig.h"

#include <netinet/in.h>

static struct mirror_window *
told(struct kalipso_rig *r)
{
	kalipso_rig_tell(r, 1);
	return mirror_next_window(r->target.mirror, 0);
}

static json_int_t
number(json_t *object, const char *key)
{
	return json_integer_value(json_object_get(object, key));
}

static void
a_window_has_its_times_its_findings_and_the_sums_of_all_its_flows(void **state)
{
	struct kalipso_rig *r = kalipso_rig_new();

	(void)state;
	kalipso_rig_flow(r, addr_v4(203, 0, 113, 1), 80, IPPROTO_TCP, ROLE_CLIENT, true);
	kalipso_rig_flow(r, addr_v4(203, 0, 113, 4), 8, IPPROTO_ICMP, ROLE_CLIENT, false);
	struct mirror_window *w = told(r);
	w->threat = 2.25;
	w->alerts = 1;
	w->closed = true;
	w->evidence.begun = 2; /* of which no line is kept any more */
	kalipso_facts_window(&r->target, w, &r->tuples);
	json_t *facts =
		kalipso_rig_read(r, kalipso_rig_field(r, 0, "naiad:windows", "192.168.2.12 1"));
	assert_int_equal(number(facts, "start_ns"), kalipso_rig_window(1).start_ns);
	assert_int_equal(number(facts, "end_ns"), kalipso_rig_window(1).end_ns);
	assert_int_equal(number(facts, "evidence"), 2);
	assert_int_equal(number(facts, "alerts"), 1);
	assert_int_equal(number(facts, "flows"), 2);
	assert_int_equal(number(facts, "packets"), 6);
	assert_int_not_equal(number(facts, "bytes"), 0);
	assert_true(json_is_true(json_object_get(facts, "closed")));
	assert_true(json_number_value(json_object_get(facts, "sum")) == 2.25);
	kalipso_rig_free(r);
}

static void
a_window_whose_tuples_are_not_told_yet_has_no_sums(void **state)
{
	struct kalipso_rig *r = kalipso_rig_new();

	(void)state;
	kalipso_facts_window(&r->target, told(r), NULL);
	json_t *facts =
		kalipso_rig_read(r, kalipso_rig_field(r, 0, "naiad:windows", "192.168.2.12 1"));
	assert_null(json_object_get(facts, "flows"));
	kalipso_rig_free(r);
}

static void
an_address_has_its_network_its_card_and_its_names(void **state)
{
	struct mirror_address a = { .addr = addr_v4(203, 0, 113, 1),
		.country = "NL",
		.asn = 64498,
		.org = "Example BV",
		.vendor = "Example Cards",
		.device_name = "printer",
		.names = { { .text = "a.example", .is_dns = true },
			{ .text = "{b}\x1b", .is_believed = true } },
		.name_count = 2,
		.server_names = { { .text = "cdn.example", .port = 443 } },
		.server_name_count = 1 };
	struct kalipso_rig *r = kalipso_rig_new();

	(void)state;
	kalipso_facts_address(&r->target, &a);
	assert_string_equal(kalipso_rig_field(r, 1, "naiad:addresses", "203.0.113.1"),
		"{\"private\":false,\"country\":\"NL\",\"asn\":64498,\"org\":\"Example BV\","
		"\"vendor\":\"Example Cards\",\"device_name\":\"printer\",\"names\":["
		"{\"name\":\"a.example\",\"dns\":true,\"believed\":false},"
		"{\"name\":\"{b}\\\\x1b\",\"dns\":false,\"believed\":true}],"
		"\"server_names\":[{\"server_name\":\"cdn.example\",\"dport\":443}]}");
	kalipso_rig_free(r);
}

static void
what_is_gone_is_removed_and_what_stays_vanishes_with_the_rest(void **state)
{
	const struct addr a = addr_v4(203, 0, 113, 1);
	struct mirror_address address = { .addr = a };
	struct kalipso_rig *r = kalipso_rig_new();

	(void)state;
	r->target.ttl_s = 3600;
	kalipso_facts_window(&r->target, told(r), NULL);
	kalipso_facts_address(&r->target, &address);
	assert_int_not_equal(kalipso_rig_find(r, "EXPIRE", "naiad:windows", "3600"), 0);
	assert_int_not_equal(kalipso_rig_find(r, "EXPIRE", "naiad:addresses", "3600"), 0);
	kalipso_facts_window_gone(&r->target, &a, -2);
	kalipso_facts_address_gone(&r->target, &a);
	assert_int_not_equal(kalipso_rig_find(r, "HDEL", "naiad:windows", "203.0.113.1 -2"), 0);
	assert_int_not_equal(kalipso_rig_find(r, "HDEL", "naiad:addresses", "203.0.113.1"), 0);
	kalipso_rig_free(r);
}

int
main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(a_window_has_its_times_its_findings_and_the_sums_of_all_its_flows),
		cmocka_unit_test(a_window_whose_tuples_are_not_told_yet_has_no_sums),
		cmocka_unit_test(an_address_has_its_network_its_card_and_its_names),
		cmocka_unit_test(what_is_gone_is_removed_and_what_stays_vanishes_with_the_rest),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
