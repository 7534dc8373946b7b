/* test_stream_segment.c -- what a host would take of a segment, and what is told of one that is ambiguous. */
#include "tests/support/stream_rig.h"

#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>

#include <cmocka.h>

enum { CLIENT, SERVER, TABLE_BYTES = 1 << 20 };

static int
set_up(void **state)
{
	*state = stream_rig_new(TABLE_BYTES, STREAM_RIG_FIRST);
	return 0;
}

static int
tear_down(void **state)
{
	stream_rig_free(*state);
	return 0;
}

/* A segment of the client with some of its bytes of header changed. */
static struct packet
odd(const struct stream_rig *r, uint32_t at, const char *text)
{
	return stream_rig_packet(r, CLIENT, at, text);
}

static void
damaged_segments_change_nothing(void **state)
{
	static const enum packet_anomaly damage[] = { ANOMALY_IP_CHECKSUM,
		ANOMALY_TRANSPORT_CHECKSUM, ANOMALY_TCP_OFFSET };
	struct stream_rig *r = *state;

	for (size_t i = 0; i < 3; i++) {
		struct packet p = odd(r, 0, "wrong");
		p.anomalies = ANOMALY_BIT(damage[i]);
		stream_rig_take(r, CLIENT, &p);
	}
	stream_rig_send(r, CLIENT, 0, "right");
	assert_string_equal(r->heard[CLIENT], "right");
	assert_int_equal(stream_rig_told(r), 0);
}

static void
a_lower_ttl_waits_for_the_acknowledgement(void **state)
{
	struct stream_rig *r = *state;
	struct packet p = odd(r, 0, "far");

	p.ttl = 61;
	stream_rig_take(r, CLIENT, &p);
	assert_string_equal(r->heard[CLIENT], "");
	assert_int_equal(r->told[WEIRD_STREAM_TTL], 1);
	stream_rig_ack(r, SERVER, 3);
	assert_string_equal(r->heard[CLIENT], "far");
}

static void
a_ttl_lower_by_two_is_another_path(void **state)
{
	struct stream_rig *r = *state;
	struct packet p = odd(r, 0, "near");

	p.ttl = 62;
	stream_rig_take(r, CLIENT, &p);
	assert_string_equal(r->heard[CLIENT], "near");
	assert_int_equal(stream_rig_told(r), 0);
}

static void
a_ttl_that_was_acknowledged_is_the_new_one(void **state)
{
	struct stream_rig *r = *state;
	struct packet p = odd(r, 0, "abc");

	p.ttl = 50;
	stream_rig_take(r, CLIENT, &p);
	stream_rig_ack(r, SERVER, 3);
	p = odd(r, 3, "def");
	p.ttl = 50;
	stream_rig_take(r, CLIENT, &p);
	assert_string_equal(r->heard[CLIENT], "abcdef");
	assert_int_equal(r->told[WEIRD_STREAM_TTL], 1);
}

static void
a_higher_ttl_is_told_and_taken(void **state)
{
	struct stream_rig *r = *state;
	struct packet p = odd(r, 0, "abc");

	p.ttl = 66;
	stream_rig_take(r, CLIENT, &p);
	assert_int_equal(stream_rig_told(r), 0);
	p = odd(r, 3, "def");
	p.ttl = 69;
	stream_rig_take(r, CLIENT, &p);
	assert_int_equal(r->told[WEIRD_STREAM_TTL], 1);
	assert_string_equal(r->heard[CLIENT], "abcdef");
}

static void
certain_bytes_take_the_place_of_doubtful_ones(void **state)
{
	struct stream_rig *r = *state;
	struct packet p = odd(r, 0, "decoydecoy");

	p.ttl = 5;
	stream_rig_take(r, CLIENT, &p);
	stream_rig_send(r, CLIENT, 0, "mar");
	assert_string_equal(r->heard[CLIENT], "mar");
	stream_rig_send(r, CLIENT, 8, "ed");
	assert_string_equal(r->heard[CLIENT], "mar");
	stream_rig_send(r, CLIENT, 3, "kered");
	assert_string_equal(r->heard[CLIENT], "markereded");
	assert_int_equal(r->told[WEIRD_STREAM_DIFFERENT], 3);
}

static void
doubtful_bytes_do_not_take_the_place_of_certain_ones(void **state)
{
	struct stream_rig *r = *state;
	struct packet p = odd(r, 0, "decoy!");

	stream_rig_send(r, CLIENT, 3, "ker");
	p.ttl = 5;
	stream_rig_take(r, CLIENT, &p);
	assert_string_equal(r->heard[CLIENT], "");
	stream_rig_send(r, CLIENT, 0, "mar");
	stream_rig_ack(r, SERVER, 6);
	assert_string_equal(r->heard[CLIENT], "marker");
	assert_int_equal(r->told[WEIRD_STREAM_DIFFERENT], 2);
}

static void
the_acknowledgement_of_a_doubtful_segment_counts_for_nothing(void **state)
{
	struct stream_rig *r = *state;
	struct packet p = odd(r, 0, "bad");

	p.tcp_flags = TCP_RST | TCP_FIN | TCP_ACK;
	p.tcp_ack += 100;
	stream_rig_take(r, CLIENT, &p);
	assert_int_equal(r->told[WEIRD_STREAM_FLAGS], 1);
	stream_rig_send(r, SERVER, 0, "banner");
	assert_string_equal(r->heard[SERVER], "banner");
}

static void
an_acknowledgement_from_farther_counts(void **state)
{
	struct stream_rig *r = *state;
	struct packet p = odd(r, 0, NULL);

	stream_rig_send(r, SERVER, 0, "banner");
	p.ttl = 50;
	p.tcp_ack += 6;
	stream_rig_take(r, CLIENT, &p);
	assert_int_equal(r->stream->sides[SERVER].acked, r->first[SERVER] + 6);
	assert_int_equal(stream_rig_told(r), 0);
	stream_rig_send(r, CLIENT, 0, "abc"); /* and says nothing of the way */
	assert_string_equal(r->heard[CLIENT], "abc");
	assert_int_equal(stream_rig_told(r), 0);
}

static void
each_way_is_told_once(void **state)
{
	struct stream_rig *r = *state;

	for (uint32_t i = 0; i < 4; i++) {
		struct packet p = odd(r, i, "x");
		p.ttl = i < 3 ? 50 : 40;
		stream_rig_take(r, CLIENT, &p);
		assert_int_equal(r->told[WEIRD_STREAM_TTL], i < 3 ? 1 : 2);
	}
	struct packet p = odd(r, 4, NULL);
	p.ttl = 30;
	p.tcp_flags = TCP_RST | TCP_ACK;
	stream_rig_take(r, CLIENT, &p);
	assert_true(stream_is_open(r->stream));
	assert_int_equal(r->told[WEIRD_STREAM_TTL], 3);
}

/* A header of 32 bytes with a time stamp, or 40 with a signature. */
static void
with_options(struct packet *p, uint8_t header[40], uint32_t time, bool is_signed)
{
	memset(header, 1, 40); /* no operation */
	header[12] = is_signed ? 0xa0 : 0x80;
	if (is_signed) {
		header[20] = 19;
		header[21] = 18;
	} else {
		header[20] = 8;
		header[21] = 10;
		for (unsigned i = 0; i < 4; i++)
			header[22 + i] = (uint8_t)(time >> (24 - 8 * i));
	}
	p->transport = cursor_over(header, is_signed ? 40 : 32);
}

static void
send_stamped(struct stream_rig *r, uint32_t at, const char *text, uint32_t time)
{
	struct packet p = odd(r, at, text);
	uint8_t header[40];

	with_options(&p, header, time, false);
	stream_rig_take(r, CLIENT, &p);
}

static void
new_data_with_an_old_time_stamp_waits(void **state)
{
	struct stream_rig *r = *state;

	send_stamped(r, 0, "abc", 100);
	send_stamped(r, 3, "bad", 99);
	assert_string_equal(r->heard[CLIENT], "abc");
	assert_int_equal(r->told[WEIRD_STREAM_TIME], 1);
	send_stamped(r, 3, "def", 100);
	assert_string_equal(r->heard[CLIENT], "abcdef");
}

static void
old_data_with_an_old_time_stamp_is_late_and_no_more(void **state)
{
	struct stream_rig *r = *state;

	send_stamped(r, 0, "abc", 100);
	send_stamped(r, 0, "abc", 99);
	assert_int_equal(stream_rig_told(r), 0);
}

static void
a_segment_that_overtakes_sets_no_time(void **state)
{
	struct stream_rig *r = *state;

	send_stamped(r, 0, "abc", 100);
	send_stamped(r, 6, "ghi", 102);
	send_stamped(r, 3, "def", 101);
	assert_string_equal(r->heard[CLIENT], "abcdefghi");
	assert_int_equal(stream_rig_told(r), 0);
}

static void
a_signature_among_segments_without_waits(void **state)
{
	struct stream_rig *r = *state;
	struct packet p = odd(r, 3, "bad");
	uint8_t header[40];

	stream_rig_send(r, CLIENT, 0, "abc");
	with_options(&p, header, 0, true);
	stream_rig_take(r, CLIENT, &p);
	assert_string_equal(r->heard[CLIENT], "abc");
	assert_int_equal(r->told[WEIRD_STREAM_SIGNATURE], 1);
}

static void
signatures_throughout_are_no_oddity(void **state)
{
	struct stream_rig *r = *state;
	uint8_t header[40];

	for (uint32_t i = 0; i < 3; i++) {
		struct packet p = odd(r, 3 * i, "abc");
		with_options(&p, header, 0, true);
		stream_rig_take(r, CLIENT, &p);
	}
	assert_string_equal(r->heard[CLIENT], "abcabcabc");
	assert_int_equal(stream_rig_told(r), 0);
	stream_rig_send(r, CLIENT, 9, "bad");
	assert_int_equal(r->told[WEIRD_STREAM_SIGNATURE], 1);
}

static void
flags_that_do_not_go_together_are_doubted(void **state)
{
	static const uint8_t flags[] = { 0, TCP_PSH, TCP_FIN, TCP_RST | TCP_FIN };
	struct stream_rig *r = *state;

	for (size_t i = 0; i < sizeof(flags); i++) {
		struct packet p = odd(r, 0, "bad");
		p.tcp_flags = flags[i];
		stream_rig_take(r, CLIENT, &p);
		assert_int_equal(r->told[WEIRD_STREAM_FLAGS], i + 1);
	}
	stream_rig_send(r, CLIENT, 0, "abcdef");
	assert_string_equal(r->heard[CLIENT], "abcdef");
}

static void
an_acknowledgement_of_what_nobody_sent_is_not_believed(void **state)
{
	struct stream_rig *r = *state;
	struct packet p = odd(r, 0, "bad");

	p.tcp_ack += (1 << 20) + 1;
	stream_rig_take(r, CLIENT, &p);
	assert_string_equal(r->heard[CLIENT], "");
	assert_int_equal(r->told[WEIRD_STREAM_ACK], 1);
	p.tcp_ack = r->first[SERVER] - (1 << 20) - 1;
	stream_rig_take(r, CLIENT, &p);
	assert_int_equal(r->told[WEIRD_STREAM_ACK], 2);
	stream_rig_send(r, SERVER, 0, "banner");
	assert_string_equal(r->heard[SERVER], "banner");
	p.tcp_ack = r->first[SERVER] + 6 + (1 << 20);
	stream_rig_take(r, CLIENT, &p);
	assert_int_equal(r->told[WEIRD_STREAM_ACK], 2);
	assert_string_equal(r->heard[SERVER], "banner<1048576>");
}

static void
bytes_beyond_the_window_are_told_and_dropped(void **state)
{
	struct stream_rig *r = *state;
	struct packet p = stream_rig_packet(r, SERVER, 0, NULL);

	p.tcp_window = 10;
	stream_rig_take(r, SERVER, &p);
	stream_rig_send(r, CLIENT, 11, "bad");
	assert_int_equal(r->told[WEIRD_STREAM_WINDOW], 1);
	assert_false(stream_keeps(r->stream, CLIENT));
	stream_rig_send(r, CLIENT, 0, "0123456789");
	assert_string_equal(r->heard[CLIENT], "0123456789");
	assert_int_equal(stream_rig_told(r), 1);
}

static void
bytes_across_the_edge_wait(void **state)
{
	struct stream_rig *r = *state;
	struct packet p = stream_rig_packet(r, SERVER, 0, NULL);

	p.tcp_window = 10;
	stream_rig_take(r, SERVER, &p);
	stream_rig_send(r, CLIENT, 0, "0123456789a");
	assert_string_equal(r->heard[CLIENT], "");
	assert_int_equal(r->told[WEIRD_STREAM_WINDOW], 1);
	stream_rig_ack(r, SERVER, 11);
	assert_string_equal(r->heard[CLIENT], "0123456789a");
}

static void
windows_are_shifted_but_not_those_of_a_syn(void **state)
{
	struct stream_rig *r = *state;
	struct packet p = stream_rig_packet(r, SERVER, 0, NULL);

	r->stream->sides[SERVER].window_scale = 3;
	p.tcp_seq--;
	p.tcp_flags = TCP_SYN | TCP_ACK;
	p.tcp_window = 10;
	stream_rig_take(r, SERVER, &p);
	assert_int_equal(r->stream->sides[CLIENT].edge, r->first[CLIENT] + 10);
	p = stream_rig_packet(r, SERVER, 0, NULL);
	p.tcp_window = 10;
	stream_rig_take(r, SERVER, &p);
	assert_int_equal(r->stream->sides[CLIENT].edge, r->first[CLIENT] + 80);
	p.tcp_window = 1; /* a window never shrinks in what was sent for it */
	stream_rig_take(r, SERVER, &p);
	assert_int_equal(r->stream->sides[CLIENT].edge, r->first[CLIENT] + 80);
}

static void
a_probe_of_a_closed_window_is_silent_and_waits(void **state)
{
	struct stream_rig *r = *state;
	struct packet p = stream_rig_packet(r, SERVER, 0, NULL);

	p.tcp_window = 3;
	stream_rig_take(r, SERVER, &p);
	stream_rig_send(r, CLIENT, 0, "abc");
	stream_rig_send(r, CLIENT, 3, "d");
	assert_string_equal(r->heard[CLIENT], "abc");
	p.tcp_window = 100;
	stream_rig_take(r, SERVER, &p);
	stream_rig_send(r, CLIENT, 3, "def");
	assert_string_equal(r->heard[CLIENT], "abcdef");
	assert_int_equal(stream_rig_told(r), 0);
}

static void
keep_alives_bring_nothing(void **state)
{
	struct stream_rig *r = *state;

	stream_rig_send(r, CLIENT, 0, "abc");
	stream_rig_ack(r, SERVER, 3);
	stream_rig_send(r, CLIENT, 2, NULL);
	stream_rig_send(r, CLIENT, 2, "?");
	assert_string_equal(r->heard[CLIENT], "abc");
	assert_int_equal(stream_rig_told(r), 0);
}

static void
the_urgent_byte_is_out_of_band(void **state)
{
	static const uint8_t header[20] = { [12] = 0x50, [19] = 3 };
	struct stream_rig *r = *state;
	struct packet p = odd(r, 0, "abXcd");

	p.tcp_flags |= TCP_URG;
	p.transport = cursor_over(header, sizeof(header));
	stream_rig_take(r, CLIENT, &p);
	assert_string_equal(r->heard[CLIENT], "abcd");
	assert_int_equal(r->told[WEIRD_STREAM_URGENT], 1);
	stream_rig_send(r, CLIENT, 5, "ef");
	assert_string_equal(r->heard[CLIENT], "abcdef");
}

static void
an_urgent_byte_may_come_first_and_late(void **state)
{
	static const uint8_t header[20] = { [12] = 0x50, [19] = 4 };
	struct stream_rig *r = *state;
	struct packet p = odd(r, 0, "abc"); /* it is the next segment's first byte */

	p.tcp_flags |= TCP_URG;
	p.transport = cursor_over(header, sizeof(header));
	stream_rig_send(r, CLIENT, 3, "Xde");
	stream_rig_take(r, CLIENT, &p);
	assert_string_equal(r->heard[CLIENT], "abcde");
	stream_rig_take(r, CLIENT, &p); /* again: the byte is past */
	assert_int_equal(r->told[WEIRD_STREAM_URGENT], 1);
}

static void
data_after_the_end_waits_and_is_told(void **state)
{
	struct stream_rig *r = *state;
	struct packet p = odd(r, 0, "abc");

	p.tcp_flags |= TCP_FIN;
	stream_rig_take(r, CLIENT, &p);
	stream_rig_take(r, CLIENT, &p); /* sent again */
	assert_int_equal(stream_rig_told(r), 0);
	stream_rig_send(r, CLIENT, 3, "bad");
	assert_string_equal(r->heard[CLIENT], "abc");
	assert_int_equal(r->told[WEIRD_STREAM_AFTER_FIN], 1);
	stream_rig_ack(r, SERVER, 4); /* the FIN, not a byte */
	assert_string_equal(r->heard[CLIENT], "abc");
	stream_rig_ack(r, SERVER, 6); /* the FIN was not the end */
	assert_string_equal(r->heard[CLIENT], "abcbad");
}

static void
a_fin_that_is_doubted_is_no_end(void **state)
{
	struct stream_rig *r = *state;
	struct packet p = odd(r, 0, NULL);

	p.tcp_flags |= TCP_FIN;
	p.ttl = 5;
	stream_rig_take(r, CLIENT, &p);
	stream_rig_send(r, CLIENT, 0, "abc");
	assert_string_equal(r->heard[CLIENT], "abc");
	assert_int_equal(r->told[WEIRD_STREAM_AFTER_FIN], 0);
	assert_true(stream_is_open(r->stream));
}

static void
reset(struct stream_rig *r, uint32_t at)
{
	struct packet p = odd(r, at, NULL);

	p.tcp_flags = TCP_RST | TCP_ACK;
	stream_rig_take(r, CLIENT, &p);
}

static void
a_reset_at_the_next_number_is_one(void **state)
{
	struct stream_rig *r = *state;

	stream_rig_send(r, CLIENT, 0, "abc");
	reset(r, 3);
	assert_false(stream_is_open(r->stream));
	stream_rig_send(r, CLIENT, 3, "bad");
	assert_int_equal(r->told[WEIRD_STREAM_AFTER_RESET], 1);
	stream_rig_send(r, SERVER, 0, "in flight"); /* no oddity, but the host takes it no more */
	assert_int_equal(stream_rig_told(r), 1);
	assert_string_equal(r->heard[CLIENT], "abc");
	assert_string_equal(r->heard[SERVER], "");
	reset(r, 7);
	assert_int_equal(r->told[WEIRD_STREAM_RESET], 0);
	stream_rig_ack(r, SERVER, 6); /* it was none after all */
	assert_string_equal(r->heard[CLIENT], "abcbad");
}

static void
a_reset_elsewhere_ends_nothing(void **state)
{
	struct stream_rig *r = *state;

	stream_rig_send(r, CLIENT, 0, "abc");
	reset(r, 2);
	reset(r, 4);
	reset(r, 100000);
	assert_int_equal(r->told[WEIRD_STREAM_RESET], 3);
	stream_rig_send(r, CLIENT, 3, "def");
	assert_string_equal(r->heard[CLIENT], "abcdef");
	assert_int_equal(stream_rig_told(r), 3);
}

static void
a_reset_behind_bytes_in_doubt_is_none(void **state)
{
	struct stream_rig *r = *state;
	struct packet p = odd(r, 0, "bad");

	p.ttl = 5;
	stream_rig_take(r, CLIENT, &p);
	reset(r, 3);
	assert_int_equal(r->told[WEIRD_STREAM_RESET], 1);
	assert_true(stream_is_open(r->stream));
}

static void
a_reset_behind_a_hole_or_a_fin_is_one(void **state)
{
	struct stream_rig *r = *state;
	struct packet p = odd(r, 3, "def");

	p.tcp_flags |= TCP_FIN;
	stream_rig_take(r, CLIENT, &p);
	reset(r, 7);
	assert_int_equal(stream_rig_told(r), 0);
	assert_false(stream_is_open(r->stream));

	struct stream_rig *other = stream_rig_new(TABLE_BYTES, STREAM_RIG_FIRST);
	stream_rig_send(other, CLIENT, 3, "def");
	reset(other, 6);
	assert_int_equal(stream_rig_told(other), 0);
	assert_false(stream_is_open(other->stream));
	stream_rig_free(other);
}

static struct packet
syn(const struct stream_rig *r, uint8_t flags, const char *text)
{
	struct packet p = odd(r, 0, text);

	p.tcp_seq--;
	p.tcp_flags = flags;
	return p;
}

static void
data_of_a_syn_waits_for_the_answer(void **state)
{
	struct stream_rig *r = *state;
	struct packet p = syn(r, TCP_SYN, "fast");

	stream_rig_take(r, CLIENT, &p);
	assert_int_equal(r->told[WEIRD_STREAM_SYN_DATA], 1);
	assert_string_equal(r->heard[CLIENT], "");
	p = stream_rig_packet(r, SERVER, 0, NULL);
	p.tcp_flags = TCP_SYN | TCP_ACK;
	p.tcp_seq--;
	p.tcp_ack += 4;
	stream_rig_take(r, SERVER, &p);
	assert_string_equal(r->heard[CLIENT], "fast");
}

static void
data_of_a_syn_that_was_not_taken_gives_way(void **state)
{
	struct stream_rig *r = *state;
	struct packet p = syn(r, TCP_SYN, "decoy");

	stream_rig_take(r, CLIENT, &p);
	stream_rig_ack(r, SERVER, 0);
	stream_rig_send(r, CLIENT, 0, "marker");
	assert_string_equal(r->heard[CLIENT], "marker");
	assert_int_equal(r->told[WEIRD_STREAM_DIFFERENT], 1);
}

static void
a_syn_in_the_middle_is_told_and_ignored(void **state)
{
	struct stream_rig *r = *state;
	struct packet p;

	stream_rig_send(r, CLIENT, 0, "abc");
	p = syn(r, TCP_SYN, "bad");
	p.tcp_seq += 50;
	stream_rig_take(r, CLIENT, &p);
	assert_int_equal(r->told[WEIRD_STREAM_SYN], 1);
	p = syn(r, TCP_SYN | TCP_FIN, "bad");
	stream_rig_take(r, CLIENT, &p);
	assert_int_equal(r->told[WEIRD_STREAM_FLAGS], 1);
	p = syn(r, TCP_SYN, NULL); /* sent again */
	stream_rig_take(r, CLIENT, &p);
	stream_rig_send(r, CLIENT, 3, "def");
	assert_string_equal(r->heard[CLIENT], "abcdef");
	assert_int_equal(stream_rig_told(r), 2);
}

static void
a_syn_before_anything_begins_anew(void **state)
{
	struct stream_rig *r = *state;
	struct packet p = syn(r, TCP_SYN, NULL);

	p.tcp_seq += 500;
	stream_rig_take(r, CLIENT, &p);
	stream_rig_send(r, CLIENT, 500, "abc");
	assert_string_equal(r->heard[CLIENT], "abc");
	assert_int_equal(stream_rig_told(r), 0);
}

static void
in_the_middle_the_first_segment_is_the_beginning(void **state)
{
	struct stream_rig *r = stream_rig_new(TABLE_BYTES, UINT32_MAX);

	(void)state;
	stream_rig_send(r, CLIENT, 77, "abc");
	stream_rig_send(r, CLIENT, 80, "def");
	stream_rig_send(r, CLIENT, 70, "before ");
	assert_string_equal(r->heard[CLIENT], "abcdef");
	/* Of the other side its acknowledgements told where it is. */
	stream_rig_send(r, SERVER, 3, "loc");
	assert_string_equal(r->heard[SERVER], "");
	stream_rig_send(r, SERVER, 0, "you");
	assert_string_equal(r->heard[SERVER], "youloc");
	assert_int_equal(r->told[WEIRD_STREAM_LATE], 1);
	assert_int_equal(stream_rig_told(r), 1);
	stream_rig_free(r);
}

static void
numbers_wrap_around(void **state)
{
	struct stream_rig *r = stream_rig_new(TABLE_BYTES, UINT32_MAX - 4);

	(void)state;
	stream_rig_send(r, CLIENT, 0, "abc");
	stream_rig_send(r, CLIENT, 9, "jkl");
	stream_rig_send(r, CLIENT, 3, "defghi");
	stream_rig_send(r, CLIENT, 2, "cdefg");
	assert_string_equal(r->heard[CLIENT], "abcdefghijkl");
	stream_rig_ack(r, SERVER, 14);
	assert_string_equal(r->heard[CLIENT], "abcdefghijkl<2>");
	assert_int_equal(stream_rig_told(r), 0);
	stream_rig_free(r);
}

#define STREAM_TEST(f) cmocka_unit_test_setup_teardown(f, set_up, tear_down)

int
main(void)
{
	const struct CMUnitTest tests[] = {
		STREAM_TEST(damaged_segments_change_nothing),
		STREAM_TEST(a_lower_ttl_waits_for_the_acknowledgement),
		STREAM_TEST(a_ttl_lower_by_two_is_another_path),
		STREAM_TEST(a_ttl_that_was_acknowledged_is_the_new_one),
		STREAM_TEST(a_higher_ttl_is_told_and_taken),
		STREAM_TEST(certain_bytes_take_the_place_of_doubtful_ones),
		STREAM_TEST(doubtful_bytes_do_not_take_the_place_of_certain_ones),
		STREAM_TEST(the_acknowledgement_of_a_doubtful_segment_counts_for_nothing),
		STREAM_TEST(an_acknowledgement_from_farther_counts),
		STREAM_TEST(each_way_is_told_once),
		STREAM_TEST(new_data_with_an_old_time_stamp_waits),
		STREAM_TEST(old_data_with_an_old_time_stamp_is_late_and_no_more),
		STREAM_TEST(a_segment_that_overtakes_sets_no_time),
		STREAM_TEST(a_signature_among_segments_without_waits),
		STREAM_TEST(signatures_throughout_are_no_oddity),
		STREAM_TEST(flags_that_do_not_go_together_are_doubted),
		STREAM_TEST(an_acknowledgement_of_what_nobody_sent_is_not_believed),
		STREAM_TEST(bytes_beyond_the_window_are_told_and_dropped),
		STREAM_TEST(bytes_across_the_edge_wait),
		STREAM_TEST(windows_are_shifted_but_not_those_of_a_syn),
		STREAM_TEST(a_probe_of_a_closed_window_is_silent_and_waits),
		STREAM_TEST(keep_alives_bring_nothing),
		STREAM_TEST(the_urgent_byte_is_out_of_band),
		STREAM_TEST(an_urgent_byte_may_come_first_and_late),
		STREAM_TEST(data_after_the_end_waits_and_is_told),
		STREAM_TEST(a_fin_that_is_doubted_is_no_end),
		STREAM_TEST(a_reset_at_the_next_number_is_one),
		STREAM_TEST(a_reset_elsewhere_ends_nothing),
		STREAM_TEST(a_reset_behind_bytes_in_doubt_is_none),
		STREAM_TEST(a_reset_behind_a_hole_or_a_fin_is_one),
		STREAM_TEST(data_of_a_syn_waits_for_the_answer),
		STREAM_TEST(data_of_a_syn_that_was_not_taken_gives_way),
		STREAM_TEST(a_syn_in_the_middle_is_told_and_ignored),
		STREAM_TEST(a_syn_before_anything_begins_anew),
		cmocka_unit_test(in_the_middle_the_first_segment_is_the_beginning),
		cmocka_unit_test(numbers_wrap_around),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
