/* test_engine_device.c -- devices become records: over files at the end, live when their news have rested. */
#include "daemon/engine/engine_device.h"

#include "daemon/base/time_text.h"
#include "daemon/config/config_rows.h"
#include "daemon/engine/engine.h"
#include "daemon/knowledge/oui.h"
#include "daemon/settings/settings.h"
#include "daemon/transactions/http.h"
#include "daemon/transactions/name.h"

#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <stdio.h>
#include <string.h>

#include <cmocka.h>

enum { KEPT = 80 };

struct kept {
	uint8_t card;
	struct record_device device;
	char vendor[32];
	char names[128]; /* with their sources */
};

static struct kept kept[KEPT];
static unsigned count;
static struct settings settings;
static struct engine *engine;
static struct oui *vendors;

static void
keep(void *context, const struct record *r)
{
	struct kept *k = &kept[count++];
	size_t used = 0;

	(void)context;
	assert_int_equal(r->kind, RECORD_DEVICE);
	assert_true(count <= KEPT);
	*k = (struct kept){ .card = r->device->mac.byte[5], .device = *r->device };
	(void)snprintf(k->vendor, sizeof(k->vendor), "%s", r->device->vendor);
	for (size_t i = 0; i < r->device->name_count; i++)
		used += (size_t)snprintf(k->names + used, sizeof(k->names) - used, "%s/%s ",
			r->device->names[i].text, r->device->names[i].source);
}

static int
set_up(void **state)
{
	static const char list[] = "0011DD     (base 16)\t\tSomebody Inc.\n";

	(void)state;
	count = 0;
	config_rows_default(settings_rows, &settings);
	settings.sensor.name = "rig";
	settings.memory.limit = UINT64_C(64) * 1024 * 1024;
	vendors = oui_new(cursor_over((const uint8_t *)list, sizeof(list) - 1));
	engine = engine_new(&(struct engine_plan){ .settings = &settings,
		.hash_key = { { 1, 2 } },
		.vendors = vendors,
		.sink = { .wanted = RECORD_BIT(RECORD_DEVICE), .write = keep } });
	return engine == NULL || vendors == NULL ? -1 : 0;
}

static int
tear_down(void **state)
{
	(void)state;
	engine_free(engine);
	oui_free(vendors);
	return 0;
}

static void
speaks(uint8_t card, uint64_t at_s)
{
	const struct obs_arp arp = { .operation = 2,
		.sender_mac = { { 0x00, 0x11, (uint8_t)(card == 1 ? 0xdd : 0xee), 0, 0, card } },
		.sender = addr_v4(10, 0, 0, card) };

	engine_observe(engine,
		&(struct observation){ .kind = OBS_ARP, .ts_ns = at_s * NS_PER_S, .arp = &arp });
}

static void
is_called(uint8_t card, const char *name, const char *by, uint64_t at_s)
{
	const struct addr a = addr_v4(10, 0, 0, card);
	const struct obs_talk talk = { .orig = a };
	const struct obs_name said = { .addr = a, .sender = a, .name = name, .by = by };

	engine_observe(engine,
		&(struct observation){
			.kind = OBS_NAME, .ts_ns = at_s * NS_PER_S, .talk = &talk, .name = &said });
}

static void
over_files_each_device_is_told_once_at_the_end(void **state)
{
	(void)state;
	speaks(1, 100);
	speaks(2, 100);
	is_called(1, "pc.local", "mdns", 200);
	is_called(1, "PC", "nbns", 201);
	speaks(1, 300);
	assert_int_equal(count, 0);
	engine_finish(engine, NULL, 0);
	assert_int_equal(count, 2);
	assert_int_equal(kept[0].card, 1);
	assert_string_equal(kept[0].vendor, "Somebody Inc.");
	assert_string_equal(kept[0].names, "PC/nbns pc.local/mdns ");
	assert_int_equal(kept[0].device.address_count, 1);
	assert_int_equal(kept[0].device.addresses[0].addr.byte[15], 1);
	assert_int_equal(kept[0].device.addresses[0].seen_ns, 300 * NS_PER_S);
	assert_int_equal(kept[0].device.first_ns, 100 * NS_PER_S);
	assert_int_equal(kept[0].device.last_ns, 300 * NS_PER_S);
	assert_int_equal(kept[1].card, 2);
	assert_string_equal(kept[1].vendor, "");
}

static void
live_it_is_told_when_its_news_are_10_s_old(void **state)
{
	(void)state;
	speaks(1, 100);
	engine_tick(engine, 110 * NS_PER_S - 1);
	assert_int_equal(count, 0);
	is_called(1, "pc.local", "mdns", 109);
	engine_tick(engine, 110 * NS_PER_S);
	assert_int_equal(count, 1);
	assert_string_equal(kept[0].names, "pc.local/mdns ");
	engine_tick(engine, 200 * NS_PER_S);
	assert_int_equal(count, 1);
	is_called(1, "other.local", "mdns", 300);
	engine_tick(engine, 309 * NS_PER_S);
	assert_int_equal(count, 1);
	engine_tick(engine, 310 * NS_PER_S);
	assert_int_equal(count, 2);
	engine_finish(engine, NULL, 0);
	assert_int_equal(count, 2);
}

static void
many_devices_are_told_in_several_turns(void **state)
{
	(void)state;
	for (uint8_t card = 1; card <= 70; card++)
		speaks(card, 100);
	engine_tick(engine, 200 * NS_PER_S);
	assert_int_equal(count, 64);
	engine_tick(engine, 201 * NS_PER_S);
	assert_int_equal(count, 70);
}

static void
what_a_client_calls_it_and_what_it_is_called_twice_is_left_out(void **state)
{
	const struct obs_talk talk = { .orig = addr_v4(10, 0, 0, 9), .resp = addr_v4(10, 0, 0, 1) };
	const struct obs_http http = { .host = "lie.example", .uri = "/" };
	const struct addr second = addr_v4(10, 0, 0, 2);
	const struct obs_name said = {
		.addr = second, .sender = second, .name = "pc.local", .by = "llmnr"
	};
	const struct obs_arp arp = {
		.operation = 2, .sender_mac = { { 0x00, 0x11, 0xdd, 0, 0, 1 } }, .sender = second
	};

	(void)state;
	speaks(1, 100);
	engine_observe(engine,
		&(struct observation){ .kind = OBS_ARP, .ts_ns = 100 * NS_PER_S, .arp = &arp });
	is_called(1, "pc.local", "mdns", 101);
	engine_observe(engine,
		&(struct observation){
			.kind = OBS_NAME, .ts_ns = 101 * NS_PER_S, .talk = &talk, .name = &said });
	engine_observe(engine,
		&(struct observation){
			.kind = OBS_HTTP, .ts_ns = 102 * NS_PER_S, .talk = &talk, .http = &http });
	is_called(2, "two.local", "ssdp", 103);
	engine_finish(engine, NULL, 0);
	assert_int_equal(count, 1);
	assert_int_equal(kept[0].device.address_count, 2);
	assert_string_equal(kept[0].names, "pc.local/mdns two.local/ssdp ");
}

static void
who_asks_is_told_of_those_that_sent_last_and_their_news_wait_on(void **state)
{
	const struct record_sink here = { .write = keep };

	(void)state;
	assert_int_equal(engine_devices_latest(engine, 5, &here), 0);
	speaks(1, 100);
	speaks(2, 101);
	speaks(3, 102);
	speaks(1, 103);
	assert_int_equal(engine_devices_latest(engine, 0, &here), 3);
	assert_int_equal(count, 0);
	assert_int_equal(engine_devices_latest(engine, 2, &here), 3);
	assert_int_equal(count, 2);
	assert_int_equal(kept[0].card, 1);
	assert_string_equal(kept[0].vendor, "Somebody Inc.");
	assert_int_equal(kept[1].card, 3);
	assert_int_equal(engine_devices_latest(engine, 4, &here), 3);
	assert_int_equal(count, 5);
	assert_int_equal(kept[4].card, 2);
	engine_finish(engine, NULL, 0);
	assert_int_equal(count, 8);
}

int
main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test_setup_teardown(
			over_files_each_device_is_told_once_at_the_end, set_up, tear_down),
		cmocka_unit_test_setup_teardown(
			live_it_is_told_when_its_news_are_10_s_old, set_up, tear_down),
		cmocka_unit_test_setup_teardown(
			many_devices_are_told_in_several_turns, set_up, tear_down),
		cmocka_unit_test_setup_teardown(
			what_a_client_calls_it_and_what_it_is_called_twice_is_left_out, set_up,
			tear_down),
		cmocka_unit_test_setup_teardown(
			who_asks_is_told_of_those_that_sent_last_and_their_news_wait_on, set_up,
			tear_down),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
