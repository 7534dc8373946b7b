/* test_source_order.c -- rows grow, are put in one order, and keys are taken apart. */
#include "viewer/source/source_order.h"

#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <stdio.h>
#include <string.h>

#include <cmocka.h>

enum { MEMORY_MAX = 1024 * 1024 };

static struct arena memory;

static int
setup(void **state)
{
	(void)state;
	arena_init(&memory, MEMORY_MAX, NULL);
	return 0;
}

static int
teardown(void **state)
{
	(void)state;
	arena_done(&memory);
	return 0;
}

static void
rows_grow_until_memory_ends(void **state)
{
	struct arena little;
	struct source_rows_of rows = { .memory = &memory, .row_size = sizeof(int) };

	(void)state;
	for (int i = 0; i < 100; i++) {
		int *row = source_row_add(&rows);
		assert_int_equal(*row, 0);
		*row = i;
	}
	assert_int_equal(rows.count, 100);
	for (int i = 0; i < 100; i++)
		assert_int_equal(((int *)rows.rows)[i], i);

	arena_init(&little, 100, NULL);
	rows = (struct source_rows_of){ .memory = &little, .row_size = sizeof(int) };
	while (source_row_add(&rows) != NULL)
		*((int *)rows.rows + rows.count - 1) = 7;
	assert_int_equal(rows.count, 16);
	assert_int_equal(((int *)rows.rows)[15], 7);
	arena_done(&little);
}

static void
keys_are_in_order_of_what_they_are(void **state)
{
	static const char *const keys[] = { "", "9", "80", "0443", "443", "9.0.0.1", "10.0.0.5",
		"10.0.0.40", "2001:db8::1", "10.0.0.5x", "host" };
	static const size_t order[] = { 1, 2, 3, 4, 5, 6, 7, 8, 0, 9, 10 };

	(void)state;
	for (size_t i = 0; i < sizeof(order) / sizeof(order[0]); i++)
		for (size_t j = 0; j < sizeof(order) / sizeof(order[0]); j++) {
			int way = source_key_compare(keys[order[i]], keys[order[j]]);
			assert_int_equal((way > 0) - (way < 0), (i > j) - (i < j));
		}
}

static void
profiles_are_infected_first_then_by_address(void **state)
{
	struct source_profile p[] = { { .host = "host" }, { .host = "10.0.0.40" },
		{ .host = "2001:db8::1", .infected = true }, { .host = "10.0.0.5" },
		{ .host = "10.0.0.200", .infected = true } };
	struct arena none;

	(void)state;
	arena_init(&none, 0, NULL);
	source_profiles_order(p, 5, &none);
	assert_string_equal(p[0].host, "host");
	arena_done(&none);
	source_profiles_order(p, 5, &memory);
	assert_string_equal(p[0].host, "10.0.0.200");
	assert_string_equal(p[1].host, "2001:db8::1");
	assert_string_equal(p[2].host, "10.0.0.5");
	assert_string_equal(p[3].host, "10.0.0.40");
	assert_string_equal(p[4].host, "host");
	source_profiles_order(NULL, 0, &memory);
}

static void
what_has_a_time_is_in_its_order_and_then_by_its_id(void **state)
{
	struct source_window w[] = { { .id.number = 2 }, { .id.number = -1 }, { .id.number = 1 } };
	struct source_evidence e[] = { { .ts_ns = 2, .id = "b" }, { .ts_ns = 2, .id = "a" },
		{ .ts_ns = 1, .id = "c" } };
	struct source_alert a[] = { { .ts_ns = 2, .id = "b" }, { .ts_ns = 2, .id = "a" },
		{ .ts_ns = 1, .id = "c" } };

	(void)state;
	source_windows_order(w, 2);
	assert_int_equal(w[0].id.number, -1);
	source_windows_order(w, 3);
	source_evidence_order(e, 3);
	source_alerts_order(a, 3);
	for (int i = 0; i < 3; i++) {
		static const int64_t numbers[] = { -1, 1, 2 };
		static const char *const ids[] = { "c", "a", "b" };
		assert_int_equal(w[i].id.number, numbers[i]);
		assert_string_equal(e[i].id, ids[i]);
		assert_string_equal(a[i].id, ids[i]);
	}
	source_evidence_order(NULL, 0);
}

static void
tables_have_tcp_first_and_there_the_most_bytes(void **state)
{
	struct source_row r[] = { { .proto = "UDP", .key = "1", .bytes = 9 },
		{ .proto = "TCP", .key = "80", .bytes = 5 },
		{ .proto = "TCP", .key = "9", .bytes = 5 },
		{ .proto = "TCP", .key = "7", .bytes = 6 },
		{ .proto = "TCP", .key = "81", .bytes = 5, .packets = 1 } };
	struct source_part p[] = { { "10.0.0.9", 1 }, { "10.0.0.10", 2 }, { "10.0.0.8", 1 } };

	(void)state;
	source_table_order(r, 5);
	assert_string_equal(r[0].key, "7");
	assert_string_equal(r[1].key, "81"); /* as many bytes, but more packets */
	assert_string_equal(r[2].key, "9");
	assert_string_equal(r[3].key, "80");
	assert_string_equal(r[4].key, "1");
	source_parts_order(p, 3);
	assert_string_equal(p[0].key, "10.0.0.10");
	assert_string_equal(p[1].key, "10.0.0.8");
	assert_string_equal(p[2].key, "10.0.0.9");
}

static void
the_key_of_a_tuple_is_taken_apart_with_either_separator(void **state)
{
	static const char *const keys[][4] = {
		{ "203.0.113.66-48101-tcp", "203.0.113.66", "48101", "tcp" },
		{ "203.0.113.66:48101:tcp", "203.0.113.66", "48101", "tcp" },
		{ "2001:db8::1-443-udp", "2001:db8::1", "443", "udp" },
		{ "2001:db8::1:443:udp", "2001:db8::1", "443", "udp" },
		{ "fe80::1-136-ipv6-icmp", "fe80::1", "136", "ipv6-icmp" },
		{ "fe80::1:136:ipv6-icmp", "fe80::1", "136", "ipv6-icmp" },
	};
	static const char *const bad[] = { "", "-", ":", "a", "a-1", "a:1", "-1-tcp", ":1:tcp",
		"tcp", "a-b", "a:b" };
	struct source_tuple t;

	(void)state;
	for (size_t i = 0; i < sizeof(keys) / sizeof(keys[0]); i++) {
		assert_true(source_tuple_key(keys[i][0], strlen(keys[i][0]), &memory, &t));
		assert_string_equal(t.peer, keys[i][1]);
		assert_string_equal(t.port, keys[i][2]);
		assert_string_equal(t.proto, keys[i][3]);
	}
	for (size_t i = 0; i < sizeof(bad) / sizeof(bad[0]); i++)
		assert_false(source_tuple_key(bad[i], strlen(bad[i]), &memory, &t));
}

int
main(void)
{
#define TEST(name) cmocka_unit_test_setup_teardown(name, setup, teardown)
	const struct CMUnitTest tests[] = {
		TEST(rows_grow_until_memory_ends),
		TEST(keys_are_in_order_of_what_they_are),
		TEST(profiles_are_infected_first_then_by_address),
		TEST(what_has_a_time_is_in_its_order_and_then_by_its_id),
		TEST(tables_have_tcp_first_and_there_the_most_bytes),
		TEST(the_key_of_a_tuple_is_taken_apart_with_either_separator),
	};
#undef TEST

	return cmocka_run_group_tests(tests, NULL, NULL);
}
