/* test_dtls.c -- handshakes in datagrams: fragments, retransmissions, cookies, and what is encrypted. */
#include "tests/support/tls_talk.h"

#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <string.h>

#include <cmocka.h>

extern const struct protocol protocol_dtls;

enum { CLIENT_HELLO = 1, SERVER_HELLO = 2, HELLO_VERIFY = 3, CERTIFICATE = 11, HELLO_DONE = 14 };

struct fixture {
	struct proto_rig rig;
	struct tls_build body; /* of a message */
};

static int
set_up(void **state)
{
	struct fixture *f = calloc(1, sizeof(*f));

	*state = f;
	if (f != NULL)
		proto_rig_init(&f->rig, &protocol_dtls);
	return f == NULL;
}

static int
tear_down(void **state)
{
	struct fixture *f = *state;

	proto_rig_done(&f->rig);
	free(f);
	return 0;
}

/* A datagram of one record that is whatever `rest` is. */
static size_t
record_open(struct tls_build *b, uint8_t type, uint16_t epoch)
{
	tls_build_number(b, type, 1);
	tls_build_number(b, 0xfefd, 2);
	tls_build_number(b, epoch, 2);
	tls_build_number(b, 0, 6);
	return tls_build_open(b, 2);
}

/* Bytes `at` to `at` + `size` of the message in f->body. */
static void
datagram_write(const struct fixture *f, struct tls_build *b, uint8_t type, unsigned number,
	size_t at, size_t size)
{
	size_t record = record_open(b, 22, 0);

	tls_build_number(b, type, 1);
	tls_build_number(b, f->body.size, 3);
	tls_build_number(b, number, 2);
	tls_build_number(b, at, 3);
	tls_build_number(b, size, 3);
	tls_build_bytes(b, f->body.bytes + at, size);
	tls_build_close(b, record, 2);
}

static void
say(struct fixture *f, bool from_orig, uint8_t type, unsigned number, size_t at, size_t size)
{
	struct tls_build b = { 0 };

	datagram_write(f, &b, type, number, at, size);
	proto_rig_feed(&f->rig, from_orig, b.bytes, b.size);
}

static void
say_whole(struct fixture *f, bool from_orig, uint8_t type, unsigned number)
{
	say(f, from_orig, type, number, 0, f->body.size);
}

static void
say_record(struct fixture *f, bool from_orig, uint8_t type, uint16_t epoch)
{
	struct tls_build b = { 0 };
	size_t record = record_open(&b, type, epoch);

	tls_build_number(&b, 1, 1);
	tls_build_close(&b, record, 2);
	proto_rig_feed(&f->rig, from_orig, b.bytes, b.size);
}

static void
client_hello(struct fixture *f, size_t cookie)
{
	struct tls_build *b = &f->body;

	b->size = 0;
	tls_build_hello_begin(b, 0xfefd, 0);
	tls_build_number(b, cookie, 1);
	for (size_t i = 0; i < cookie; i++)
		tls_build_number(b, 'c', 1);
	tls_build_list(b, 2, &(uint16_t){ 0xc02f }, 1);
	tls_build_number(b, 0x0100, 2);
	size_t extensions = tls_build_open(b, 2);
	tls_build_sni(b, "www.example.org", 15);
	tls_build_close(b, extensions, 2);
}

static void
server_hello(struct fixture *f)
{
	f->body.size = 0;
	tls_build_hello_begin(&f->body, 0xfefd, 0);
	tls_build_number(&f->body, 0xc02f, 2);
	tls_build_number(&f->body, 0, 1);
}

static void
certificate(struct fixture *f)
{
	struct tls_build *b = &f->body;

	b->size = 0;
	size_t list = tls_build_open(b, 3);
	tls_build_number(b, sizeof(x509_sample_leaf), 3);
	tls_build_bytes(b, x509_sample_leaf, sizeof(x509_sample_leaf));
	tls_build_close(b, list, 3);
}

static void
a_handshake_with_a_cookie_and_fragments_is_told(void **state)
{
	struct fixture *f = *state;

	client_hello(f, 0);
	say_whole(f, true, CLIENT_HELLO, 0);
	f->body.size = 3;
	say_whole(f, false, HELLO_VERIFY, 0);
	client_hello(f, 20);
	say_whole(f, true, CLIENT_HELLO, 1);
	server_hello(f);
	say_whole(f, false, SERVER_HELLO, 1);
	certificate(f);
	for (size_t at = 0; at < f->body.size; at += 100)
		say(f, false, CERTIFICATE, 2, at,
			f->body.size - at < 100 ? f->body.size - at : 100);
	f->body.size = 0;
	say_whole(f, false, HELLO_DONE, 3);
	say_record(f, true, 20, 0);
	say_record(f, true, 22, 1);
	say_record(f, false, 20, 0);
	assert_int_equal(f->rig.told, 1);
	say_record(f, false, 22, 1);
	assert_int_equal(f->rig.verdict, PROTO_DONE);
	assert_int_equal(f->rig.told, 2);
	assert_non_null(strstr(f->rig.text,
		"ssl version=DTLSv12 cipher=TLS_ECDHE_RSA_WITH_AES_128_GCM_SHA256 "
		"server_name=www.example.org resumed=no established=yes ssl_history=CvCsxnIi "
		"cert_chain_fps=[" X509_SAMPLE_LEAF_SHA256 "] sni_matches_cert=yes "));
	assert_non_null(strstr(f->rig.text, " ja4=dd2d0101"));
}

static void
what_comes_again_is_read_once(void **state)
{
	struct fixture *f = *state;

	client_hello(f, 0);
	say_whole(f, true, CLIENT_HELLO, 0);
	say_whole(f, true, CLIENT_HELLO, 0);
	certificate(f);
	say(f, false, CERTIFICATE, 0, 0, 100);
	say(f, false, CERTIFICATE, 0, 200, 100); /* a hole before it */
	say(f, false, CERTIFICATE, 0, 0, 100);
	say(f, false, CERTIFICATE, 0, 100, f->body.size - 100);
	say(f, false, CERTIFICATE, 0, 100, f->body.size - 100);
	proto_rig_end(&f->rig);
	assert_int_equal(f->rig.told, 2);
	assert_non_null(strstr(f->rig.text, "established=no ssl_history=Cx "));
}

static void
what_has_the_header_of_1_3_is_encrypted(void **state)
{
	struct fixture *f = *state;
	static const uint8_t hidden[] = { 0x2f, 1, 2, 3 };

	client_hello(f, 0);
	say_whole(f, true, CLIENT_HELLO, 0);
	proto_rig_feed(&f->rig, true, hidden, sizeof(hidden));
	server_hello(f);
	say_whole(f, false, SERVER_HELLO, 0);
	assert_int_equal(f->rig.verdict, PROTO_MORE);
	proto_rig_feed(&f->rig, false, hidden, sizeof(hidden));
	assert_int_equal(f->rig.verdict, PROTO_DONE);
	assert_non_null(strstr(f->rig.text, "established=yes ssl_history=Cs "));
}

static void
only_messages_that_begin_a_handshake_are_recognised(void **state)
{
	struct fixture *f = *state;

	client_hello(f, 0);
	for (unsigned type = 0; type < 5; type++) {
		struct tls_build b = { 0 };
		datagram_write(f, &b, (uint8_t)type, 0, 0, f->body.size);
		assert_int_equal(proto_rig_guess(&f->rig, true, b.bytes, b.size),
			type >= CLIENT_HELLO && type <= HELLO_VERIFY ? PROTO_YES : PROTO_NO);
		for (size_t size = 0; size < b.size; size++)
			assert_int_equal(proto_rig_guess(&f->rig, true, b.bytes, size), PROTO_NO);
		b.bytes[4] = 1; /* a later epoch */
		assert_int_equal(proto_rig_guess(&f->rig, true, b.bytes, b.size), PROTO_NO);
		b.bytes[4] = 0;
		b.bytes[1] = 3; /* TLS */
		assert_int_equal(proto_rig_guess(&f->rig, true, b.bytes, b.size), PROTO_NO);
	}
}

/* A fragment may claim any place in any message. */
static void
fragments_that_lie_are_bounded(void **state)
{
	struct fixture *f = *state;
	enum { KEPT = 6000 };

	client_hello(f, 0);
	say_whole(f, true, CLIENT_HELLO, 0);
	f->body.size = KEPT + 2000;
	for (size_t at = 0; at < f->body.size; at += 1000)
		say(f, false, CERTIFICATE, 0, at, 1000);
	struct tls_build b = { 0 };
	datagram_write(f, &b, CERTIFICATE, 1, 0, 100);
	b.bytes[13 + 7] = 0x40; /* it begins beyond its message's end */
	proto_rig_feed(&f->rig, false, b.bytes, b.size);
	proto_rig_end(&f->rig);
	assert_non_null(strstr(f->rig.text, "ssl_history=Cx "));
	assert_int_equal(f->rig.told, 1);
}

static void
a_hello_that_is_none_is_somebody_elses(void **state)
{
	struct fixture *f = *state;

	client_hello(f, 0);
	f->body.bytes[34] = 33; /* a session is 32 bytes at most */
	say_whole(f, true, CLIENT_HELLO, 0);
	assert_int_equal(f->rig.verdict, PROTO_NOT_MINE);
	assert_int_equal(f->rig.weirds[WEIRD_TLS_HELLO], 0);
}

static void
a_server_hello_that_is_none_is_odd(void **state)
{
	struct fixture *f = *state;

	client_hello(f, 0);
	say_whole(f, true, CLIENT_HELLO, 0);
	f->body.size = 1;
	say_whole(f, false, SERVER_HELLO, 0);
	assert_int_equal(f->rig.verdict, PROTO_NOT_MINE);
	assert_int_equal(f->rig.weirds[WEIRD_TLS_HELLO], 1);
}

static void
an_alert_is_told(void **state)
{
	struct fixture *f = *state;
	struct tls_build b = { 0 };

	client_hello(f, 0);
	say_whole(f, true, CLIENT_HELLO, 0);
	size_t record = record_open(&b, 21, 0);
	tls_build_number(&b, 0x0228, 2);
	tls_build_close(&b, record, 2);
	proto_rig_feed(&f->rig, false, b.bytes, b.size);
	proto_rig_end(&f->rig);
	assert_non_null(
		strstr(f->rig.text, "last_alert=handshake_failure established=no ssl_history=Cl "));
}

int
main(void)
{
#define DTLS_TEST(name) cmocka_unit_test_setup_teardown(name, set_up, tear_down)
	const struct CMUnitTest tests[] = {
		DTLS_TEST(a_handshake_with_a_cookie_and_fragments_is_told),
		DTLS_TEST(what_comes_again_is_read_once),
		DTLS_TEST(what_has_the_header_of_1_3_is_encrypted),
		DTLS_TEST(only_messages_that_begin_a_handshake_are_recognised),
		DTLS_TEST(fragments_that_lie_are_bounded),
		DTLS_TEST(a_hello_that_is_none_is_somebody_elses),
		DTLS_TEST(a_server_hello_that_is_none_is_odd),
		DTLS_TEST(an_alert_is_told),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
