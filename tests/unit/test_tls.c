/* test_tls.c -- handshakes cut anywhere, torn, lying, resumed, and what is told of them. */
#include "daemon/proto/tls_session.h"
#include "daemon/transactions/tls.h"
#include "tests/support/tls_talk.h"

#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <stdio.h>
#include <string.h>

#include <cmocka.h>

extern const struct protocol protocol_tls;

#define HELLO_TEXT " ja3=" TLS_BUILD_CHROME_JA3
#define OFFER_TEXT " ja4=" TLS_BUILD_CHROME_JA4 " client_alpns=[h2|http/1.1]"
#define HOST_TEXT                                                                                \
	" subject=CN=www.example.org,O=Example,C=CZ issuer=CN=Naiad Root,O=Example\\, Inc.,C=CZ" \
	" serial=0A0B0D sha1=446078696994ca151b5b571ff308e46e1f87846c"                           \
	" not_valid_before=1672531200000000000 not_valid_after=2303683200000000000"

struct fixture {
	struct proto_rig rig;
	struct tls_talk talk;
};

static int
set_up(void **state)
{
	*state = calloc(1, sizeof(struct fixture));
	return *state == NULL;
}

static int
tear_down(void **state)
{
	free(*state);
	return 0;
}

static const char *
play(struct fixture *f, size_t part)
{
	return proto_rig_play(&f->rig, &protocol_tls, f->talk.pieces, f->talk.count, part);
}

/* The line of the handshake itself: the last one. */
static const char *
handshake_of(const char *text)
{
	const char *ssl = strstr(text, "ssl ");

	return ssl != NULL ? ssl : "";
}

static void
a_handshake_of_1_2_is_told_once_with_its_certificates(void **state)
{
	struct fixture *f = *state;

	tls_talk_12(&f->talk);
	const char *text = play(f, SIZE_MAX);
	assert_int_equal(f->rig.told, 3);
	assert_non_null(strstr(text, "x509 fingerprint=" X509_SAMPLE_LEAF_SHA256));
	assert_non_null(strstr(text, "host_cert=yes client_cert=no"));
	assert_non_null(strstr(text, "x509 fingerprint=" X509_SAMPLE_ROOT_SHA256));
	assert_non_null(strstr(text, "host_cert=no client_cert=no"));
	assert_string_equal(handshake_of(text),
		"ssl version=TLSv12 cipher=TLS_ECDHE_RSA_WITH_AES_128_GCM_SHA256 curve=secp256r1"
		" server_name=www.example.org resumed=no next_protocol=h2 established=yes"
		" ssl_history=CsxknGIi cert_chain_fps=[" X509_SAMPLE_LEAF_SHA256
		"|" X509_SAMPLE_ROOT_SHA256 "] sni_matches_cert=yes" HELLO_TEXT
		" ja3s=896415616b22361262d7a961b6325cfd" OFFER_TEXT HOST_TEXT "\n");
	assert_int_equal(f->rig.verdict, PROTO_DONE);
}

static void
a_handshake_of_1_3_is_done_when_both_sides_sent_data(void **state)
{
	struct fixture *f = *state;

	tls_talk_13(&f->talk);
	assert_string_equal(play(f, SIZE_MAX),
		"ssl version=TLSv13 cipher=TLS_AES_128_GCM_SHA256 curve=x25519"
		" server_name=www.example.org resumed=no established=yes ssl_history=CsiI" HELLO_TEXT
		" ja3s=f4febc55ea12b31ae17cfb7e614afda8" OFFER_TEXT "\n");
	assert_int_equal(f->rig.verdict, PROTO_DONE);
	f->talk.count = 2;
	assert_non_null(strstr(play(f, SIZE_MAX), "established=no ssl_history=Csi "));
	assert_int_equal(f->rig.verdict, PROTO_MORE);
}

static void
cut_anywhere_it_is_the_same(void **state)
{
	struct fixture *f = *state;
	static char whole[PROTO_RIG_TEXT];

	for (unsigned version = 0; version < 2; version++) {
		(version == 0 ? tls_talk_12 : tls_talk_13)(&f->talk);
		const char *text = play(f, SIZE_MAX);
		memcpy(whole, text, strlen(text) + 1);
		for (size_t part = 1; part < 40; part++)
			assert_string_equal(play(f, part), whole);
	}
}

static void
it_may_break_off_after_any_byte(void **state)
{
	struct fixture *f = *state;
	size_t total = 0;

	tls_talk_12(&f->talk);
	for (size_t i = 0; i < f->talk.count; i++)
		total += f->talk.pieces[i].size;
	for (size_t size = 0; size < total; size++) {
		const char *text = handshake_of(proto_rig_truncate(
			&f->rig, &protocol_tls, f->talk.pieces, f->talk.count, size));
		bool has_hello = size >= f->talk.pieces[0].size;
		assert_int_equal(text[0] != '\0', has_hello);
		assert_int_equal(strstr(text, "server_name=www.example.org") != NULL, has_hello);
		assert_null(strstr(text, "established=yes"));
	}
}

/* All messages of a side as one run of bytes, in records of `size`. */
static void
messages_may_lie_in_records_as_they_like(void **state)
{
	struct fixture *f = *state;

	for (size_t size = 1; size < 64; size++) {
		struct tls_build plain = { 0 };
		tls_talk_12(&f->talk);
		struct proto_piece *server = &f->talk.pieces[1];
		struct cursor c = cursor_over(server->bytes, server->size);
		while (cursor_left(&c) > 0) {
			(void)cursor_take(&c, 3);
			uint16_t left = cursor_be16(&c);
			tls_build_bytes(&plain, cursor_take(&c, left), left);
		}
		struct tls_build *b = &f->talk.said[1];
		b->size = 0;
		for (size_t at = 0; at < plain.size; at += size) {
			size_t record = tls_talk_record(b, 22, 0x0303);
			tls_build_bytes(b, plain.bytes + at,
				size < plain.size - at ? size : plain.size - at);
			tls_build_close(b, record, 2);
		}
		server->size = b->size;
		const char *text = play(f, SIZE_MAX);
		assert_int_equal(f->rig.told, 3);
		assert_non_null(strstr(text, "ssl_history=CsxknGIi "));
	}
}

static void
first_bytes_of_either_side_are_recognised(void **state)
{
	struct fixture *f = *state;

	tls_talk_12(&f->talk);
	proto_rig_init(&f->rig, &protocol_tls);
	for (size_t piece = 0; piece < 2; piece++)
		for (size_t size = 0; size < 12; size++)
			assert_int_equal(proto_rig_guess(&f->rig, piece == 0,
						 f->talk.pieces[piece].bytes, size),
				size < 9 ? PROTO_PERHAPS : PROTO_YES);
	proto_rig_done(&f->rig);
}

static void
what_is_no_hello_is_not_recognised(void **state)
{
	struct fixture *f = *state;
	static const char *const others[] = { "GET / HTTP", "SSH-2.0-abc",
		"\x16\x03\x05\0\x90\1\0\0\x80", "\x16\x03\1\x48\1\1\0\0\x80",
		"\x16\x03\1\0\x90\3\0\0\x80", "\x16\x03\1\0\x90\1\1\0\x80",
		"\x15\x03\1\0\x02\1\0\0\x80", "\x17\x03\1\0\x02\1\0\0\x80",
		"\x16\x02\1\0\x90\1\0\0\x80" };

	proto_rig_init(&f->rig, &protocol_tls);
	for (size_t i = 0; i < sizeof(others) / sizeof(others[0]); i++)
		assert_int_equal(proto_rig_guess(&f->rig, true, others[i], 9), PROTO_NO);
	assert_int_equal(
		proto_rig_guess(&f->rig, true, "\x16\x03\1\x48\0\1\0\0\x80", 9), PROTO_YES);
	proto_rig_done(&f->rig);
}

static void
a_session_is_resumed_by_its_number(void **state)
{
	struct fixture *f = *state;

	for (size_t session = 31; session <= 32; session++) {
		f->talk.count = 0;
		tls_talk_client_hello(tls_talk_begin(&f->talk, true), "a.b", 32);
		tls_talk_end(&f->talk);
		struct tls_build *b = tls_talk_begin(&f->talk, false);
		tls_talk_server_hello(b, 0x0303, 0xc02f, session);
		tls_talk_change(b);
		tls_talk_opaque(b, 22, 40);
		tls_talk_end(&f->talk);
		b = tls_talk_begin(&f->talk, true);
		tls_talk_change(b);
		tls_talk_opaque(b, 22, 40);
		tls_talk_end(&f->talk);
		const char *text = play(f, SIZE_MAX);
		assert_non_null(strstr(text, "established=yes ssl_history=CsiI "));
		assert_int_equal(strstr(text, "resumed=yes") != NULL, session == 32);
	}
}

static void
an_alert_is_told_and_ends_nothing(void **state)
{
	struct fixture *f = *state;

	tls_talk_12(&f->talk);
	struct tls_build hello = f->talk.said[1];
	struct tls_build *b = &f->talk.said[1];
	b->size = 0;
	size_t record = tls_talk_record(b, 21, 0x0303);
	tls_build_number(b, 0x0170, 2);
	tls_build_close(b, record, 2);
	tls_build_bytes(b, hello.bytes, hello.size);
	f->talk.pieces[1].size = b->size;
	assert_non_null(strstr(play(f, SIZE_MAX), "last_alert=unrecognized_name next_protocol=h2 "
						  "established=yes ssl_history=ClsxknGIi "));
}

static void
a_chain_is_read_up_to_its_cap(void **state)
{
	struct fixture *f = *state;

	for (size_t count = TLS_CHAIN_MAX - 1; count <= TLS_CHAIN_MAX + 1; count++) {
		f->talk.count = 0;
		struct tls_build *b = tls_talk_begin(&f->talk, false);
		tls_talk_server_hello(b, 0x0303, 0xc02f, 0);
		tls_talk_certificates(b, count - 1);
		tls_talk_end(&f->talk);
		size_t read = count < TLS_CHAIN_MAX ? count : TLS_CHAIN_MAX;
		for (size_t part = 100; part < 2000; part += 300) {
			(void)play(f, part);
			assert_int_equal(f->rig.told, read + 1);
		}
		(void)play(f, SIZE_MAX);
		assert_int_equal(f->rig.told, read + 1);
	}
}

/* How often a certificate of `size` zeros is told to be none, in parts of a size. */
static unsigned
zeros_refused(struct fixture *f, size_t size, size_t part)
{
	f->talk.count = 0;
	struct tls_build *b = tls_talk_begin(&f->talk, false);
	tls_talk_server_hello(b, 0x0303, 0xc02f, 0);
	size_t record = tls_talk_record(b, 22, 0x0303);
	size_t message = tls_talk_message(b, 11);
	tls_build_number(b, size + 3, 3);
	tls_build_number(b, size, 3);
	for (size_t i = 0; i < size; i++)
		tls_build_number(b, 0, 1);
	tls_build_close(b, message, 3);
	tls_build_close(b, record, 2);
	tls_talk_empty(b, 14, 0);
	tls_talk_end(&f->talk);
	assert_non_null(strstr(play(f, part), "ssl_history=sxn "));
	return f->rig.weirds[WEIRD_TLS_CERTIFICATE];
}

static void
a_certificate_in_pieces_is_kept_up_to_its_cap(void **state)
{
	enum { ROOM = 5000, LENGTH = 3 };

	assert_int_equal(zeros_refused(*state, ROOM - LENGTH - 1, 1000), 1);
	assert_int_equal(zeros_refused(*state, ROOM - LENGTH, 1000), 1);
	assert_int_equal(zeros_refused(*state, ROOM - LENGTH + 1, 1000), 0);
	assert_int_equal(zeros_refused(*state, ROOM - LENGTH + 1, SIZE_MAX), 1);
}

static void
a_quiet_handshake_keeps_what_is_known_of_it(void **state)
{
	struct fixture *f = *state;
	enum { BLOCK = 1024, ROOM = 5000, HALF = 100 };

	proto_rig_init(&f->rig, &protocol_tls);
	tls_talk_12(&f->talk);
	assert_true(protocol_tls.keeps(f->rig.state) <= BLOCK);
	proto_rig_feed(&f->rig, true, f->talk.pieces[0].bytes, HALF);
	assert_int_equal(protocol_tls.keeps(f->rig.state), protocol_tls.state_size);
	proto_rig_feed(&f->rig, true, (const uint8_t *)f->talk.pieces[0].bytes + HALF,
		f->talk.pieces[0].size - HALF);
	assert_true(protocol_tls.keeps(f->rig.state) <= BLOCK);
	/* Half a hello of the server's, and then its certificates, but not the last byte behind them. */
	proto_rig_feed(&f->rig, false, f->talk.pieces[1].bytes, 30);
	size_t kept = protocol_tls.keeps(f->rig.state);
	assert_true(kept > BLOCK && kept < protocol_tls.state_size - ROOM + HALF);
	proto_rig_feed(&f->rig, false, (const uint8_t *)f->talk.pieces[1].bytes + 30,
		f->talk.pieces[1].size - 30 - 1);
	assert_int_equal(f->rig.told, 2);
	assert_true(protocol_tls.keeps(f->rig.state) > BLOCK);
	proto_rig_done(&f->rig);
}

/* With half a hello of the client before it, as when its packets came in another order, it has less. */
static void
both_sides_may_speak_at_once(void **state)
{
	struct fixture *f = *state;

	tls_talk_12(&f->talk);
	const struct proto_piece *hello = &f->talk.pieces[0];
	const struct proto_piece *answer = &f->talk.pieces[1];
	for (size_t at = 1; at < hello->size; at += 5)
		for (size_t to = 1; to < answer->size; to += 301) {
			proto_rig_init(&f->rig, &protocol_tls);
			proto_rig_feed(&f->rig, true, hello->bytes, at);
			proto_rig_feed(&f->rig, false, answer->bytes, to);
			proto_rig_feed(&f->rig, true, (const uint8_t *)hello->bytes + at,
				hello->size - at);
			proto_rig_feed(&f->rig, false, (const uint8_t *)answer->bytes + to,
				answer->size - to);
			proto_rig_end(&f->rig);
			assert_int_equal(f->rig.told, 3);
			assert_non_null(strstr(f->rig.text, "server_name=www.example.org "));
			assert_non_null(strstr(f->rig.text, " ja3="));
			proto_rig_done(&f->rig);
		}
}

/* What of a chain does not fit is not read; the rest of it and what comes after are. */
static void
a_chain_that_is_too_long_is_read_in_part(void **state)
{
	struct fixture *f = *state;

	f->talk.count = 0;
	struct tls_build *b = tls_talk_begin(&f->talk, false);
	tls_talk_server_hello(b, 0x0303, 0xc02f, 0);
	tls_talk_certificates(b, 16);
	tls_talk_empty(b, 14, 0);
	tls_talk_end(&f->talk);
	const char *text = play(f, SIZE_MAX);
	assert_int_equal(f->rig.told, TLS_CHAIN_MAX + 1);
	assert_non_null(strstr(text, "ssl_history=sxn "));
}

static void
a_hello_is_kept_up_to_its_cap(void **state)
{
	struct fixture *f = *state;
	enum { HELLO_MAX = 3072 };

	for (size_t size = HELLO_MAX - 1; size <= HELLO_MAX + 1; size++) {
		struct tls_build *b;
		f->talk.count = 0;
		b = tls_talk_begin(&f->talk, true);
		size_t record = tls_talk_record(b, 22, 0x0301);
		size_t message = tls_talk_message(b, 1);
		tls_build_hello_begin(b, 0x0303, 0);
		tls_build_list(b, 2, &(uint16_t){ 0x1301 }, 1);
		tls_build_number(b, 0x0100, 2);
		size_t extensions = tls_build_open(b, 2);
		tls_build_sni(b, "a.b", 3);
		size_t padding = tls_build_extension(b, 21);
		while (b->size - message < size)
			tls_build_number(b, 0, 1);
		tls_build_close(b, padding, 2);
		tls_build_close(b, extensions, 2);
		tls_build_close(b, message, 3);
		tls_build_close(b, record, 2);
		tls_talk_end(&f->talk);
		const char *text = play(f, 1000);
		assert_non_null(strstr(text, "server_name=a.b "));
		assert_int_equal(strstr(text, " ja3=") != NULL, size <= HELLO_MAX);
		/* In one piece it needs no room. */
		assert_non_null(strstr(play(f, SIZE_MAX), " ja3="));
	}
}

static void
what_is_lost_in_a_message_leaves_what_came_before(void **state)
{
	struct fixture *f = *state;
	const uint8_t *bytes;

	tls_talk_12(&f->talk);
	bytes = f->talk.pieces[1].bytes;
	proto_rig_init(&f->rig, &protocol_tls);
	proto_rig_feed(&f->rig, true, f->talk.pieces[0].bytes, f->talk.pieces[0].size);
	/* All of the leaf is there, half of the root is not. */
	size_t at = 5 + 4 + 38 + 2 + 9 + 5 + 4 + 3 + 3 + sizeof(x509_sample_leaf) + 3 + 100;
	proto_rig_feed(&f->rig, false, bytes, at);
	proto_rig_gap(&f->rig, false, 200);
	proto_rig_feed(&f->rig, false, bytes + at + 200, f->talk.pieces[1].size - at - 200);
	for (size_t i = 2; i < f->talk.count; i++)
		proto_rig_feed(&f->rig, f->talk.pieces[i].from_orig, f->talk.pieces[i].bytes,
			f->talk.pieces[i].size);
	assert_int_equal(f->rig.told, 2);
	assert_non_null(strstr(f->rig.text,
		"established=yes ssl_history=CsxknGIi cert_chain_fps=[" X509_SAMPLE_LEAF_SHA256
		"] "));
	proto_rig_done(&f->rig);
}

static void
after_a_gap_the_next_record_is_found(void **state)
{
	struct fixture *f = *state;

	tls_talk_12(&f->talk);
	for (size_t missing = 1; missing < 3; missing++) {
		/* 1: of the server's hello the first half is there. 2: nothing is. */
		size_t kept = missing == 1 ? 20 : 0;
		proto_rig_init(&f->rig, &protocol_tls);
		proto_rig_feed(&f->rig, true, f->talk.pieces[0].bytes, f->talk.pieces[0].size);
		proto_rig_feed(&f->rig, false, f->talk.pieces[1].bytes, kept);
		proto_rig_gap(&f->rig, false, (uint32_t)(f->talk.pieces[1].size - kept));
		proto_rig_feed(&f->rig, false, "no record", 9);
		for (size_t i = 2; i < f->talk.count; i++)
			proto_rig_feed(&f->rig, f->talk.pieces[i].from_orig,
				f->talk.pieces[i].bytes, f->talk.pieces[i].size);
		proto_rig_end(&f->rig);
		assert_non_null(strstr(f->rig.text, "established=no ssl_history=CGI"));
		proto_rig_done(&f->rig);
	}
}

static void
a_gap_of_any_size_anywhere_does_no_harm(void **state)
{
	struct fixture *f = *state;

	tls_talk_12(&f->talk);
	const struct proto_piece *p = &f->talk.pieces[1];
	for (size_t at = 0; at < p->size; at += 7)
		for (size_t missing = 1; at + missing < p->size; missing += 97) {
			proto_rig_init(&f->rig, &protocol_tls);
			proto_rig_feed(
				&f->rig, true, f->talk.pieces[0].bytes, f->talk.pieces[0].size);
			proto_rig_feed(&f->rig, false, p->bytes, at);
			proto_rig_gap(&f->rig, false, (uint32_t)missing);
			proto_rig_feed(&f->rig, false, (const uint8_t *)p->bytes + at + missing,
				p->size - at - missing);
			proto_rig_end(&f->rig);
			assert_non_null(strstr(f->rig.text, "server_name=www.example.org"));
			proto_rig_done(&f->rig);
		}
}

static void
what_stops_being_tls_is_told_and_done(void **state)
{
	struct fixture *f = *state;

	tls_talk_12(&f->talk);
	proto_rig_init(&f->rig, &protocol_tls);
	proto_rig_feed(&f->rig, true, f->talk.pieces[0].bytes, f->talk.pieces[0].size);
	proto_rig_feed(&f->rig, false, "HTTP/1.1 400 Bad Request", 24);
	assert_int_equal(f->rig.verdict, PROTO_DONE);
	assert_int_equal(f->rig.told, 1);
	assert_non_null(strstr(f->rig.text, "ssl_history=C "));
	proto_rig_done(&f->rig);
}

/* How often `kind` is told of what a server says behind the client's hello, whole and byte by byte. */
static unsigned
odd(struct fixture *f, enum weird kind, const void *bytes, size_t size, bool has_gap)
{
	unsigned told[2];

	tls_talk_12(&f->talk);
	for (unsigned cut = 0; cut < 2; cut++) {
		proto_rig_init(&f->rig, &protocol_tls);
		proto_rig_feed(&f->rig, true, f->talk.pieces[0].bytes, f->talk.pieces[0].size);
		if (has_gap)
			proto_rig_gap(&f->rig, false, 100);
		for (size_t at = 0; at < size && f->rig.verdict == PROTO_MORE;
			at += cut != 0 ? 1 : size)
			proto_rig_feed(
				&f->rig, false, (const uint8_t *)bytes + at, cut != 0 ? 1 : size);
		told[cut] = f->rig.weirds[kind];
		proto_rig_done(&f->rig);
	}
	assert_int_equal(told[0], told[1]);
	return told[0];
}

static void
what_no_handshake_has_is_told(void **state)
{
	static const struct {
		enum weird kind;
		unsigned times;
		size_t size;
		const char *bytes;
	} cases[] = {
		{ WEIRD_TLS_RECORD, 1, 5,
			"\x16\x03\x03\x48\x01" }, /* longer than a record may be */
		{ WEIRD_TLS_RECORD, 0, 5, "\x16\x03\x03\x48\x00" },
		{ WEIRD_TLS_RECORD, 1, 5, "\x16\x03\x05\0\1" },
		{ WEIRD_TLS_RECORD, 1, 5, "\x16\x02\x03\0\1" },
		{ WEIRD_TLS_RECORD, 1, 5, "\x19\x03\x03\0\1" },
		{ WEIRD_TLS_RECORD, 1, 8, "HTTP/1.1" },
		{ WEIRD_TLS_LENGTH, 1, 9, "\x16\x03\x03\0\4\x0b\x10\0\1" },
		{ WEIRD_TLS_LENGTH, 0, 9, "\x16\x03\x03\0\4\x0b\x10\0\0" },
		{ WEIRD_TLS_HELLO, 1, 10, "\x16\x03\x03\0\5\2\0\0\1\3" },
		{ WEIRD_TLS_CERTIFICATE, 1, 16, "\x16\x03\x03\0\x0b\x0b\0\0\7\0\0\4\0\0\1\x30" },
		{ WEIRD_TLS_CERTIFICATE, 1, 27,
			"\x16\x03\x03\0\x16\x0b\0\0\7\0\0\4\0\0\1\x30"
			"\x0b\0\0\7\0\0\4\0\0\1\x30" },
		{ WEIRD_TLS_CERTIFICATE, 0, 16, "\x16\x03\x03\0\x0b\x0b\0\0\7\0\0\4\0\0\2\x30" },
		{ WEIRD_TLS_SSL2, 0, 8, "HTTP/1.1" },
	};
	struct fixture *f = *state;

	for (size_t i = 0; i < sizeof(cases) / sizeof(cases[0]); i++)
		assert_int_equal(odd(f, cases[i].kind, cases[i].bytes, cases[i].size, false),
			cases[i].times);
}

/* The mistake may be ours. */
static void
behind_a_gap_nothing_is_odd(void **state)
{
	struct fixture *f = *state;

	assert_int_equal(odd(f, WEIRD_TLS_RECORD, "\x16\x03\x03\0\1\0\x16\x09\0\0\0", 11, true), 0);
	tls_talk_12(&f->talk);
	proto_rig_init(&f->rig, &protocol_tls);
	proto_rig_feed(&f->rig, true, f->talk.pieces[0].bytes, f->talk.pieces[0].size);
	proto_rig_feed(&f->rig, false, "\x16\x03\x03\0\x6c\2\0\0\x68\3", 10);
	proto_rig_gap(&f->rig, false, 103);
	assert_true(f->rig.is_over);
	assert_int_equal(f->rig.weirds[WEIRD_TLS_HELLO], 0);
	proto_rig_done(&f->rig);
}

static void
a_hello_that_is_none_is_somebody_elses(void **state)
{
	struct fixture *f = *state;

	proto_rig_init(&f->rig, &protocol_tls);
	/* Its session is longer than any. */
	uint8_t bytes[5 + 4 + 64] = { 22, 3, 1, 0, 68, 1, 0, 0, 64, 3, 3, [9 + 34] = 33 };
	proto_rig_feed(&f->rig, true, bytes, sizeof(bytes));
	assert_int_equal(f->rig.verdict, PROTO_NOT_MINE);
	assert_int_equal(f->rig.told, 0);
	assert_int_equal(f->rig.weirds[WEIRD_TLS_HELLO], 0);
	proto_rig_done(&f->rig);
}

static void
ssl_2_may_offer_a_later_version(void **state)
{
	struct fixture *f = *state;
	uint8_t hello[11 + 3 + 16] = { 0x80, 28, 1, 3, 1, 0, 3, 0, 0, 0, 16 };

	proto_rig_init(&f->rig, &protocol_tls);
	for (size_t size = 0; size <= sizeof(hello); size++)
		assert_int_equal(proto_rig_guess(&f->rig, true, hello, size),
			size < 11 ? PROTO_PERHAPS : PROTO_YES);
	proto_rig_done(&f->rig);
	tls_talk_12(&f->talk);
	f->talk.pieces[0].bytes = hello;
	f->talk.pieces[0].size = sizeof(hello);
	for (size_t part = 1; part < 40; part++) {
		const char *text = play(f, part);
		assert_non_null(strstr(text, "version=TLSv12 "));
		assert_non_null(strstr(text, "established=yes ssl_history=CsxknGIi "));
	}
	proto_rig_init(&f->rig, &protocol_tls);
	proto_rig_feed(&f->rig, true, hello, sizeof(hello));
	proto_rig_feed(&f->rig, false, "\x80\x0b\4", 3);
	assert_string_equal(
		f->rig.text, "ssl version=SSLv2 resumed=no established=no ssl_history=Cs\n");
	assert_int_equal(f->rig.verdict, PROTO_DONE);
	assert_int_equal(f->rig.weirds[WEIRD_TLS_SSL2], 1);
	proto_rig_done(&f->rig);
}

/* A client that resumes may encrypt before the server has answered. */
static void
behind_a_change_only_hellos_are_in_the_clear(void **state)
{
	struct fixture *f = *state;

	f->talk.count = 0;
	struct tls_build *b = tls_talk_begin(&f->talk, true);
	tls_talk_client_hello(b, "a.b", 32);
	tls_talk_change(b);
	tls_talk_empty(b, 20, 4);
	tls_talk_end(&f->talk);
	assert_non_null(strstr(play(f, SIZE_MAX), "established=no ssl_history=CI "));
	assert_int_equal(f->rig.verdict, PROTO_MORE);
}

static void
a_retry_and_a_second_hello_are_one_handshake(void **state)
{
	struct fixture *f = *state;
	static const uint8_t retry[32] = { 0xcf, 0x21, 0xad, 0x74, 0xe5, 0x9a, 0x61, 0x11, 0xbe,
		0x1d, 0x8c, 0x02, 0x1e, 0x65, 0xb8, 0x91, 0xc2, 0xa2, 0x11, 0x16, 0x7a, 0xbb, 0x8c,
		0x5e, 0x07, 0x9e, 0x09, 0xe2, 0xc8, 0xa8, 0x33, 0x9c };

	tls_talk_13(&f->talk);
	struct tls_talk rest = f->talk;
	f->talk.count = 1;
	struct tls_build *b = tls_talk_begin(&f->talk, false);
	tls_talk_server_hello(b, 0x0304, 0x1301, 32);
	memcpy(b->bytes + 5 + 4 + 2, retry, sizeof(retry));
	tls_talk_change(b);
	tls_talk_end(&f->talk);
	b = tls_talk_begin(&f->talk, true);
	tls_talk_change(b);
	tls_talk_client_hello(b, "second.example", 32);
	tls_talk_end(&f->talk);
	for (size_t i = 1; i < rest.count; i++) {
		b = tls_talk_begin(&f->talk, rest.pieces[i].from_orig);
		tls_build_bytes(b, rest.said[i].bytes, rest.said[i].size);
		tls_talk_end(&f->talk);
	}
	const char *text = play(f, SIZE_MAX);
	assert_int_equal(f->rig.told, 1);
	assert_non_null(strstr(text, "server_name=www.example.org "));
	assert_non_null(strstr(text, "established=yes ssl_history=CjiICsiI "));
}

int
main(void)
{
#define TLS_TEST(name) cmocka_unit_test_setup_teardown(name, set_up, tear_down)
	const struct CMUnitTest tests[] = {
		TLS_TEST(a_handshake_of_1_2_is_told_once_with_its_certificates),
		TLS_TEST(a_handshake_of_1_3_is_done_when_both_sides_sent_data),
		TLS_TEST(cut_anywhere_it_is_the_same),
		TLS_TEST(it_may_break_off_after_any_byte),
		TLS_TEST(messages_may_lie_in_records_as_they_like),
		TLS_TEST(first_bytes_of_either_side_are_recognised),
		TLS_TEST(what_is_no_hello_is_not_recognised),
		TLS_TEST(a_session_is_resumed_by_its_number),
		TLS_TEST(an_alert_is_told_and_ends_nothing),
		TLS_TEST(a_chain_is_read_up_to_its_cap),
		TLS_TEST(a_certificate_in_pieces_is_kept_up_to_its_cap),
		TLS_TEST(a_quiet_handshake_keeps_what_is_known_of_it),
		TLS_TEST(both_sides_may_speak_at_once),
		TLS_TEST(a_chain_that_is_too_long_is_read_in_part),
		TLS_TEST(a_hello_is_kept_up_to_its_cap),
		TLS_TEST(what_is_lost_in_a_message_leaves_what_came_before),
		TLS_TEST(after_a_gap_the_next_record_is_found),
		TLS_TEST(a_gap_of_any_size_anywhere_does_no_harm),
		TLS_TEST(what_stops_being_tls_is_told_and_done),
		TLS_TEST(what_no_handshake_has_is_told),
		TLS_TEST(behind_a_gap_nothing_is_odd),
		TLS_TEST(a_hello_that_is_none_is_somebody_elses),
		TLS_TEST(ssl_2_may_offer_a_later_version),
		TLS_TEST(behind_a_change_only_hellos_are_in_the_clear),
		TLS_TEST(a_retry_and_a_second_hello_are_one_handshake),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
