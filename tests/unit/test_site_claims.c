#include "daemon/site/site_claims.h"

#include "daemon/base/time_text.h"

#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>

#include <cmocka.h>

static const struct hash_key key = { { 1, 2 } };

enum { REQUEST = 1, REPLY = 2 };

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

static int
setup(void **state)
{
	static struct site_claims claims;

	claims = (struct site_claims){ 0 };
	*state = &claims;
	return site_claims_init(&claims, 3, &key);
}

static int
teardown(void **state)
{
	site_claims_done(*state);
	return 0;
}

static void
say(struct site_claims *c, uint16_t operation, uint8_t sender, uint8_t mac, uint8_t target,
	uint64_t at_ns)
{
	const struct obs_arp arp = {
		.operation = operation,
		.sender = host(sender),
		.sender_mac = card(mac),
		.target = host(target),
	};

	site_claims_arp(c, &arp, at_ns);
}

static void
packet(struct site_claims *c, uint8_t sender, uint8_t mac, uint64_t at_s)
{
	struct addr a = host(sender);
	struct mac m = card(mac);

	site_claims_packet(c, &a, &m, at_s * NS_PER_S);
}

static const struct site_claim *
claim_of(const struct site_claims *c, uint8_t n)
{
	struct addr a = host(n);

	return site_claims_find(c, &a);
}

static void
assert_claimant(const struct site_claimant *who, uint8_t mac, uint64_t since_s, uint64_t seen_s)
{
	struct mac m = card(mac);

	assert_true(mac_equal(&who->mac, &m));
	assert_int_equal(who->since_ns, since_s * NS_PER_S);
	assert_int_equal(who->seen_ns, seen_s * NS_PER_S);
}

static void
arp_moves_a_claim_and_remembers_who_had_it(void **state)
{
	struct site_claims *c = *state;

	assert_null(claim_of(c, 1));
	say(c, REQUEST, 1, 1, 9, 10 * NS_PER_S);
	assert_claimant(&claim_of(c, 1)->now, 1, 10, 10);
	assert_false(mac_is_card(&claim_of(c, 1)->before.mac));
	say(c, REQUEST, 1, 1, 9, 20 * NS_PER_S);
	assert_claimant(&claim_of(c, 1)->now, 1, 10, 20);
	say(c, REQUEST, 1, 2, 9, 30 * NS_PER_S);
	assert_claimant(&claim_of(c, 1)->now, 2, 30, 30);
	assert_claimant(&claim_of(c, 1)->before, 1, 10, 20);
}

static void
two_cards_in_turn_keep_their_ages(void **state)
{
	struct site_claims *c = *state;

	say(c, REQUEST, 1, 1, 9, 10 * NS_PER_S);
	say(c, REQUEST, 1, 2, 9, 20 * NS_PER_S);
	say(c, REQUEST, 1, 1, 9, 30 * NS_PER_S);
	assert_claimant(&claim_of(c, 1)->now, 1, 10, 30);
	assert_claimant(&claim_of(c, 1)->before, 2, 20, 20);
	say(c, REQUEST, 1, 2, 9, 40 * NS_PER_S);
	assert_claimant(&claim_of(c, 1)->now, 2, 20, 40);
	assert_claimant(&claim_of(c, 1)->before, 1, 10, 30);
	say(c, REQUEST, 1, 3, 9, 50 * NS_PER_S); /* a third one pushes out the older of the two */
	assert_claimant(&claim_of(c, 1)->now, 3, 50, 50);
	assert_claimant(&claim_of(c, 1)->before, 2, 20, 40);
}

static void
a_packet_confirms_and_never_moves(void **state)
{
	struct site_claims *c = *state;

	packet(c, 1, 1, 10);
	assert_claimant(&claim_of(c, 1)->now, 1, 10, 10);
	packet(c, 1, 7, 11); /* a router's */
	assert_claimant(&claim_of(c, 1)->now, 1, 10, 10);
	assert_false(mac_is_card(&claim_of(c, 1)->before.mac));
	say(c, REQUEST, 1, 2, 9, 20 * NS_PER_S);
	packet(c, 1, 1, 21); /* who had it goes on using it */
	assert_claimant(&claim_of(c, 1)->now, 2, 20, 20);
	assert_claimant(&claim_of(c, 1)->before, 1, 10, 21);
	packet(c, 1, 2, 22);
	assert_claimant(&claim_of(c, 1)->now, 2, 20, 22);
	packet(c, 1, 2, 5); /* out of order */
	assert_claimant(&claim_of(c, 1)->now, 2, 20, 22);
}

/* Say a reply by host 1 to host 9 at `at_ns`. returns whether it counts as unasked */
static bool
is_unasked(struct site_claims *c, uint64_t at_ns)
{
	say(c, REPLY, 1, 1, 9, at_ns);
	return claim_of(c, 1)->now.unasked_ns == at_ns;
}

static void
an_answer_within_two_seconds_was_asked_for(void **state)
{
	struct site_claims *c = *state;
	uint64_t t = 100 * NS_PER_S;

	packet(c, 2, 2, 1);
	say(c, REQUEST, 9, 9, 1, t);
	assert_false(is_unasked(c, t + 1));
	assert_false(is_unasked(c, t + SITE_ASKED_NS));
	assert_true(is_unasked(c, t + SITE_ASKED_NS + 1));
	assert_false(is_unasked(c, t)); /* the capture's order is not the wire's */
}

static void
only_who_asked_and_who_was_asked_count(void **state)
{
	struct site_claims *c = *state;
	uint64_t t = 100 * NS_PER_S;

	packet(c, 2, 2, 1);
	say(c, REQUEST, 8, 8, 1, t); /* another asked */
	say(c, REQUEST, 9, 9, 2, t); /* for another */
	say(c, REPLY, 9, 9, 1, t);   /* and this was no question */
	assert_true(is_unasked(c, t + 1));
}

static void
requests_are_no_answers(void **state)
{
	struct site_claims *c = *state;

	packet(c, 2, 2, 1);
	say(c, REQUEST, 1, 1, 1, 100 * NS_PER_S);
	assert_int_equal(claim_of(c, 1)->now.unasked_ns, 0);
	say(c, 3, 1, 1, 1, 200 * NS_PER_S); /* RARP */
	assert_int_equal(claim_of(c, 1)->now.unasked_ns, 0);
}

static void
nobody_knows_what_was_asked_before_the_beginning(void **state)
{
	struct site_claims *c = *state;

	assert_false(is_unasked(c, 100 * NS_PER_S));
	assert_false(is_unasked(c, 102 * NS_PER_S));
	assert_true(is_unasked(c, 102 * NS_PER_S + 1));
}

static void
packets_are_a_beginning_too(void **state)
{
	struct site_claims *c = *state;

	packet(c, 2, 2, 97);
	assert_true(is_unasked(c, 100 * NS_PER_S));
}

static void
a_flood_of_questions_makes_answers_credible(void **state)
{
	struct site_claims *c = *state;
	uint64_t t = 100 * NS_PER_S;

	packet(c, 2, 2, 1);
	for (unsigned i = 0; i < SITE_REQUESTS - 1; i++)
		say(c, REQUEST, 2, 2, 3, t + i);
	assert_true(is_unasked(c, t + NS_PER_S));
	say(c, REQUEST, 2, 2, 3, t + SITE_REQUESTS);
	assert_false(is_unasked(c, t + NS_PER_S + 1));    /* one more may have been pushed out */
	assert_true(is_unasked(c, t + 2 * NS_PER_S + 1)); /* that was too long ago by now */
	for (unsigned i = 0; i < SITE_REQUESTS; i++)      /* the ring goes on over its end */
		say(c, REQUEST, 2, 2, 3, t + 10 * NS_PER_S);
	say(c, REQUEST, 9, 9, 1, t + 20 * NS_PER_S);
	assert_false(is_unasked(c, t + 20 * NS_PER_S + 1));
	assert_int_equal(c->request_count, SITE_REQUESTS);
}

static void
the_claim_confirmed_longest_ago_makes_room(void **state)
{
	struct site_claims *c = *state;

	for (uint8_t n = 1; n <= 3; n++)
		packet(c, n, n, n);
	packet(c, 1, 1, 4);
	assert_int_equal(c->evicted, 0);
	say(c, REQUEST, 4, 4, 9, 5 * NS_PER_S);
	assert_int_equal(c->evicted, 1);
	assert_non_null(claim_of(c, 1));
	assert_null(claim_of(c, 2));
	packet(c, 5, 5, 6);
	assert_null(claim_of(c, 3));
	assert_non_null(claim_of(c, 4));
	packet(c, 6, 6, 7);
	assert_null(claim_of(c, 1));
	assert_non_null(claim_of(c, 4));
	assert_int_equal(table_count(&c->table), 3);
}

int
main(void)
{
	const struct CMUnitTest tests[] = {
#define TEST(name) cmocka_unit_test_setup_teardown(name, setup, teardown)
		TEST(arp_moves_a_claim_and_remembers_who_had_it),
		TEST(two_cards_in_turn_keep_their_ages),
		TEST(a_packet_confirms_and_never_moves),
		TEST(an_answer_within_two_seconds_was_asked_for),
		TEST(only_who_asked_and_who_was_asked_count),
		TEST(requests_are_no_answers),
		TEST(nobody_knows_what_was_asked_before_the_beginning),
		TEST(packets_are_a_beginning_too),
		TEST(a_flood_of_questions_makes_answers_credible),
		TEST(the_claim_confirmed_longest_ago_makes_room),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
