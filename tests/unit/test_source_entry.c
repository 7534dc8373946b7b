/* test_source_entry.c -- entries of all three generations; what is hostile, and what is none. */
#include "viewer/source/source_kind.h"

#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include <cmocka.h>

enum { MEMORY_MAX = 4 * 1024 * 1024 };
#define AT_13  UINT64_C(1602075600)
#define SECOND UINT64_C(1000000000)

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

/* An entry of the timeline of 192.168.2.12. */
static struct source_entry
read_entry(const char *json)
{
	struct source_entry e;

	assert_true(source_entry_read(json, strlen(json), "192.168.2.12", &memory, &e));
	return e;
}

/* "Label=value|..." */
static const char *
pairs(const struct source_entry *e)
{
	static char text[4096];
	size_t length = 0;

	text[0] = '\0';
	for (size_t i = 0; i < e->pair_count; i++)
		length += (size_t)snprintf(text + length, sizeof(text) - length, "%s=%s|",
			e->pairs[i].label, e->pairs[i].value);
	return text;
}

static void
the_last_generation_is_read(void **state)
{
	(void)state;
	struct source_entry e = read_entry(
		"{\"timestamp\":\"2020/10/07 13:00:20.500000\",\"dport_name\":\"HTTP\",\"preposition\":\"to\","
		"\"dns_resolution\":[\"dl.gafdemo.example\",\"b.example\"],\"daddr\":\"203.0.113.99\","
		"\"dport/proto\":\"80/TCP\",\"state\":\"Established\",\"warning\":\"\",\"info\":{\"Request\":"
		"\"GET http://dl.gafdemo.example/bins/arm7.bin\",\"Status Code\":\"200/OK\",\"answers\":[\"a\",7],"
		"\"server_name\":\"x\",\"MIME\":\"\"},\"sent\":812,\"recv\":68233,\"tot\":69045,\"duration\":1.8,"
		"\"critical warning\":\"odd\"}");

	assert_int_equal(e.ts_ns, (AT_13 + 20) * SECOND + SECOND / 2);
	assert_string_equal(e.service, "HTTP");
	assert_false(e.is_from);
	assert_string_equal(e.names, "dl.gafdemo.example, b.example");
	assert_string_equal(e.peer, "203.0.113.99");
	assert_string_equal(e.port, "80/TCP");
	assert_true(e.has_state && e.established);
	assert_true(e.has_sizes);
	assert_int_equal(e.sent, 812);
	assert_int_equal(e.received, 68233);
	assert_true(e.duration_s > 1.79 && e.duration_s < 1.81);
	assert_string_equal(e.warning, "");
	assert_string_equal(e.critical, "odd");
	assert_string_equal(e.uid, "");
	assert_string_equal(pairs(&e),
		"Request=GET http://dl.gafdemo.example/bins/arm7.bin|Status Code=200/OK|Answers=a, 7|Server name=x|");
}

static void
who_asked_is_the_peer_of_a_server(void **state)
{
	(void)state;
	struct source_entry e = read_entry(
		"{\"timestamp\":\"2020/10/07 13:00:00\",\"dport_name\":\"SSH\",\"preposition\":\"from\","
		"\"dns_resolution\":\"????\",\"saddr\":\"203.0.113.200\",\"daddr\":\"192.168.2.12\","
		"\"state\":\"Not Established\",\"info\":\"\",\"warning\":\"No data exchange!\"}");

	assert_true(e.is_from);
	assert_string_equal(e.peer, "203.0.113.200");
	assert_string_equal(e.names, "");
	assert_true(e.has_state);
	assert_false(e.established);
	assert_false(e.has_sizes);
	assert_true(e.duration_s < 0);
	assert_string_equal(e.warning, "No data exchange!");
	assert_int_equal(e.pair_count, 0);
}

static void
a_message_that_the_host_sent_is_one_to_the_other_side(void **state)
{
	static const char json[] =
		"{\"timestamp\":\"2020/10/07 13:00:00.1\",\"dport_name\":\"PING echo\",\"preposition\":\"from\","
		"\"saddr\":\"192.168.2.12\",\"daddr\":\"203.0.113.1\",\"size\":84,\"sent\":\"\",\"recv\":\"\","
		"\"state\":\"\"}";
	struct source_entry e = read_entry(json);

	(void)state;
	assert_false(e.is_from);
	assert_string_equal(e.peer, "203.0.113.1");
	assert_int_equal(e.sent, 84);
	assert_int_equal(e.received, 0);
	assert_true(e.has_sizes);
	assert_false(e.has_state);

	assert_true(source_entry_read(json, strlen(json), "203.0.113.1", &memory, &e));
	assert_true(e.is_from);
	assert_string_equal(e.peer, "192.168.2.12");
	assert_int_equal(e.received, 84);

	assert_true(source_entry_read(json, strlen(json), NULL, &memory, &e));
	assert_true(e.is_from);
	assert_string_equal(e.peer, "192.168.2.12");

	e = read_entry(
		"{\"preposition\":\"from\",\"saddr\":\"192.168.2.12\",\"daddr\":\"192.168.2.12\"}");
	assert_true(e.is_from);
	e = read_entry("{\"preposition\":\"from\",\"saddr\":\"192.168.2.12\"}");
	assert_true(e.is_from);
}

static void
the_generation_of_2020_is_read(void **state)
{
	(void)state;
	struct source_entry e = read_entry(
		"{\"timestamp\": \"2020/10/07 13:00:02.125000\", \"dport_name\": \"HTTPS\", \"preposition\": \"to\","
		"\"dns_resolution\": \"a.example\", \"daddr\": \"203.0.113.9\", \"dport/proto\": \"443/TCP\","
		"\"state\": \"established\", \"warning\": \"\", \"Sent\": 1000, \"Recv\": 68049, \"Tot\": \"67.43Kb\","
		"\"critical warning\": \"\", \"SN\": \"CN=a\", \"Trusted\": \"Yes\", \"Resumed\": \"False\","
		"\"Version\": \"TLSv12\"}");

	assert_true(e.established);
	assert_int_equal(e.sent, 1000);
	assert_int_equal(e.received, 68049);
	assert_string_equal(pairs(&e), "SN=CN=a|Trusted=Yes|Resumed=False|Version=TLSv12|");

	e = read_entry(
		"{\"timestamp\":\"2020/10/07 13:00:02.125000\",\"dport_name/proto\":\"SSH/TCP\","
		"\"preposition\":\"from\",\"saddr\":\"203.0.113.9\",\"state\":\"notestablished\","
		"\"Size\":\"1.50Kb\",\"http_data\":{\"Request\":\"GET /\"},\"info\":\"No extra data\"}");
	assert_string_equal(e.service, "SSH");
	assert_string_equal(e.port, "");
	assert_false(e.established);
	assert_int_equal(e.received, 1536);
	assert_string_equal(pairs(&e), "Request=GET /|=No extra data|");
}

static void
what_the_talk_says_of_http_goes_on_from_the_entry_before(void **state)
{
	(void)state;
	struct source_entry e =
		read_entry("{\"Method\":\"GET http://a.example/\",\"Status Code\":\"200/OK\"}");

	assert_int_equal(e.ts_ns, 0);
	assert_string_equal(pairs(&e), "Method=GET http://a.example/|Status Code=200/OK|");
}

static void
sizes_are_read_as_numbers_and_as_people_write_them(void **state)
{
	static const struct {
		const char *json;
		bool is_size;
		uint64_t bytes;
	} cases[] = {
		{ "{\"sent\":0}", true, 0 },
		{ "{\"sent\":9007199254740993}", true, UINT64_C(9007199254740993) },
		{ "{\"sent\":1.6}", true, 2 },
		{ "{\"sent\":\"12\"}", true, 12 },
		{ "{\"sent\":\"12.00b\"}", true, 12 },
		{ "{\"sent\":\"2.00Mb\"}", true, UINT64_C(2) * 1024 * 1024 },
		{ "{\"sent\":\"1Gb\"}", true, UINT64_C(1024) * 1024 * 1024 },
		{ "{\"sent\":\"7 apples\"}", true, 7 },
		{ "{\"sent\":-1}", false, 0 },
		{ "{\"sent\":1e30}", false, 0 },
		{ "{\"sent\":\"\"}", false, 0 },
		{ "{\"sent\":\"Kb\"}", false, 0 },
		{ "{\"sent\":null}", false, 0 },
		{ "{\"sent\":{}}", false, 0 },
	};

	(void)state;
	for (size_t i = 0; i < sizeof(cases) / sizeof(cases[0]); i++) {
		struct source_entry e = read_entry(cases[i].json);
		assert_int_equal(e.has_sizes, cases[i].is_size);
		assert_int_equal(e.sent, cases[i].bytes);
	}
}

static void
a_time_may_be_seconds(void **state)
{
	(void)state;
	assert_int_equal(
		read_entry("{\"timestamp\":1602075600.5}").ts_ns, AT_13 * SECOND + SECOND / 2);
	assert_int_equal(read_entry("{\"timestamp\":\"soon\"}").ts_ns, 0);
	assert_true(read_entry("{\"duration\":-2}").duration_s < 0);
	assert_true(read_entry("{\"duration\":\"2\"}").duration_s < 0);
}

static void
what_is_no_entry_is_refused(void **state)
{
	static const char *const texts[] = { "", "{", "{}", "[]", "7", "\"a\"", "null", "{\"a\":1",
		"{\"a\":1} x", "2020/10/07 13:00:00 - asked to", "{\"a\":\"\xff\"}",
		"{\"a\\u0000b\":1}", "{\"a\":99999999999999999999}" };
	struct source_entry e;

	(void)state;
	for (size_t i = 0; i < sizeof(texts) / sizeof(texts[0]); i++) {
		assert_false(source_entry_read(texts[i], strlen(texts[i]), NULL, &memory, &e));
		assert_string_equal(e.service, "");
		assert_int_equal(e.pair_count, 0);
	}
}

static void
a_nul_hides_nothing_behind_it(void **state)
{
	(void)state;
	struct source_entry e =
		read_entry("{\"dns_resolution\":\"good.example\\u0000.evil.example\"}");

	assert_string_equal(e.names, "good.example\\x00.evil.example");
}

static void
what_is_huge_is_bounded(void **state)
{
	enum { HUGE = 1024 * 1024, MANY = 65 };
	static char json[HUGE + 64];
	struct source_entry e;
	size_t length = 0;

	(void)state;
	/* At the bound, and one byte over it. */
	length = (size_t)snprintf(json, sizeof(json), "{\"warning\":\"");
	memset(json + length, 'a', HUGE - length - 2);
	json[HUGE - 2] = '"';
	json[HUGE - 1] = '}';
	assert_true(source_entry_read(json, HUGE, NULL, &memory, &e));
	assert_int_equal(strlen(e.warning), 64 * 1024);
	json[HUGE] = ' ';
	assert_false(source_entry_read(json, HUGE + 1, NULL, &memory, &e));

	length = (size_t)snprintf(json, sizeof(json), "{");
	for (unsigned i = 0; i < MANY; i++)
		length += (size_t)snprintf(
			json + length, sizeof(json) - length, "%s\"k%u\":1", i > 0 ? "," : "", i);
	(void)snprintf(json + length, sizeof(json) - length, "}");
	assert_int_equal(read_entry(json).pair_count, MANY - 1);

	length = (size_t)snprintf(json, sizeof(json), "{\"dns_resolution\":[\"a\"");
	for (unsigned i = 0; i < 2000; i++)
		length += (size_t)snprintf(json + length, sizeof(json) - length, ",\"b\"");
	(void)snprintf(json + length, sizeof(json) - length, "]}");
	e = read_entry(json);
	assert_true(strlen(e.names) < 4096);
	assert_string_equal(e.names + strlen(e.names) - 8, ", b, ...");

	/* As deep as the parser lets it, and beyond. */
	memset(json, '[', HUGE / 2);
	assert_false(source_entry_read(json, HUGE / 2, NULL, &memory, &e));
}

static void
without_memory_an_entry_is_empty_and_never_null(void **state)
{
	static const char json[] =
		"{\"warning\":\"w\",\"x\":\"y\",\"daddr\":\"10.0.0.1\",\"info\":{\"a\":\"b\"}}";
	struct source_entry e;

	(void)state;
	for (size_t most = 0; most < 400; most += 16) {
		struct arena little;
		arena_init(&little, most, NULL);
		assert_true(source_entry_read(json, strlen(json), NULL, &little, &e));
		assert_non_null(e.warning);
		assert_non_null(e.peer);
		for (size_t i = 0; i < e.pair_count; i++)
			assert_true(e.pairs[i].label != NULL && e.pairs[i].value != NULL);
		arena_done(&little);
	}
}

int
main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test_setup_teardown(the_last_generation_is_read, setup, teardown),
		cmocka_unit_test_setup_teardown(who_asked_is_the_peer_of_a_server, setup, teardown),
		cmocka_unit_test_setup_teardown(
			a_message_that_the_host_sent_is_one_to_the_other_side, setup, teardown),
		cmocka_unit_test_setup_teardown(the_generation_of_2020_is_read, setup, teardown),
		cmocka_unit_test_setup_teardown(
			what_the_talk_says_of_http_goes_on_from_the_entry_before, setup, teardown),
		cmocka_unit_test_setup_teardown(
			sizes_are_read_as_numbers_and_as_people_write_them, setup, teardown),
		cmocka_unit_test_setup_teardown(a_time_may_be_seconds, setup, teardown),
		cmocka_unit_test_setup_teardown(what_is_no_entry_is_refused, setup, teardown),
		cmocka_unit_test_setup_teardown(a_nul_hides_nothing_behind_it, setup, teardown),
		cmocka_unit_test_setup_teardown(what_is_huge_is_bounded, setup, teardown),
		cmocka_unit_test_setup_teardown(
			without_memory_an_entry_is_empty_and_never_null, setup, teardown),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
