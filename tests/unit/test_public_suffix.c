/* test_public_suffix.c -- what somebody has registered of a name. */
#include "daemon/knowledge/public_suffix.h"

#include "daemon/base/domain.h"

#include <libpsl.h>
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <stdio.h>
#include <string.h>
#include <strings.h>

#include <cmocka.h>

static int
set_up(void **state)
{
	*state = public_suffix_new(psl_latest(NULL));
	return *state == NULL ? -1 : 0;
}

static int
tear_down(void **state)
{
	public_suffix_free(*state);
	return 0;
}

static void
expect(struct public_suffix *p, const char *name, const char *registrable)
{
	struct text_view v = public_suffix_registrable(p, name);

	if (v.length != strlen(registrable) || strncasecmp(v.at, registrable, v.length) != 0)
		fail_msg("%s: \"%.*s\", not \"%s\"", name, (int)v.length, v.at, registrable);
	assert_in_range((uintptr_t)v.at, (uintptr_t)name, (uintptr_t)name + strlen(name));
}

/* Twice: what is remembered is what was looked up. */
static void
the_vectors_of_the_list_hold(void **state)
{
	static const struct {
		const char *name, *registrable;
	} vectors[] = {
#define VECTOR(name, registrable) { name, registrable },
#include "tests/support/psl_vectors.def"
#undef VECTOR
	};

	for (size_t turn = 0; turn < 2; turn++)
		for (size_t i = 0; i < sizeof(vectors) / sizeof(vectors[0]); i++)
			for (size_t again = 0; again < 2; again++)
				expect(*state, vectors[i].name, vectors[i].registrable);
}

static void
the_answer_is_a_view_of_the_question(void **state)
{
	const char *name = "WWW.Example.co.UK.";
	struct text_view v = public_suffix_registrable(*state, name);

	assert_ptr_equal(v.at, name + 4);
	assert_int_equal(v.length, strlen("Example.co.UK"));
}

static void
private_and_national_suffixes_are_known(void **state)
{
	expect(*state, "a.procesoexitos.duckdns.org", "procesoexitos.duckdns.org");
	expect(*state, "duckdns.org", "");
	expect(*state, "x.y.CO.ZA", "y.co.za"); /* in any case, to the ends of the alphabet */
}

static void
addresses_and_what_is_no_name_have_nothing(void **state)
{
	static const char *const names[] = { "", ".", "..", "a..com", ".example.com", "192.0.2.1",
		"192.0.2.9", "192.0.2.1.", "192.0.2.9", "192.0.2.0", "1", "2001:db8::1",
		"example.com:443", "exa mple.com", "exam\nple.com", "example.com\x7f",
		"example.com..", "[::1]", "local", "com", "com." };

	for (size_t i = 0; i < sizeof(names) / sizeof(names[0]); i++)
		expect(*state, names[i], "");
	expect(*state, "a1", "");
	expect(*state, "b.a1", "b.a1");
	expect(*state, "exa!mple.com", "exa!mple.com");
}

static void
a_name_may_be_as_long_as_names_are(void **state)
{
	char name[DOMAIN_TEXT_MAX + 2];

	for (size_t length = DOMAIN_TEXT_MAX - 1; length <= DOMAIN_TEXT_MAX + 1; length++) {
		for (size_t i = 0; i < length; i++)
			name[i] = i % 50 == 1 ? '.' : 'a';
		memcpy(name + length - 8, ".abc.com", 9);
		expect(*state, name, length <= DOMAIN_TEXT_MAX ? "abc.com" : "");
	}
}

/* Names that share places, over and over: nobody is given another's answer. */
static void
many_names_do_not_meet(void **state)
{
	char name[64];
	char registrable[32];

	for (unsigned turn = 0; turn < 3; turn++)
		for (unsigned i = 0; i < 5 * PUBLIC_SUFFIX_REMEMBERED; i++) {
			(void)snprintf(registrable, sizeof(registrable), "n%u.%s", i % 7,
				i % 3 == 0 ? "com" : "co.uk");
			(void)snprintf(name, sizeof(name), "w%u.%s", i, registrable);
			expect(*state, name, registrable);
		}
}

#define TEST(name) cmocka_unit_test_setup_teardown(name, set_up, tear_down)

int
main(void)
{
	const struct CMUnitTest tests[] = {
		TEST(the_vectors_of_the_list_hold),
		TEST(the_answer_is_a_view_of_the_question),
		TEST(private_and_national_suffixes_are_known),
		TEST(addresses_and_what_is_no_name_have_nothing),
		TEST(a_name_may_be_as_long_as_names_are),
		TEST(many_names_do_not_meet),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
