/* test_site_facts.c -- what a site says of names and addresses that lists and databases tell. */
#include "daemon/site/site.h"

#include "daemon/knowledge/oui.h"
#include "daemon/knowledge/public_suffix.h"
#include "daemon/observation.h"

#include <libpsl.h>
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <string.h>

#include <cmocka.h>

static const struct hash_key key = { { 1, 2 } };

static void
without_lists_and_databases_nothing_is_known(void **state)
{
	struct site *s = site_new(&(struct site_plan){ .names = 4, .macs = 4 }, &key);
	struct addr a = addr_v4(8, 8, 8, 8);
	const char *org = "";

	(void)state;
	assert_int_equal(site_registrable(s, "www.example.com").length, 0);
	assert_int_equal(site_asn(s, &a, &org), 0);
	assert_null(org);
	assert_int_equal(site_asn(s, &a, NULL), 0);
	assert_null(site_country(s, &a));
	site_free(s);
}

static void
a_name_has_an_owner_with_a_list(void **state)
{
	struct public_suffix *p = public_suffix_new(psl_latest(NULL));
	struct site *s =
		site_new(&(struct site_plan){ .names = 4, .macs = 4, .suffixes = p }, &key);

	(void)state;
	struct text_view v = site_registrable(s, "www.example.co.uk");
	assert_int_equal(v.length, strlen("example.co.uk"));
	site_free(s);
	public_suffix_free(p);
}

static void
a_name_or_an_address_is_listed(void **state)
{
	struct site *s = site_new(&(struct site_plan){ .names = 4, .macs = 4 }, &key);
	struct addr listed = addr_v4(8, 8, 8, 8);
	struct addr other = addr_v4(192, 0, 2, 1);

	(void)state;
	assert_true(site_listed(s, LIST_DOH, "dns.google", NULL));
	assert_true(site_listed(s, LIST_DOH, NULL, &listed));
	assert_true(site_listed(s, LIST_DOH, "example.com", &listed));
	assert_false(site_listed(s, LIST_DOH, "example.com", &other));
	assert_false(site_listed(s, LIST_DOH, NULL, NULL));
	site_free(s);
}

/* A card sends as an address. */
static void
send_as(struct site *s, const struct mac *card, struct addr a)
{
	const struct obs_arp arp = {
		.operation = 1, .eth_src = *card, .sender_mac = *card, .sender = a, .target = a
	};

	site_learn(s, &(struct observation){ .kind = OBS_ARP, .ts_ns = 1, .arp = &arp });
}

static void
a_host_has_the_vendor_of_its_card(void **state)
{
	static const char list[] = "0011DD     (base 16)\t\tSomebody Inc.\n";
	static const struct mac card = { { 0, 0x11, 0xdd, 1, 2, 3 } };
	static const struct mac other = { { 0, 0x11, 0xde, 1, 2, 3 } };
	const struct addr host = addr_v4(10, 0, 0, 1);
	const struct addr stranger = addr_v4(10, 0, 0, 9);
	struct oui *o = oui_new(cursor_over(list, sizeof(list) - 1));
	struct site *s = site_new(&(struct site_plan){ .names = 4, .macs = 4, .vendors = o }, &key);

	(void)state;
	assert_null(site_vendor_of(s, &host));
	send_as(s, &card, host);
	send_as(s, &other, stranger);
	assert_string_equal(site_vendor_of(s, &host), "Somebody Inc.");
	assert_null(site_vendor_of(s, &stranger)); /* nobody registered its block */
	send_as(s, &card, addr_v4(10, 0, 0, 2));
	assert_string_equal(site_vendor_of(s, &host), "Somebody Inc.");
	send_as(s, &card, addr_v4(10, 0, 0, 3)); /* it speaks for others */
	assert_null(site_vendor_of(s, &host));
	site_free(s);
	oui_free(o);
	s = site_new(&(struct site_plan){ .names = 4, .macs = 4 }, &key);
	send_as(s, &card, host);
	assert_null(site_vendor_of(s, &host));
	site_free(s);
}

static void
a_gateways_card_says_nothing_of_its_hosts(void **state)
{
	static const char list[] = "0011DD     (base 16)\t\tSomebody Inc.\n";
	static const struct mac card = { { 0, 0x11, 0xdd, 1, 2, 3 } };
	const struct addr router = addr_v4(10, 0, 0, 1);
	struct oui *o = oui_new(cursor_over(list, sizeof(list) - 1));
	struct site *s = site_new(&(struct site_plan){ .names = 4, .macs = 4, .vendors = o }, &key);
	const struct obs_flow out = { .orig = addr_v4(10, 0, 0, 7),
		.resp = addr_v4(8, 8, 8, 8),
		.ip_proto = 6,
		.has_macs = true,
		.orig_mac = { { 0, 0x11, 0xde, 1, 2, 3 } },
		.resp_mac = card };

	(void)state;
	send_as(s, &card, router);
	assert_non_null(site_vendor_of(s, &router));
	site_learn(s, &(struct observation){ .kind = OBS_FLOW_START, .flow = &out });
	assert_true(site_is_gateway_mac(s, &card));
	assert_null(site_vendor_of(s, &router));
	site_free(s);
	oui_free(o);
}

int
main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(without_lists_and_databases_nothing_is_known),
		cmocka_unit_test(a_name_has_an_owner_with_a_list),
		cmocka_unit_test(a_name_or_an_address_is_listed),
		cmocka_unit_test(a_host_has_the_vendor_of_its_card),
		cmocka_unit_test(a_gateways_card_says_nothing_of_its_hosts),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
