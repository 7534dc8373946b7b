#define DETECTOR_UNDER_TEST detector_tor
#include "tests/support/intel_rig.h"

static void
call(struct lists_rig *t, struct addr resp)
{
	rig_flow(&t->r, OBS_FLOW_START,
		&(struct obs_flow){ .uid = rig_uid(7),
			.resp = resp,
			.resp_port = 9001,
			.ip_proto = IPPROTO_TCP });
}

static void
a_relay_is_told_once_a_window(void **state)
{
	struct lists_rig *t = *state;
	const struct addr relay = addr_v4(203, 0, 113, 9);
	const struct intel_indicator what[] = { intel_net("203.0.113.9/32", THREAT_HIGH, ""),
		intel_net("203.0.113.8/32", THREAT_HIGH, "") };

	call(t, relay);
	assert_int_equal(t->r.raised_count, 0);
	know(t, what, (const unsigned[]){ LIST_RELAYS, LIST_FIRST }, 2);
	call(t, addr_v4(203, 0, 113, 8)); /* bad, but no relay */
	assert_int_equal(t->r.raised_count, 0);
	call(t, relay);
	call(t, relay);
	assert_int_equal(t->r.raised_count, 1);
	const struct raised *a = rig_last(&t->r);
	assert_string_equal(a->kind->name, "TOR_EXIT_NODE");
	assert_string_equal(a->text, "called 203.0.113.9, which is a relay of Tor");
	assert_int_equal(a->threat, THREAT_INFO);
	assert_int_equal(a->port, 9001);
	assert_int_equal(a->ip_proto, IPPROTO_TCP);
	assert_int_equal(a->uid_count, 1);
	assert_string_equal(a->object, "203.0.113.9");
}

static void
who_is_called_by_a_relay_is_not_told(void **state)
{
	struct lists_rig *t = *state;

	know(t, &(struct intel_indicator){ .type = INTEL_NAME, .text = intel_text_of("a.example") },
		(const unsigned[]){ LIST_RELAYS }, 1);
	rig_flow_as_server(&t->r, OBS_FLOW_START,
		&(struct obs_flow){ .orig = addr_v4(203, 0, 113, 9),
			.resp = t->r.host,
			.ip_proto = IPPROTO_TCP });
	assert_int_equal(t->r.raised_count, 0);
}

static void
a_relay_of_before_is_told_after_the_lists_have_changed(void **state)
{
	struct lists_rig *t = *state;
	const struct intel_indicator what = intel_net("203.0.113.9/32", THREAT_LOW, "");

	know(t, &what, (const unsigned[]){ LIST_RELAYS }, 1);
	peer_again(t, ROLE_SERVER, addr_v4(203, 0, 113, 9), true);
	assert_int_equal(t->r.raised_count, 0);
	peer_again(t, ROLE_CLIENT, addr_v4(203, 0, 113, 9), true);
	assert_int_equal(t->r.raised_count, 1);
	assert_string_equal(rig_last(&t->r)->text,
		"called 203.0.113.9, which is a relay of Tor (seen before it was listed)");
	assert_int_equal(rig_last(&t->r)->port, 443);
	assert_int_equal(rig_last(&t->r)->ip_proto, IPPROTO_TCP);
}

int
main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test_setup_teardown(a_relay_is_told_once_a_window, setup, teardown),
		cmocka_unit_test_setup_teardown(
			who_is_called_by_a_relay_is_not_told, setup, teardown),
		cmocka_unit_test_setup_teardown(
			a_relay_of_before_is_told_after_the_lists_have_changed, setup, teardown),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
