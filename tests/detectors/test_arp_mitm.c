#include "tests/support/detector_rig.h"

#include <netinet/in.h>
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <string.h>

#include <cmocka.h>

extern const struct detector detector_arp_mitm;

static int
setup(void **state)
{
	static struct rig rig;

	rig_open(&rig, &detector_arp_mitm);
	*state = &rig;
	return 0;
}

static int
teardown(void **state)
{
	rig_done(*state);
	return 0;
}

enum { VICTIM = 1, ATTACKER = 66, OTHER = 9 };

static const struct mac everyone = { { 0xff, 0xff, 0xff, 0xff, 0xff, 0xff } };

/* Cards have the number of the host whose they are. */
static struct mac
card(uint8_t n)
{
	return (struct mac){ { 2, 0, 0, 0, 0, n } };
}

static struct addr
host(uint8_t n)
{
	return addr_v4(10, 0, 0, n);
}

/* The rig's profile is that of the message's sender. */
static size_t
says(struct rig *r, uint16_t operation, uint8_t sender, uint8_t mac, struct mac to)
{
	size_t before = r->raised_count;
	const struct obs_arp a = {
		.operation = operation,
		.eth_src = card(mac),
		.eth_dst = to,
		.sender_mac = card(mac),
		.target_mac = to,
		.sender = host(sender),
		.target = host(OTHER),
	};

	r->host = host(sender);
	rig_observe(
		r, &(struct observation){
			   .kind = OBS_ARP, .role = ROLE_CLIENT, .ts_ns = r->now_ns, .arp = &a });
	return r->raised_count - before;
}

/* A question, by which a host uses its address. */
static size_t
asks(struct rig *r, uint8_t sender, uint8_t mac)
{
	return says(r, 1, sender, mac, everyone);
}

/* An answer that nobody asked for, to one host. */
static size_t
lies(struct rig *r, uint8_t sender, uint8_t mac)
{
	return says(r, 2, sender, mac, card(OTHER));
}

static size_t
announces(struct rig *r, uint8_t sender, uint8_t mac)
{
	return says(r, 2, sender, mac, everyone);
}

static void
wait_s(struct rig *r, uint64_t seconds)
{
	rig_tick(r, r->now_ns + seconds * NS_PER_S);
}

/* The site has seen something long enough ago to know what was asked. */
static void
begin(struct rig *r)
{
	(void)asks(r, 77, 77);
	wait_s(r, 10);
}

static void
an_address_in_use_is_taken(void **state)
{
	struct rig *r = *state;

	begin(r);
	assert_int_equal(asks(r, VICTIM, VICTIM), 0);
	wait_s(r, 60);
	assert_int_equal(lies(r, VICTIM, ATTACKER), 1);
	const struct raised *e = rig_last(r);
	assert_string_equal(e->kind->name, "MITM_ARP_ATTACK");
	assert_string_equal(e->kind->technique, "T1557.002");
	assert_int_equal(e->kind->signature_id, 5200022);
	assert_string_equal(e->kind->unit, "times");
	assert_true(e->kind->may_convict);
	assert_int_equal(e->threat, THREAT_HIGH);
	assert_float_equal(e->confidence, 0.5, 1e-9);
	assert_int_equal(e->role, EVIDENCE_ATTACKER); /* whose the card is, nobody knows */
	assert_false(e->has_about);
	assert_false(e->decisive);
	assert_int_equal(e->observed, 1);
	assert_int_equal(e->threshold, 1);
	assert_string_equal(e->object, "02:00:00:00:00:42");
	assert_string_equal(e->text,
		"was claimed 1 time by the network card 02:00:00:00:00:42 in ARP replies that nobody had "
		"asked for, while in use by 02:00:00:00:00:01");
}

static void
an_address_given_up_is_nobodys(void **state)
{
	struct rig *r = *state;

	begin(r);
	(void)asks(r, VICTIM, VICTIM);
	wait_s(r, 60);
	rig_tick(r, r->now_ns + 1);
	assert_int_equal(lies(r, VICTIM, ATTACKER), 0);
}

static void
who_asked_gets_an_answer(void **state)
{
	struct rig *r = *state;

	begin(r);
	(void)asks(r, VICTIM, VICTIM);
	r->host = host(OTHER);
	rig_learn(r, &(struct observation){ .kind = OBS_ARP,
			     .ts_ns = r->now_ns,
			     .arp = &(struct obs_arp){ .operation = 1,
				     .sender = host(OTHER),
				     .sender_mac = card(OTHER),
				     .target = host(VICTIM) } });
	wait_s(r, 2);
	assert_int_equal(lies(r, VICTIM, ATTACKER), 0);
}

static void
the_third_flip_flop_convicts(void **state)
{
	struct rig *r = *state;

	begin(r);
	(void)asks(r, ATTACKER, ATTACKER); /* whose the card is */
	for (unsigned i = 0; i < 3; i++) {
		(void)asks(r, VICTIM, VICTIM);
		wait_s(r, 5);
		(void)lies(r, VICTIM, ATTACKER);
		wait_s(r, 5);
	}
	assert_int_equal(r->raised_count, 4); /* the first and the third, on both sides */
	struct addr attacker = host(ATTACKER);
	const struct raised *e = &r->raised[2];
	assert_int_equal(e->role, EVIDENCE_VICTIM);
	assert_true(addr_equal(&e->about, &attacker));
	assert_int_equal(e->threat, THREAT_CRITICAL);
	assert_int_equal(e->observed, 3);
	assert_int_equal(e->threshold, 3);
	assert_string_equal(e->text,
		"was claimed 3 times by the network card 02:00:00:00:00:42 in ARP replies that nobody had "
		"asked for, while in use by 02:00:00:00:00:01");
	e = rig_last(r);
	assert_true(e->twin);
	assert_int_equal(e->role, EVIDENCE_ATTACKER);
	assert_true(addr_equal(&e->about, &attacker));
	assert_int_equal(e->threat, THREAT_CRITICAL);
	assert_float_equal(e->confidence, 1, 1e-9);
	assert_true(e->decisive);
	assert_string_equal(e->text,
		"claimed the address of 10.0.0.1 3 times in ARP replies that nobody had asked for, while it "
		"was in use");
}

static void
a_packet_of_the_owner_contradicts_as_well(void **state)
{
	struct rig *r = *state;
	const struct obs_flow f = { .orig = host(VICTIM),
		.resp = host(OTHER),
		.has_macs = true,
		.orig_mac = card(VICTIM),
		.resp_mac = card(OTHER) };

	begin(r);
	(void)asks(r, VICTIM, VICTIM);
	for (unsigned i = 0; i < 3; i++) {
		wait_s(r, 5);
		(void)lies(r, VICTIM, ATTACKER);
		wait_s(r, 5);
		rig_learn(r, &(struct observation){
				     .kind = OBS_FLOW_START, .ts_ns = r->now_ns, .flow = &f });
	}
	assert_int_equal(rig_last(r)->threat, THREAT_CRITICAL);
	assert_true(rig_last(r)->decisive);
}

static void
what_nobody_contradicts_is_one_take(void **state)
{
	struct rig *r = *state;

	begin(r);
	(void)asks(r, VICTIM, VICTIM);
	for (unsigned i = 0; i < 20; i++) {
		wait_s(r, 2);
		(void)lies(r, VICTIM, ATTACKER);
	}
	assert_int_equal(r->raised_count, 1);
}

static void
flip_flops_are_told_at_each_tenfold(void **state)
{
	struct rig *r = *state;

	begin(r);
	for (unsigned i = 0; i < 100; i++) {
		(void)asks(r, VICTIM, VICTIM);
		wait_s(r, 3);
		(void)lies(r, VICTIM, ATTACKER);
		wait_s(r, 3);
	}
	assert_int_equal(r->raised_count, 4); /* 1, 3, 10, 100 */
	assert_int_equal(rig_last(r)->observed, 100);
	assert_true(rig_last(r)->decisive);
}

static void
a_new_card_or_a_standby_router_is_not_critical(void **state)
{
	struct rig *r = *state;

	begin(r);
	for (unsigned i = 0; i < 20; i++) { /* over and over: still an announcement */
		(void)asks(r, VICTIM, VICTIM);
		wait_s(r, 5);
		(void)announces(r, VICTIM, ATTACKER);
		wait_s(r, 5);
		assert_false(rig_last(r)->decisive);
		assert_int_equal(rig_last(r)->threat, i < 2 ? THREAT_MEDIUM : THREAT_HIGH);
	}
	assert_int_equal(r->raised_count, 3); /* 1, 3, 10 */
	assert_float_equal(r->raised[0].confidence, 0.5, 1e-9);
	assert_float_equal(r->raised[1].confidence, 0.8, 1e-9);
	assert_int_equal(r->raised[1].threshold, 3);
}

static void
announcements_do_not_add_up_to_directed_lies(void **state)
{
	struct rig *r = *state;

	begin(r);
	for (unsigned i = 0; i < 5; i++) {
		(void)asks(r, VICTIM, VICTIM);
		wait_s(r, 5);
		(void)(i < 2 ? announces(r, VICTIM, ATTACKER) : lies(r, VICTIM, ATTACKER));
		wait_s(r, 5);
		assert_int_equal(rig_last(r)->decisive, i == 4);
	}
	assert_int_equal(rig_last(r)->observed, 5);
}

static void
the_owner_may_defend_itself(void **state)
{
	struct rig *r = *state;

	begin(r);
	(void)asks(r, VICTIM, VICTIM);
	wait_s(r, 5);
	assert_int_equal(lies(r, VICTIM, ATTACKER), 1);
	for (unsigned i = 0; i < 5; i++) {
		wait_s(r, 5);
		assert_int_equal(lies(r, VICTIM, VICTIM), 0);
		wait_s(r, 5);
		(void)asks(r, VICTIM, ATTACKER);
	}
}

static void
a_card_of_another_host_claims_an_address(void **state)
{
	struct rig *r = *state;

	begin(r);
	(void)asks(r, ATTACKER, ATTACKER);
	wait_s(r, 5);
	assert_int_equal(lies(r, VICTIM, ATTACKER), 2);
	const struct raised *e = &r->raised[0];
	assert_int_equal(e->role, EVIDENCE_VICTIM);
	assert_int_equal(e->threat, THREAT_HIGH);
	assert_float_equal(e->confidence, 0.5, 1e-9);
	assert_int_equal(e->observed, 1);
	assert_int_equal(e->threshold, 1);
	assert_string_equal(e->text,
		"was claimed 1 time by the network card 02:00:00:00:00:42 in ARP replies that nobody had "
		"asked for");
	assert_string_equal(rig_last(r)->text,
		"claimed the address of 10.0.0.1 1 time in ARP replies that nobody had asked for");
	assert_int_equal(rig_last(r)->role, EVIDENCE_ATTACKER);
	assert_true(rig_last(r)->twin);
	wait_s(r, 5);
	assert_int_equal(lies(r, VICTIM, ATTACKER), 0); /* once a window */
	rig_window_next(r);
	assert_int_equal(announces(r, VICTIM, ATTACKER), 2);
	assert_int_equal(rig_last(r)->threat, THREAT_MEDIUM);
	assert_float_equal(rig_last(r)->confidence, 0.4, 1e-9);
}

static void
a_host_that_says_its_own_is_silence(void **state)
{
	struct rig *r = *state;

	begin(r);
	(void)asks(r, VICTIM, VICTIM);
	wait_s(r, 5);
	assert_int_equal(announces(r, VICTIM, VICTIM), 0);
	assert_int_equal(lies(r, VICTIM, VICTIM), 0);
	wait_s(r, 5);
	assert_int_equal(asks(r, VICTIM, VICTIM), 0);
}

static void
a_card_that_claimed_an_address_shows_its_own(void **state)
{
	struct rig *r = *state;

	begin(r);
	assert_int_equal(lies(r, VICTIM, ATTACKER), 0);
	wait_s(r, 600);
	assert_int_equal(asks(r, ATTACKER, ATTACKER), 1);
	struct addr victim = host(VICTIM);
	const struct raised *e = rig_last(r);
	assert_int_equal(e->role, EVIDENCE_ATTACKER);
	assert_int_equal(e->threat, THREAT_MEDIUM);
	assert_float_equal(e->confidence, 0.5, 1e-9);
	assert_true(addr_equal(&e->about, &victim));
	assert_int_equal(e->observed, 1);
	assert_int_equal(e->threshold, 1);
	assert_string_equal(e->object, "02:00:00:00:00:42");
	assert_string_equal(e->text,
		"had claimed the address of 10.0.0.1 in an ARP reply that nobody had asked for, from its "
		"network card 02:00:00:00:00:42");
	assert_int_equal(asks(r, ATTACKER, ATTACKER), 0);
}

static void
a_claim_is_forgotten_after_ten_minutes(void **state)
{
	struct rig *r = *state;

	begin(r);
	(void)lies(r, VICTIM, ATTACKER);
	wait_s(r, 600);
	rig_tick(r, r->now_ns + 1);
	assert_int_equal(asks(r, ATTACKER, ATTACKER), 0);
}

static void
two_addresses_without_a_lie_are_two_addresses(void **state)
{
	struct rig *r = *state;

	begin(r);
	(void)asks(r, VICTIM, ATTACKER);
	wait_s(r, 5);
	assert_int_equal(asks(r, ATTACKER, ATTACKER), 0);
	(void)asks(r, VICTIM, VICTIM); /* the claim is another card's by now */
	wait_s(r, 5);
	assert_int_equal(asks(r, ATTACKER, ATTACKER), 0);
}

static void
the_settings_have_bounds(void **state)
{
	struct rig *r = *state;

	assert_false(rig_setting_takes(r, "confirm", 1));
	assert_true(rig_setting_takes(r, "confirm", 100));
	assert_false(rig_setting_takes(r, "confirm", 101));
	assert_false(rig_setting_takes(r, "alive", NS_PER_S - 1));
	assert_true(rig_setting_takes(r, "alive", 3600 * NS_PER_S));
	assert_false(rig_setting_takes(r, "alive", 3600 * NS_PER_S + 1));
	rig_set_u32(r, "confirm", 2);
	rig_set_duration(r, "alive", 5 * NS_PER_S);
	begin(r);
	for (unsigned i = 0; i < 2; i++) {
		(void)asks(r, VICTIM, VICTIM);
		wait_s(r, 5);
		(void)lies(r, VICTIM, ATTACKER);
		wait_s(r, 1);
	}
	assert_true(rig_last(r)->decisive);
	assert_int_equal(rig_last(r)->threshold, 2);
}

static void
who_is_told_of_it_says_nothing(void **state)
{
	struct rig *r = *state;
	struct obs_arp a = { .operation = 2, .sender = host(VICTIM), .sender_mac = card(ATTACKER) };

	begin(r);
	(void)asks(r, VICTIM, VICTIM);
	rig_tick(r, r->now_ns + NS_PER_S);
	rig_observe(
		r, &(struct observation){
			   .kind = OBS_ARP, .role = ROLE_SERVER, .ts_ns = r->now_ns, .arp = &a });
	a.sender_mac = (struct mac){ { 0 } }; /* the site learns nothing from it */
	rig_observe(
		r, &(struct observation){
			   .kind = OBS_ARP, .role = ROLE_CLIENT, .ts_ns = r->now_ns, .arp = &a });
	assert_int_equal(r->raised_count, 0);
}

int
main(void)
{
	const struct CMUnitTest tests[] = {
#define TEST(name) cmocka_unit_test_setup_teardown(name, setup, teardown)
		TEST(an_address_in_use_is_taken),
		TEST(an_address_given_up_is_nobodys),
		TEST(who_asked_gets_an_answer),
		TEST(the_third_flip_flop_convicts),
		TEST(a_packet_of_the_owner_contradicts_as_well),
		TEST(what_nobody_contradicts_is_one_take),
		TEST(flip_flops_are_told_at_each_tenfold),
		TEST(a_new_card_or_a_standby_router_is_not_critical),
		TEST(announcements_do_not_add_up_to_directed_lies),
		TEST(the_owner_may_defend_itself),
		TEST(a_card_of_another_host_claims_an_address),
		TEST(a_host_that_says_its_own_is_silence),
		TEST(a_card_that_claimed_an_address_shows_its_own),
		TEST(a_claim_is_forgotten_after_ten_minutes),
		TEST(two_addresses_without_a_lie_are_two_addresses),
		TEST(the_settings_have_bounds),
		TEST(who_is_told_of_it_says_nothing),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
