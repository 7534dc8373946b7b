#include "daemon/flow/flow_tcp.h"

#include "tests/support/flow_rig.h"

#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>

#include <cmocka.h>

/* What a play must come to. The client is the originator unless roles are swapped. */
struct play {
	const char *words;
	const char *state;
	const char *history;
	uint64_t orig_bytes, resp_bytes;
	uint64_t missed_bytes;
};

static void
expect_end(struct rig *r, const struct play *play)
{
	rig_end(r);
	assert_int_equal(r->last.kind, OBS_FLOW_END);
	const struct obs_flow *f = &r->last.flow;
	assert_string_equal(f->history, play->history);
	assert_string_equal(conn_state_name(f->state), play->state);
	assert_int_equal(f->orig_total.payload_bytes, play->orig_bytes);
	assert_int_equal(f->resp_total.payload_bytes, play->resp_bytes);
	assert_int_equal(
		f->orig_total.missed_bytes + f->resp_total.missed_bytes, play->missed_bytes);
	assert_int_equal(f->flipped, strchr(play->history, '^') != NULL);
	rig_free(r);
}

static void
expect_from(const struct play *play, uint32_t client_seq, uint32_t server_seq)
{
	struct rig *r = rig_new(FLOW_TIMEOUTS_ZEEK, 4);

	r->seq[RIG_CLIENT] = client_seq;
	r->seq[RIG_SERVER] = server_seq;
	rig_play(r, play->words);
	assert_int_equal(flow_stats(r->t).started, 1);
	expect_end(r, play);
}

static void
expect_all(const struct play *plays, size_t count)
{
	for (size_t i = 0; i < count; i++) {
		expect_from(&plays[i], 1000, 5000);
		/* The same wherever the numbers start: also where they pass 2^32 on the way. */
		expect_from(&plays[i], UINT32_MAX, UINT32_MAX - 1);
		expect_from(&plays[i], UINT32_MAX - 60, UINT32_MAX - 160);
		expect_from(&plays[i], 0, UINT32_C(0x7fffffff));
	}
}

#define EXPECT_ALL(plays) expect_all(plays, sizeof(plays) / sizeof(*(plays)))

static void
every_state_has_its_shortest_play(void **state)
{
	static const struct play plays[] = {
		{ ">S", "S0", "S", 0, 0, 0 },
		{ ">S <SA", "S1", "Sh", 0, 0, 0 },
		{ ">S <SA >FA <FA", "SF", "ShFf", 0, 0, 0 },
		{ ">S <RA", "REJ", "Sr", 0, 0, 0 },
		{ ">S <SA >FA", "S2", "ShF", 0, 0, 0 },
		{ ">S <SA <FA", "S3", "Shf", 0, 0, 0 },
		{ ">S <SA >R", "RSTO", "ShR", 0, 0, 0 },
		{ ">S <SA >A <RA", "RSTR", "ShAr", 0, 0, 0 },
		{ ">S >R", "RSTOS0", "SR", 0, 0, 0 },
		{ "<SA <R", "RSTRH", "^hr", 0, 0, 0 },
		{ ">S >FA", "SH", "SF", 0, 0, 0 },
		{ "<SA <FA", "SHR", "^hf", 0, 0, 0 },
		{ ">A", "OTH", "A", 0, 0, 0 },
	};

	(void)state;
	EXPECT_ALL(plays);
}

static void
resets_are_told_apart(void **state)
{
	static const struct play plays[] = {
		{ ">S <RA >R", "REJ", "SrR", 0, 0, 0 }, /* both, but nothing was said */
		{ ">S <SA >A >10 <RA >R", "RSTR", "ShADrR", 10, 0, 0 },
		{ ">SA <R", "REJ", "Hr", 0, 0, 0 }, /* what a stealth scan earns */
		{ ">SA <RA", "REJ", "Hr", 0, 0, 0 },
		{ ">S <SA <10 <R >R", "RSTR", "ShdrR", 0, 10, 0 },
		{ ">S <SA >A >FR <FA", "RSTO", "ShAIf", 0, 0, 0 },
		{ ">100 <R", "RSTRH", "Dr", 100, 0, 0 },
		{ ">R", "OTH", "R", 0, 0, 0 },
		{ ">S <A >R", "RSTOS0", "SaR", 0, 0, 0 },
		{ ">S >20 >R", "RSTOS0", "SDR", 20, 0, 0 },
		{ ">S >A >R", "OTH", "SAR", 0, 0, 0 },
		{ ">A >R", "OTH", "AR", 0, 0, 0 },
		/* A FIN was answered by a FIN: a RST after that changes nothing. */
		{ ">S <SA >A >FA <FA >R", "SF", "ShAFfR", 0, 0, 0 },
		{ ">S <SA >A >FA >R", "RSTO", "ShAFR", 0, 0, 0 },
		{ ">S <SA >A >FA >R <FA", "SF", "ShAFRf", 0, 0, 0 },
		{ ">S <SA >A >R <FA", "RSTO", "ShARf", 0, 0, 0 },
	};

	(void)state;
	EXPECT_ALL(plays);
}

static void
a_handshake_may_lack_parts(void **state)
{
	static const struct play plays[] = {
		/* Answers to a SYN that was lost: the port is a server's ... */
		{ "<SA >A", "S1", "^hA", 0, 0, 0 },
		{ "<SA >A >10 <20 >FA <FA", "SF", "^hADdFf", 10, 20, 0 },
		/* ... or nobody would answer a SYN-ACK so, unless it had asked for it. */
		{ ">SA <A", "OTH", "^hA", 0, 0, 0 }, { ">SA <10", "OTH", "^hD", 10, 0, 0 },
		{ ">SA >A", "OTH", "^ha", 0, 0, 0 }, { ">SA >30", "OTH", "^hd", 0, 30, 0 },
		{ ">SA <SA", "OTH", "Hh", 0, 0, 0 }, { ">SA <U", "OTH", "H", 0, 0, 0 },
		/* Some stacks acknowledge a SYN before they answer it; then it counts as no answer. */
		{ ">S <A", "S0", "Sa", 0, 0, 0 }, { ">S <A <SA >A", "S1", "SahA", 0, 0, 0 },
		{ ">S <10", "OTH", "Sd", 0, 10, 0 },
		/* From the middle. */
		{ ">100 <A <50 >A", "OTH", "DadA", 100, 50, 0 },
		{ ">100 <A <50 >A >FA <FA", "SF", "DadAFf", 100, 50, 0 },
		{ ">100 >FA", "SH", "DF", 100, 0, 0 }, { "<100 >A", "OTH", "^dA", 0, 100, 0 },
		{ ">A t>S <SA >A", "S1", "ASh", 0, 0, 0 }, /* its SYN came late */
	};

	(void)state;
	EXPECT_ALL(plays);
}

static void
a_syn_that_its_answer_overtook_opens_the_connection(void **state)
{
	struct rig *r = rig_new(FLOW_TIMEOUTS_NAIAD, 4);
	struct packet answer = rig_tcp(r, RIG_CLIENT, TCP_SYN | TCP_ACK, 0);
	struct packet syn = rig_tcp(r, RIG_SERVER, TCP_SYN, 0);

	(void)state;
	answer.tcp_ack = syn.tcp_seq + 1;
	rig_packet(r, &answer);
	rig_packet(r, &syn);
	assert_int_equal(flow_stats(r->t).started, 1);
	assert_true(flow_packet_is_orig(r->flow, &syn));
	assert_false(flow_packet_is_orig(r->flow, &answer));
	expect_end(r, &(struct play){ .state = "S1", .history = "Hs^" });
}

static void
letters_stand_for_what_is_new(void **state)
{
	static const struct play plays[] = {
		{ ">S <SA >A >100 <A <200 >A >10 >FA <FA >A", "SF", "ShADadFf", 110, 200, 0 },
		{ ">S t>S <SA t<SA >A >A", "S1", "ShA", 0, 0, 0 },
		{ ">S <SA >A >FA t>FA", "S2", "ShAF", 0, 0, 0 },
		{ ">S <SA >A >FA >FA", "S2", "ShAFF", 1, 0, 0 },
		{ ">S <SA >A >FA50 t>FA", "S2", "ShAF", 50, 0, 0 },
		{ ">S <SA >A >FA50 t>FA50", "S2", "ShAFT", 50, 0, 0 },
		{ ">S <SA >A <R <R", "RSTR", "ShAr", 0, 0, 0 },
		{ ">S <SA >A <R x<10 <R", "RSTR", "ShArr", 0, 0, 0 },
		{ ">FR", "OTH", "I", 0, 0, 0 },
		{ ">SFR", "OTH", "I", 0, 0, 0 },
		{ ">SF", "SH", "Q", 0, 0, 0 },
		{ ">SR", "OTH", "Q", 0, 0, 0 },
		{ ">S <SA >U", "S1", "Sh", 0, 0, 0 },
	};

	(void)state;
	EXPECT_ALL(plays);
}

static void
a_reset_at_the_same_place_of_a_new_start_is_no_new_letter(void **state)
{
	struct rig *r = rig_new(FLOW_TIMEOUTS_NAIAD, 4);

	/* A RST was forged before the server answered, and one at the answer's first byte after it. */
	(void)state;
	rig_play(r, ">S");
	struct packet forged = rig_tcp(r, RIG_SERVER, TCP_RST, 0);
	forged.tcp_seq = 77;
	rig_packet(r, &forged);
	rig_play(r, "<SA <R");
	expect_end(r, &(struct play){ .state = "REJ", .history = "Srh" });
}

static void
zero_windows_are_noted_unless_at_the_end(void **state)
{
	static const struct play plays[] = {
		{ ">S <SA >A w<A", "S1", "ShAaw", 0, 0, 0 },
		{ ">S <SA >A w<R", "RSTR", "ShAr", 0, 0, 0 },
		{ ">S <SA >A >FA w<A", "S2", "ShAFa", 0, 0, 0 },
		{ ">S <SA >A >FA w>A", "S2", "ShAFW", 0, 0, 0 },
		{ ">S <SA >A >R w>A", "RSTO", "ShAR", 0, 0, 0 },
	};

	(void)state;
	EXPECT_ALL(plays);
}

static void
bytes_count_once(void **state)
{
	static const struct play plays[] = {
		{ ">S <SA >A >100 t>100", "S1", "ShADT", 100, 0, 0 },
		{ ">S <SA >A >100 t>40", "S1", "ShADT", 100, 0, 0 },
		{ ">S <SA >A >100 t>101", "S1", "ShADT", 100, 0, 0 },
		{ ">S <SA >A >FA120", "S2", "ShAF", 120, 0, 0 },
		{ ">S20 <SA >A", "S1", "SThA", 20, 0, 0 }, /* Zeek's letter for text on a SYN */
		/* After a RST numbers are not believed. */
		{ ">S <SA >A >R >500", "RSTO", "ShARD", 0, 0, 0 },
	};

	(void)state;
	EXPECT_ALL(plays);
}

static void
lost_bytes_are_missed_when_they_are_acknowledged(void **state)
{
	static const struct play plays[] = {
		{ ">S <SA >A x>100 >50", "S1", "ShAD", 150, 0, 0 },
		{ ">S <SA >A x>100 >50 <A", "S1", "ShADaG", 150, 0, 100 },
		{ ">S <SA >A x>500 <A", "S1", "ShAaG", 500, 0, 500 },
		{ ">S <SA >A x>100 >50 <A <A >50 <A", "S1", "ShADaG", 200, 0, 100 },
		/* A hole that is filled late is none. */
		{ ">S <SA >A x>100 >50 t>150 <A", "S1", "ShADTa", 150, 0, 0 },
		{ ">S <SA >A x>100 >50 t>150 >10 <A", "S1", "ShADTa", 160, 0, 0 },
		/* The end of a hole, then more: the island grows. */
		{ ">S <SA >A x>100 >50 >50 <A", "S1", "ShADaG", 200, 0, 100 },
		/* Two holes: only the first is sure. */
		{ ">S <SA >A x>100 >50 x>30 >50 <A", "S1", "ShADaG", 230, 0, 100 },
		{ ">S <SA >A x>100 <A x>10 <A", "S1", "ShAaG", 110, 0, 110 },
		/* A FIN's number is no byte. */
		{ ">S <SA >A >FA <A", "S2", "ShAFa", 0, 0, 0 },
		{ ">S <SA >A x>100 >FA <A", "S2", "ShAFaG", 100, 0, 100 },
		/* Numbers of a RST, and of what began before us, prove nothing. */
		{ ">S <SA >A x>100 <RA", "RSTR", "ShAr", 0, 0, 0 },
		{ ">10 <A x>100 <A", "OTH", "Da", 110, 0, 0 },
		{ ">10 <10 x>100 >FA <FA", "SF", "DdFf", 110, 10, 0 },
		{ ">S <SA >A x>100 >R <A", "RSTO", "ShARa", 100, 0, 0 },
	};

	(void)state;
	EXPECT_ALL(plays);
}

static void
connections_longer_than_the_sequence_space_count_right(void **state)
{
	struct rig *r = rig_new(FLOW_TIMEOUTS_NAIAD, 4);

	(void)state;
	rig_play(r, ">S <SA >A");
	for (unsigned n = 0; n < 10; n++)
		rig_play(r, ">1000000000 <A");
	rig_play(r, "x<2000000000 >A x<2000000000 >A x<2000000000 >A");
	expect_end(r, &(struct play){ .state = "S1",
			      .history = "ShADag",
			      .orig_bytes = UINT64_C(10000000000),
			      .resp_bytes = UINT64_C(6000000000),
			      .missed_bytes = UINT32_MAX });
}

static void
numbers_that_jump_on_a_reset_are_not_believed(void **state)
{
	(void)state;
	for (uint32_t jump = (1 << 20) - 1; jump <= (1 << 20) + 1; jump++) {
		struct rig *r = rig_new(FLOW_TIMEOUTS_NAIAD, 4);
		rig_play(r, ">S <SA >A");
		r->seq[RIG_CLIENT] += jump;
		rig_play(r, ">R");
		expect_end(r, &(struct play){ .state = "RSTO",
				      .history = "ShAR",
				      .orig_bytes = jump <= 1 << 20 ? jump : 0 });
	}
}

static void
a_half_open_connection_that_is_broken_off_has_no_bytes(void **state)
{
	struct rig *r = rig_new(FLOW_TIMEOUTS_NAIAD, 4);

	(void)state;
	rig_play(r, ">S");
	r->seq[RIG_CLIENT] += 7777; /* the server still knows an older connection */
	rig_play(r, "<A >R");
	expect_end(r, &(struct play){ .state = "RSTOS0", .history = "SaR" });
}

static void
an_acknowledgement_of_zero_far_ahead_is_a_field_left_empty(void **state)
{
	(void)state;
	for (unsigned far = 0; far < 2; far++) {
		struct rig *r = rig_new(FLOW_TIMEOUTS_NAIAD, 4);
		r->seq[RIG_CLIENT] = far ? UINT32_C(0xf0000000) : UINT32_MAX - 100;
		rig_play(r, ">S <SA >A");
		r->seq[RIG_CLIENT] = 0;
		rig_play(r, "<A");
		expect_end(r, &(struct play){ .state = "S1",
				      .history = far ? "ShAa" : "ShAaG",
				      .orig_bytes = far ? 0 : 100,
				      .missed_bytes = far ? 0 : 100 });
	}
}

static void
only_a_new_number_or_an_end_lets_a_syn_open_again(void **state)
{
	static const struct {
		const char *words;
		uint64_t started;
	} cases[] = {
		{ ">S t>S", 1 },
		{ ">S >S", 2 },
		{ ">S <S", 2 },
		{ ">S <SA >A >S", 2 },
		{ ">S <SA >A >FA >S", 2 },
		{ ">S <RA >S", 2 },
		{ ">S <RA t>S", 2 },
		{ ">SA <SA t<S", 2 },
		{ ">S <SA t<SA", 1 },
		{ ">S <SA <SA", 1 }, /* a SYN-ACK opens nothing where somebody opened */
		{ "<SA <SA", 2 },    /* but it may where nobody did */
		{ "<SA t<SA", 1 },
		{ ">S <SA >A >A", 1 },
	};

	(void)state;
	for (size_t i = 0; i < sizeof(cases) / sizeof(*cases); i++) {
		struct rig *r = rig_new(FLOW_TIMEOUTS_NAIAD, 4);
		rig_play(r, cases[i].words);
		assert_int_equal(flow_stats(r->t).started, cases[i].started);
		if (cases[i].started == 2) {
			assert_int_equal(r->told[1].kind, OBS_FLOW_END);
			assert_int_equal(r->told[1].flow.ended, FLOW_END_REUSED);
			assert_int_equal(r->told[2].kind, OBS_FLOW_START);
			assert_string_not_equal(r->told[1].flow.uid.text, r->told[2].flow.uid.text);
		}
		rig_free(r);
	}
}

int
main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(every_state_has_its_shortest_play),
		cmocka_unit_test(resets_are_told_apart),
		cmocka_unit_test(a_handshake_may_lack_parts),
		cmocka_unit_test(a_syn_that_its_answer_overtook_opens_the_connection),
		cmocka_unit_test(letters_stand_for_what_is_new),
		cmocka_unit_test(a_reset_at_the_same_place_of_a_new_start_is_no_new_letter),
		cmocka_unit_test(zero_windows_are_noted_unless_at_the_end),
		cmocka_unit_test(bytes_count_once),
		cmocka_unit_test(lost_bytes_are_missed_when_they_are_acknowledged),
		cmocka_unit_test(connections_longer_than_the_sequence_space_count_right),
		cmocka_unit_test(numbers_that_jump_on_a_reset_are_not_believed),
		cmocka_unit_test(a_half_open_connection_that_is_broken_off_has_no_bytes),
		cmocka_unit_test(an_acknowledgement_of_zero_far_ahead_is_a_field_left_empty),
		cmocka_unit_test(only_a_new_number_or_an_end_lets_a_syn_open_again),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
