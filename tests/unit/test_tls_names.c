/* test_tls_names.c -- numbers that have a name, and those that have none. */
#include "daemon/proto/tls_names.h"

#include "daemon/proto/tls_ciphers.h"

#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <string.h>

#include <cmocka.h>

static void
versions_have_zeeks_names(void **state)
{
	char memory[TLS_NAME_MAX];

	(void)state;
	assert_string_equal(tls_version_text(0x0002, memory), "SSLv2");
	assert_string_equal(tls_version_text(0x0300, memory), "SSLv3");
	assert_string_equal(tls_version_text(0x0301, memory), "TLSv10");
	assert_string_equal(tls_version_text(0x0304, memory), "TLSv13");
	assert_string_equal(tls_version_text(0xfefd, memory), "DTLSv12");
	assert_string_equal(tls_version_text(0x7f1c, memory), "TLSv13-draft28");
	assert_string_equal(tls_version_text(0xfb1a, memory), "unknown-64282");
}

static void
only_1_3_hides_its_handshake(void **state)
{
	(void)state;
	assert_false(tls_version_hides(0x0303));
	assert_true(tls_version_hides(0x0304));
	assert_false(tls_version_hides(0xfefd));
	assert_true(tls_version_hides(0xfefc));
	assert_true(tls_version_hides(0x7f12));
	assert_true(tls_version_hides(0x7e01));
	assert_true(tls_version_hides(0xfb1a));
}

static void
ciphers_are_found_by_number(void **state)
{
	char memory[TLS_NAME_MAX];
	unsigned known = 0;

	(void)state;
	assert_string_equal(tls_cipher_text(0x0000, memory), "TLS_NULL_WITH_NULL_NULL");
	assert_string_equal(tls_cipher_text(0x1301, memory), "TLS_AES_128_GCM_SHA256");
	assert_string_equal(
		tls_cipher_text(0xc02f, memory), "TLS_ECDHE_RSA_WITH_AES_128_GCM_SHA256");
	assert_string_equal(
		tls_cipher_text(0xd005, memory), "TLS_ECDHE_PSK_WITH_AES_128_CCM_SHA256");
	assert_string_equal(tls_cipher_text(0xffff, memory), "unknown-65535");
	assert_null(tls_cipher_name(0xd004));
	for (unsigned n = 0; n <= UINT16_MAX; n++) {
		const char *name = tls_cipher_name((uint16_t)n);
		known += name != NULL;
		assert_true(name == NULL || strlen(name) < TLS_NAME_MAX);
	}
	assert_int_equal(known, 352);
}

static void
groups_and_alerts_have_ianas_names(void **state)
{
	char memory[TLS_NAME_MAX];

	(void)state;
	assert_string_equal(tls_group_text(29, memory), "x25519");
	assert_string_equal(tls_group_text(4588, memory), "X25519MLKEM768");
	assert_string_equal(tls_group_text(0x0a0a, memory), "unknown-2570");
	assert_string_equal(tls_alert_text(40, memory), "handshake_failure");
	assert_string_equal(tls_alert_text(255, memory), "unknown-255");
}

int
main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(versions_have_zeeks_names),
		cmocka_unit_test(only_1_3_hides_its_handshake),
		cmocka_unit_test(ciphers_are_found_by_number),
		cmocka_unit_test(groups_and_alerts_have_ianas_names),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
