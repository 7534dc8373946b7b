#include "ctl/doctor.h"

#include "tests/support/doctor_says.h"
#include "tests/support/scratch.h"

#include <fcntl.h>
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <stdio.h>
#include <string.h>
#include <sys/stat.h>
#include <unistd.h>

#include <cmocka.h>

#define NS_PER_S UINT64_C(1000000000)
#define NOW      (UINT64_C(1796083200) * NS_PER_S) /* 2026-12-01 */

static struct doctor d;

static int
begin(void **state)
{
	(void)state;
	memset(&d, 0, sizeof(d));
	return 0;
}

#define says(want, area, words, remedy) \
	assert_true(doctor_says(&d, (want), (area), (words), (remedy)))

static void
a_clock_is_right_and_kept(void **state)
{
	struct doctor_clock c = { .now_ns = NOW, .knows_sync = true, .synchronised = true };

	(void)state;
	doctor_clock_judge(&d, &c);
	assert_int_equal(d.count, 1);
	says(DOCTOR_OK, "clock", "synchronised", NULL);
	c.synchronised = false;
	doctor_clock_judge(&d, &c);
	says(DOCTOR_WARN, "clock", "not synchronised", "timedatectl");
	c.now_ns = 5 * NS_PER_S;
	doctor_clock_judge(&d, &c);
	says(DOCTOR_BAD, "clock", "the year 1970", "timedatectl");
	c.steps = 2;
	doctor_clock_judge(&d, &c);
	says(DOCTOR_WARN, "clock", "set 2 times", "NTP");
}

static void
files_are_set_readable_and_not_old(void **state)
{
	struct doctor_file f = { .setting = "site.vendors",
		.path = "",
		.gives = "makers",
		.get = "apt install x",
		.renew = "update-x" };

	(void)state;
	doctor_file_judge(&d, &f);
	says(DOCTOR_WARN, "site.vendors", "not set: makers are not known", "apt install x");
	f.path = "/x";
	doctor_file_judge(&d, &f);
	says(DOCTOR_WARN, "site.vendors", "/x cannot be read", "apt install x");
	f.readable = true;
	f.age_s = UINT64_C(180) * 86400;
	doctor_file_judge(&d, &f);
	says(DOCTOR_OK, "site.vendors", "/x is there", NULL);
	f.age_s = UINT64_C(181) * 86400;
	doctor_file_judge(&d, &f);
	says(DOCTOR_WARN, "site.vendors", "181 days old", "update-x; then systemctl restart naiad");
	/* One that cannot be read is to be had first, however old. */
	f.readable = false;
	doctor_file_judge(&d, &f);
	says(DOCTOR_WARN, "site.vendors", "/x cannot be read", "apt install x; then systemctl");
}

static void
disks_and_stores_are_judged_by_what_is_free(void **state)
{
	struct doctor_disk f = { .path = "/logs", .total = 1000, .available = 100 };

	(void)state;
	doctor_disk_judge(&d, &f);
	says(DOCTOR_WARN, "disk", "/logs is not there", "tmpfiles");
	f.known = true;
	doctor_disk_judge(&d, &f);
	says(DOCTOR_OK, "disk", "free", NULL);
	f.available = 99;
	doctor_disk_judge(&d, &f);
	says(DOCTOR_WARN, "disk", "free", "make room");
	f.available = 19;
	f.store = 91;
	f.store_max = 100;
	doctor_disk_judge(&d, &f);
	assert_true(doctor_is_bad(&d));
	says(DOCTOR_WARN, "store", "makes room", "store.size_max");
	f.store = 90;
	doctor_disk_judge(&d, &f);
	says(DOCTOR_OK, "store", "90 B", NULL);
}

static void
who_may_open_interfaces_is_told(void **state)
{
	struct doctor_right r = { .program = "" };

	(void)state;
	doctor_right_judge(&d, &r);
	says(DOCTOR_BAD, "program", "not installed", "install");
	r.program = "/usr/sbin/naiad";
	doctor_right_judge(&d, &r);
	says(DOCTOR_BAD, "rights", "may not open", "setcap cap_net_raw+ep /usr/sbin/naiad");
	r.has_capability = true;
	doctor_right_judge(&d, &r);
	says(DOCTOR_OK, "rights", "by its capability", NULL);
	r = (struct doctor_right){ .program = "/x", .runs = true };
	doctor_right_judge(&d, &r);
	says(DOCTOR_OK, "rights", "was let in", NULL);
}

__attribute__((format(printf, 1, 2))) static void
host_with(const char *fmt, ...)
{
	char settings[1024];
	va_list args;

	va_start(args, fmt);
	(void)vsnprintf(settings, sizeof(settings), fmt, args);
	va_end(args);
	doctor_host(&d, settings, true, "/usr/sbin/naiad");
}

static void
files_and_the_disk_are_looked_at_where_the_settings_say(void **state)
{
	struct scratch *s = scratch_new();
	const struct timespec old[] = { { .tv_sec = 1 }, { .tv_sec = 1 } };
	char path[128];

	(void)state;
	(void)snprintf(path, sizeof(path), "%s/naiad.db", s->directory);
	FILE *f = fopen(path, "w");
	assert_non_null(f);
	assert_true(fputs("0123456789", f) >= 0);
	assert_int_equal(fclose(f), 0);
	host_with("site:\n  vendors: \"%s\"\n  countries: \"\"\n  networks: \"%s/none\"\n", path,
		s->directory);
	assert_int_equal(d.count, 4); /* what is not among the settings is passed over */
	assert_string_equal(d.rows[0].area, "rights");
	assert_int_equal(d.rows[1].state, DOCTOR_OK);
	assert_string_equal(d.rows[1].area, "site.vendors");
	assert_non_null(strstr(d.rows[2].text, "not set"));
	assert_non_null(strstr(d.rows[2].remedy, "MaxMind"));
	assert_non_null(strstr(d.rows[3].text, "/none cannot be read"));

	(void)begin(NULL);
	assert_int_equal(utimensat(AT_FDCWD, path, old, 0), 0);
	host_with("site:\n  vendors: \"%s\"\n", path);
	says(DOCTOR_WARN, "site.vendors", "days old", "update-ieee-data");
	host_with("protocols:\n  trust_store: \"%s\"\n", path);
	says(DOCTOR_WARN, "protocols.trust_store", "days old", "update-ca-certificates --fresh");

	host_with("service:\n  logs: \"%s\"\nstore:\n  path: \"naiad.db\"\n  size_max: 1KiB\n",
		s->directory);
	says(DOCTOR_OK, "store", "10 B", NULL);
	host_with("service:\n  logs: \"/\"\nstore:\n  path: \"%s\"\n  size_max: 10\n", path);
	says(DOCTOR_WARN, "store", "as large as it may be (10 B)", "store.size_max");
	for (int i = 1; i <= 4; i++) {
		assert_int_equal(truncate(path, (off_t)1 << 10 * i), 0);
		for (int most = 1; most <= 2; most++) {
			host_with(
				"service:\n  logs: \"/\"\nstore:\n  path: \"%s\"\n  size_max: %d%ciB\n",
				path, most, " KMGT"[i]);
			says(most == 1 ? DOCTOR_WARN : DOCTOR_OK, "store", "1.0",
				most == 1 ? "store.size_max" : NULL);
		}
	}
	host_with("service:\n  logs: \"%s\"\nstore:\n  path: \"none\"\n", s->directory);
	assert_int_equal(d.count, 2);
	assert_string_equal(d.rows[1].area, "disk");
	assert_non_null(strstr(d.rows[1].text, " are free"));
	(void)begin(NULL);
	host_with("service:\n  logs: \"%s/none\"\n", s->directory);
	says(DOCTOR_WARN, "disk", "/none is not there", "systemd-tmpfiles --create");
	scratch_free(s);
}

static void
a_unit_or_root_may_open_interfaces(void **state)
{
	struct doctor_right r = { .program = "/x", .root = true };

	(void)state;
	doctor_right_judge(&d, &r);
	says(DOCTOR_OK, "rights", "/x may open interfaces as root", NULL);
	r.has_unit = true;
	doctor_right_judge(&d, &r);
	says(DOCTOR_OK, "rights", "as a service", NULL);
	(void)begin(NULL);
	doctor_host(&d, NULL, true, "/x"); /* no settings are known */
	assert_int_equal(d.count, 1);
	says(DOCTOR_OK, "rights", "was let in", NULL);
}

static void
a_setting_is_found_in_its_section(void **state)
{
	static const char printed[] =
		"# a: 1\nservice:\n  # logs: no\n  logs: \"/l\"\n  deep:\n    vendors: 1\n"
		"site:\n  vendors: \"\"\n  none: null\n  n: 12\n";
	char value[8];

	(void)state;
	assert_true(doctor_setting(printed, "service", "logs", value, sizeof(value)));
	assert_string_equal(value, "/l");
	assert_true(doctor_setting(printed, "site", "vendors", value, sizeof(value)));
	assert_string_equal(value, "");
	assert_true(doctor_setting(printed, "site", "n", value, sizeof(value)));
	assert_string_equal(value, "12");
	assert_false(doctor_setting(printed, "service", "vendors", value, sizeof(value)));
	assert_false(doctor_setting(printed, "site", "none", value, sizeof(value)));
	assert_false(doctor_setting(printed, "site", "logs", value, sizeof(value)));
	assert_false(doctor_setting(printed, "service", "logs", value, 2));
}

int
main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test_setup(a_clock_is_right_and_kept, begin),
		cmocka_unit_test_setup(files_are_set_readable_and_not_old, begin),
		cmocka_unit_test_setup(disks_and_stores_are_judged_by_what_is_free, begin),
		cmocka_unit_test_setup(who_may_open_interfaces_is_told, begin),
		cmocka_unit_test_setup(
			files_and_the_disk_are_looked_at_where_the_settings_say, begin),
		cmocka_unit_test_setup(a_unit_or_root_may_open_interfaces, begin),
		cmocka_unit_test_setup(a_setting_is_found_in_its_section, begin),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
