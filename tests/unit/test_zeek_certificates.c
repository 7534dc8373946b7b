/* test_zeek_certificates.c -- certificates are remembered by name, and the oldest go. */
#include "daemon/input/zeek_certificates.h"

#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include <cmocka.h>

static int
table_open(void **state)
{
	*state = calloc(1, sizeof(struct zeek_certificates));
	return *state == NULL;
}

static int
table_close(void **state)
{
	free(*state);
	return 0;
}

static void
add(struct zeek_certificates *known, const char *name, const char *subject)
{
	struct obs_x509 x = { .fingerprint = name,
		.subject = subject,
		.issuer = "CN=its issuer",
		.serial = "2D",
		.not_before_ns = 5,
		.not_after_ns = 7 };

	zeek_certificates_add(known, &x);
}

/* Its subject; NULL: it is not known. */
static const char *
subject_of(const struct zeek_certificates *known, const char *name)
{
	struct obs_tls tls = { .server_chain = { &name, 1 } };

	zeek_certificates_join(known, &tls);
	return tls.subject;
}

static void
what_is_known_of_a_handshake_is_kept(void **state)
{
	struct zeek_certificates *known = *state;
	const char *chain[] = { "F1", "F2" };
	struct obs_tls tls = {
		.server_chain = { chain, 2 }, .subject = "its own", .not_before_ns = 3
	};

	add(known, "F1", "CN=a");
	zeek_certificates_sha1(known, "F1", "aa");
	zeek_certificates_join(known, &tls);
	assert_string_equal(tls.subject, "its own");
	assert_string_equal(tls.sha1, "aa");
	assert_string_equal(tls.issuer, "CN=its issuer");
	assert_string_equal(tls.serial, "2D");
	assert_int_equal(tls.not_before_ns, 3);
	assert_int_equal(tls.not_after_ns, 7);
	tls = (struct obs_tls){ .server_chain = { chain, 2 } };
	zeek_certificates_join(known, &tls);
	assert_int_equal(tls.not_before_ns, 5);
	assert_null(subject_of(known, "F2"));
	assert_int_equal(known->count, 1);
}

static void
what_has_no_name_or_a_long_one_is_not_remembered(void **state)
{
	struct zeek_certificates *known = *state;
	char name[ZEEK_CERTIFICATE_NAME_MAX + 2];

	memset(name, 'a', sizeof(name));
	name[ZEEK_CERTIFICATE_NAME_MAX + 1] = '\0';
	add(known, NULL, "CN=a");
	add(known, "", "CN=a");
	add(known, name, "CN=a");
	assert_int_equal(known->count, 0);
	name[ZEEK_CERTIFICATE_NAME_MAX] = '\0';
	add(known, name, "CN=a");
	assert_string_equal(subject_of(known, name), "CN=a");
}

static void
a_long_subject_is_cut(void **state)
{
	struct zeek_certificates *known = *state;
	char subject[ZEEK_CERTIFICATE_TEXT_MAX + 2];

	memset(subject, 's', sizeof(subject));
	subject[sizeof(subject) - 1] = '\0';
	add(known, "F1", subject);
	assert_int_equal(strlen(subject_of(known, "F1")), ZEEK_CERTIFICATE_TEXT_MAX);
}

static void
the_newest_are_remembered_and_the_oldest_go(void **state)
{
	struct zeek_certificates *known = *state;
	unsigned remembered = 0;
	char name[16];

	for (unsigned i = 0; i < 4 * ZEEK_CERTIFICATES; i++) {
		(void)snprintf(name, sizeof(name), "F%u", i);
		add(known, name, "CN=a");
		assert_non_null(subject_of(known, name));
	}
	for (unsigned i = 0; i < 4 * ZEEK_CERTIFICATES; i++) {
		(void)snprintf(name, sizeof(name), "F%u", i);
		remembered += subject_of(known, name) != NULL;
	}
	assert_int_equal(remembered, ZEEK_CERTIFICATES);
	(void)snprintf(name, sizeof(name), "F%u", 4 * ZEEK_CERTIFICATES - 100);
	assert_non_null(subject_of(known, name));
	assert_null(subject_of(known, "F0"));
}

#define TEST(name) cmocka_unit_test_setup_teardown(name, table_open, table_close)

int
main(void)
{
	const struct CMUnitTest tests[] = {
		TEST(what_is_known_of_a_handshake_is_kept),
		TEST(what_has_no_name_or_a_long_one_is_not_remembered),
		TEST(a_long_subject_is_cut),
		TEST(the_newest_are_remembered_and_the_oldest_go),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
