#include "daemon/input/input_name.h"

#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <string.h>

#include <cmocka.h>

static void
pieces_of_a_log_are_known_by_their_names(void **state)
{
	static const struct {
		const char *name, *log;
		bool is_live, is_labeled;
	} pieces[] = {
		{ "conn.log", "conn", true, false },
		{ "conn.log.labeled", "conn", true, true },
		{ "conn.log.gz", "conn", false, false },
		{ "conn.log.zst", "conn", false, false },
		{ "conn.log.labeled.gz", "conn", false, true },
		{ "conn.00:00:00-01:00:00.log.gz", "conn", false, false },
		{ "conn-24-04-19_00.00.00.log", "conn", false, false },
		{ "conn.2024-04-19.log", "conn", false, false },
		{ "conn.log.1", "conn", false, false },
		{ "conn.log.12.gz", "conn", false, false },
		{ "conn.log-20240419", "conn", false, false },
		{ "smb_files.log", "smb_files", true, false },
		{ "smb_mapping.log", "smb_mapping", true, false },
		{ "ssl.log", "ssl", true, false },
		{ "notice.log", "notice", true, false },
		{ "weird.log", "weird", true, false },
		{ "arp.log", "arp", true, false },
		{ "tunnel.log", "tunnel", true, false },
		{ "eve.json", "eve", true, false },
		{ "eve.json.1", "eve", false, false },
		{ "eve-2024-04-19.json", "eve", false, false },
		{ "eve.json-20240419.gz", "eve", false, false },
		{ "nfcapd.202404191200", "nfcapd", false, false },
	};
	struct input_name n;

	(void)state;
	for (size_t i = 0; i < sizeof(pieces) / sizeof(*pieces); i++) {
		if (!input_name_parse(pieces[i].name, &n))
			fail_msg("%s is none", pieces[i].name);
		assert_string_equal(n.log, pieces[i].log);
		if (n.is_live != pieces[i].is_live || n.is_labeled != pieces[i].is_labeled)
			fail_msg(
				"%s: live %d, labeled %d", pieces[i].name, n.is_live, n.is_labeled);
	}
	assert_true(input_name_parse("conn.log.labeled", &n));
	assert_int_equal(n.bare_length, strlen("conn.log"));
}

static void
other_files_are_passed_over(void **state)
{
	static const char *const names[] = {
		"",
		"conn",
		"conn.",
		"conn.log.",
		"conn.log~",
		"conn.log.bak",
		"conn.log.swp",
		".conn.log",
		"conn_top.log",
		"open_conn.05:00:00-06:00:00.log.gz",
		"ORIGINALdns.log",
		"conn-summary.log",
		"conn-summary.2024-04-19.log.gz",
		"conn.a.log",
		"conn.log.1a",
		"conn..log",
		"conn.log.gz.gz",
		"packet_filter.log",
		"smb_file.log",
		"connx.log",
		"Conn.log",
		"eve.log",
		"conn.json",
		"eve.json.bak",
		"nfcapd",
		"nfcapd.",
		"nfcapd.current",
		"nfcapd.2024x",
		"labels.config",
		"conn.log.labeled.1",
		"conn.log12",
		"conn.log_1",
		"conn.1x.log",
	};
	struct input_name n;

	(void)state;
	for (size_t i = 0; i < sizeof(names) / sizeof(*names); i++)
		if (input_name_parse(names[i], &n))
			fail_msg("%s is a piece of %s", names[i], n.log);
}

static void
directories_of_days_are_known(void **state)
{
	(void)state;
	assert_true(input_name_is_day("2024-04-19"));
	assert_false(input_name_is_day("2024-04-1"));
	assert_false(input_name_is_day("2024-04-190"));
	assert_false(input_name_is_day("2024_04-19"));
	assert_false(input_name_is_day("20x4-04-19"));
	assert_false(input_name_is_day(""));
	assert_false(input_name_is_day(".."));
}

int
main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(pieces_of_a_log_are_known_by_their_names),
		cmocka_unit_test(other_files_are_passed_over),
		cmocka_unit_test(directories_of_days_are_known),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
