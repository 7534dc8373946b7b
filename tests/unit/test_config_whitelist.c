#include "daemon/config/config_whitelist.h"

#include "daemon/base/arena.h"
#include "daemon/whitelist/whitelist_build.h"
#include "tests/support/config_sample.h"

#include <errno.h>
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

#include <cmocka.h>

static struct {
	struct arena arena;
	struct sample_report report;
	struct whitelist *w;
} t;

static int
setup(void **state)
{
	(void)state;
	memset(&t, 0, sizeof(t));
	arena_init(&t.arena, (size_t)2 * 1024 * 1024, NULL);
	return 0;
}

static int
teardown(void **state)
{
	(void)state;
	whitelist_free(t.w);
	arena_done(&t.arena);
	return 0;
}

static int
build(const char *detector, const char *slips_csv)
{
	struct whitelist_rule_settings rule = { .line = 3, .match = { .detector = detector } };
	const struct whitelist_settings s = {
		.rules = { .items = &rule, .count = detector == NULL ? 0 : 1 },
		.slips_csv = slips_csv,
	};

	whitelist_free(t.w);
	t.w = NULL;
	return config_whitelist_build(&s, "n.yaml", &t.arena, sample_report_init(&t.report), &t.w);
}

static void
detectors_and_all_their_kinds_are_known(void **state)
{
	static const char *const good[] = { "horizontal_scan", "HORIZONTAL_PORT_SCAN", "ARP_SCAN",
		"CONVERGING_EVIDENCE" };
	static const char *const bad[] = { "", "horizontal", "Horizontal_Scan", "SCAN" };

	(void)state;
	for (size_t i = 0; i < sizeof(good) / sizeof(good[0]); i++)
		assert_int_equal(build(good[i], NULL), 0);
	for (size_t i = 0; i < sizeof(bad) / sizeof(bad[0]); i++) {
		assert_int_equal(build(bad[i], NULL), -EINVAL);
		assert_non_null(
			strstr(t.report.memory, "n.yaml:3: whitelist.rules[1].match.detector: "));
	}
}

static void
the_file_of_slips_is_read(void **state)
{
	char path[] = "/tmp/naiad-slips-XXXXXX";
	static const char text[] = "ip,192.0.2.1,src,flows\n";
	int fd = mkstemp(path);

	(void)state;
	assert_true(fd >= 0);
	assert_int_equal(write(fd, text, sizeof(text) - 1), sizeof(text) - 1);
	(void)close(fd);
	assert_int_equal(build(NULL, path), 0);
	assert_int_equal(t.w->count, 1);
	assert_int_equal(build("ARP_SCAN", path), 0);
	assert_int_equal(t.w->count, 2);
	(void)unlink(path);
	assert_int_equal(build(NULL, path), -ENOENT);
	assert_non_null(strstr(t.report.memory, ": cannot be read: No such file"));
}

static void
without_memory_it_says_so(void **state)
{
	(void)state;
	arena_done(&t.arena);
	arena_init(&t.arena, 64, NULL);
	assert_int_equal(build("ARP_SCAN", NULL), -ENOMEM);
	assert_non_null(strstr(t.report.memory, "too much memory"));
}

int
main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test_setup_teardown(
			detectors_and_all_their_kinds_are_known, setup, teardown),
		cmocka_unit_test_setup_teardown(the_file_of_slips_is_read, setup, teardown),
		cmocka_unit_test_setup_teardown(without_memory_it_says_so, setup, teardown),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
