/* test_kalipso_table.c -- dictionaries of a window as Kalipso reads them, and when there are too many rows. */
#include "exporters/kalipso/kalipso_table.h"
#include "tests/support/kalipso_rig.h"

#include <netinet/in.h>
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <string.h>

#include <cmocka.h>

enum { ROOM = 256 * 1024 };

static const struct feature_name ports_client = { FEATURE_DESTINATION_PORTS, ROLE_CLIENT,
	IPPROTO_TCP, false };

static char room[ROOM];

static const char *
table(struct kalipso_rig *r, const struct feature_name *which, enum kalipso_parts parts,
	size_t size)
{
	struct strbuf b;

	strbuf_init(&b, room, size);
	kalipso_table(&r->target, &b, &r->tuples, which, parts);
	assert_false(b.truncated);
	return room;
}

static void
a_table_of_ports_has_packets_by_address(void **state)
{
	struct kalipso_rig *r = kalipso_rig_new();

	(void)state;
	kalipso_rig_flow(r, addr_v4(198, 51, 100, 130), 23, IPPROTO_TCP, ROLE_CLIENT, false);
	kalipso_rig_flow(r, addr_v4(198, 51, 100, 130), 23, IPPROTO_TCP, ROLE_CLIENT, false);
	kalipso_rig_flow(r, addr_v4(198, 51, 100, 131), 23, IPPROTO_TCP, ROLE_CLIENT, false);
	assert_string_equal(table(r, &ports_client, KALIPSO_PACKETS, ROOM),
		"{\"23\":{\"totalflows\":3,\"totalpkt\":9,\"totalbytes\":540,\"dstips\":"
		"{\"198.51.100.130\":6,\"198.51.100.131\":3}}}");
	kalipso_rig_free(r);
}

static void
the_last_kalipso_reads_an_object_for_each_address(void **state)
{
	struct kalipso_rig *r = kalipso_rig_new();

	(void)state;
	kalipso_rig_flow(r, addr_v4(198, 51, 100, 130), 23, IPPROTO_TCP, ROLE_CLIENT, false);
	assert_string_equal(table(r, &ports_client, KALIPSO_OBJECTS, ROOM),
		"{\"23\":{\"totalflows\":1,\"totalpkt\":3,\"totalbytes\":180,\"dstips\":{"
		"\"198.51.100.130\":{\"pkts\":3,\"spkts\":2,\"stime\":\"1602075700.000000\",\"uid\":[]}}}}");
	kalipso_rig_free(r);
}

static void
a_table_of_addresses_has_packets_by_port(void **state)
{
	const struct feature_name peers = { FEATURE_PEERS, ROLE_CLIENT, IPPROTO_UDP, true };
	struct kalipso_rig *r = kalipso_rig_new();

	(void)state;
	kalipso_rig_flow(r, addr_v4(192, 168, 2, 1), 53, IPPROTO_UDP, ROLE_CLIENT, true);
	assert_string_equal(table(r, &peers, KALIPSO_OBJECTS, ROOM),
		"{\"192.168.2.1\":{\"totalflows\":1,\"totalpkt\":3,\"totalbytes\":180,\"dstports\":"
		"{\"53\":3}}}");
	kalipso_rig_free(r);
}

static void
a_server_has_the_addresses_of_its_clients(void **state)
{
	const struct feature_name ports = { FEATURE_DESTINATION_PORTS, ROLE_SERVER, IPPROTO_TCP,
		true };
	struct kalipso_rig *r = kalipso_rig_new();

	(void)state;
	kalipso_rig_flow(r, addr_v4(192, 168, 2, 20), 80, IPPROTO_TCP, ROLE_SERVER, true);
	assert_non_null(
		strstr(table(r, &ports, KALIPSO_PACKETS, ROOM), "\"srcips\":{\"192.168.2.20\":3}"));
	kalipso_rig_free(r);
}

static void
a_table_of_source_ports_has_no_addresses(void **state)
{
	const struct feature_name ports = { FEATURE_SOURCE_PORTS, ROLE_CLIENT, IPPROTO_TCP, true };
	struct kalipso_rig *r = kalipso_rig_new();

	(void)state;
	kalipso_rig_flow(r, addr_v4(203, 0, 113, 9), 80, IPPROTO_TCP, ROLE_CLIENT, true);
	assert_string_equal(table(r, &ports, KALIPSO_OBJECTS, ROOM),
		"{\"44000\":{\"totalflows\":1,\"totalpkt\":3,\"totalbytes\":180,\"dstips\":{}}}");
	kalipso_rig_free(r);
}

static void
rows_are_there_or_not(void **state)
{
	struct kalipso_rig *r = kalipso_rig_new();

	(void)state;
	kalipso_rig_flow(r, addr_v4(203, 0, 113, 9), 80, IPPROTO_TCP, ROLE_CLIENT, false);
	for (uint8_t index = 0; index < 3; index++) {
		struct feature_name which = ports_client;
		which.index = (enum feature_index)index;
		assert_true(kalipso_table_has_rows(&r->tuples, &which));
		which.established = true;
		assert_false(kalipso_table_has_rows(&r->tuples, &which));
		which = ports_client;
		which.index = (enum feature_index)index;
		which.role = ROLE_SERVER;
		assert_false(kalipso_table_has_rows(&r->tuples, &which));
		which = ports_client;
		which.index = (enum feature_index)index;
		which.ip_proto = IPPROTO_UDP;
		assert_false(kalipso_table_has_rows(&r->tuples, &which));
	}
	kalipso_rig_free(r);
}

/* Port 3 has the most bytes. */
static void
of_too_many_rows_the_largest_are_shown_and_the_rest_is_counted(void **state)
{
	struct kalipso_rig *r = kalipso_rig_new();

	(void)state;
	for (uint16_t port = 1; port <= 3; port++)
		for (uint16_t i = 0; i < port; i++)
			kalipso_rig_flow(
				r, addr_v4(203, 0, 113, 9), port, IPPROTO_TCP, ROLE_CLIENT, false);
	r->target.tuples_max = 3;
	json_t *rows = kalipso_rig_read(r, table(r, &ports_client, KALIPSO_PACKETS, ROOM));
	assert_int_equal(json_object_size(rows), 3);
	assert_int_equal(r->target.left_out, 0);
	r->target.tuples_max = 2;
	rows = kalipso_rig_read(r, table(r, &ports_client, KALIPSO_PACKETS, ROOM));
	assert_int_equal(json_object_size(rows), 2);
	assert_null(json_object_get(rows, "1"));
	assert_int_equal(r->target.left_out, 1);
	kalipso_rig_free(r);
}

static void
inner_rows_are_no_more_than_that_either(void **state)
{
	struct kalipso_rig *r = kalipso_rig_new();

	(void)state;
	for (uint8_t i = 0; i < 10; i++)
		kalipso_rig_flow(r, addr_v4(203, 0, 113, i), 23, IPPROTO_TCP, ROLE_CLIENT, false);
	r->target.tuples_max = 4;
	json_t *rows = kalipso_rig_read(r, table(r, &ports_client, KALIPSO_PACKETS, ROOM));
	json_t *row = json_object_get(rows, "23");
	assert_int_equal(json_object_size(json_object_get(row, "dstips")), 4);
	assert_int_equal(json_integer_value(json_object_get(row, "totalflows")), 10);
	assert_int_equal(r->target.left_out, 6);
	kalipso_rig_free(r);
}

/* Whatever room there is, down to hardly any: what is written is whole. */
static void
a_table_without_room_is_cut_and_whole(void **state)
{
	struct kalipso_rig *r = kalipso_rig_new();

	(void)state;
	for (uint8_t i = 0; i < 60; i++)
		kalipso_rig_flow(r, addr_v4(203, 0, 113, i), (uint16_t)(1 + i % 2), IPPROTO_TCP,
			ROLE_CLIENT, false);
	for (size_t size = 3; size < 8192; size += 97) {
		r->target.left_out = 0;
		json_t *rows = kalipso_rig_read(r, table(r, &ports_client, KALIPSO_OBJECTS, size));
		size_t shown = 0;
		const char *key;
		json_t *row;
		json_object_foreach(rows, key, row)
		{
			shown += json_object_size(json_object_get(row, "dstips"));
		}
		if (json_object_size(rows) == 2)
			assert_int_equal(shown + r->target.left_out, 60);
		else
			assert_true(r->target.left_out > 0);
	}
	kalipso_rig_free(r);
}

int
main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(a_table_of_ports_has_packets_by_address),
		cmocka_unit_test(the_last_kalipso_reads_an_object_for_each_address),
		cmocka_unit_test(a_table_of_addresses_has_packets_by_port),
		cmocka_unit_test(a_server_has_the_addresses_of_its_clients),
		cmocka_unit_test(a_table_of_source_ports_has_no_addresses),
		cmocka_unit_test(rows_are_there_or_not),
		cmocka_unit_test(of_too_many_rows_the_largest_are_shown_and_the_rest_is_counted),
		cmocka_unit_test(inner_rows_are_no_more_than_that_either),
		cmocka_unit_test(a_table_without_room_is_cut_and_whole),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
