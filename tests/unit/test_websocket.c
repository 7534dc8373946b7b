/* test_websocket.c -- what goes through WebSocket is told as if it went by itself, however it is framed. */
#include "tests/support/proto_cuts.h"

#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <string.h>

#include <cmocka.h>

extern const struct protocol protocol_websocket;

enum {
	TEXT = 0x81,
	BINARY = 0x82,
	GOES_ON = 0x01,
	MORE = 0x00,
	LAST = 0x80,
	CLOSE = 0x88,
	PING = 0x89
};
enum { TALK_PIECES = 16, TALK_BYTES = 70000 };

struct talk {
	size_t count, used;
	struct proto_piece pieces[TALK_PIECES];
	uint8_t bytes[TALK_BYTES];
};

static struct talk talk;
static struct proto_rig rig;

static int
set_up(void **state)
{
	(void)state;
	talk.count = talk.used = 0;
	return 0;
}

/* One more frame, masked if it is the client's. */
static void
frame(bool from_orig, uint8_t first, const void *text, size_t size)
{
	static const uint8_t key[] = { 0x12, 0, 0xff, 0x80 };
	uint8_t *begin = talk.bytes + talk.used;
	uint8_t *out = begin;
	uint8_t mask = from_orig ? 0x80 : 0;

	assert_true(talk.count < TALK_PIECES && talk.used + size + 14 <= TALK_BYTES);
	*out++ = first;
	if (size < 126) {
		*out++ = (uint8_t)(mask | size);
	} else {
		bool is_long = size > UINT16_MAX;
		*out++ = mask | (is_long ? 127 : 126);
		for (unsigned shift = is_long ? 64 : 16; shift > 0; shift -= 8)
			*out++ = (uint8_t)((uint64_t)size >> (shift - 8));
	}
	if (from_orig) {
		memcpy(out, key, sizeof(key));
		out += sizeof(key);
	}
	for (size_t i = 0; i < size; i++)
		*out++ = ((const uint8_t *)text)[i] ^ (from_orig ? key[i % 4] : 0);
	talk.used += (size_t)(out - begin);
	talk.pieces[talk.count++] = (struct proto_piece){ from_orig, begin, (size_t)(out - begin) };
}

static void
say(bool from_orig, const char *text)
{
	frame(from_orig, TEXT, text, strlen(text));
}

static void
log_in(void)
{
	say(false, "+OK POP3 ready\r\n");
	say(true, "USER anna\r\n");
	say(false, "+OK\r\n");
	say(true, "PASS secret\r\n");
	say(false, "+OK welcome\r\n");
}

static const char logged_in[] = "- proto=pop3 success=yes user=anna method=USER known_by=reply\n";

static void
what_is_inside_is_told_however_it_is_cut(void **state)
{
	(void)state;
	log_in();
	proto_cuts(&protocol_websocket, talk.pieces, talk.count, logged_in);
	(void)proto_rig_play(&rig, &protocol_websocket, talk.pieces, talk.count, 1);
	assert_string_equal(rig.also, "pop3");
}

static void
frames_may_go_on_and_others_come_between(void **state)
{
	(void)state;
	frame(false, GOES_ON, BYTES("+OK POP3 "));
	frame(false, PING, BYTES("+OK no"));
	frame(false, MORE, BYTES("")); /* an empty one */
	frame(false, LAST, BYTES("ready\r\n"));
	frame(true, BINARY, BYTES("USER an"));
	frame(true, BINARY, BYTES("na\r\n"));
	say(false, "+OK\r\n");
	say(true, "PASS secret\r\n");
	say(false, "+OK welcome\r\n");
	proto_cuts(&protocol_websocket, talk.pieces, talk.count, logged_in);
}

static void
lengths_of_all_three_kinds_are_read(void **state)
{
	static char greeting[66000];
	static const char begin[] = { '+', 'O', 'K', ' ' };
	static const size_t sizes[] = { 125, 126, UINT16_MAX, UINT16_MAX + 1 };

	for (size_t i = 0; i < sizeof(sizes) / sizeof(sizes[0]); i++) {
		memset(greeting, 'x', sizeof(greeting));
		memcpy(greeting, begin, sizeof(begin));
		greeting[sizes[i] - 2] = '\r';
		greeting[sizes[i] - 1] = '\n';
		(void)set_up(state);
		frame(false, TEXT, greeting, sizes[i]);
		say(true, "USER anna\r\n");
		say(false, "+OK\r\n");
		say(true, "PASS secret\r\n");
		say(false, "+OK welcome\r\n");
		assert_string_equal(proto_rig_play(&rig, &protocol_websocket, talk.pieces,
					    talk.count, SIZE_MAX),
			logged_in);
	}
}

static void
it_is_over_when_who_is_inside_has_seen_all_or_a_side_closes(void **state)
{
	log_in();
	proto_rig_init(&rig, &protocol_websocket);
	for (size_t i = 0; i < talk.count; i++)
		proto_rig_feed(
			&rig, talk.pieces[i].from_orig, talk.pieces[i].bytes, talk.pieces[i].size);
	assert_int_equal(rig.verdict, PROTO_DONE);
	proto_rig_done(&rig);
	for (unsigned bad = 0; bad < 2; bad++) {
		(void)set_up(state);
		say(true, "SSH-2.0-a\r\n");
		frame(false, bad != 0 ? 0x83 : CLOSE, BYTES("\3\350"));
		proto_rig_init(&rig, &protocol_websocket);
		proto_rig_feed(&rig, true, talk.pieces[0].bytes, talk.pieces[0].size);
		assert_int_equal(rig.verdict, PROTO_MORE);
		proto_rig_feed(&rig, false, talk.pieces[1].bytes, talk.pieces[1].size);
		assert_int_equal(rig.verdict, PROTO_DONE);
		assert_non_null(strstr(rig.text, "client=SSH-2.0-a"));
		proto_rig_done(&rig);
	}
}

static void
what_nobody_knows_is_nobodys(void **state)
{
	(void)state;
	frame(false, TEXT, BYTES("{}")); /* too short for everybody to say no */
	frame(false, TEXT,
		BYTES("{\"a JSON message\": \"that goes on beyond sixty-four bytes, and "
		      "means nothing\"}"));
	proto_rig_init(&rig, &protocol_websocket);
	for (size_t i = 0; i < talk.count && !rig.is_over; i++)
		proto_rig_feed(&rig, false, talk.pieces[i].bytes, talk.pieces[i].size);
	assert_int_equal(rig.verdict, PROTO_NOT_MINE);
	assert_int_equal(rig.told, 0);
	proto_rig_done(&rig);
}

static void
only_frames_with_something_known_in_them_are_recognised(void **state)
{
	(void)state;
	say(true, "SSH-2.0-a\r\n");
	say(false, "SSH-2.0-b\r\n");
	proto_rig_init(&rig, &protocol_websocket);
	for (unsigned side = 0; side < 2; side++) {
		const struct proto_piece *p = &talk.pieces[side];
		assert_int_equal(proto_rig_guess(&rig, p->from_orig, p->bytes, p->size), PROTO_YES);
		assert_int_equal(proto_rig_guess(&rig, p->from_orig, p->bytes, 1), PROTO_PERHAPS);
		assert_int_equal(
			proto_rig_guess(&rig, p->from_orig, p->bytes, p->size - 9), PROTO_PERHAPS);
		/* A client masks, a server does not. */
		assert_int_equal(proto_rig_guess(&rig, !p->from_orig, p->bytes, p->size), PROTO_NO);
	}
	assert_int_equal(proto_rig_guess(&rig, true, talk.pieces[0].bytes, 5), PROTO_PERHAPS);
	assert_int_equal(
		proto_rig_guess(&rig, false,
			BYTES("\x81\x42{\"a JSON message\": \"that goes on beyond sixty-four bytes, for "
			      "nothing\"}")),
		PROTO_NO);
	assert_int_equal(proto_rig_guess(&rig, false, BYTES("\xc1\x0bSSH-2.0-b\r\n")), PROTO_NO);
	assert_int_equal(proto_rig_guess(&rig, false, BYTES("\x83\x0bSSH-2.0-b\r\n")), PROTO_NO);
	assert_int_equal(proto_rig_guess(&rig, false, BYTES("\x89\x0bSSH-2.0-b\r\n")), PROTO_NO);
	assert_int_equal(proto_rig_guess(&rig, false, BYTES("\x80\x0bSSH-2.0-b\r\n")), PROTO_NO);
	proto_rig_done(&rig);
}

/* Whoever is inside knows what to do with a gap; without a frame nobody does. */
static void
what_is_lost_in_a_frame_is_lost_inside(void **state)
{
	static char body[1000];

	memset(body, 'x', sizeof(body));
	(void)state;
	say(false, "+OK POP3 ready\r\n");
	frame(false, TEXT, body, sizeof(body));
	say(true, "USER anna\r\n");
	say(false, "+OK\r\n");
	for (uint32_t missing = 996; missing <= 997; missing++) {
		proto_rig_init(&rig, &protocol_websocket);
		proto_rig_feed(&rig, false, talk.pieces[0].bytes, talk.pieces[0].size);
		proto_rig_feed(&rig, false, talk.pieces[1].bytes, 8);
		proto_rig_gap(&rig, false, missing);
		assert_int_equal(rig.is_over, missing == 997);
		proto_rig_done(&rig);
	}
}

static void
behind_lost_bytes_the_key_and_the_frames_go_on(void **state)
{
	static const char head[] =
		"POST /first HTTP/1.1\r\nHost: a\r\nContent-Length: 1003\r\n\r\n";
	static char rest[1003 + 32];
	int size = snprintf(rest, sizeof(rest), "%1003s%s", "", "GET /second HTTP/1.1\r\n\r\n");

	(void)state;
	say(true, head);
	frame(true, BINARY, rest, (size_t)size);
	say(true, "GET /third HTTP/1.1\r\n\r\n");
	proto_rig_init(&rig, &protocol_websocket);
	proto_rig_feed(&rig, true, talk.pieces[0].bytes, talk.pieces[0].size);
	const uint8_t *second = talk.pieces[1].bytes;
	enum { CAME = 8 + 2, LOST = 997 };
	proto_rig_feed(&rig, true, second, CAME);
	proto_rig_gap(&rig, true, LOST);
	proto_rig_feed(&rig, true, second + CAME + LOST, talk.pieces[1].size - CAME - LOST);
	proto_rig_feed(&rig, true, talk.pieces[2].bytes, talk.pieces[2].size);
	proto_rig_end(&rig);
	assert_non_null(strstr(rig.text, "uri=/first "));
	assert_non_null(strstr(rig.text, "uri=/second "));
	assert_non_null(strstr(rig.text, "uri=/third "));
	proto_rig_done(&rig);
}

int
main(void)
{
#define CASE(name) cmocka_unit_test_setup(name, set_up)
	const struct CMUnitTest tests[] = {
		CASE(what_is_inside_is_told_however_it_is_cut),
		CASE(frames_may_go_on_and_others_come_between),
		CASE(lengths_of_all_three_kinds_are_read),
		CASE(it_is_over_when_who_is_inside_has_seen_all_or_a_side_closes),
		CASE(what_nobody_knows_is_nobodys),
		CASE(only_frames_with_something_known_in_them_are_recognised),
		CASE(what_is_lost_in_a_frame_is_lost_inside),
		CASE(behind_lost_bytes_the_key_and_the_frames_go_on),
	};
#undef CASE

	return cmocka_run_group_tests(tests, NULL, NULL);
}
