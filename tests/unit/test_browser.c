/* test_browser.c -- which browser a user agent says it is. */
#include "daemon/base/browser.h"

#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>

#include <cmocka.h>

static void
expect(const char *text, enum browser_family family, uint32_t major)
{
	struct browser is;

	assert_true(browser_parse(text, &is));
	assert_int_equal(is.family, family);
	assert_int_equal(is.major, major);
}

static void
browsers_are_told_from_those_that_they_pretend_to_be(void **state)
{
	(void)state;
	expect("Mozilla/5.0 (Windows NT 6.1; WOW64; Trident/7.0; rv:11.0) like Gecko",
		BROWSER_EXPLORER, 11);
	expect("Mozilla/4.0 (compatible; MSIE 7.0; Windows NT 6.1; Trident/4.0)", BROWSER_EXPLORER,
		8);
	expect("Mozilla/4.0 (compatible; MSIE 6.0b; Windows NT 5.1)", BROWSER_EXPLORER, 6);
	expect("Mozilla/5.0 (X11) AppleWebKit/5 (KHTML, like Gecko) Chrome/99.0.4844.74 Safari/5",
		BROWSER_CHROME, 99);
	expect("Mozilla/5.0 Chrome/99.0 Safari/537.36 Edg/98.0", BROWSER_EDGE, 98);
	expect("Mozilla/5.0 Chrome/64.0 Safari/537.36 Edge/17.17134", BROWSER_EDGE, 17);
	expect("Mozilla/5.0 (X11; rv:99.0) Gecko/20100101 Firefox/99.0", BROWSER_FIREFOX, 99);
	expect("Mozilla/5.0 (Macintosh) AppleWebKit/602 Version/10.0.3 Safari/602", BROWSER_SAFARI,
		10);
	expect("Mozilla/5.0 CriOS/56.0 Safari/602", BROWSER_CHROME, 56);
	expect("Mozilla/5.0 FxiOS/9.0 Safari/602", BROWSER_FIREFOX, 9);
}

static void
what_tells_no_version_is_none(void **state)
{
	struct browser is;

	(void)state;
	assert_false(browser_parse("", &is));
	assert_false(browser_parse("curl/8.0", &is));
	assert_false(browser_parse("Argo Chrome/9.0", &is));
	assert_false(browser_parse("Mozilla/5.0", &is));
	assert_false(browser_parse("Mozilla/5.0 Chrome/", &is));
	assert_false(browser_parse("Mozilla/5.0 Chrome/x", &is));
	assert_false(browser_parse("Mozilla/5.0 Chrome/99999999999999", &is));
	assert_false(browser_parse("Mozilla/5.0 Chrome/10000", &is));
	expect("Mozilla/5.0 Chrome/9999", BROWSER_CHROME, 9999);
}

static void
each_browser_has_a_name(void **state)
{
	(void)state;
	assert_string_equal(browser_family_name(BROWSER_NONE), "no browser");
	assert_string_equal(browser_family_name(BROWSER_EXPLORER), "Internet Explorer");
	assert_string_equal(browser_family_name(BROWSER_SAFARI), "Safari");
}

static void
a_user_agent_names_whose_system_it_is(void **state)
{
	static const struct {
		const char *text;
		enum system_family family;
	} agents[] = {
		{ "Mozilla/5.0 (Windows NT 10.0; Win64; x64)", SYSTEM_WINDOWS },
		{ "Microsoft-CryptoAPI/10.0", SYSTEM_WINDOWS },
		{ "Microsoft BITS/7.8", SYSTEM_WINDOWS },
		{ "Windows-Update-Agent/10.0 Client-Protocol/2.0", SYSTEM_WINDOWS },
		{ "Mozilla/5.0 (Macintosh; Intel Mac OS X 10_15_7)", SYSTEM_APPLE },
		{ "Mozilla/5.0 (iPhone; CPU iPhone OS 16_0 like Mac OS X)", SYSTEM_APPLE },
		{ "Mozilla/5.0 (iPad; CPU OS 12_2 like Mac OS X)", SYSTEM_APPLE },
		{ "com.apple.trustd/2.0 CFNetwork/811 Darwin/16.7.0", SYSTEM_APPLE },
		{ "Dalvik/2.1.0 (Linux; U; Android 9; Pixel)", SYSTEM_ANDROID },
		/* Windows on a phone named all, to be given the pages of all. */
		{ "Mozilla/5.0 (Windows NT 10.0; Android 4.2; iPhone)", SYSTEM_UNKNOWN },
		{ "Mozilla/5.0 (X11; Linux x86_64)", SYSTEM_UNKNOWN },
		{ "Microsoft%20AutoUpdate/4", SYSTEM_UNKNOWN },
		{ "android", SYSTEM_UNKNOWN },
		{ "", SYSTEM_UNKNOWN },
	};

	(void)state;
	for (size_t i = 0; i < sizeof(agents) / sizeof(agents[0]); i++)
		assert_int_equal(browser_system(agents[i].text), agents[i].family);
	assert_string_equal(system_family_name(SYSTEM_UNKNOWN), "an unknown system");
	assert_string_equal(system_family_name(SYSTEM_APPLE), "an Apple system");
	assert_string_equal(system_family_name(SYSTEM_WINDOWS), "Windows");
	assert_string_equal(system_family_name(SYSTEM_ANDROID), "Android");
}

int
main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(browsers_are_told_from_those_that_they_pretend_to_be),
		cmocka_unit_test(what_tells_no_version_is_none),
		cmocka_unit_test(each_browser_has_a_name),
		cmocka_unit_test(a_user_agent_names_whose_system_it_is),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
