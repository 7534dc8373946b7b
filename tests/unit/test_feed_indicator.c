#include "daemon/feeds/feed_indicator.h"

#include "tests/support/intel_sample.h"

#include <setjmp.h>
#include <stdarg.h>
#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include <cmocka.h>

static enum feed_value
value_of(const char *text, struct intel_indicator *what)
{
	*what = (struct intel_indicator){ .type = INTEL_TYPE_COUNT };
	return feed_indicator_read(intel_text_of(text), INTEL_MD5, what);
}

static void
expect_type(const char *text, enum intel_type type)
{
	struct intel_indicator what;

	assert_int_equal(value_of(text, &what), FEED_VALUE_TAKEN);
	assert_int_equal(what.type, type);
}

static void
expect_none(const char *text)
{
	struct intel_indicator what;

	assert_int_equal(value_of(text, &what), FEED_VALUE_NONE);
	assert_int_equal(what.type, INTEL_TYPE_COUNT);
}

static void
addresses_and_networks_of_both_families(void **state)
{
	struct intel_indicator what;
	struct cidr net;

	(void)state;
	expect_type("198.51.100.1", INTEL_NETWORK);
	expect_type("2001:db8::", INTEL_NETWORK);
	assert_int_equal(value_of("198.51.100.77/26", &what), FEED_VALUE_TAKEN);
	assert_true(cidr_parse("198.51.100.64/26", &net));
	assert_memory_equal(&what.network, &net, sizeof(net));
	assert_int_equal(value_of("2001:db8::1/32", &what), FEED_VALUE_TAKEN);
	assert_true(cidr_parse("2001:db8::/32", &net));
	assert_memory_equal(&what.network, &net, sizeof(net));
	expect_type("198.51.100.0/32", INTEL_NETWORK);
	expect_none("198.51.100.0/33");
	expect_none("2001:db8::/129");
	expect_none("198.51.100.0/");
	expect_none("198.51.100.256");
	expect_none("198.51.100");
}

static void
names_have_two_labels_and_a_top_level_domain(void **state)
{
	struct intel_indicator what;

	(void)state;
	expect_type("bad.example", INTEL_NAME);
	expect_type("bad.example.", INTEL_NAME);
	expect_type("_x.a-b.xn--p1ai", INTEL_NAME);
	expect_type("1.2.3.4.5.6.7.8.9.example", INTEL_NAME);
	assert_int_equal(value_of("*.bad.example", &what), FEED_VALUE_TAKEN);
	assert_int_equal(what.text.length, 11);
	expect_none("0.1.2.3.4.5.6.7.8.9.example"); /* nobody would look it up */
	expect_none("localhost");
	expect_none("0.91");
	expect_none("a.b");
	expect_none("a..example");
	expect_none("a.example..");
	expect_none("a b.example");
	expect_none("2026-01-01 00:00:00");
}

static void
digests_are_told_by_their_length(void **state)
{
	static const char hex[] =
		"0123456789abcdefABCDEF0123456789abcdef0123456789abcdef0123456789ab";
	static const struct {
		size_t length;
		enum intel_digest digest;
	} rows[] = { { 32, INTEL_MD5 }, { 40, INTEL_SHA1 }, { 64, INTEL_SHA256 } };
	struct intel_indicator what = { 0 };

	(void)state;
	for (size_t i = 0; i < 3; i++) {
		struct intel_text text = { hex, rows[i].length };
		assert_int_equal(feed_indicator_read(text, INTEL_MD5, &what), FEED_VALUE_TAKEN);
		assert_int_equal(what.type, INTEL_DIGEST);
		assert_int_equal(what.digest, rows[i].digest);
		text.length++;
		assert_int_equal(feed_indicator_read(text, INTEL_MD5, &what), FEED_VALUE_NONE);
	}
	assert_int_equal(feed_indicator_read((struct intel_text){ hex, 32 }, INTEL_JA3, &what),
		FEED_VALUE_TAKEN);
	assert_int_equal(what.digest, INTEL_JA3);
	expect_none("0123456789abcdef0123456789abcdeg");
	expect_type("t13d1516h2_8daaf6152771_b186095e22b6", INTEL_DIGEST);
	expect_none("x13d1516h2_8daaf6152771_b186095e22b6");
	expect_none("t13d1516h2_8daaf615277g_b186095e22b6");
}

static void
autonomous_systems_have_32_bits(void **state)
{
	struct intel_indicator what;

	(void)state;
	assert_int_equal(value_of("AS4294967295", &what), FEED_VALUE_TAKEN);
	assert_int_equal(what.asn, UINT32_MAX);
	expect_none("AS4294967296");
	expect_none("ASx");
}

static void
what_cannot_be_looked_up_is_told_from_nonsense(void **state)
{
	static const char *const texts[] = { "http://a.example/x", "HTTPS://a.example",
		"a.example/x", "me@a.example", "198.51.100.1:80",
		"00000000000000000000000000000000000000000000000000000000000000" };
	struct intel_indicator what;

	(void)state;
	for (size_t i = 0; i < sizeof(texts) / sizeof(texts[0]); i++)
		assert_int_equal(value_of(texts[i], &what), FEED_VALUE_UNSUPPORTED);
	expect_none("a/b");
	expect_none("a@b");
	expect_none("a:b");
	expect_none("");
	expect_none("::");
}

int
main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(addresses_and_networks_of_both_families),
		cmocka_unit_test(names_have_two_labels_and_a_top_level_domain),
		cmocka_unit_test(digests_are_told_by_their_length),
		cmocka_unit_test(autonomous_systems_have_32_bits),
		cmocka_unit_test(what_cannot_be_looked_up_is_told_from_nonsense),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
