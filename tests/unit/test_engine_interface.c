#include "daemon/engine/engine_interface.h"

#include "detectors/detector.h"
#include "tests/support/engine_rig.h"
#include "tests/support/packet_build.h"

#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <stdlib.h>
#include <string.h>

#include <cmocka.h>

enum { LAN = 0, WAN = 1, CLIENT = 0, SERVER = 1, MIB = 1 << 20 };

/* One engine, one TCP conversation at a time; segments follow each other a millisecond apart. */
struct wire {
	struct engine_rig *rig;
	uint16_t interface;
	uint16_t client_port;
	uint32_t seq[2];
	double at_s;
};

static void
tell(struct detect *d, const struct observation *o)
{
	static const struct evidence_kind told = { .name = "TOLD", .technique = "", .unit = "" };

	evidence_raise(d, &(struct finding){ .kind = &told }, "%u", o->kind);
}

/* One finding for each ARP message and each DNS answer that detectors are shown. */
static const struct detector teller = {
	.name = "teller",
	.subscribes = OBS_BIT(OBS_ARP) | OBS_BIT(OBS_DNS),
	.observe = tell,
};

static struct wire
wire_new(void)
{
	struct wire w = { .rig = malloc(sizeof(*w.rig)), .client_port = 40000 };

	assert_non_null(w.rig);
	engine_rig_init(w.rig);
	engine_rig_detector(w.rig, &teller, NULL);
	engine_rig_start(w.rig);
	return w;
}

static void
wire_free(struct wire *w)
{
	engine_rig_finish(w->rig);
	free(w->rig);
}

static struct engine_interface_stats
stats(const struct wire *w, unsigned interface)
{
	return engine_interface_stats(w->rig->engine, interface);
}

static void
feed(struct wire *w, const struct build *b, const uint8_t *bytes, size_t length)
{
	struct frame f = build_frame(b, bytes, length, rig_ns(w->at_s));

	f.interface = w->interface;
	engine_packets(w->rig->engine, &f, 1);
}

static void
segment(struct wire *w, unsigned from, uint8_t flags, size_t payload_bytes, bool is_seen)
{
	static uint8_t bytes[BUILD_MAX];
	struct build b = build_between("10.0.0.1", w->client_port, "10.0.0.2", 80);

	if (from == SERVER)
		b = build_answer(&b);
	b.flags = flags;
	b.seq = 1000 + w->seq[from];
	b.ack = (flags & TCP_ACK) != 0 ? 1000 + w->seq[!from] : 0;
	b.payload_bytes = payload_bytes;
	w->seq[from] += (uint32_t)payload_bytes + ((flags & (TCP_SYN | TCP_FIN)) != 0);
	w->at_s += 0.001;
	if (is_seen)
		feed(w, &b, bytes, build_tcp(bytes, &b));
}

/*
 * Play one conversation and end it. A letter is a segment: S syn, H syn and ack, D 1000 bytes, A
 * ack, F fin, R rst; the server's are small. Behind a '-' a segment is lost on the way to us.
 */
static void
play(struct wire *w, const char *letters)
{
	w->client_port++;
	w->seq[CLIENT] = w->seq[SERVER] = 0;
	for (const char *l = letters; *l != '\0'; l++) {
		bool is_seen = *l != '-';
		l += !is_seen;
		unsigned from = *l >= 'a' ? SERVER : CLIENT;
		switch (*l & ~0x20) {
		case 'S':
			segment(w, from, TCP_SYN, 0, is_seen);
			break;
		case 'H':
			segment(w, from, TCP_SYN | TCP_ACK, 0, is_seen);
			break;
		case 'D':
			segment(w, from, TCP_ACK | TCP_PSH, 1000, is_seen);
			break;
		case 'A':
			segment(w, from, TCP_ACK, 0, is_seen);
			break;
		case 'F':
			segment(w, from, TCP_FIN | TCP_ACK, 0, is_seen);
			break;
		default:
			segment(w, from, TCP_RST, 0, is_seen);
			break;
		}
	}
	w->at_s += 4000;
	engine_tick(w->rig->engine, rig_ns(w->at_s));
}

static void
frames_and_bytes_are_counted_where_they_came(void **state)
{
	struct wire w = wire_new();

	(void)state;
	play(&w, "SR");
	uint64_t first_ns = rig_ns(w.at_s - 4000);
	assert_int_equal(stats(&w, LAN).packets, 2);
	assert_int_equal(stats(&w, LAN).bytes, 2 * 54);
	assert_int_equal(stats(&w, LAN).last_ns, first_ns);
	assert_int_equal(stats(&w, LAN).flows_ended, 1);
	w.interface = INTERFACES_MAX - 1;
	play(&w, "S");
	w.interface = INTERFACES_MAX;
	play(&w, "S");
	w.interface = UINT16_MAX;
	w.at_s -= 7000; /* late frames do not turn it back */
	play(&w, "S");
	assert_int_equal(stats(&w, INTERFACES_MAX - 1).packets, 3);
	assert_int_equal(
		stats(&w, INTERFACES_MAX - 1).last_ns, rig_ns(w.at_s - 4000 + 3000 - .001));
	assert_int_equal(stats(&w, INTERFACES_MAX - 1).flows_ended, 2);
	assert_int_equal(stats(&w, WAN).packets, 0);
	assert_int_equal(stats(&w, WAN).last_ns, 0);
	struct engine_stats all = engine_stats(w.rig->engine);
	assert_int_equal(all.packets, 5);
	assert_int_equal(all.bytes, 5 * 54);
	assert_int_equal(all.duplicates, 0);
	wire_free(&w);
}

static void
what_two_interfaces_bring_is_told_and_counted_once(void **state)
{
	static const uint8_t answer[] = { 0, 7, 0x81, 0x80, 0, 1, 0, 1, 0, 0, 0, 0, 1, 'x', 0, 0, 1,
		0, 1, 0xc0, 12, 0, 1, 0, 1, 0, 0, 0, 9, 0, 4, 93, 184, 216, 34 };
	struct wire w = wire_new();
	uint8_t bytes[256];

	(void)state;
	struct build dns = build_between("8.8.8.8", 53, "10.0.0.1", 1000);
	dns.payload = answer;
	dns.payload_bytes = sizeof(answer);
	struct build arp = build_between("10.0.0.1", 0, "10.0.0.2", 0);
	for (unsigned i = 0; i < 3; i++) {
		w.interface = (uint16_t)i;
		feed(&w, &dns, bytes, build_udp(bytes, &dns));
		feed(&w, &arp, bytes, build_arp(bytes, &arp));
		assert_int_equal(stats(&w, i).duplicates, i == 0 ? 0 : 2);
		assert_int_equal(stats(&w, i).packets, 2);
	}
	assert_int_equal(engine_stats(w.rig->engine).duplicates, 4);
	assert_int_equal(w.rig->evidence_count, 2);
	w.interface = 0; /* the same again, where it counts */
	feed(&w, &arp, bytes, build_arp(bytes, &arp));
	assert_int_equal(w.rig->evidence_count, 3);
	engine_rig_finish(w.rig);
	assert_int_equal(w.rig->flow_count, 1);
	assert_int_equal(w.rig->flows[0].observed_on, 7);
	assert_int_equal(
		w.rig->flows[0].orig_total.packets + w.rig->flows[0].resp_total.packets, 1);
	free(w.rig);
}

static void
bytes_that_were_acknowledged_and_not_seen_are_a_gap(void **state)
{
	struct wire w = wire_new();

	(void)state;
	play(&w, "ShADda-DDaFfA");
	assert_int_equal(stats(&w, LAN).tcp_gap_bytes, 1000);
	assert_int_equal(stats(&w, LAN).tcp_bytes, 3000);
	assert_int_equal(stats(&w, LAN).flows_talked, 1);
	assert_int_equal(stats(&w, LAN).flows_oneway, 0);
	assert_true(engine_gap_ratio(&(struct engine_interface_stats){
			    .recent_gap = { 1000, MIB - 1 } }) == 0); /* too little to tell */
	assert_true(engine_gap_ratio(&(struct engine_interface_stats){
			    .recent_gap = { MIB / 4, MIB } }) == 0.25);
	for (unsigned i = 1; i < MIB / 4000; i++)
		play(&w, "ShADda-DDaFfA");
	struct engine_interface_stats s = stats(&w, LAN);
	assert_true(engine_gap_ratio(&s) == 0);
	play(&w, "ShADda-DDaFfA");
	s = stats(&w, LAN);
	assert_true(engine_gap_ratio(&s) == 0.25);
	wire_free(&w);
}

/* A long connection is not over for hours: what its interims tell counts, and counts once. */
static void
interims_tell_of_gaps_as_well(void **state)
{
	struct wire w = wire_new();

	(void)state;
	w.client_port = 40001;
	segment(&w, CLIENT, TCP_SYN, 0, true);
	segment(&w, SERVER, TCP_SYN | TCP_ACK, 0, true);
	segment(&w, CLIENT, TCP_ACK, 5000, true);
	segment(&w, SERVER, TCP_ACK, 0, true);
	w.at_s += 1000;
	engine_tick(w.rig->engine, rig_ns(w.at_s));
	assert_int_equal(stats(&w, LAN).tcp_bytes, 5000);
	assert_int_equal(stats(&w, LAN).flows_ended, 0);
	assert_int_equal(stats(&w, LAN).flows_talked, 0);
	segment(&w, CLIENT, TCP_ACK, 1000, true);
	w.at_s += 4000;
	engine_tick(w.rig->engine, rig_ns(w.at_s));
	assert_int_equal(stats(&w, LAN).tcp_bytes, 6000);
	assert_int_equal(stats(&w, LAN).flows_ended, 1);
	assert_int_equal(stats(&w, LAN).flows_talked, 1);
	wire_free(&w);
}

static void
datagrams_are_neither_gaps_nor_conversations(void **state)
{
	struct wire w = wire_new();
	uint8_t bytes[256];

	(void)state;
	struct build b = build_between("10.0.0.1", 1000, "10.0.0.2", 2000);
	b.payload_bytes = 100;
	for (unsigned i = 0; i < 10; i++)
		feed(&w, &b, bytes, build_udp(bytes, &b));
	engine_tick(w.rig->engine, rig_ns(100));
	assert_int_equal(stats(&w, LAN).flows_ended, 1);
	assert_int_equal(stats(&w, LAN).flows_talked, 0);
	assert_int_equal(stats(&w, LAN).tcp_bytes, 0);
	wire_free(&w);
}

static void
each_direction_counts_its_bytes_where_it_is_counted(void **state)
{
	struct wire w = wire_new();

	(void)state;
	w.client_port = 40001;
	for (const char *l = "ShADda"; *l != '\0'; l++) {
		w.interface = *l >= 'a' ? WAN : LAN;
		segment(&w, *l >= 'a' ? SERVER : CLIENT,
			*l == 'S'   ? TCP_SYN
			: *l == 'h' ? TCP_SYN | TCP_ACK
				    : TCP_ACK,
			*l == 'D'   ? 700
			: *l == 'd' ? 300
				    : 0,
			true);
	}
	w.at_s += 4000;
	engine_tick(w.rig->engine, rig_ns(w.at_s));
	assert_int_equal(stats(&w, LAN).tcp_bytes, 700);
	assert_int_equal(stats(&w, WAN).tcp_bytes, 300);
	assert_int_equal(stats(&w, LAN).flows_ended, 1);
	assert_int_equal(stats(&w, LAN).flows_talked, 1);
	assert_int_equal(stats(&w, LAN).flows_oneway, 0); /* two cables of one tap */
	assert_int_equal(stats(&w, WAN).flows_ended, 0);
	wire_free(&w);
}

static void
only_half_a_conversation_is_oneway(void **state)
{
	static const struct {
		const char *letters;
		bool talked, oneway;
	} plays[] = {
		{ "S-hAD-aAF-fA", true, true }, /* the client's half of a request */
		{ "-SH-aD-aDF", true, true },   /* the same by the server's cable, answered lost */
		{ "-Sh-A-Dadf", true, true },
		{ "AAAA", true, true },          /* acknowledges a download that we do not see */
		{ "ShADdaFfA", true, false },    /* both halves */
		{ "SSSSSS", false, false },      /* nobody answers: a scan, a dead host */
		{ "SrSrSr", false, false },      /* refused */
		{ "ShR", false, false },         /* half-open scan */
		{ "hhhhhh", false, false },      /* backscatter of a flood with our address */
		{ "rrrrrr", false, false },      /* the same of closed ports */
		{ "AAA", false, false },         /* probes of a firewall */
		{ "FFFFFF", false, false },      /* FIN scan */
		{ "-S-h-ADDD-a", false, false }, /* three packets, too few to tell */
		{ "-S-h-ADDDD-a", true, true },
	};

	(void)state;
	for (size_t i = 0; i < sizeof(plays) / sizeof(plays[0]); i++) {
		struct wire w = wire_new();

		play(&w, plays[i].letters);
		struct engine_interface_stats s = stats(&w, LAN);
		assert_int_equal(s.flows_talked, plays[i].talked);
		assert_int_equal(s.flows_oneway, plays[i].oneway);
		wire_free(&w);
	}
}

static void
a_oneway_port_shows_after_twenty_conversations_and_a_scan_does_not(void **state)
{
	struct wire w = wire_new();

	(void)state;
	for (unsigned i = 0; i < 500; i++)
		play(&w, "S");
	for (unsigned i = 0; i < 15; i++)
		play(&w, "S-hAD-aAF-fA");
	for (unsigned i = 0; i < 4; i++)
		play(&w, "ShADdaFfA");
	struct engine_interface_stats s = stats(&w, LAN);
	assert_true(engine_oneway_ratio(&s) == 0);
	play(&w, "ShADdaFfA");
	s = stats(&w, LAN);
	assert_true(engine_oneway_ratio(&s) == 0.75);
	assert_int_equal(s.flows_ended, 520);
	wire_free(&w);
}

static void
what_was_long_ago_is_forgotten(void **state)
{
	struct wire w = wire_new();

	(void)state;
	for (unsigned i = 0; i < 1023; i++)
		play(&w, "S-hAD-aAF-fA");
	struct engine_interface_stats s = stats(&w, LAN);
	assert_int_equal(s.recent_oneway.whole, 1023);
	play(&w, "S-hAD-aAF-fA");
	s = stats(&w, LAN);
	assert_int_equal(s.recent_oneway.whole, 512);
	assert_int_equal(s.recent_oneway.part, 512);
	for (unsigned i = 0; i < 1600; i++)
		play(&w, "ShADdaFfA");
	s = stats(&w, LAN);
	assert_true(engine_oneway_ratio(&s) < 0.15);
	assert_int_equal(s.flows_oneway, 1024);
	assert_int_equal(s.flows_talked, 2624);
	wire_free(&w);
}

int
main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(frames_and_bytes_are_counted_where_they_came),
		cmocka_unit_test(what_two_interfaces_bring_is_told_and_counted_once),
		cmocka_unit_test(bytes_that_were_acknowledged_and_not_seen_are_a_gap),
		cmocka_unit_test(interims_tell_of_gaps_as_well),
		cmocka_unit_test(datagrams_are_neither_gaps_nor_conversations),
		cmocka_unit_test(each_direction_counts_its_bytes_where_it_is_counted),
		cmocka_unit_test(only_half_a_conversation_is_oneway),
		cmocka_unit_test(
			a_oneway_port_shows_after_twenty_conversations_and_a_scan_does_not),
		cmocka_unit_test(what_was_long_ago_is_forgotten),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
