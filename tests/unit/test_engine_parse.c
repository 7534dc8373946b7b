/* test_engine_parse.c -- who reads a flow: recognised on either side, let go, ended; any grouping of packets. */
#include "daemon/base/time_text.h"
#include "daemon/engine/engine_state.h"
#include "daemon/transactions/dns.h"
#include "daemon/transactions/file.h"
#include "daemon/transactions/nd.h"
#include "detectors/detector.h"
#include "tests/evasion/evasion_tcp.h"

#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include <cmocka.h>

enum { FRAMES_MAX = 512, FRAME_BYTES = 2048 };

/* 17 bytes that no parser wants. */
#define NOBODYS "\xf7nobody's words\r\n"

/* What the engine showed, in a line for each. */
static char shown[1 << 16];
static uint16_t shown_by; /* the interface of the last DNS that it showed */

static void
observe(struct detect *d, const struct observation *o)
{
	size_t used = strlen(shown);
	char addr[ADDR_TEXT_MAX];

	(void)d;
	if (o->kind == OBS_DNS)
		shown_by = o->interface;
	if (o->kind == OBS_DNS)
		(void)snprintf(shown + used, sizeof(shown) - used, "%s asked for %s at %llu\n",
			addr_format(&o->dns->client, addr), o->dns->query,
			(unsigned long long)(o->ts_ns - RIG_BASE_S * NS_PER_S));
	else if (o->kind == OBS_FILE)
		(void)snprintf(shown + used, sizeof(shown) - used, "a file of %llu bytes\n",
			(unsigned long long)o->file->seen_bytes);
	else if (o->kind == OBS_ND)
		(void)snprintf(shown + used, sizeof(shown) - used, "%s %s\n", o->nd->type,
			addr_format(&o->nd->target, addr));
	else
		(void)snprintf(
			shown + used, sizeof(shown) - used, "%s\n", weird_name(o->weird->kind));
}

static const struct detector watcher = {
	.name = "watcher",
	.subscribes = OBS_BIT(OBS_DNS) | OBS_BIT(OBS_ND) | OBS_BIT(OBS_FILE) | OBS_BIT(OBS_WEIRD),
	.observe = observe,
};

struct fixture {
	struct engine_rig *rig;
	struct evasion v; /* sends to the rig's engine at once */
	struct talk talk;
};

static int
set_up(void **state)
{
	struct fixture *f = calloc(1, sizeof(*f));

	assert_non_null(f);
	f->rig = calloc(1, sizeof(*f->rig));
	assert_non_null(f->rig);
	engine_rig_init(f->rig);
	engine_rig_detector(f->rig, &watcher, NULL);
	engine_rig_start(f->rig);
	f->v = (struct evasion){ .rig = f->rig, .now_ns = RIG_BASE_S * NS_PER_S };
	f->talk = talk_new(&f->v);
	shown[0] = '\0';
	*state = f;
	return 0;
}

static int
tear_down(void **state)
{
	struct fixture *f = *state;

	if (f->rig->engine != NULL)
		engine_rig_finish(f->rig);
	free(f->rig);
	free(f);
	return 0;
}

static const char *
service_after_all(struct fixture *f)
{
	engine_rig_finish(f->rig);
	assert_in_range(f->rig->flow_count, 1, ENGINE_RIG_MAX);
	return f->rig->flows[f->rig->flow_count - 1].service;
}

/* Its type and code are in what the parser reads; from beyond a router it is no neighbour's. */
static void
a_neighbour_is_heard_from_its_first_message_on(void **state)
{
	struct fixture *f = *state;
	struct build b = build_between("fe80::1", 0, "fe80::2", 0);
	static const uint8_t target[16] = { 0xfe, 0x80, [15] = 2 };

	b.icmp_type = 135;
	b.payload = target;
	b.payload_bytes = sizeof(target);
	b.ttl = 255;
	evasion_send(&f->v, build_icmp, &b);
	b.ttl = 254;
	evasion_send(&f->v, build_icmp, &b);
	assert_string_equal(shown, "neighbor_solicitation fe80::2\n");
	assert_string_equal(service_after_all(f), "");
}

/* The client's bytes. */
static void
ask(struct fixture *f, const void *bytes, uint32_t size)
{
	struct build b = f->talk.client;

	b.payload = bytes;
	b.payload_bytes = size;
	evasion_send(&f->v, build_tcp, &b);
	f->talk.client.seq += size;
	f->talk.server.ack += size;
}

static void
the_server_is_recognised_when_the_client_is_silent(void **state)
{
	struct fixture *f = *state;

	talk_open(&f->talk);
	talk_all(&f->talk);
	assert_string_equal(shown, "10.0.0.7 asked for marker.example at 3000000\n");
	assert_string_equal(service_after_all(f), "dns");
}

/* A proxy is told where to go, and goes there. */
static void
what_comes_through_a_proxy_is_recognised_anew(void **state)
{
	static const uint8_t request[] = "CONNECT a:53 HTTP/1.1\r\n\r\n";
	static const uint8_t granted[] = "HTTP/1.1 200 OK\r\n\r\n";
	struct fixture *f = *state;

	talk_open(&f->talk);
	ask(f, request, sizeof(request) - 1);
	struct build b = f->talk.server;
	b.payload = granted;
	b.payload_bytes = sizeof(granted) - 1;
	evasion_send(&f->v, build_tcp, &b);
	f->talk.server.seq += sizeof(granted) - 1;
	f->talk.client.ack += sizeof(granted) - 1;
	talk_all(&f->talk);
	assert_string_equal(
		shown, "foreign_protocol\n10.0.0.7 asked for marker.example at 5000000\n");
	assert_string_equal(service_after_all(f), "http,dns");
}

static void
a_side_that_nobody_wants_does_not_hide_the_other(void **state)
{
	struct fixture *f = *state;

	talk_open(&f->talk);
	ask(f, NOBODYS, 17);
	talk_all(&f->talk);
	assert_string_equal(shown, "10.0.0.7 asked for marker.example at 4000000\n");
	assert_string_equal(service_after_all(f), "dns");
}

static void
two_sides_that_nobody_wants_cost_nothing_more(void **state)
{
	struct fixture *f = *state;

	talk_open(&f->talk);
	ask(f, NOBODYS, 17);
	talk_send(&f->talk, (const uint8_t *)NOBODYS, 0, 17);
	f->talk.at += 17;
	talk_all(&f->talk);
	assert_string_equal(shown, "");
	assert_string_equal(service_after_all(f), "");
}

static void
say(struct fixture *f, const char *bytes)
{
	uint32_t size = (uint32_t)strlen(bytes);

	talk_send(&f->talk, (const uint8_t *)bytes, 0, size);
	f->talk.at += size;
}

static void
after_one_protocol_another_may_begin(void **state)
{
	struct fixture *f = *state;

	talk_open(&f->talk);
	say(f, "220 x ESMTP\r\n");
	ask(f, "EHLO a\r\nSTARTTLS\r\n", 18);
	say(f, "250 STARTTLS\r\n220 go\r\n");
	talk_all(&f->talk);
	assert_string_equal(
		shown, "foreign_protocol\n10.0.0.7 asked for marker.example at 6000000\n");
	assert_string_equal(service_after_all(f), "smtp,dns");
}

static void
what_one_side_holds_is_read_before_what_the_other_says(void **state)
{
	struct fixture *f = *state;
	uint8_t other[EVASION_MESSAGE_MAX + 2];
	uint32_t size = talk_message(other, "first.example");

	talk_open(&f->talk);
	ask(f, other, 5);
	talk_tell(&f->talk, 0, f->talk.size);
	ask(f, other + 5, size - 5);
	assert_string_equal(shown, "10.0.0.7 asked for marker.example at 4000000\n"
				   "10.0.0.53 asked for first.example at 5000000\n");
}

static void
what_waits_is_read_when_the_flow_ends(void **state)
{
	struct fixture *f = *state;

	f->v.interface = 3;
	talk_open(&f->talk);
	f->talk.at = 100;
	talk_tell(&f->talk, 0, f->talk.size);
	assert_string_equal(shown, "");
	evasion_wait(&f->v, 2);
	assert_string_equal(shown, "");
	assert_string_equal(service_after_all(f), "dns");
	assert_string_equal(shown, "10.0.0.7 asked for marker.example at 2004000000\n");
	assert_int_equal(shown_by, 3);
}

/* What its hosts have done with takes no room until its time is out. */
static void
a_connection_that_both_sides_have_ended_is_not_kept(void **state)
{
	struct fixture *f = *state;
	const struct stream_table *streams = &f->rig->engine->streams;

	talk_open(&f->talk);
	talk_all(&f->talk);
	assert_int_equal(streams->streams.used, 1);
	talk_close(&f->talk);
	assert_int_equal(streams->streams.used, 0);
	assert_int_equal(streams->memory.used_units, 0);
	assert_string_equal(service_after_all(f), "dns");
}

static void
gaps_count_when_a_parser_has_them(void **state)
{
	struct fixture *f = *state;

	talk_open(&f->talk);
	talk_all(&f->talk);
	f->talk.at = f->talk.size;
	talk_ack(&f->talk, 70);
	assert_int_equal(engine_stats(f->rig->engine).stream_gap_bytes, 70);
}

/* The server says `count` times something that is no message. */
static void
mumble(struct fixture *f, unsigned count)
{
	for (unsigned i = 0; i < count; i++) {
		talk_send(&f->talk, (const uint8_t *)NOBODYS, 0, 17);
		f->talk.at += 17;
	}
}

/* It does, and then says the message. returns the flow's service */
static const char *
service_after_mumbling(struct fixture *f, unsigned count)
{
	mumble(f, count);
	assert_int_equal(f->rig->engine->streams.streams.used, 0);
	talk_all(&f->talk);
	return service_after_all(f);
}

static void
from_the_middle_on_eight_segments_may_be_nobodys(void **state)
{
	assert_string_equal(service_after_mumbling(*state, 8), "dns");
	assert_string_equal(shown, "10.0.0.7 asked for marker.example at 8000000\n");
}

static void
from_the_middle_on_nine_are_too_many(void **state)
{
	assert_string_equal(service_after_mumbling(*state, 9), "");
	assert_string_equal(shown, "");
}

/* An unusual segment is asked about with a stream: what was asked without one counts. */
static const char *
service_after_an_odd_one(struct fixture *f, unsigned before, unsigned after)
{
	mumble(f, before);
	f->talk.server.flags |= TCP_URG;
	mumble(f, 1);
	f->talk.server.flags &= (uint8_t)~TCP_URG;
	assert_int_equal(f->rig->engine->streams.streams.used, 1);
	mumble(f, after);
	talk_all(&f->talk);
	return service_after_all(f);
}

static void
eight_are_eight_with_a_stream_as_well(void **state)
{
	assert_string_equal(service_after_an_odd_one(*state, 4, 3), "dns");
}

static void
nine_are_nine_with_a_stream_as_well(void **state)
{
	assert_string_equal(service_after_an_odd_one(*state, 4, 4), "");
}

/* What the other side said meanwhile, and nobody wanted, is not awaited. */
static void
from_the_middle_on_the_other_side_goes_on_where_it_stands(void **state)
{
	struct fixture *f = *state;

	mumble(f, 1);
	ask(f, NOBODYS, 17);
	talk_all(&f->talk);
	assert_string_equal(shown, "10.0.0.7 asked for marker.example at 2000000\n");
	assert_int_equal(engine_stats(f->rig->engine).stream_gap_bytes, 0);
}

/* A client and a server of FTP agree that the server's data goes from 10.0.0.53 to the client's port 40000. */
static void
announce(struct fixture *f)
{
	struct talk control = talk_new(&f->v);

	control.client.dst_port = control.server.src_port = 21;
	control.client.src_port = control.server.dst_port = 3000;
	talk_open(&control);
	struct build b = control.client;
	b.payload = (const uint8_t *)"USER a\r\nPORT 10,0,0,7,156,64\r\n";
	b.payload_bytes = 30;
	evasion_send(&f->v, build_tcp, &b);
}

/* The connection that was announced, in which the server says a text. returns its service */
static const char *
service_of_data(struct fixture *f, const char *text)
{
	struct build syn = f->talk.server;
	struct build answer = f->talk.client;

	f->talk.server.src_port = f->talk.client.dst_port = 20;
	syn.src_port = answer.dst_port = 20;
	syn.seq--;
	syn.flags = TCP_SYN;
	syn.ack = 0;
	evasion_send(&f->v, build_tcp, &syn);
	answer.seq--;
	answer.flags = TCP_SYN | TCP_ACK;
	evasion_send(&f->v, build_tcp, &answer);
	say(f, text);
	engine_rig_finish(f->rig);
	for (size_t i = 0; i < f->rig->flow_count; i++)
		if (f->rig->flows[i].resp_port == 40000)
			return f->rig->flows[i].service;
	return "no flow";
}

static void
what_was_expected_is_known_by_that(void **state)
{
	announce(*state);
	assert_string_equal(service_of_data(*state, NOBODYS), "ftp-data");
	assert_string_equal(shown, "a file of 17 bytes\n");
}

static void
so_is_what_carries_nothing(void **state)
{
	announce(*state);
	assert_string_equal(service_of_data(*state, ""), "ftp-data");
	assert_string_equal(shown, "");
}

/* Three bytes of what may be a greeting: it is waited for more, which do not come. */
static void
so_is_what_is_too_short_to_tell(void **state)
{
	announce(*state);
	assert_string_equal(service_of_data(*state, "220"), "ftp-data");
	assert_string_equal(shown, "a file of 3 bytes\n");
}

static void
without_an_announcement_it_is_nobodys(void **state)
{
	assert_string_equal(service_of_data(*state, NOBODYS), "");
	assert_string_equal(shown, "");
}

static void
announcing_hides_no_other_protocol(void **state)
{
	announce(*state);
	assert_string_equal(service_of_data(*state, "SSH-2.0-x\r\n"), "ftp-data,ssh");
}

/* Every packet of a server opens a stream whose first byte is missing. */
static void
a_flood_of_beginnings_pushes_out_itself(void **state)
{
	struct fixture *f = *state;
	struct talk t = f->talk;

	talk_open(&f->talk);
	talk_tell(&f->talk, 0, f->talk.size);
	for (uint16_t i = 0; i < 10000; i++) {
		t.client.src_port = t.server.dst_port = (uint16_t)(10000 + i);
		talk_flags(&t, &t.client, TCP_SYN, 1);
		talk_flags(&t, &t.server, TCP_SYN | TCP_ACK, 1);
		t.at = 900 * (i % 50);
		talk_tell(&t, 1, 40);
	}
	struct engine_stats s = engine_stats(f->rig->engine);
	assert_true(s.streams_evicted > 1000);
	f->talk.at = f->talk.size;
	talk_all(&f->talk); /* it is still read */
	assert_string_equal(shown, "10.0.0.7 asked for marker.example at 3000000\n"
				   "10.0.0.7 asked for marker.example at 30004000000\n");
}

/* ---- grouping ---- */

static uint8_t bytes[FRAMES_MAX][FRAME_BYTES];
static struct frame frames[FRAMES_MAX];
static size_t frame_count;

static void
record(const struct build *b, uint32_t at, uint32_t size, const uint8_t *payload)
{
	struct build one = *b;

	one.seq += at;
	one.payload = payload;
	one.payload_bytes = size;
	size_t length = build_tcp(bytes[frame_count], &one);
	frames[frame_count] = build_frame(
		&one, bytes[frame_count], length, RIG_BASE_S * NS_PER_S + frame_count * NS_PER_MS);
	frame_count++;
}

/* Four conversations in turns: bytes backwards, a lie now and then, a gap, and their ends. */
static void
record_a_mix(void)
{
	frame_count = 0;
	for (uint32_t i = 0; i < 50; i++)
		for (uint16_t n = 0; n < 4; n++) {
			struct evasion v = { 0 };
			struct talk t = talk_new(&v);
			t.client.src_port = t.server.dst_port = (uint16_t)(40000 + n);
			uint32_t at = n == 1 ? t.size - 1 - i : i;
			if (i == 0) {
				struct build syn = t.server;
				syn.flags = TCP_SYN | TCP_ACK;
				syn.seq--;
				record(&syn, 0, 0, NULL);
			}
			if (n == 3 && i == 20)
				record(&t.server, at - 3, 2, t.lie);
			if (n != 2 || i != 30)
				record(&t.server, at, at < t.size ? 1 : 0, t.truth + at);
			if (i % 10 == 9 && n == 2) {
				t.client.ack += i + 1;
				record(&t.client, 0, 0, NULL);
			}
		}
}

static void
the_records_are_the_same_for_any_grouping_of_packets(void **state)
{
	static char first[sizeof(shown)];
	static const size_t groups[] = { 1, 2, 3, 7, 32 };

	(void)state;
	record_a_mix();
	for (size_t i = 0; i < sizeof(groups) / sizeof(groups[0]); i++) {
		struct fixture *f;
		assert_int_equal(set_up((void **)&f), 0);
		for (size_t at = 0; at < frame_count; at += groups[i])
			engine_packets(f->rig->engine, frames + at,
				frame_count - at < groups[i] ? frame_count - at : groups[i]);
		assert_int_equal(tear_down((void **)&f), 0);
		if (i == 0)
			memcpy(first, shown, sizeof(first));
		assert_string_equal(shown, first);
	}
	assert_non_null(strstr(first, "marker.example"));
	assert_non_null(strstr(first, "stream_different"));
}

/* ---- what is foreign to a port ---- */

/* The client's first words in a conversation that begins, at a port. */
static void
open_and_ask(struct fixture *f, uint16_t port, const char *words)
{
	f->talk.client.dst_port = f->talk.server.src_port = port;
	talk_open(&f->talk);
	ask(f, words, (uint32_t)strlen(words));
}

static void
at_the_port_of_http_something_else_is_told_once(void **state)
{
	static const char *const words[] = { NOBODYS, "SSH-2.0-x\r\n" };
	static const char *const odd[] = { "http_foreign\n", "foreign_protocol\n" };
	/* The server says which protocol it is. */
	static const char *const all[] = { "http_foreign\nforeign_protocol\n",
		"foreign_protocol\n" };

	for (size_t i = 0; i < 2; i++) {
		open_and_ask(*state, 80, words[i]);
		assert_string_equal(shown, odd[i]);
		say(*state, "SSH-2.0-y\r\n");
		ask(*state, NOBODYS, 17);
		assert_string_equal(shown, all[i]);
		assert_int_equal(tear_down(state), 0);
		assert_int_equal(set_up(state), 0);
	}
	open_and_ask(*state, 8080, NOBODYS);
	assert_string_equal(shown, ""); /* anything may be there */
}

static void
a_server_that_speaks_first_at_a_port_of_http_is_told(void **state)
{
	struct fixture *f = *state;

	f->talk.client.dst_port = f->talk.server.src_port = 80;
	talk_open(&f->talk);
	say(f, NOBODYS);
	assert_string_equal(shown, "");
	say(f, "220 x ESMTP\r\n");
	ask(f, "EHLO a\r\n", 8);
	assert_string_equal(shown, "foreign_protocol\n");
}

static void
what_comes_through_http_is_not_foreign_to_it(void **state)
{
	struct fixture *f = *state;

	open_and_ask(f, 8080, "CONNECT a:22 HTTP/1.1\r\n\r\n");
	say(f, "HTTP/1.1 200 OK\r\n\r\n");
	say(f, "SSH-2.0-y\r\n");
	assert_string_equal(shown, "");
}

static void
elsewhere_nothing_is_foreign_nor_from_the_middle_on(void **state)
{
	struct fixture *f = *state;

	open_and_ask(f, 81, NOBODYS);
	f->talk.client.dst_port = f->talk.server.src_port = 80;
	for (unsigned i = 0; i < 20; i++) /* of which the beginning was not seen */
		ask(f, NOBODYS, 17);
	assert_string_equal(shown, "");
}

#define PARSE_TEST(f) cmocka_unit_test_setup_teardown(f, set_up, tear_down)

int
main(void)
{
	const struct CMUnitTest tests[] = {
		PARSE_TEST(a_neighbour_is_heard_from_its_first_message_on),
		PARSE_TEST(the_server_is_recognised_when_the_client_is_silent),
		PARSE_TEST(what_comes_through_a_proxy_is_recognised_anew),
		PARSE_TEST(a_side_that_nobody_wants_does_not_hide_the_other),
		PARSE_TEST(two_sides_that_nobody_wants_cost_nothing_more),
		PARSE_TEST(after_one_protocol_another_may_begin),
		PARSE_TEST(what_one_side_holds_is_read_before_what_the_other_says),
		PARSE_TEST(what_waits_is_read_when_the_flow_ends),
		PARSE_TEST(a_connection_that_both_sides_have_ended_is_not_kept),
		PARSE_TEST(gaps_count_when_a_parser_has_them),
		PARSE_TEST(from_the_middle_on_eight_segments_may_be_nobodys),
		PARSE_TEST(from_the_middle_on_nine_are_too_many),
		PARSE_TEST(eight_are_eight_with_a_stream_as_well),
		PARSE_TEST(nine_are_nine_with_a_stream_as_well),
		PARSE_TEST(from_the_middle_on_the_other_side_goes_on_where_it_stands),
		PARSE_TEST(what_was_expected_is_known_by_that),
		PARSE_TEST(so_is_what_carries_nothing),
		PARSE_TEST(so_is_what_is_too_short_to_tell),
		PARSE_TEST(without_an_announcement_it_is_nobodys),
		PARSE_TEST(announcing_hides_no_other_protocol),
		PARSE_TEST(a_flood_of_beginnings_pushes_out_itself),
		PARSE_TEST(at_the_port_of_http_something_else_is_told_once),
		PARSE_TEST(a_server_that_speaks_first_at_a_port_of_http_is_told),
		PARSE_TEST(what_comes_through_http_is_not_foreign_to_it),
		PARSE_TEST(elsewhere_nothing_is_foreign_nor_from_the_middle_on),
		cmocka_unit_test(the_records_are_the_same_for_any_grouping_of_packets),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
