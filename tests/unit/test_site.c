#include "daemon/site/site.h"

#include "daemon/base/time_text.h"
#include "daemon/observation.h"
#include "daemon/transactions/dhcp.h"
#include "daemon/transactions/dns.h"
#include "daemon/transactions/name.h"
#include "daemon/transactions/nd.h"

#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <string.h>

#include <cmocka.h>

static const struct hash_key key = { { 1, 2 } };

static struct site *
new_site(uint32_t names)
{
	return site_new(&(struct site_plan){ .names = names, .macs = 4 }, &key);
}

static void
answer(struct site *s, struct addr client, struct addr named, uint64_t at_s)
{
	struct dns_answer a = { .addr = named, .ttl_s = 60 };
	struct obs_dns dns = { .client = client, .query = "x", .answers = &a, .answer_count = 1 };

	site_learn(
		s, &(struct observation){ .kind = OBS_DNS, .ts_ns = at_s * NS_PER_S, .dns = &dns });
}

static void
an_answer_resolves_for_a_day(void **state)
{
	struct site *s = new_site(4);
	struct addr web = addr_v4(1, 2, 3, 4);
	struct addr other = addr_v4(1, 2, 3, 5);

	(void)state;
	assert_false(site_is_resolved(s, &web, 0));
	answer(s, addr_v4(10, 0, 0, 1), web, 100);
	assert_true(site_is_resolved(s, &web, 100 * NS_PER_S));
	assert_false(site_is_resolved(s, &other, 100 * NS_PER_S));
	assert_true(site_is_resolved(s, &web, (100 + 86399) * NS_PER_S));
	assert_false(site_is_resolved(s, &web, (100 + 86400) * NS_PER_S));
	answer(s, addr_v4(10, 0, 0, 1), web, 86400);
	assert_true(site_is_resolved(s, &web, (100 + 86400) * NS_PER_S));
	site_free(s);
}

static void
multicast_answers_are_not_learned(void **state)
{
	struct site *s = new_site(4);
	struct addr printer = addr_v4(10, 0, 0, 9);

	(void)state;
	answer(s, addr_v4(224, 0, 0, 251), printer, 1);
	assert_false(site_is_resolved(s, &printer, NS_PER_S));
	site_free(s);
}

static void
the_least_recently_confirmed_makes_room(void **state)
{
	struct site *s = new_site(2);
	struct addr client = addr_v4(10, 0, 0, 1);
	struct addr a = addr_v4(1, 0, 0, 1);
	struct addr b = addr_v4(1, 0, 0, 2);
	struct addr c = addr_v4(1, 0, 0, 3);

	(void)state;
	answer(s, client, a, 1);
	answer(s, client, b, 2);
	answer(s, client, a, 3);
	assert_int_equal(site_stats(s).names_evicted, 0);
	answer(s, client, c, 4);
	assert_true(site_is_resolved(s, &a, 4 * NS_PER_S));
	assert_false(site_is_resolved(s, &b, 4 * NS_PER_S));
	assert_true(site_is_resolved(s, &c, 4 * NS_PER_S));
	assert_int_equal(site_stats(s).names_evicted, 1);
	assert_int_equal(site_stats(s).names_learned, 3);
	assert_int_equal(site_stats(s).names, 2);
	assert_int_equal(site_stats(s).names_capacity, 2);
	site_free(s);
}

static void
other_observations_are_ignored(void **state)
{
	struct site *s = new_site(2);
	struct obs_arp arp = { .sender = addr_v4(10, 0, 0, 1) };

	(void)state;
	site_learn(s, &(struct observation){ .kind = OBS_ARP, .ts_ns = 1, .arp = &arp });
	assert_int_equal(site_stats(s).names, 0);
	site_free(s);
	site_free(NULL);
}

static uint64_t
ns(uint64_t seconds)
{
	return seconds * NS_PER_S;
}

static void
names_come_back_in_their_order(void **state)
{
	struct site *s = new_site(4);
	uint8_t bytes[4 * 24];
	struct blob b = blob_over(bytes, sizeof(bytes));
	uint32_t count = 0;

	(void)state;
	for (uint8_t i = 1; i <= 4; i++)
		answer(s, addr_v4(10, 0, 0, 1), addr_v4(1, 2, 3, i), 100 + i);
	assert_int_equal(site_save(s, &b), 4);
	site_free(s);
	s = new_site(3); /* there is room for the three latest */
	assert_true(site_restore(s, cursor_over(bytes, b.length), ns(200), &count));
	assert_int_equal(count, 4);
	assert_int_equal(site_stats(s).names, 3);
	for (uint8_t i = 1; i <= 4; i++) {
		struct addr a = addr_v4(1, 2, 3, i);
		assert_int_equal(site_is_resolved(s, &a, ns(200)), i > 1);
		assert_int_equal(site_is_resolved(s, &a, ns(100 + i + 86399)), i > 1);
		assert_false(site_is_resolved(s, &a, ns(100 + i + 86400)));
	}
	answer(s, addr_v4(10, 0, 0, 1), addr_v4(1, 2, 3, 9), 201); /* the oldest makes room */
	struct addr oldest = addr_v4(1, 2, 3, 2);
	assert_false(site_is_resolved(s, &oldest, ns(201)));
	site_free(s);
}

static void
names_are_saved_as_far_as_they_fit(void **state)
{
	struct site *s = new_site(4);

	(void)state;
	for (uint8_t i = 1; i <= 4; i++)
		answer(s, addr_v4(10, 0, 0, 1), addr_v4(1, 2, 3, i), 100);
	for (size_t room = 0; room < 100; room++) {
		uint8_t bytes[100];
		struct blob b = blob_over(bytes, room);
		uint32_t count = site_save(s, &b);
		assert_int_equal(count, room / 24);
		assert_int_equal(b.length, (size_t)count * 24);
		assert_false(b.overflow);
	}
	site_free(s);
}

static void
half_a_name_refuses_all(void **state)
{
	struct site *s = new_site(4);
	uint8_t bytes[2 * 24] = { 1 };

	(void)state;
	for (size_t size = 0; size <= sizeof(bytes); size++) {
		uint32_t count = 0;
		bool whole = size % 24 == 0;
		assert_int_equal(site_restore(s, cursor_over(bytes, size), 1, &count), whole);
		assert_int_equal(count, whole ? size / 24 : 0);
		if (size < 24)
			assert_int_equal(site_stats(s).names, 0);
	}
	site_free(s);
}

static void
a_name_of_the_future_does_not_stay_for_ever(void **state)
{
	struct site *s = new_site(4);
	struct addr web = addr_v4(1, 2, 3, 4);
	uint8_t bytes[24];
	struct blob b = blob_over(bytes, sizeof(bytes));
	uint32_t count = 0;

	(void)state;
	blob_bytes(&b, &web, sizeof(web));
	blob_u64(&b, UINT64_MAX);
	assert_true(site_restore(s, cursor_over(bytes, b.length), ns(100), &count));
	assert_true(site_is_resolved(s, &web, ns(100)));
	assert_false(site_is_resolved(s, &web, ns(100 + 86400)));
	site_free(s);
}

static const struct mac router = { { 2, 0, 0, 0, 0, 9 } };
static const struct mac card = { { 2, 0, 0, 0, 0, 1 } };
static const struct mac nobody;

/* A conversation began, or went on: `orig` sent it from `from`, to the card `to`. */
static void
flow(struct site *s, enum obs_kind kind, struct addr orig, struct mac from, struct addr resp,
	struct mac to, uint64_t at_s)
{
	const struct obs_flow f = {
		.orig = orig,
		.resp = resp,
		.has_macs = true,
		.orig_mac = from,
		.resp_mac = to,
		.orig_delta = { .packets = kind == OBS_FLOW_INTERIM },
	};

	site_learn(s, &(struct observation){ .kind = kind, .ts_ns = at_s * NS_PER_S, .flow = &f });
}

static void
begins(struct site *s, struct addr orig, struct mac from, struct addr resp, struct mac to)
{
	flow(s, OBS_FLOW_START, orig, from, resp, to, 100);
}

static void
arp(struct site *s, struct addr sender, struct mac mac)
{
	const struct obs_arp a = { .operation = 1, .sender = sender, .sender_mac = mac };

	site_learn(s, &(struct observation){ .kind = OBS_ARP, .ts_ns = 100 * NS_PER_S, .arp = &a });
}

static bool
is_owner(const struct site *s, struct mac mac, struct addr a)
{
	const struct addr *owner = site_mac_owner(s, &mac);

	return owner != NULL && addr_equal(owner, &a);
}

static bool
claims(const struct site *s, struct mac mac, struct addr a)
{
	const struct site_claim *c = site_claim_of(s, &a);

	return c != NULL && mac_equal(&c->now.mac, &mac);
}

static void
who_sends_bears_its_address(void **state)
{
	struct site *s = new_site(1);

	(void)state;
	begins(s, addr_v4(10, 0, 0, 1), card, addr_v4(10, 0, 0, 2), router);
	assert_true(is_owner(s, card, addr_v4(10, 0, 0, 1)));
	assert_true(claims(s, card, addr_v4(10, 0, 0, 1)));
	assert_null(site_mac_owner(s, &router)); /* what a sender believes may be a lie */
	assert_false(claims(s, router, addr_v4(10, 0, 0, 2)));
	assert_false(site_is_gateway_mac(s, &router));
	assert_int_equal(site_stats(s).macs, 2); /* a device, its claim */
	assert_int_equal(site_stats(s).macs_capacity, 8);
	site_free(s);
}

static void
unknown_and_foreign_senders_are_not_learned(void **state)
{
	struct site *s = new_site(1);
	struct addr outside = addr_v4(8, 8, 8, 8);
	const struct obs_flow f = { .orig = addr_v4(10, 0, 0, 1), .orig_mac = card };

	(void)state;
	begins(s, addr_v4(10, 0, 0, 1), nobody, addr_v4(10, 0, 0, 2), router);
	begins(s, outside, card, addr_v4(10, 0, 0, 2), router);
	site_learn(s, &(struct observation){ .kind = OBS_FLOW_START, .ts_ns = 1, .flow = &f });
	arp(s, addr_v4(0, 0, 0, 0), card);
	arp(s, addr_v4(10, 0, 0, 1), nobody);
	assert_int_equal(site_stats(s).macs, 1); /* the device that brought it from the outside */
	site_free(s);
}

static void
public_addresses_in_a_network_of_ours_are_learned(void **state)
{
	struct site *s = new_site(1);
	const struct cidr ours = { .base = addr_v4(81, 2, 3, 0), .prefix_len = 96 + 24 };

	(void)state;
	site_add_local(s, &ours);
	begins(s, addr_v4(81, 2, 3, 4), card, addr_v4(81, 2, 3, 5), router);
	begins(s, addr_v4(10, 0, 0, 1), (struct mac){ { 2, 0, 0, 0, 0, 5 } }, addr_v4(81, 2, 3, 5),
		router); /* stays inside as well */
	assert_true(is_owner(s, card, addr_v4(81, 2, 3, 4)));
	assert_false(site_is_gateway_mac(s, &card));
	assert_false(site_is_gateway_mac(s, &router));
	site_free(s);
}

static void
a_conversation_that_goes_on_confirms_its_card(void **state)
{
	struct site *s = new_site(1);
	struct addr a = addr_v4(10, 0, 0, 1);
	struct obs_flow silent = { .orig = a, .has_macs = true, .orig_mac = card };

	(void)state;
	begins(s, a, card, addr_v4(10, 0, 0, 2), router);
	flow(s, OBS_FLOW_INTERIM, a, card, addr_v4(10, 0, 0, 2), router, 400);
	assert_int_equal(site_claim_of(s, &a)->now.seen_ns, 400 * NS_PER_S);
	flow(s, OBS_FLOW_END, a, card, addr_v4(10, 0, 0, 2), router, 500);
	site_learn(s, &(struct observation){
			      .kind = OBS_FLOW_INTERIM, .ts_ns = ns(600), .flow = &silent });
	assert_int_equal(site_claim_of(s, &a)->now.seen_ns, 400 * NS_PER_S);
	site_free(s);
}

static void
the_card_that_carries_to_the_outside_is_the_gateway(void **state)
{
	struct site *s = new_site(1);
	struct addr own = addr_v4(10, 0, 0, 254);

	(void)state;
	arp(s, own, router); /* a host as others, so far */
	assert_true(is_owner(s, router, own));
	begins(s, addr_v4(10, 0, 0, 1), card, addr_v4(8, 8, 8, 8), nobody);
	assert_false(site_is_gateway(s, &own));
	begins(s, addr_v4(10, 0, 0, 1), card, addr_v4(8, 8, 8, 8), router);
	assert_true(site_is_gateway_mac(s, &router));
	assert_true(site_is_gateway(s, &own));
	assert_null(site_mac_owner(s, &router));
	begins(s, addr_v4(10, 0, 0, 7), router, addr_v4(10, 0, 0, 1), card); /* for another */
	assert_null(site_mac_owner(s, &router));
	assert_false(claims(s, router, addr_v4(10, 0, 0, 7)));
	arp(s, own, router);
	assert_null(site_mac_owner(s, &router));
	assert_true(claims(s, router, own)); /* ARP is its own */
	assert_true(is_owner(s, card, addr_v4(10, 0, 0, 1)));
	site_free(s);
}

static void
the_card_that_brings_from_the_outside_is_the_gateway(void **state)
{
	struct site *s = new_site(1);
	struct addr own = addr_v4(10, 0, 0, 254);
	struct addr v6 = { .byte = { 0x20, 1, [15] = 1 } };

	(void)state;
	begins(s, v6, router, addr_v4(10, 0, 0, 1), card); /* might be a neighbour */
	assert_false(site_is_gateway_mac(s, &router));
	begins(s, addr_v4(8, 8, 8, 8), router, addr_v4(10, 0, 0, 1), card);
	assert_true(site_is_gateway_mac(s, &router));
	assert_false(site_is_gateway(s, &own));
	arp(s, own, router);
	assert_true(site_is_gateway(s, &own));
	site_free(s);
}

/* What it sent before it was known to be the gateway was for others. */
static void
an_address_that_a_gateway_only_routed_for_is_not_its_own(void **state)
{
	struct site *s = new_site(1);
	struct addr routed = addr_v4(10, 9, 9, 9);

	(void)state;
	begins(s, routed, router, addr_v4(10, 0, 0, 1), card);
	begins(s, addr_v4(10, 0, 0, 1), card, addr_v4(8, 8, 8, 8), router);
	assert_true(site_is_gateway_mac(s, &router));
	assert_false(site_is_gateway(s, &routed));
	site_free(s);
}

static void
a_card_of_many_addresses_has_no_owner(void **state)
{
	struct site *s = new_site(1);

	(void)state;
	begins(s, addr_v4(10, 0, 0, 1), card, addr_v4(10, 0, 0, 9), router);
	begins(s, addr_v4(10, 0, 0, 2), card, addr_v4(10, 0, 0, 9), router);
	assert_true(is_owner(s, card, addr_v4(10, 0, 0, 1)));
	begins(s, addr_v4(10, 0, 0, 3), card, addr_v4(10, 0, 0, 9), router);
	assert_null(site_mac_owner(s, &card));
	site_free(s);
}

/* Is `a` called "camera", after this was said? */
static bool
is_named(const struct obs_dhcp *dhcp, struct addr a)
{
	struct site *s = new_site(4);
	struct site_name names[SITE_NAMES_OF_ADDRESS];

	site_learn(s, &(struct observation){ .kind = OBS_DHCP, .ts_ns = 5, .dhcp = dhcp });
	bool is_known = site_name_of(s, &a, 6, names) == 1 &&
			strcmp(names[0].text, "camera") == 0 && names[0].source == SITE_NAME_DHCP;
	site_free(s);
	return is_known;
}

static void
a_client_is_called_what_it_calls_itself(void **state)
{
	const struct addr before = addr_v4(10, 0, 0, 1);
	const struct addr after = addr_v4(10, 0, 0, 2);
	const struct addr relay = addr_v4(10, 0, 0, 3);
	struct obs_dhcp dhcp = { .host_name = "camera", .requested_addr = after };

	(void)state;
	assert_false(is_named(&dhcp, after)); /* who asks does not get it for certain */
	dhcp.client_addr = before;
	assert_true(is_named(&dhcp, before));
	dhcp.giaddr = relay;
	assert_false(is_named(&dhcp, before));
	dhcp.assigned_addr = after;
	assert_true(is_named(&dhcp, after));
	assert_false(is_named(&dhcp, before));
	dhcp.assigned_addr = addr_v4(255, 255, 255, 255);
	assert_false(is_named(&dhcp, dhcp.assigned_addr));
	dhcp.assigned_addr = after;
	dhcp.host_name = NULL;
	assert_false(is_named(&dhcp, after));
}

static const uint8_t ours[16] = { 0x20, 1, [15] = 1 };
static const uint8_t theirs[16] = { 0x20, 1, [15] = 2 };

/* A neighbour's message of a type from 2001::1 to 2001::2, about either of them. */
static void
neighbour(struct site *s, enum nd_type type, bool is_about_sender, enum truth override,
	struct mac mac, uint64_t at_s)
{
	const struct addr one = addr_from_v6(ours);
	const struct addr other = addr_from_v6(theirs);
	const struct obs_nd nd = { .icmp_type = type,
		.sender = one,
		.receiver = other,
		.target = is_about_sender ? one : other,
		.override = override,
		.card = mac };

	site_learn(s, &(struct observation){ .kind = OBS_ND, .ts_ns = at_s * NS_PER_S, .nd = &nd });
}

static void
neighbours_claim_as_arp_does(void **state)
{
	const struct addr one = addr_from_v6(ours);
	const struct addr other = addr_from_v6(theirs);
	struct site *s = new_site(4);

	(void)state;
	neighbour(s, ND_NEIGHBOR_SOLICIT, false, TRUTH_UNKNOWN, card, 100);
	assert_true(claims(s, card, one));
	assert_null(site_claim_of(s, &other));
	neighbour(s, ND_NEIGHBOR_ADVERT, true, TRUTH_NO, router, 101);
	assert_true(claims(s, card, one)); /* it does not override */
	neighbour(s, ND_NEIGHBOR_ADVERT, true, TRUTH_YES, router, 102);
	assert_true(claims(s, router, one));
	assert_int_equal(site_claim_of(s, &one)->now.unasked_ns, 0); /* too early to tell */
	neighbour(s, ND_NEIGHBOR_ADVERT, true, TRUTH_YES, router, 200);
	assert_int_equal(site_claim_of(s, &one)->now.unasked_ns, 200 * NS_PER_S);
	neighbour(s, ND_ROUTER_ADVERT, false, TRUTH_UNKNOWN, card, 300);
	assert_true(claims(s, card, one));
	assert_int_equal(site_claim_of(s, &one)->now.unasked_ns, 0);
	site_free(s);
}

static void
an_advertisement_that_was_asked_for_is_known_as_such(void **state)
{
	const struct addr one = addr_from_v6(ours);
	const struct addr other = addr_from_v6(theirs);
	const struct obs_nd question = {
		.icmp_type = ND_NEIGHBOR_SOLICIT, .sender = other, .target = one, .card = router
	};
	struct site *s = new_site(4);

	(void)state;
	neighbour(s, ND_ROUTER_SOLICIT, false, TRUTH_UNKNOWN, card, 1);
	site_learn(s,
		&(struct observation){ .kind = OBS_ND, .ts_ns = 100 * NS_PER_S, .nd = &question });
	neighbour(s, ND_NEIGHBOR_ADVERT, true, TRUTH_YES, card, 101);
	assert_int_equal(site_claim_of(s, &one)->now.unasked_ns, 0);
	neighbour(s, ND_NEIGHBOR_ADVERT, true, TRUTH_YES, card, 103);
	assert_int_equal(site_claim_of(s, &one)->now.unasked_ns, 103 * NS_PER_S);
	site_free(s);
}

static void
what_nobody_says_of_itself_is_no_claim(void **state)
{
	const struct obs_nd tentative = {
		.icmp_type = ND_NEIGHBOR_SOLICIT, .target = addr_from_v6(ours), .card = card
	};
	static const uint8_t all[16] = { 0xff, 2, [15] = 1 };
	static const uint8_t self[16] = { [15] = 1 };
	struct obs_nd advert = {
		.icmp_type = ND_NEIGHBOR_ADVERT, .override = TRUTH_YES, .card = card
	};
	struct site *s = new_site(4);

	(void)state;
	neighbour(s, ND_REDIRECT, false, TRUTH_UNKNOWN, card, 100);
	neighbour(s, ND_NEIGHBOR_ADVERT, true, TRUTH_YES, nobody, 100);
	site_learn(s, &(struct observation){ .kind = OBS_ND, .ts_ns = 1, .nd = &tentative });
	advert.target = addr_from_v6(all);
	site_learn(s, &(struct observation){ .kind = OBS_ND, .ts_ns = 1, .nd = &advert });
	advert.target = addr_from_v6(self);
	site_learn(s, &(struct observation){ .kind = OBS_ND, .ts_ns = 1, .nd = &advert });
	assert_int_equal(site_stats(s).macs, 0);
	site_free(s);
}

static void
link_local_hosts_are_claimed_but_own_nothing(void **state)
{
	struct site *s = new_site(1);
	struct addr v6 = { .byte = { 0xfe, 0x80, [15] = 1 } };

	(void)state;
	begins(s, addr_v4(169, 254, 0, 1), card, addr_v4(10, 0, 0, 9), router);
	begins(s, v6, card, v6, router);
	assert_null(site_mac_owner(s, &card));
	assert_true(claims(s, card, addr_v4(169, 254, 0, 1)));
	assert_true(claims(s, card, v6));
	site_free(s);
}

static void
the_first_private_sender_tells_the_network(void **state)
{
	struct site *s = new_site(1);
	struct addr neighbour = addr_v4(192, 168, 200, 1);
	const struct obs_flow f = { .orig = addr_v4(192, 168, 1, 1) };

	(void)state;
	assert_null(site_local_network(s));
	assert_false(site_place_is_learned(s));
	site_learn(s, &(struct observation){ .kind = OBS_FLOW_END, .ts_ns = 1, .flow = &f });
	assert_true(site_is_local(s, &neighbour));
	assert_int_equal(site_local_network(s)->prefix_len, 96 + 16);
	assert_true(site_place_is_learned(s));
	site_free(s);
	s = new_site(1);
	arp(s, addr_v4(192, 168, 1, 1), card);
	assert_true(site_is_local(s, &neighbour));
	site_free(s);
}

static void
the_place_comes_back(void **state)
{
	struct site *s = new_site(1);
	struct addr neighbour = addr_v4(10, 200, 0, 1);
	uint8_t bytes[256];
	struct blob b = blob_over(bytes, sizeof(bytes));

	(void)state;
	begins(s, addr_v4(10, 0, 0, 1), card, addr_v4(8, 8, 8, 8), router);
	site_place_save(s, &b);
	site_free(s);
	s = new_site(1);
	assert_false(site_place_restore(s, cursor_over(bytes, b.length - 1), ns(200)));
	assert_true(site_place_restore(s, cursor_over(bytes, b.length), ns(200)));
	assert_true(site_is_local(s, &neighbour));
	assert_true(site_is_gateway_mac(s, &router));
	site_free(s);
}

static void
cards_that_made_room_are_counted(void **state)
{
	struct site *s = new_site(1);

	(void)state;
	for (uint8_t i = 0; i < 6; i++)
		arp(s, addr_v4(10, 0, 0, i), (struct mac){ { 2, 0, 0, 0, 0, i } });
	assert_int_equal(site_stats(s).macs, 8);
	assert_int_equal(site_stats(s).macs_evicted, 4);
	site_free(s);
}

/* A question without an answer, and what came by multicast DNS, resolve nothing; names of one's own are known. */
static void
only_servers_answers_resolve_and_only_ones_own_name_is_believed(void **state)
{
	struct site *s = new_site(4);
	struct addr host = addr_v4(10, 0, 0, 1);
	struct addr web = addr_v4(1, 2, 3, 4);
	struct addr dns_server = addr_v4(8, 8, 8, 8);
	struct dns_answer a = { .addr = web, .name = "web.local" };
	struct obs_dns dns = { .client = host,
		.server = dns_server,
		.query = "web.example",
		.answers = &a,
		.answer_count = 1 };
	struct obs_name own = { .addr = web, .sender = host, .name = "web.local", .by = "mdns" };
	struct observation o = { .kind = OBS_DNS, .ts_ns = 5, .dns = &dns };
	struct observation n = { .kind = OBS_NAME, .ts_ns = 6, .name = &own };
	struct site_name names[SITE_NAMES_OF_ADDRESS];

	(void)state;
	site_learn(s, &o);
	assert_false(site_is_resolved(s, &web, 5));
	a.name = NULL;
	dns.rcode = TRANSACTION_UNSET;
	site_learn(s, &o);
	assert_false(site_is_resolved(s, &web, 5));
	site_learn(s, &n);
	assert_int_equal(site_name_of(s, &web, 6, names), 0);
	own.sender = web;
	site_learn(s, &n);
	assert_int_equal(site_name_of(s, &web, 6, names), 1);
	assert_string_equal(names[0].text, "web.local");
	assert_int_equal(names[0].source, SITE_NAME_MDNS);
	assert_false(site_is_resolved(s, &web, 6));
	dns.rcode = 0;
	site_learn(s, &o);
	assert_true(site_is_resolved(s, &web, 6));
	assert_int_equal(site_name_of(s, &web, 6, names), 2);
	assert_string_equal(names[0].text, "web.example");
	assert_true(addr_equal(&names[0].resolver, &dns_server));
	site_free(s);
}

int
main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(an_answer_resolves_for_a_day),
		cmocka_unit_test(multicast_answers_are_not_learned),
		cmocka_unit_test(the_least_recently_confirmed_makes_room),
		cmocka_unit_test(other_observations_are_ignored),
		cmocka_unit_test(names_come_back_in_their_order),
		cmocka_unit_test(names_are_saved_as_far_as_they_fit),
		cmocka_unit_test(half_a_name_refuses_all),
		cmocka_unit_test(a_name_of_the_future_does_not_stay_for_ever),
		cmocka_unit_test(who_sends_bears_its_address),
		cmocka_unit_test(unknown_and_foreign_senders_are_not_learned),
		cmocka_unit_test(public_addresses_in_a_network_of_ours_are_learned),
		cmocka_unit_test(a_conversation_that_goes_on_confirms_its_card),
		cmocka_unit_test(the_card_that_carries_to_the_outside_is_the_gateway),
		cmocka_unit_test(the_card_that_brings_from_the_outside_is_the_gateway),
		cmocka_unit_test(an_address_that_a_gateway_only_routed_for_is_not_its_own),
		cmocka_unit_test(a_card_of_many_addresses_has_no_owner),
		cmocka_unit_test(a_client_is_called_what_it_calls_itself),
		cmocka_unit_test(neighbours_claim_as_arp_does),
		cmocka_unit_test(an_advertisement_that_was_asked_for_is_known_as_such),
		cmocka_unit_test(what_nobody_says_of_itself_is_no_claim),
		cmocka_unit_test(link_local_hosts_are_claimed_but_own_nothing),
		cmocka_unit_test(the_first_private_sender_tells_the_network),
		cmocka_unit_test(the_place_comes_back),
		cmocka_unit_test(cards_that_made_room_are_counted),
		cmocka_unit_test(only_servers_answers_resolve_and_only_ones_own_name_is_believed),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
