/* test_site_place.c -- devices, routers and networks of IPv6, as observations tell them. */
#include "daemon/base/time_text.h"
#include "daemon/observation.h"
#include "daemon/site/site.h"
#include "daemon/site/site_device.h"
#include "daemon/transactions/dhcp.h"
#include "daemon/transactions/name.h"
#include "daemon/transactions/nd.h"

#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <string.h>

#include <cmocka.h>

static const struct mac pc = { { 0x02, 0, 0, 0, 0, 1 } };
static const struct mac router = { { 0x02, 0, 0, 0, 0, 2 } };

static int
set_up(void **state)
{
	static const struct hash_key key = { { 1, 2 } };

	*state = site_new(&(struct site_plan){ .names = 4, .macs = 4 }, &key);
	return *state == NULL ? -1 : 0;
}

static int
tear_down(void **state)
{
	site_free(*state);
	return 0;
}

static struct addr
v6(uint8_t first, uint8_t second, uint8_t last)
{
	const uint8_t bytes[16] = { first, second, 0x0d, 0xb8, [15] = last };

	return addr_from_v6(bytes);
}

static void
speaks(struct site *s, struct mac mac, struct addr a)
{
	const struct obs_arp arp = { .operation = 2, .sender_mac = mac, .sender = a };

	site_learn(s, &(struct observation){ .kind = OBS_ARP, .ts_ns = 1, .arp = &arp });
}

static void
flows(struct site *s, struct mac from, struct addr a, struct mac to, struct addr b)
{
	const struct obs_flow f = {
		.orig = a, .resp = b, .orig_mac = from, .resp_mac = to, .has_macs = true
	};

	site_learn(s, &(struct observation){ .kind = OBS_FLOW_START, .ts_ns = 2, .flow = &f });
}

/* The router tells hosts to use a network of 64 bits, or more. */
static void
announces(struct site *s, struct addr base, uint8_t bits, bool on_link, uint64_t lifetime)
{
	const struct nd_prefix prefix = {
		.net = { base, bits }, .on_link = on_link, .valid_s = 3600
	};
	const struct obs_nd nd = { .icmp_type = ND_ROUTER_ADVERT,
		.sender = v6(0xfe, 0x80, 1),
		.receiver = v6(0xff, 0x02, 1),
		.card = router,
		.lifetime = lifetime,
		.prefix = &prefix,
		.prefix_count = 1 };

	site_learn(s, &(struct observation){ .kind = OBS_ND, .ts_ns = 3 * NS_PER_S, .nd = &nd });
}

static const struct site_device *
news(struct site *s)
{
	return site_device_news(s, UINT64_MAX);
}

static void
packets_arp_and_neighbours_show_devices(void **state)
{
	const struct obs_nd nd = { .icmp_type = ND_NEIGHBOR_ADVERT,
		.sender = v6(0xfe, 0x80, 9),
		.target = v6(0xfe, 0x80, 9),
		.override = TRUTH_YES,
		.card = pc };
	struct site *s = *state;

	speaks(s, pc, addr_v4(10, 0, 0, 1));
	flows(s, pc, addr_v4(10, 0, 0, 2), router, addr_v4(10, 0, 0, 9));
	site_learn(s, &(struct observation){ .kind = OBS_ND, .ts_ns = 3, .nd = &nd });
	const struct site_device *d = news(s);
	assert_true(mac_equal(&d->mac, &pc));
	assert_int_equal(d->address_count, 3);
	assert_true(addr_equal(&d->addresses[2].addr, &nd.target));
	assert_false(d->is_router);
	assert_null(news(s)); /* whom a packet is sent to has said nothing */
}

static void
the_card_that_goes_outside_is_a_router_with_its_own_address_only(void **state)
{
	struct site *s = *state;

	flows(s, pc, addr_v4(10, 0, 0, 1), router, addr_v4(8, 8, 8, 8));
	flows(s, router, addr_v4(8, 8, 8, 8), pc, addr_v4(10, 0, 0, 1));
	flows(s, router, addr_v4(10, 7, 0, 1), pc, addr_v4(10, 0, 0, 1)); /* it may route that */
	speaks(s, router, addr_v4(10, 0, 0, 254));
	const struct site_device *d = news(s);
	assert_true(mac_equal(&d->mac, &router));
	assert_true(d->is_router);
	assert_int_equal(d->address_count, 1);
	assert_int_equal(d->addresses[0].addr.byte[15], 254);
	assert_true(mac_equal(&news(s)->mac, &pc));
}

static void
who_announces_a_way_out_is_a_router_and_no_gateway(void **state)
{
	const struct addr inside = v6(0x20, 0x01, 7);
	struct site *s = *state;

	announces(s, v6(0x20, 0x01, 0), 64, true, 0);
	assert_false(news(s)->is_router); /* it is none any more, by its own word */
	assert_false(site_is_local(s, &inside));
	announces(s, v6(0x20, 0x01, 0), 64, true, 1800 * NS_PER_S);
	const struct site_device *d = news(s);
	assert_true(d != NULL && d->is_router);
	assert_false(site_is_gateway_mac(s, &router));
	assert_true(site_is_local(s, &inside));
}

static void
not_all_that_is_announced_is_ours(void **state)
{
	const struct addr inside = v6(0x20, 0x01, 7);
	const struct cidr told = { addr_v4(10, 0, 0, 0), 104 };
	struct site *s = *state;

	announces(s, v6(0x20, 0x01, 0), 64, false, 1); /* behind the router */
	announces(s, v6(0x20, 0x01, 0), 63, true, 1);  /* larger than a link's */
	assert_false(site_is_local(s, &inside));
	site_add_local(s, &told);
	announces(s, v6(0x20, 0x01, 0), 64, true, 1);
	assert_false(site_is_local(s, &inside));
}

static void
a_new_name_is_news_of_its_device(void **state)
{
	const struct addr a = addr_v4(10, 0, 0, 1);
	struct obs_name said = { .addr = a, .sender = a, .name = "pc.local", .by = "mdns" };
	const struct observation o = { .kind = OBS_NAME, .ts_ns = 5, .name = &said };
	const struct obs_dhcp dhcp = { .assigned_addr = a, .host_name = "pc" };
	struct site *s = *state;

	site_learn(s, &o);
	assert_null(news(s)); /* nobody bears the address yet */
	speaks(s, pc, a);
	assert_non_null(news(s));
	site_learn(s, &o);
	assert_null(news(s)); /* it has that name */
	said.name = "other.local";
	site_learn(s, &o);
	assert_non_null(news(s));
	said.sender = addr_v4(10, 0, 0, 9);
	said.name = "lie.local";
	site_learn(s, &o);
	assert_null(news(s));
	site_learn(s, &(struct observation){ .kind = OBS_DHCP, .ts_ns = 6, .dhcp = &dhcp });
	assert_non_null(news(s));
}

int
main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test_setup_teardown(
			packets_arp_and_neighbours_show_devices, set_up, tear_down),
		cmocka_unit_test_setup_teardown(
			the_card_that_goes_outside_is_a_router_with_its_own_address_only, set_up,
			tear_down),
		cmocka_unit_test_setup_teardown(
			who_announces_a_way_out_is_a_router_and_no_gateway, set_up, tear_down),
		cmocka_unit_test_setup_teardown(
			not_all_that_is_announced_is_ours, set_up, tear_down),
		cmocka_unit_test_setup_teardown(
			a_new_name_is_news_of_its_device, set_up, tear_down),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
