/* test_trust_file.c -- a file of certificates, or a line that says why nobody is trusted. */
#include "daemon/loop/trust_file.h"

#include "daemon/proto/x509_trust.h"
#include "daemon/settings/settings.h"
#include "tests/support/scratch.h"
#include "tests/support/x509_sample.h"

#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <stdio.h>
#include <string.h>
#include <unistd.h>

#include <cmocka.h>

static const off_t largest = 8388608; /* bytes of a file that is read */

static int
set_up(void **state)
{
	*state = scratch_new();
	return *state == NULL;
}

static int
tear_down(void **state)
{
	scratch_free(*state);
	return 0;
}

/* Load a file of `text`, or none if that is NULL; what was said on stderr is in scratch "said". */
static struct x509_trust *
load(struct scratch *s, const char *text, uint32_t read)
{
	char path[128];
	char said[128];
	struct settings settings = { .protocols = { .read = read, .trust_store = path } };

	(void)snprintf(path, sizeof(path), "%s/store.pem", s->directory);
	(void)snprintf(said, sizeof(said), "%s/said", s->directory);
	(void)remove(path);
	FILE *f = text != NULL ? fopen(path, "w") : NULL;
	if (f != NULL) {
		(void)fputs(text, f);
		(void)fclose(f);
	}
	(void)fflush(stderr);
	int kept = dup(STDERR_FILENO);
	f = fopen(said, "w");
	assert_non_null(f);
	(void)dup2(fileno(f), STDERR_FILENO);
	struct x509_trust *trust = trust_file_load(&settings);
	(void)dup2(kept, STDERR_FILENO);
	(void)close(kept);
	(void)fclose(f);
	return trust;
}

static void
who_is_in_the_file_is_trusted(void **state)
{
	static const uint64_t in_2023 = UINT64_C(1700000000000000000);
	struct scratch *s = *state;
	X509 *leaf = x509_open(cursor_over(x509_sample_leaf, sizeof(x509_sample_leaf)));
	struct x509_trust *trust = load(s, "words\n" X509_SAMPLE_ROOT_PEM, PROTOCOLS_ALL);

	assert_non_null(trust);
	assert_string_equal(x509_validate(trust, &leaf, 1, in_2023).status, "ok");
	assert_string_equal(scratch_read(s, "said"), "");
	x509_trust_free(trust);
	x509_close(leaf);
}

static void
where_it_is_not_what_it_should_be_one_line_says_so(void **state)
{
	struct scratch *s = *state;
	const struct {
		const char *text, *want;
	} cases[] = {
		{ NULL, "store.pem: No such file or directory, no chain" },
		{ "", "no certificate in /" },
		{ "-----BEGIN CERTIFICATE-----\nAAAA\n-----END CERTIFICATE-----\n",
			"no certificate in /" },
	};

	for (size_t i = 0; i < sizeof(cases) / sizeof(cases[0]); i++) {
		assert_null(load(s, cases[i].text, PROTOCOLS_ALL));
		const char *said = scratch_read(s, "said");
		assert_non_null(strstr(said, cases[i].want));
		assert_non_null(strstr(said, "set protocols.trust_store"));
		assert_ptr_equal(strchr(said, '\n'), said + strlen(said) - 1);
	}
}

static void
what_is_no_file_or_too_large_is_not_read(void **state)
{
	struct scratch *s = *state;
	char path[128];
	struct settings settings = { .protocols.trust_store = s->directory };

	assert_null(trust_file_load(&settings));
	(void)snprintf(path, sizeof(path), "%s/large.pem", s->directory);
	FILE *f = fopen(path, "w");
	assert_non_null(f);
	(void)fputs(X509_SAMPLE_ROOT_PEM, f);
	assert_int_equal(ftruncate(fileno(f), largest + 1), 0);
	settings.protocols.trust_store = path;
	assert_null(trust_file_load(&settings));
	assert_int_equal(ftruncate(fileno(f), largest), 0);
	(void)fclose(f);
	struct x509_trust *trust = trust_file_load(&settings);
	assert_non_null(trust);
	x509_trust_free(trust);
}

static void
nobody_is_trusted_where_that_was_asked_for(void **state)
{
	struct scratch *s = *state;
	struct settings settings = { .protocols = { .read = PROTOCOLS_ALL, .trust_store = "" } };

	assert_null(trust_file_load(&settings));
	settings.protocols.trust_store = NULL;
	assert_null(trust_file_load(&settings));
	assert_null(load(s, X509_SAMPLE_ROOT_PEM, PROTOCOLS_DNS));
	assert_string_equal(scratch_read(s, "said"), "");
}

int
main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test_setup_teardown(who_is_in_the_file_is_trusted, set_up, tear_down),
		cmocka_unit_test_setup_teardown(
			where_it_is_not_what_it_should_be_one_line_says_so, set_up, tear_down),
		cmocka_unit_test_setup_teardown(
			what_is_no_file_or_too_large_is_not_read, set_up, tear_down),
		cmocka_unit_test_setup_teardown(
			nobody_is_trusted_where_that_was_asked_for, set_up, tear_down),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
