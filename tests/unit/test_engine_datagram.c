/* test_engine_datagram.c -- who reads datagrams, and what is remembered of them, as long as there is something. */
#include "daemon/base/time_text.h"
#include "daemon/engine/engine_datagram.h"
#include "daemon/engine/engine_state.h"
#include "daemon/transactions/dns.h"
#include "detectors/detector.h"
#include "tests/support/engine_rig.h"
#include "tests/support/packet_build.h"

#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include <cmocka.h>

#define QUESTION    "\2ab\1c\0\0\1\0\1"
#define ASKS(id)    "\0" id "\1\0\0\1\0\0\0\0\0\0" QUESTION
#define ANSWERS(id) "\0" id "\x81\x80\0\1\0\0\0\0\0\0" QUESTION
enum { MESSAGE_BYTES = 12 + 10 };

/* What the engine showed, in a line for each. */
static char shown[4096];

static void
observe(struct detect *d, const struct observation *o)
{
	size_t used = strlen(shown);

	(void)d;
	if (o->kind == OBS_STUN) {
		(void)snprintf(shown + used, sizeof(shown) - used, "stun\n");
		return;
	}
	(void)snprintf(shown + used, sizeof(shown) - used, "%s from %u %s\n", o->dns->query,
		o->talk->orig_port, dns_is_answered(o->dns) ? "answered" : "alone");
}

static const struct detector watcher = {
	.name = "watcher", .subscribes = OBS_BIT(OBS_DNS) | OBS_BIT(OBS_STUN), .observe = observe
};

static int
set_up(void **state)
{
	struct engine_rig *r = calloc(1, sizeof(*r));

	assert_non_null(r);
	engine_rig_init(r);
	engine_rig_detector(r, &watcher, NULL);
	engine_rig_start(r);
	shown[0] = '\0';
	*state = r;
	return 0;
}

static int
tear_down(void **state)
{
	struct engine_rig *r = *state;

	if (r->engine != NULL)
		engine_rig_finish(r);
	free(r);
	return 0;
}

/* A datagram between 10.0.0.1 and its name server. */
static void
tell(struct engine_rig *r, bool is_answer, uint16_t port, const void *bytes, uint32_t size)
{
	static uint64_t now_ns;
	uint8_t frame[512];
	struct build b = build_between("10.0.0.1", 1, "10.0.0.2", 2);

	if (shown[0] == '\0' && now_ns == 0)
		now_ns = RIG_BASE_S * NS_PER_S;
	now_ns += NS_PER_MS;
	b.src = addr_v4(10, 0, 0, is_answer ? 53 : 1);
	b.dst = addr_v4(10, 0, 0, is_answer ? 1 : 53);
	b.src_port = is_answer ? 53 : port;
	b.dst_port = is_answer ? port : 53;
	b.payload = bytes;
	b.payload_bytes = size;
	struct frame f = build_frame(&b, frame, build_udp(frame, &b), now_ns);
	engine_packets(r->engine, &f, 1);
}

static void
what_was_asked_is_remembered_until_it_is_answered(void **state)
{
	struct engine_rig *r = *state;
	const struct pool *used = &r->engine->streams.streams;

	tell(r, false, 5000, ASKS("\1"), MESSAGE_BYTES);
	assert_int_equal(used->used, 1);
	tell(r, false, 5000, ASKS("\2"), MESSAGE_BYTES);
	tell(r, true, 5000, ANSWERS("\1"), MESSAGE_BYTES);
	assert_int_equal(used->used, 1);
	tell(r, true, 5000, ANSWERS("\2"), MESSAGE_BYTES);
	assert_int_equal(used->used, 0); /* nothing waits */
	tell(r, false, 5000, ASKS("\3"), MESSAGE_BYTES);
	assert_int_equal(used->used, 1);
	assert_string_equal(shown, "ab.c from 5000 answered\nab.c from 5000 answered\n");
	engine_rig_finish(r);
	assert_string_equal(
		shown, "ab.c from 5000 answered\nab.c from 5000 answered\nab.c from 5000 alone\n");
}

static void
who_makes_room_tells_what_is_pending_and_reads_on(void **state)
{
	struct engine_rig *r = *state;

	tell(r, false, 5000, ASKS("\1"), MESSAGE_BYTES);
	for (uint16_t port = 10000; r->engine->streams.evicted == 0; port++)
		tell(r, false, port, ASKS("\1"), MESSAGE_BYTES);
	assert_string_equal(shown, "ab.c from 5000 alone\n");
	tell(r, true, 5000, ANSWERS("\1"), MESSAGE_BYTES);
	assert_string_equal(shown + strlen("ab.c from 5000 alone\n"),
		"ab.c from 10000 alone\nab.c from 5000 answered\n");
}

static void
one_of_the_first_datagrams_of_a_side_decides(void **state)
{
	struct engine_rig *r = *state;

	for (unsigned i = 0; i < ENGINE_DATAGRAM_FIRST; i++) {
		tell(r, false, 5000, "nothing that anybody knows", 26);
		tell(r, true, 5000, "nothing that anybody knows", 26);
		tell(r, false, 6000, "nothing that anybody knows", 26);
	}
	tell(r, false, 5000, ASKS("\1"), MESSAGE_BYTES);
	tell(r, true, 5000, ANSWERS("\1"), MESSAGE_BYTES);
	assert_string_equal(shown, "ab.c from 5000 answered\n");
	tell(r, false, 6000, "nothing that anybody knows", 26);
	tell(r, false, 6000, ASKS("\1"), MESSAGE_BYTES);
	tell(r, true, 6000, ANSWERS("\1"), MESSAGE_BYTES);
	assert_string_equal(shown, "ab.c from 5000 answered\n");
	assert_int_equal(r->engine->streams.streams.used, 0);
}

/* STUN's answer that maps 0.0.0.1, and a request. */
#define KEY       "\41\22\244\102abcdefghijkl"
#define MAPS      "\1\1\0\14" KEY "\0\40\0\10\0\1\41\23\41\22\244\103"
#define LOOKS     "\0\1\0\0" KEY
#define MEDIA     "\200\0 media"
#define SAY(text) (text), sizeof(text) - 1

static void
who_hands_on_lets_others_be_asked(void **state)
{
	struct engine_rig *r = *state;

	tell(r, false, 5000, SAY(LOOKS));
	tell(r, true, 5000, SAY(MAPS));
	tell(r, false, 5000, SAY(LOOKS)); /* is not asked again */
	tell(r, true, 5000, SAY(MAPS));
	tell(r, false, 5000, ASKS("\1"), MESSAGE_BYTES);
	tell(r, true, 5000, ANSWERS("\1"), MESSAGE_BYTES);
	assert_string_equal(shown, "stun\nab.c from 5000 answered\n");
	/* The datagram by which it is known that another one speaks is the other's. */
	shown[0] = '\0';
	tell(r, false, 5001, SAY(LOOKS));
	tell(r, false, 5001, ASKS("\1"), MESSAGE_BYTES);
	tell(r, true, 5001, ANSWERS("\1"), MESSAGE_BYTES);
	assert_string_equal(shown, "ab.c from 5001 answered\n");
}

static void
so_many_are_asked_about_after_that_and_no_more(void **state)
{
	struct engine_rig *r = *state;

	for (uint16_t port = 5000; port < 5002; port++) {
		tell(r, false, port, SAY(LOOKS));
		tell(r, true, port, SAY(MAPS));
		for (unsigned i = 0; i < ENGINE_DATAGRAM_TRIES + port - 5000U; i++)
			tell(r, false, port, SAY(MEDIA));
	}
	for (uint16_t port = 5000; port < 5002; port++) {
		tell(r, false, port, ASKS("\1"), MESSAGE_BYTES);
		tell(r, true, port, ANSWERS("\1"), MESSAGE_BYTES);
	}
	assert_string_equal(shown, "stun\nstun\nab.c from 5000 answered\n");
}

#define DATAGRAM_TEST(name) cmocka_unit_test_setup_teardown(name, set_up, tear_down)

int
main(void)
{
	const struct CMUnitTest tests[] = {
		DATAGRAM_TEST(what_was_asked_is_remembered_until_it_is_answered),
		DATAGRAM_TEST(who_makes_room_tells_what_is_pending_and_reads_on),
		DATAGRAM_TEST(one_of_the_first_datagrams_of_a_side_decides),
		DATAGRAM_TEST(who_hands_on_lets_others_be_asked),
		DATAGRAM_TEST(so_many_are_asked_about_after_that_and_no_more),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
