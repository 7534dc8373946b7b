/* test_tls_hello.c -- what hellos say, their fingerprints, and hellos that are cut or lie. */
#include "daemon/proto/tls_hello.h"
#include "tests/support/tls_build.h"

#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include <cmocka.h>

/* Read a copy that ends where its memory ends. */
static bool
read_client(const struct tls_build *b, size_t size, char transport, struct tls_client_hello *ret)
{
	uint8_t *exact = malloc(size > 0 ? size : 1);

	assert_non_null(exact);
	memcpy(exact, b->bytes, size);
	bool is_read = tls_client_hello_read(cursor_over(exact, size), transport, true, ret);
	free(exact);
	return is_read;
}

static bool
read_server(const struct tls_build *b, size_t size, struct tls_server_hello *ret)
{
	uint8_t *exact = malloc(size > 0 ? size : 1);

	assert_non_null(exact);
	memcpy(exact, b->bytes, size);
	bool is_read = tls_server_hello_read(cursor_over(exact, size), true, ret);
	free(exact);
	return is_read;
}

static void
a_client_hello_is_read(void **state)
{
	struct tls_build b = { 0 };
	struct tls_client_hello h;

	(void)state;
	tls_build_chrome_hello(&b, "www.example.org", 32);
	assert_true(read_client(&b, b.size, 't', &h));
	assert_int_equal(h.legacy_version, TLS_VERSION_12);
	assert_int_equal(h.version, TLS_VERSION_13);
	assert_true(h.has_sni);
	assert_string_equal(h.sni, "www.example.org");
	assert_int_equal(h.alpn.count, 2);
	assert_string_equal(h.alpn.names[0], "h2");
	assert_string_equal(h.alpn.names[1], "http/1.1");
	assert_int_equal(h.session_id.size, 32);
	assert_int_equal(h.session_id.bytes[31], 's');
	assert_false(h.has_ticket); /* an empty one asks for one */
	assert_false(h.has_psk);
	assert_false(h.is_cut);
	assert_string_equal(h.ja3, TLS_BUILD_CHROME_JA3);
	assert_string_equal(h.ja4, TLS_BUILD_CHROME_JA4);
	assert_true(read_client(&b, b.size, 'q', &h));
	assert_int_equal(h.ja4[0], 'q');
	assert_string_equal(h.ja4 + 1, &TLS_BUILD_CHROME_JA4[1]);
}

static void
fingerprints_are_made_for_who_wants_them(void **state)
{
	struct tls_build b = { 0 };
	struct tls_client_hello h;
	struct tls_client_hello with;

	(void)state;
	tls_build_chrome_hello(&b, "www.example.org", 32);
	assert_true(tls_client_hello_read(cursor_over(b.bytes, b.size), 't', true, &with));
	assert_true(tls_client_hello_read(cursor_over(b.bytes, b.size), 't', false, &h));
	assert_string_equal(h.ja3, "");
	assert_string_equal(h.ja4, "");
	memset(with.ja3, 0, sizeof(with.ja3));
	memset(with.ja4, 0, sizeof(with.ja4));
	assert_memory_equal(&h, &with, sizeof(h));
}

/* The parts that come before the extensions must be there; of those, what is there is told. */
static void
a_hello_may_be_cut_anywhere(void **state)
{
	struct tls_build b = { 0 };
	struct tls_client_hello h;
	const size_t fixed = 2 + 32 + 1 + 2 + 16 * 2 + 2;

	(void)state;
	tls_build_chrome_hello(&b, "a.b", 0);
	for (size_t size = 0; size < b.size; size++) {
		bool is_read = read_client(&b, size, 't', &h);
		assert_int_equal(is_read, size >= fixed);
		if (!is_read)
			continue;
		/* Before there were extensions, a hello ended here. */
		assert_int_equal(h.is_cut, size > fixed);
		assert_int_equal(h.ja3[0] == '\0', h.is_cut);
		assert_int_equal(h.ja4[0] == '\0', h.is_cut);
		assert_string_equal(h.sni, size >= fixed + 2 + 4 + 12 ? "a.b" : "");
	}
}

static void
a_hello_of_old_has_no_extensions(void **state)
{
	static const uint16_t cipher = 4;
	struct tls_build b = { 0 };
	struct tls_client_hello h;

	(void)state;
	tls_build_hello_begin(&b, TLS_VERSION_SSL3, 0);
	tls_build_list(&b, 2, &cipher, 1);
	tls_build_number(&b, 0x0100, 2);
	assert_true(read_client(&b, b.size, 't', &h));
	assert_string_equal(h.ja3, "a37cf7e9c6759ea7d8831a4fde0462f7");
	assert_string_equal(h.ja4, "ts3i010000_0591b59c1bdd_000000000000");
	assert_false(h.has_sni);
}

/* One cipher, and extensions that are to be closed. */
static void
small_hello(struct tls_build *b, uint16_t version, bool has_cookie, size_t *ret_extensions)
{
	static const uint16_t cipher = 0x1301;

	tls_build_hello_begin(b, version, 0);
	if (has_cookie)
		tls_build_number(b, 0x01aa, 2);
	tls_build_list(b, 2, &cipher, 1);
	tls_build_number(b, 0x0100, 2);
	*ret_extensions = tls_build_open(b, 2);
}

static void
datagrams_have_a_cookie_and_count_versions_down(void **state)
{
	static const uint16_t versions[] = { 0xfefd, 0xfefc, 0xfeff };
	struct tls_build b = { 0 };
	struct tls_client_hello h;
	size_t extensions;

	(void)state;
	small_hello(&b, TLS_VERSION_DTLS12, true, &extensions);
	size_t extension = tls_build_extension(&b, 43);
	tls_build_list(&b, 1, versions, 3);
	tls_build_close(&b, extension, 2);
	tls_build_close(&b, extensions, 2);
	assert_true(read_client(&b, b.size, 'd', &h));
	assert_int_equal(h.version, TLS_VERSION_DTLS13);
	assert_memory_equal(h.ja4, "dd3i010100_", 11);
}

/* JA3's text is written a part at a time: however long it is, and wherever parts end. */
static void
ja3_is_the_digest_of_its_text(void **state)
{
	static const uint16_t numbers[] = { 0, 9, 10, 99, 100, 999, 1000, 9999, 10000, 65535 };
	uint16_t ciphers[160];
	struct tls_client_hello h;

	(void)state;
	for (size_t count = 1; count <= 160; count++) {
		struct tls_build b = { 0 };
		struct digest_md5 d;
		char text[1024];
		char ja3[DIGEST_MD5_TEXT];
		size_t length = (size_t)snprintf(text, sizeof(text), "771,");
		ciphers[count - 1] = numbers[count % 10];
		for (size_t i = 0; i < count; i++)
			length += (size_t)snprintf(text + length, sizeof(text) - length, "%s%u",
				i > 0 ? "-" : "", ciphers[i]);
		length += (size_t)snprintf(text + length, sizeof(text) - length, ",,,");
		digest_md5_begin(&d);
		digest_md5_add(&d, text, length);
		digest_md5_end(&d, ja3);
		tls_build_hello_begin(&b, TLS_VERSION_12, 0);
		tls_build_list(&b, 2, ciphers, count);
		tls_build_number(&b, 0x0100, 2);
		assert_true(read_client(&b, b.size, 't', &h));
		assert_string_equal(h.ja3, ja3);
	}
}

static void
a_name_is_cut_at_its_cap_and_a_nul_is_written_out(void **state)
{
	char name[300];
	struct tls_client_hello h;

	(void)state;
	memset(name, 'n', sizeof(name));
	for (size_t size = TLS_SNI_MAX - 1; size <= TLS_SNI_MAX + 1; size++) {
		struct tls_build b = { 0 };
		size_t extensions;
		small_hello(&b, TLS_VERSION_12, false, &extensions);
		tls_build_sni(&b, name, size);
		tls_build_close(&b, extensions, 2);
		assert_true(read_client(&b, b.size, 't', &h));
		assert_int_equal(strlen(h.sni), size < TLS_SNI_MAX ? size : TLS_SNI_MAX);
	}
	struct tls_build b = { 0 };
	size_t extensions;
	small_hello(&b, TLS_VERSION_12, false, &extensions);
	tls_build_sni(&b, "a\0b", 3);
	tls_build_close(&b, extensions, 2);
	assert_true(read_client(&b, b.size, 't', &h));
	assert_string_equal(h.sni, "a\\x00b");
}

static void
protocols_are_kept_up_to_their_caps(void **state)
{
	struct tls_client_hello h;

	(void)state;
	for (size_t count = TLS_ALPN_COUNT - 1; count <= TLS_ALPN_COUNT + 1; count++) {
		struct tls_build b = { 0 };
		char names[2 * (TLS_ALPN_COUNT + 1)];
		size_t extensions;
		for (size_t i = 0; i < count; i++) {
			names[2 * i] = 1;
			names[2 * i + 1] = (char)('a' + i);
		}
		small_hello(&b, TLS_VERSION_12, false, &extensions);
		tls_build_alpn(&b, names, 2 * count);
		tls_build_close(&b, extensions, 2);
		assert_true(read_client(&b, b.size, 't', &h));
		assert_int_equal(h.alpn.count, count < TLS_ALPN_COUNT ? count : TLS_ALPN_COUNT);
	}
	struct tls_build b = { 0 };
	char name[1 + 40] = { 40 };
	size_t extensions;
	memset(name + 1, 'p', 40);
	small_hello(&b, TLS_VERSION_12, false, &extensions);
	tls_build_alpn(&b, name, sizeof(name));
	tls_build_close(&b, extensions, 2);
	assert_true(read_client(&b, b.size, 't', &h));
	assert_int_equal(strlen(h.alpn.names[0]), TLS_ALPN_MAX);
}

/* JA4's page: a first or last byte that is no letter or digit makes both hexadecimal. */
static void
ja4_writes_odd_protocols_in_hexadecimal(void **state)
{
	static const struct {
		const char *names;
		size_t size;
		const char *want;
	} cases[] = {
		{ "\2h2", 3, "h2" },
		{ "\1h", 2, "hh" },
		{ "\1\xab", 2, "ab" },
		{ "\2\xab\xcd", 3, "ad" },
		{ "\2\x30\xab", 3, "3b" },
		{ "\4\x30\x31\xab\xcd", 5, "3d" },
		{ "\4\x30\xab\xcd\x31", 5, "01" },
		{ "\0", 1, "00" },
	};

	(void)state;
	for (size_t i = 0; i < sizeof(cases) / sizeof(cases[0]); i++) {
		struct tls_build b = { 0 };
		struct tls_client_hello h;
		size_t extensions;
		small_hello(&b, TLS_VERSION_12, false, &extensions);
		tls_build_alpn(&b, cases[i].names, cases[i].size);
		tls_build_close(&b, extensions, 2);
		assert_true(read_client(&b, b.size, 't', &h));
		assert_memory_equal(h.ja4 + 8, cases[i].want, 2);
	}
}

static void
ja4_counts_to_ninety_nine(void **state)
{
	static const unsigned counts[] = { 9, 98, 99, 100, 255, 256, 257 };

	(void)state;
	for (size_t n = 0; n < sizeof(counts) / sizeof(counts[0]); n++) {
		struct tls_build b = { 0 };
		struct tls_client_hello h;
		char want[3] = { (char)('0' + counts[n] / 10 % 10), (char)('0' + counts[n] % 10) };
		tls_build_hello_begin(&b, TLS_VERSION_12, 0);
		size_t list = tls_build_open(&b, 2);
		for (unsigned i = 0; i < counts[n]; i++)
			tls_build_number(&b, i, 2);
		tls_build_close(&b, list, 2);
		tls_build_number(&b, 0x0100, 2);
		assert_true(read_client(&b, b.size, 't', &h));
		assert_memory_equal(h.ja4 + 4, counts[n] < 99 ? want : "99", 2);
	}
}

static void
resumption_shows(void **state)
{
	struct tls_build b = { 0 };
	struct tls_client_hello h;
	size_t extensions;

	(void)state;
	small_hello(&b, TLS_VERSION_12, false, &extensions);
	size_t ticket = tls_build_extension(&b, 35);
	tls_build_number(&b, 1, 1);
	tls_build_close(&b, ticket, 2);
	tls_build_empty_extension(&b, 42);
	tls_build_empty_extension(&b, 41);
	tls_build_close(&b, extensions, 2);
	assert_true(read_client(&b, b.size, 't', &h));
	assert_true(h.has_ticket);
	assert_true(h.has_psk);
	assert_true(h.has_early_data);
}

static void
server_hello(struct tls_build *b, bool is_13)
{
	tls_build_hello_begin(b, TLS_VERSION_12, 32);
	tls_build_number(b, is_13 ? 0x1301 : 0xc02f, 2);
	tls_build_number(b, 0, 1);
	size_t extensions = tls_build_open(b, 2);
	if (is_13) {
		size_t extension = tls_build_extension(b, 43);
		tls_build_number(b, TLS_VERSION_13, 2);
		tls_build_close(b, extension, 2);
		extension = tls_build_extension(b, 51);
		tls_build_number(b, 29, 2);
		tls_build_close(b, extension, 2);
	} else {
		size_t extension = tls_build_extension(b, 0xff01);
		tls_build_number(b, 0, 1);
		tls_build_close(b, extension, 2);
		tls_build_empty_extension(b, 0);
		tls_build_alpn(b, "\2h2", 3);
		tls_build_empty_extension(b, 35);
	}
	tls_build_close(b, extensions, 2);
}

static void
a_server_hello_is_read(void **state)
{
	struct tls_build old = { 0 };
	struct tls_build new = { 0 };
	struct tls_server_hello h;

	(void)state;
	server_hello(&old, false);
	assert_true(read_server(&old, old.size, &h));
	assert_int_equal(h.version, TLS_VERSION_12);
	assert_int_equal(h.cipher, 0xc02f);
	assert_int_equal(h.group, 0);
	assert_true(h.has_ticket);
	assert_false(h.has_psk);
	assert_string_equal(h.protocol, "h2");
	assert_string_equal(h.ja3s, "fdaa3751208e3417749af629d9f796d5");
	server_hello(&new, true);
	assert_true(read_server(&new, new.size, &h));
	assert_int_equal(h.legacy_version, TLS_VERSION_12);
	assert_int_equal(h.version, TLS_VERSION_13);
	assert_int_equal(h.group, 29);
	assert_false(h.is_retry);
	assert_int_equal(h.session_id.size, 32);
	assert_string_equal(h.ja3s, "f4febc55ea12b31ae17cfb7e614afda8");
	for (size_t size = 0; size < new.size; size++) {
		bool is_read = read_server(&new, size, &h);
		assert_int_equal(is_read, size >= 2 + 32 + 33 + 3);
		if (is_read)
			assert_int_equal(h.is_cut, size > 2 + 32 + 33 + 3);
	}
}

/* Up to the 21st draft of TLS 1.3 a ServerHello had neither session nor compression. */
static void
drafts_of_1_3_are_read(void **state)
{
	static const uint16_t versions[] = { 0x0304, 0x7f12, 0x7f15, 0x7f16 };
	struct tls_server_hello h;

	(void)state;
	for (size_t i = 0; i < sizeof(versions) / sizeof(versions[0]); i++) {
		struct tls_build b = { 0 };
		tls_build_hello_begin(&b, versions[i], 0);
		if (i < 3)
			b.size--;
		tls_build_number(&b, 0x1301, 2);
		if (i == 3)
			tls_build_number(&b, 0, 1);
		size_t extensions = tls_build_open(&b, 2);
		size_t extension = tls_build_extension(&b, 40);
		tls_build_number(&b, 29, 2);
		tls_build_close(&b, extension, 2);
		tls_build_close(&b, extensions, 2);
		assert_true(read_server(&b, b.size, &h));
		assert_int_equal(h.cipher, 0x1301);
		assert_int_equal(h.group, 29);
		assert_false(h.is_cut);
	}
}

static void
a_retry_shows_by_its_random_bytes(void **state)
{
	static const uint8_t retry[32] = { 0xcf, 0x21, 0xad, 0x74, 0xe5, 0x9a, 0x61, 0x11, 0xbe,
		0x1d, 0x8c, 0x02, 0x1e, 0x65, 0xb8, 0x91, 0xc2, 0xa2, 0x11, 0x16, 0x7a, 0xbb, 0x8c,
		0x5e, 0x07, 0x9e, 0x09, 0xe2, 0xc8, 0xa8, 0x33, 0x9c };
	struct tls_build b = { 0 };
	struct tls_server_hello h;

	(void)state;
	server_hello(&b, true);
	memcpy(b.bytes + 2, retry, sizeof(retry));
	assert_true(read_server(&b, b.size, &h));
	assert_true(h.is_retry);
	b.bytes[2 + 31] ^= 1;
	assert_true(read_server(&b, b.size, &h));
	assert_false(h.is_retry);
}

static void
the_first_of_several_names_counts(void **state)
{
	static const char two[] = "\0\014\0\0\3a.b\0\0\3c.d";
	struct tls_build b = { 0 };
	struct tls_client_hello h;
	size_t extensions;

	(void)state;
	small_hello(&b, TLS_VERSION_12, false, &extensions);
	size_t extension = tls_build_extension(&b, 0);
	tls_build_bytes(&b, two, sizeof(two) - 1);
	tls_build_close(&b, extension, 2);
	tls_build_close(&b, extensions, 2);
	assert_true(read_client(&b, b.size, 't', &h));
	assert_string_equal(h.sni, "a.b");
}

static void
a_session_of_more_than_thirty_two_bytes_is_no_hello(void **state)
{
	struct tls_client_hello h;

	(void)state;
	for (size_t session = 31; session <= 33; session++) {
		struct tls_build b = { 0 };
		tls_build_chrome_hello(&b, "a.b", session);
		assert_int_equal(read_client(&b, b.size, 't', &h), session <= TLS_SESSION_ID_MAX);
	}
}

static void
only_pairs_of_equal_bytes_that_end_in_a_are_grease(void **state)
{
	(void)state;
	unsigned count = 0;
	for (unsigned v = 0; v <= UINT16_MAX; v++)
		count += tls_is_grease((uint16_t)v);
	assert_int_equal(count, 16);
	assert_true(tls_is_grease(0x0a0a));
	assert_true(tls_is_grease(0xfafa));
	assert_false(tls_is_grease(0x0a1a));
}

int
main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(a_client_hello_is_read),
		cmocka_unit_test(fingerprints_are_made_for_who_wants_them),
		cmocka_unit_test(a_hello_may_be_cut_anywhere),
		cmocka_unit_test(a_hello_of_old_has_no_extensions),
		cmocka_unit_test(datagrams_have_a_cookie_and_count_versions_down),
		cmocka_unit_test(ja3_is_the_digest_of_its_text),
		cmocka_unit_test(a_name_is_cut_at_its_cap_and_a_nul_is_written_out),
		cmocka_unit_test(protocols_are_kept_up_to_their_caps),
		cmocka_unit_test(ja4_writes_odd_protocols_in_hexadecimal),
		cmocka_unit_test(ja4_counts_to_ninety_nine),
		cmocka_unit_test(resumption_shows),
		cmocka_unit_test(a_server_hello_is_read),
		cmocka_unit_test(drafts_of_1_3_are_read),
		cmocka_unit_test(a_retry_shows_by_its_random_bytes),
		cmocka_unit_test(the_first_of_several_names_counts),
		cmocka_unit_test(a_session_of_more_than_thirty_two_bytes_is_no_hello),
		cmocka_unit_test(only_pairs_of_equal_bytes_that_end_in_a_are_grease),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
