/* test_quic.c -- connections from the first datagram on: shuffled, coalesced, retried, hostile. */
#include "daemon/proto/proto.h"
#include "daemon/proto/quic_frames.h"
#include "tests/support/proto_rig.h"
#include "tests/support/quic_build.h"
#include "tests/support/quic_vectors.h"
#include "tests/support/tls_build.h"

#include <netinet/in.h>
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <string.h>

#include <cmocka.h>

extern const struct protocol protocol_quic;

enum { DATAGRAMS_MAX = 40, VERSION_2 = 0x6b3343cf };

static struct proto_rig rig;
static struct quic_build datagrams[DATAGRAMS_MAX];
static struct proto_piece pieces[DATAGRAMS_MAX];
static size_t datagram_count;
static uint8_t hello[TLS_BUILD_MAX];
static size_t hello_size;
static uint32_t version = 1;

/* The handshake message. */
static int
set_up(void **state)
{
	static struct tls_build body;

	(void)state;
	body.size = 0;
	tls_build_chrome_hello(&body, "www.example.org", 0);
	hello[0] = 1;
	hello[1] = 0;
	hello[2] = (uint8_t)(body.size >> 8);
	hello[3] = (uint8_t)body.size;
	memcpy(hello + 4, body.bytes, body.size);
	hello_size = 4 + body.size;
	datagram_count = 0;
	version = 1;
	return 0;
}

static struct quic_build *
datagram(bool from_orig)
{
	struct quic_build *b = &datagrams[datagram_count];

	assert_true(datagram_count < DATAGRAMS_MAX);
	b->size = 0;
	pieces[datagram_count++] = (struct proto_piece){ from_orig, b->bytes, 0 };
	return b;
}

static void
initial(struct quic_build *b, bool is_client, const char *key_id, const char *dcid,
	const struct quic_build *frames)
{
	quic_build_initial(b, &(struct quic_build_initial){ .version = version,
				      .is_client = is_client,
				      .key_id = key_id,
				      .dcid = dcid,
				      .scid = is_client ? "me" : "server",
				      .frames = frames,
				      .number = (unsigned)datagram_count });
}

/* A client's Initial with bytes of its hello. */
static void
client_says(const char *dcid, size_t from, size_t to)
{
	struct quic_build frames = { 0 };

	quic_build_crypto(&frames, from, hello + from, to - from);
	frames.size += 20; /* padding */
	initial(datagram(true), true, dcid, dcid, &frames);
}

/* The server's Initial, a Handshake packet and an ordinary one in one datagram. */
static void
server_answers(const char *key_id)
{
	struct quic_build frames = { 0 };
	struct quic_build *b = datagram(false);

	quic_build_crypto(&frames, 0, "\2\0\0\2hi", 6);
	frames.size += 20;
	initial(b, false, key_id, "me", &frames);
	quic_build_packet(b, version, 2, "me", "server");
	quic_build_short(b);
}

/* The client's last ones. */
static void
client_goes_on(void)
{
	struct quic_build *b = datagram(true);

	quic_build_packet(b, version, 2, "server", "me");
	quic_build_short(b);
}

static const char *
play(void)
{
	for (size_t i = 0; i < datagram_count; i++)
		pieces[i].size = datagrams[i].size;
	return proto_rig_play(&rig, &protocol_quic, pieces, datagram_count, SIZE_MAX);
}

/* "first" and "me" and "server", in hexadecimal. */
#define IDS    "client_initial_dcid=6669727374 client_scid=6d65 server_scid=736572766572 "
#define SAID   "server_name=www.example.org client_protocol=h2 "
#define PRINTS " ja4=q13d1516h2_8daaf6152771_e5627efa2ab1 ja3=" TLS_BUILD_CHROME_JA3 "\n"

static void
a_connection_is_told_when_the_client_uses_its_own_keys(void **state)
{
	(void)state;
	client_says("first", 0, hello_size);
	server_answers("first");
	client_goes_on();
	assert_string_equal(play(), "quic version=1 " IDS SAID "history=ISishoHO" PRINTS);
	assert_int_equal(rig.verdict, PROTO_DONE);
}

static void
every_version_that_is_known_is_read(void **state)
{
	static const struct {
		uint32_t version;
		const char *text;
	} cases[] = { { VERSION_2, "quic version=quicv2 " IDS SAID },
		{ 0xff00001d, "quic version=draft-29 " IDS SAID },
		{ 0xff000022, "quic version=draft-34 " IDS SAID },
		{ 0xff000017, "quic version=draft-23 " IDS SAID } };

	for (size_t i = 0; i < sizeof(cases) / sizeof(cases[0]); i++) {
		(void)set_up(state);
		version = cases[i].version;
		client_says("first", 0, hello_size);
		server_answers("first");
		client_goes_on();
		assert_memory_equal(play(), cases[i].text, strlen(cases[i].text));
	}
}

static void
a_hello_may_come_shuffled_over_several_packets(void **state)
{
	(void)state;
	client_says("first", 200, hello_size);
	client_says("first", 100, 200);
	client_says("first", 0, 100);
	server_answers("first");
	client_goes_on();
	assert_string_equal(play(), "quic version=1 " IDS SAID "history=IIISishoHO" PRINTS);
}

static void
several_packets_may_share_a_datagram(void **state)
{
	struct quic_build frames = { 0 };

	(void)state;
	quic_build_crypto(&frames, 100, hello + 100, hello_size - 100);
	struct quic_build *b = datagram(true);
	initial(b, true, "first", "first", &frames);
	frames.size = 0;
	quic_build_crypto(&frames, 0, hello, 100);
	initial(b, true, "first", "first", &frames);
	quic_build_packet(b, version, 1, "first", "me");
	b->size += 30; /* zeros that are no packet */
	server_answers("first");
	client_goes_on();
	assert_string_equal(play(), "quic version=1 " IDS SAID "history=IISZishoHO" PRINTS);
}

static void
one_that_is_retried_is_told_twice(void **state)
{
	(void)state;
	client_says("first", 0, hello_size);
	quic_build_long(datagram(false), 1, 3, "me", "other");
	quic_build_bytes(&datagrams[1], "token, and a tag of 16", 22);
	client_says("other", 0, hello_size);
	server_answers("other");
	client_goes_on();
	assert_string_equal(play(),
		"quic version=1 client_initial_dcid=6669727374 client_scid=6d65 " SAID
		"history=ISr" PRINTS
		"quic version=1 client_initial_dcid=6f74686572 client_scid=6d65 "
		"server_scid=736572766572 " SAID "history=ISishoHO" PRINTS);
}

static void
one_that_gives_up_after_a_retry_is_told_once(void **state)
{
	(void)state;
	client_says("first", 0, hello_size);
	quic_build_long(datagram(false), 1, 3, "me", "other");
	(void)play();
	assert_int_equal(rig.told, 1);
}

/* A second Retry is against the rules: it must not make more rows. */
static void
nobody_is_retried_twice(void **state)
{
	(void)state;
	for (size_t i = 0; i < 5; i++) {
		client_says("first", 0, hello_size);
		struct quic_build *b = datagram(false);
		quic_build_long(b, 1, 3, "me", "other");
	}
	(void)play();
	assert_int_equal(rig.told, 2);
}

/* After a negotiation of versions the client begins anew: another version, another id. */
static void
a_client_may_begin_anew_with_another_version(void **state)
{
	struct quic_build *b;

	(void)state;
	client_says("early", 0, 100);
	b = datagram(false);
	quic_build_long(b, 0, 0, "me", "early");
	quic_build_bytes(b, "\x6b\x33\x43\xcf", 4);
	version = VERSION_2;
	client_says("first", 0, hello_size);
	server_answers("first");
	client_goes_on();
	assert_string_equal(play(), "quic version=quicv2 " IDS SAID "history=IISishoHO" PRINTS);
}

/* RFC 9368: the server goes on in another version; its keys are made of the same id. */
static void
a_server_may_answer_in_another_version(void **state)
{
	(void)state;
	client_says("first", 0, hello_size);
	version = VERSION_2;
	server_answers("first");
	client_goes_on();
	assert_string_equal(play(), "quic version=quicv2 " IDS SAID "history=ISishoHO" PRINTS);
}

static void
what_cannot_be_opened_is_told_without_a_hello(void **state)
{
	(void)state;
	client_says("first", 0, hello_size);
	datagrams[0].bytes[100] ^= 1;
	server_answers("first");
	client_goes_on();
	assert_string_equal(play(), "quic version=1 " IDS "history=IishoHO\n");
}

static void
a_hello_that_is_never_whole_is_not_told(void **state)
{
	(void)state;
	client_says("first", 0, 100);
	client_says("first", 101, hello_size);
	server_answers("first");
	client_goes_on();
	assert_string_equal(play(), "quic version=1 " IDS "history=IIishoHO\n");
}

/* Sixteen packets are opened, of both sides together. */
static void
a_flow_may_have_so_many_packets_opened(void **state)
{
	for (size_t before = 14; before <= 16; before++) {
		(void)set_up(state);
		for (size_t i = 0; i < before; i++)
			client_says("first", 4, 50);
		client_says("first", 0, hello_size);
		assert_int_equal(strstr(play(), "server_name=") != NULL, before < 16);
	}
}

static void
it_is_told_after_32_datagrams(void **state)
{
	(void)state;
	for (size_t i = 0; i < 31; i++)
		client_says("first", 0, hello_size);
	(void)play();
	assert_int_equal(rig.verdict, PROTO_MORE);
	client_says("first", 0, hello_size);
	assert_non_null(strstr(play(), "history=ISIIIIIIIIIIIIIIIIIIIIIIIIIIIII "));
	assert_int_equal(rig.verdict, PROTO_DONE);
}

static void
versions_that_cannot_be_read_are_named(void **state)
{
	(void)state;
	struct quic_build *b = datagram(true);
	quic_build_bytes(b, "\xc3Q046whatever", 13);
	assert_string_equal(play(), "quic version=Q046 history=U\n");
	assert_int_equal(rig.verdict, PROTO_DONE);
	datagram_count = 0;
	b = datagram(true);
	quic_build_bytes(b,
		"\x0d"
		"12345678Q034\1CHLO",
		18);
	assert_string_equal(play(), "quic version=Q034 history=U\n");
	datagram_count = 0;
	quic_build_long(datagram(true), 0xfaceb001, 0, "first", "me");
	assert_string_equal(play(), "quic version=mvfst (faceb001) client_initial_dcid=6669727374 "
				    "client_scid=6d65 history=U\n");
	assert_int_equal(rig.verdict, PROTO_DONE);
}

static void
one_that_is_closed_is_told_so(void **state)
{
	struct quic_build frames = { .size = 40, .bytes = "\x1c\0\0\0" };

	(void)state;
	client_says("first", 0, hello_size);
	initial(datagram(false), false, "first", "me", &frames);
	assert_non_null(strstr(play(), "history=ISic "));
}

/* RFC 9001 appendix A, as one connection. */
static void
the_example_of_the_appendix_is_told(void **state)
{
	(void)state;
	struct quic_build *b = datagram(true);
	b->size = quic_vector(QUIC_VECTOR_1_CLIENT, b->bytes, sizeof(b->bytes));
	b = datagram(false);
	b->size = quic_vector(QUIC_VECTOR_1_SERVER, b->bytes, sizeof(b->bytes));
	assert_memory_equal(play(),
		"quic version=1 client_initial_dcid=8394c8f03e515708 client_scid= "
		"server_scid=f067a5502a4262b5 server_name=example.com client_protocol=alpn "
		"history=ISis ja4=q13d0309an_",
		150);
}

static void
datagrams_may_be_cut_anywhere(void **state)
{
	(void)state;
	client_says("first", 0, hello_size);
	server_answers("first");
	size_t all = datagrams[0].size + datagrams[1].size;
	for (size_t i = 0; i < datagram_count; i++)
		pieces[i].size = datagrams[i].size;
	for (size_t total = 1; total <= all; total++) {
		const char *text =
			proto_rig_truncate(&rig, &protocol_quic, pieces, datagram_count, total);
		assert_int_equal(strstr(text, "server_name=") != NULL, total >= datagrams[0].size);
	}
}

static void
it_is_recognised_by_its_header(void **state)
{
	struct quic_build b = { 0 };

	(void)state;
	proto_rig_init(&rig, &protocol_quic);
	quic_build_packet(&b, 1, 2, "d", "s");
	assert_int_equal(proto_rig_guess(&rig, true, b.bytes, b.size), PROTO_YES);
	assert_int_equal(proto_rig_guess(&rig, false, b.bytes, b.size - 1), PROTO_NO);
	b.bytes[0] &= (uint8_t)~0x40U;
	assert_int_equal(proto_rig_guess(&rig, true, b.bytes, b.size), PROTO_NO);
	b.size = 0;
	quic_build_short(&b);
	assert_int_equal(proto_rig_guess(&rig, true, b.bytes, b.size), PROTO_NO);
	b.size = 0;
	quic_build_long(&b, 0, 0, "d", "s");
	assert_int_equal(proto_rig_guess(&rig, true, b.bytes, b.size), PROTO_NO);
	b.size = 0;
	quic_build_long(&b, 0x10010000, 0, "d", "s");
	assert_int_equal(proto_rig_guess(&rig, true, b.bytes, b.size), PROTO_NO);
	b.size = 0;
	quic_build_long(&b, 0xfaceb002, 0, "d", "s");
	assert_int_equal(proto_rig_guess(&rig, true, b.bytes, b.size), PROTO_YES);
	assert_int_equal(proto_rig_guess(&rig, true,
				 "\x0d"
				 "12345678Q034\1",
				 14),
		PROTO_YES);
	assert_int_equal(proto_rig_guess(&rig, true, "", 0), PROTO_NO);
	/* A question about "a.". */
	assert_int_equal(
		proto_rig_guess(&rig, true, "\xc3\x12\1\0\0\1\0\0\0\0\0\0\1a\0\0\1\0\1", 19),
		PROTO_NO);
	proto_rig_done(&rig);
	assert_string_equal(protocol_quic.name, "quic");
	assert_int_equal(protocol_quic.ip_proto, IPPROTO_UDP);
}

int
main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test_setup(
			a_connection_is_told_when_the_client_uses_its_own_keys, set_up),
		cmocka_unit_test_setup(every_version_that_is_known_is_read, set_up),
		cmocka_unit_test_setup(a_hello_may_come_shuffled_over_several_packets, set_up),
		cmocka_unit_test_setup(several_packets_may_share_a_datagram, set_up),
		cmocka_unit_test_setup(one_that_is_retried_is_told_twice, set_up),
		cmocka_unit_test_setup(one_that_gives_up_after_a_retry_is_told_once, set_up),
		cmocka_unit_test_setup(nobody_is_retried_twice, set_up),
		cmocka_unit_test_setup(a_client_may_begin_anew_with_another_version, set_up),
		cmocka_unit_test_setup(a_server_may_answer_in_another_version, set_up),
		cmocka_unit_test_setup(what_cannot_be_opened_is_told_without_a_hello, set_up),
		cmocka_unit_test_setup(a_hello_that_is_never_whole_is_not_told, set_up),
		cmocka_unit_test_setup(a_flow_may_have_so_many_packets_opened, set_up),
		cmocka_unit_test_setup(it_is_told_after_32_datagrams, set_up),
		cmocka_unit_test_setup(versions_that_cannot_be_read_are_named, set_up),
		cmocka_unit_test_setup(one_that_is_closed_is_told_so, set_up),
		cmocka_unit_test_setup(the_example_of_the_appendix_is_told, set_up),
		cmocka_unit_test_setup(datagrams_may_be_cut_anywhere, set_up),
		cmocka_unit_test(it_is_recognised_by_its_header),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
