#include "daemon/transactions/dhcp.h"
#include "tests/support/detector_rig.h"

#include <netinet/in.h>
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <stdio.h>
#include <string.h>

#include <cmocka.h>

extern const struct detector detector_dhcp_scan;

static int
setup(void **state)
{
	static struct rig rig;

	rig_open(&rig, &detector_dhcp_scan);
	*state = &rig;
	return 0;
}

static int
teardown(void **state)
{
	rig_done(*state);
	return 0;
}

/* The client of the rig's host, as a question and its answer have it. */
static struct obs_dhcp
question(uint8_t wanted)
{
	return (struct obs_dhcp){
		.client_addr = addr_v4(10, 0, 0, 1),
		.mac = "02:00:00:00:00:01",
		.requested_addr = addr_v4(10, 0, 0, wanted),
	};
}

/* How much is said of it. */
static size_t
reports(struct rig *r, const struct obs_dhcp *dhcp)
{
	const struct obs_talk talk = {
		.uid = rig_uid(7), .resp_port = 67, .ip_proto = IPPROTO_UDP
	};
	size_t before = r->raised_count;

	rig_observe(r, &(struct observation){
			       .kind = OBS_DHCP, .ts_ns = r->now_ns, .talk = &talk, .dhcp = dhcp });
	return r->raised_count - before;
}

static size_t
reports_of(struct rig *r, uint8_t wanted)
{
	const struct obs_dhcp dhcp = question(wanted);

	return reports(r, &dhcp);
}

/* The card `mac` asks for addresses, as many as `count`, without one of its own. */
static void
ask_nameless(struct rig *r, const char *mac, uint8_t count)
{
	for (uint8_t i = 0; i < count; i++) {
		struct obs_dhcp dhcp = question((uint8_t)(100 + i));
		dhcp.client_addr = (struct addr){ 0 };
		dhcp.mac = mac;
		(void)reports(r, &dhcp);
	}
}

static void
four_addresses_are_a_scan(void **state)
{
	struct rig *r = *state;

	for (uint8_t i = 1; i <= 3; i++)
		assert_int_equal(reports_of(r, i), 0);
	assert_int_equal(reports_of(r, 4), 1);
	const struct raised *e = rig_last(r);
	assert_string_equal(e->kind->name, "DHCP_SCAN");
	assert_string_equal(e->kind->technique, "T1557.003");
	assert_int_equal(e->kind->signature_id, 5200107);
	assert_string_equal(e->kind->unit, "addresses");
	assert_int_equal(e->threat, THREAT_MEDIUM);
	assert_float_equal(e->confidence, 0.8, 1e-9);
	assert_int_equal(e->role, EVIDENCE_ATTACKER);
	assert_true(addr_equal(&e->host, &r->host));
	assert_int_equal(e->observed, 4);
	assert_int_equal(e->threshold, 4);
	assert_int_equal(e->uid_count, 4);
	assert_string_equal(e->object, "02:00:00:00:00:01");
	assert_string_equal(e->text, "asked DHCP for 4 different addresses for the network card "
				     "02:00:00:00:00:01, last for 10.0.0.4");
}

static void
an_address_counts_once(void **state)
{
	struct rig *r = *state;

	for (int i = 0; i < 20; i++)
		assert_int_equal(reports_of(r, (uint8_t)(1 + i % 3)), 0);
	struct obs_dhcp given = question(3);
	given.assigned_addr = (struct addr){ .byte = { 0xfd, [15] = 3 } };
	assert_int_equal(reports(r, &given), 0);
	assert_int_equal(reports_of(r, 4), 1);
	assert_int_equal(rig_last(r)->uid_count, 4);
	assert_int_equal(reports_of(r, 4), 0);
}

static void
each_four_more_are_told_up_to_fifty(void **state)
{
	struct rig *r = *state;

	for (uint8_t i = 1; i <= 7; i++)
		(void)reports_of(r, i);
	assert_int_equal(r->raised_count, 1);
	assert_int_equal(reports_of(r, 8), 1);
	for (uint8_t i = 9; i <= 49; i++)
		(void)reports_of(r, i);
	assert_int_equal(r->raised_count, 12);
	assert_int_equal(rig_last(r)->observed, 48);
	rig_set_u32(r, "min_addresses", 2);
	assert_int_equal(reports_of(r, 50), 1);
	for (uint8_t i = 51; i <= 250; i++)
		assert_int_equal(reports_of(r, i), 0); /* what is remembered is full */
}

static void
the_count_begins_anew_after_an_hour(void **state)
{
	struct rig *r = *state;
	uint64_t began_ns = r->now_ns;

	for (uint8_t i = 1; i <= 3; i++)
		assert_int_equal(reports_of(r, i), 0);
	rig_tick(r, began_ns + 3600 * NS_PER_S);
	assert_int_equal(reports_of(r, 4), 0);
	assert_int_equal(reports_of(r, 5), 0);
	assert_int_equal(reports_of(r, 6), 0);
	rig_tick(r, r->now_ns + 3600 * NS_PER_S - 1);
	assert_int_equal(reports_of(r, 7), 1);
}

static void
each_card_is_counted_for_itself(void **state)
{
	struct rig *r = *state;
	char mac[MAC_TEXT_MAX];

	for (uint8_t i = 1; i <= 250; i++) {
		struct obs_dhcp dhcp = question(i);
		(void)snprintf(mac, sizeof(mac), "02:00:00:00:01:%02x", i);
		dhcp.mac = mac;
		assert_int_equal(reports(r, &dhcp), 0);
	}
}

static void
who_asks_often_is_not_driven_out_by_who_asks_once(void **state)
{
	struct rig *r = *state;
	char mac[MAC_TEXT_MAX];

	(void)reports_of(r, 1);
	(void)reports_of(r, 2);
	for (unsigned i = 0; i < 1000; i++) {
		(void)snprintf(mac, sizeof(mac), "02:00:00:01:%02x:%02x", i / 256, i % 256);
		ask_nameless(r, mac, 1);
	}
	(void)reports_of(r, 3);
	assert_int_equal(reports_of(r, 4), 1);
}

static void
of_those_who_asked_as_often_the_first_makes_room(void **state)
{
	struct rig *r = *state;
	char mac[MAC_TEXT_MAX];

	for (unsigned i = 0; i < 66; i++) { /* there is room for 64 */
		rig_tick(r, r->now_ns + NS_PER_S);
		(void)snprintf(mac, sizeof(mac), "02:00:00:00:02:%02x", i);
		ask_nameless(r, mac, 3);
	}
	for (uint8_t i = 66; i-- > 0;) {
		struct obs_dhcp dhcp = question(9);
		(void)snprintf(mac, sizeof(mac), "02:00:00:00:02:%02x", i);
		dhcp.mac = mac;
		assert_int_equal(reports(r, &dhcp), i >= 2);
	}
}

static void
who_was_silent_for_an_hour_makes_room_first(void **state)
{
	struct rig *r = *state;
	char mac[MAC_TEXT_MAX];

	for (unsigned i = 0; i < 63; i++) {
		(void)snprintf(mac, sizeof(mac), "02:00:00:00:03:%02x", i);
		ask_nameless(r, mac, 3);
	}
	rig_tick(r, r->now_ns + 1800 * NS_PER_S);
	(void)reports_of(r, 1); /* the last place, and the fewest addresses */
	rig_tick(r, r->now_ns + 1800 * NS_PER_S);
	ask_nameless(r, "02:00:00:00:04:00", 1);
	for (uint8_t i = 2; i <= 3; i++)
		assert_int_equal(reports_of(r, i), 0);
	assert_int_equal(reports_of(r, 4), 1);
}

static void
a_card_without_an_address_is_charged_by_what_it_was_given(void **state)
{
	struct rig *r = *state;
	struct obs_dhcp dhcp = question(5);

	ask_nameless(r, "02:00:00:00:00:01", 4);
	assert_int_equal(r->raised_count, 0); /* there is nobody to be charged */
	dhcp.client_addr = (struct addr){ 0 };
	dhcp.assigned_addr = addr_v4(10, 0, 0, 77);
	assert_int_equal(reports(r, &dhcp), 1);
	assert_true(addr_equal(&rig_last(r)->host, &dhcp.assigned_addr));
	assert_int_equal(rig_last(r)->observed, 5);
	ask_nameless(r, "02:00:00:00:00:01", 7);
	assert_int_equal(r->raised_count, 1); /* 100 to 103 were known: 8 by now */
	ask_nameless(r, "02:00:00:00:00:01", 8);
	assert_int_equal(r->raised_count, 2);
	assert_true(addr_equal(&rig_last(r)->host, &dhcp.assigned_addr));
}

static void
a_card_without_an_address_is_charged_by_the_one_it_bears(void **state)
{
	struct rig *r = *state;
	const struct mac mac = { .byte = { 2, [5] = 1 } };
	const struct obs_arp arp = {
		.operation = 1,
		.eth_src = mac,
		.sender_mac = mac,
		.sender = addr_v4(10, 0, 0, 8),
		.target = addr_v4(10, 0, 0, 9),
	};
	struct obs_dhcp dhcp = question(5);

	rig_learn(r, &(struct observation){ .kind = OBS_ARP, .ts_ns = r->now_ns, .arp = &arp });
	ask_nameless(r, "02:00:00:00:00:01", 3);
	dhcp.client_addr = (struct addr){ 0 };
	dhcp.assigned_addr = addr_v4(10, 0, 0, 77);
	assert_int_equal(reports(r, &dhcp), 1);
	assert_true(addr_equal(&rig_last(r)->host, &arp.sender));
}

static void
a_relay_is_not_charged_for_who_asks_through_it(void **state)
{
	struct rig *r = *state;
	const struct addr given = addr_v4(10, 0, 0, 77);

	for (uint8_t i = 1; i <= 4; i++) {
		struct obs_dhcp dhcp = question(i);
		dhcp.giaddr = dhcp.client_addr;
		dhcp.assigned_addr = i < 4 ? (struct addr){ 0 } : given;
		(void)reports(r, &dhcp);
	}
	assert_int_equal(r->raised_count, 1);
	assert_true(addr_equal(&rig_last(r)->host, &given));
}

static void
what_names_no_address_or_no_card_does_not_count(void **state)
{
	struct rig *r = *state;

	for (uint8_t i = 1; i <= 20; i++) {
		struct obs_dhcp dhcp = question(i);
		dhcp.mac = NULL;
		assert_int_equal(reports(r, &dhcp), 0);
		dhcp.mac = "\x1b[31m%s";
		assert_int_equal(reports(r, &dhcp), 0);
		dhcp = question(i);
		dhcp.assigned_addr = dhcp.requested_addr;
		dhcp.requested_addr = (struct addr){ 0 };
		assert_int_equal(reports(r, &dhcp), 0);
	}
	for (uint8_t i = 1; i <= 3; i++)
		assert_int_equal(reports_of(r, i), 0);
}

static void
a_log_may_know_no_conversation(void **state)
{
	struct rig *r = *state;

	for (uint8_t i = 1; i <= 4; i++) {
		const struct obs_dhcp dhcp = question(i);
		rig_observe(r, &(struct observation){
				       .kind = OBS_DHCP, .ts_ns = r->now_ns, .dhcp = &dhcp });
	}
	assert_int_equal(rig_last(r)->uid_count, 0);
}

static void
settings_have_bounds(void **state)
{
	struct rig *r = *state;

	assert_false(rig_setting_takes(r, "min_addresses", 1));
	assert_true(rig_setting_takes(r, "min_addresses", 2));
	assert_true(rig_setting_takes(r, "min_addresses", 50));
	assert_false(rig_setting_takes(r, "min_addresses", 51));
	assert_false(rig_setting_takes(r, "span", NS_PER_S - 1));
	assert_true(rig_setting_takes(r, "span", NS_PER_S));
	assert_true(rig_setting_takes(r, "span", 86400 * NS_PER_S));
	assert_false(rig_setting_takes(r, "span", 86400 * NS_PER_S + 1));
}

int
main(void)
{
	const struct CMUnitTest tests[] = {
#define TEST(name) cmocka_unit_test_setup_teardown(name, setup, teardown)
		TEST(four_addresses_are_a_scan),
		TEST(an_address_counts_once),
		TEST(each_four_more_are_told_up_to_fifty),
		TEST(the_count_begins_anew_after_an_hour),
		TEST(each_card_is_counted_for_itself),
		TEST(who_asks_often_is_not_driven_out_by_who_asks_once),
		TEST(of_those_who_asked_as_often_the_first_makes_room),
		TEST(who_was_silent_for_an_hour_makes_room_first),
		TEST(a_card_without_an_address_is_charged_by_what_it_was_given),
		TEST(a_card_without_an_address_is_charged_by_the_one_it_bears),
		TEST(a_relay_is_not_charged_for_who_asks_through_it),
		TEST(what_names_no_address_or_no_card_does_not_count),
		TEST(a_log_may_know_no_conversation),
		TEST(settings_have_bounds),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
