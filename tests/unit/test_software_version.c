#include "daemon/proto/software_version.h"

#include "daemon/transactions/transaction.h"

#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <stdio.h>
#include <string.h>

#include <cmocka.h>

/* "name|1.2.3.4|addition" */
static const char *
read_as_text(const char *text)
{
	static char out[256];
	struct software_version v;
	size_t length;

	software_version_read(text, &v);
	length = (size_t)snprintf(out, sizeof(out), "%s|", v.name);
	for (size_t i = 0; i < SOFTWARE_NUMBERS && v.numbers[i] != TRANSACTION_UNSET; i++)
		length += (size_t)snprintf(out + length, sizeof(out) - length, "%s%llu",
			i > 0 ? "." : "", (unsigned long long)v.numbers[i]);
	(void)snprintf(out + length, sizeof(out) - length, "|%s", v.addl);
	return out;
}

static void
banners_of_today_are_read(void **state)
{
	static const char *const cases[][2] = {
		{ "OpenSSH_9.2p1 Debian-2+deb12u3", "OpenSSH|9.2|p1" },
		{ "OpenSSH_for_Windows_7.7", "OpenSSH_for_Windows|7.7|" },
		{ "dropbear_2018.76", "dropbear|2018.76|" },
		{ "libssh2_1.11.0", "libssh2|1.11.0|" },
		{ "PuTTY_Release_0.78", "PuTTY_Release|0.78|" },
		{ "APACHE-SSHD-2.5.0", "APACHE-SSHD|2.5.0|" },
		{ "Go", "Go||" },
		{ "nginx/1.18.0 (Ubuntu)", "nginx|1.18.0|Ubuntu" },
		{ "Apache/2.4.57 (Debian) OpenSSL/3.0.9", "Apache|2.4.57|Debian" },
		{ "Postfix (Debian/GNU)", "Postfix||" },
		{ "exim4", "exim|4|" },
		{ "thing v2.1-rc1", "thing|2.1|rc1" },
	};

	(void)state;
	for (size_t i = 0; i < sizeof(cases) / sizeof(cases[0]); i++)
		assert_string_equal(read_as_text(cases[i][0]), cases[i][1]);
}

static void
what_is_no_version_is_left_out(void **state)
{
	(void)state;
	assert_string_equal(read_as_text(""), "||");
	assert_string_equal(read_as_text("_"), "_||");
	assert_string_equal(read_as_text("1.2"), "|1.2|");
	assert_string_equal(read_as_text("x_1."), "x|1|");
	assert_string_equal(read_as_text("x_1.2.3.4.5"), "x|1.2.3.4|5");
	assert_string_equal(read_as_text("x_999999999"), "x|999999999|");
	assert_string_equal(read_as_text("x_9999999999"), "x||");
	assert_string_equal(read_as_text("x_7.9999999999p"), "x|7|");
}

static void
names_and_additions_may_have_63_bytes(void **state)
{
	char text[256];
	struct software_version v;

	(void)state;
	for (size_t size = 62; size <= 64; size++) {
		memset(text, 'n', sizeof(text));
		memcpy(text + size, "/1", 2);
		memset(text + size + 2, 'a', size);
		text[2 * size + 2] = '\0';
		software_version_read(text, &v);
		assert_int_equal(strlen(v.name), size < 63 ? size : 63);
		assert_int_equal(strlen(v.addl), size < 63 ? size : 63);
	}
}

int
main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(banners_of_today_are_read),
		cmocka_unit_test(what_is_no_version_is_left_out),
		cmocka_unit_test(names_and_additions_may_have_63_bytes),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
