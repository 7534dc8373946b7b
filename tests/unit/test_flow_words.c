#include "daemon/input/flow_words.h"

#include "daemon/decode/packet.h"

#include <netinet/in.h>
#include <setjmp.h>
#include <stdarg.h>
#include <string.h>

#include <cmocka.h>

static struct text_view
text(const char *t)
{
	return (struct text_view){ t, strlen(t) };
}

static void
flags_are_letters_among_dots(void **state)
{
	(void)state;
	assert_int_equal(flow_words_flags(text("UAPRSF")),
		TCP_URG | TCP_ACK | TCP_PSH | TCP_RST | TCP_SYN | TCP_FIN);
	assert_int_equal(flow_words_flags(text("...A..S.")), TCP_ACK | TCP_SYN);
	assert_int_equal(flow_words_flags(text("........")), 0);
	assert_int_equal(flow_words_flags(text("")), 0);
}

struct sent_case {
	const char *orig, *resp; /* NULL: it sent nothing */
	enum conn_state state;
	bool established;
};

static struct flow_sent
sent(const char *flags, uint64_t packets)
{
	return (struct flow_sent){ .packets = flags == NULL ? 0 : packets,
		.tcp_flags = flags == NULL ? 0 : flow_words_flags(text(flags)) };
}

static void
flags_of_both_sides_say_how_a_connection_went(void **state)
{
	static const struct sent_case cases[] = {
		{ "S", NULL, CONN_S0, false },
		{ "SF", NULL, CONN_SH, false },
		{ "SR", NULL, CONN_RSTOS0, false },
		{ "S", "AR", CONN_REJ, false },
		{ "SR", "SA", CONN_RSTO, false }, /* a port that was found open, no more */
		{ "S", "SA", CONN_S1, false },
		{ "SA", NULL, CONN_S1, true }, /* the answers went another way */
		{ "SPA", "SPA", CONN_S1, true },
		{ "SPA", "SPAF", CONN_S3, true },
		{ "SPAF", "SPA", CONN_S2, true },
		{ "SPAF", "SPAF", CONN_SF, true },
		{ "SPAFR", "SPAF", CONN_SF, true },
		{ "SPAR", "SPA", CONN_RSTO, true },
		{ "SPA", "SPAR", CONN_RSTR, true },
		{ NULL, "SA", CONN_OTH, true },
		{ NULL, "SAF", CONN_SHR, true },
		{ "PA", "SAR", CONN_RSTRH, false },
		{ NULL, "AR", CONN_OTH, true },
		{ "PA", "PA", CONN_OTH, true }, /* it began before */
		{ "S", "PA", CONN_OTH, false },
	};

	(void)state;
	for (size_t i = 0; i < sizeof(cases) / sizeof(*cases); i++) {
		struct flow_sent orig = sent(cases[i].orig, 5);
		struct flow_sent resp = sent(cases[i].resp, 5);
		struct flow_words w = flow_words_of_sent(IPPROTO_TCP, &orig, &resp);
		if (w.state != cases[i].state || w.established != cases[i].established)
			fail_msg("case %zu: %s %d", i, conn_state_name(w.state), w.established);
	}
}

/* An acknowledgement alone is no proof of an answer to who sees both sides. */
static void
who_sees_both_sides_believes_that_nobody_answered(void **state)
{
	const struct flow_sent orig = sent("SAR", 2);
	const struct flow_sent none = sent(NULL, 0);
	const struct flow_sent refusal = sent("AR", 1);
	const struct flow_sent opening = sent("SA", 1);

	(void)state;
	assert_int_equal(flow_words_tcp_state(&orig, &none, true), CONN_RSTOS0);
	assert_int_equal(flow_words_tcp_state(&orig, &none, false), CONN_RSTO);
	assert_int_equal(flow_words_tcp_state(&orig, &refusal, true), CONN_REJ);
	assert_int_equal(flow_words_tcp_state(&orig, &opening, true), CONN_RSTO);
}

static void
a_connection_without_flags_failed_only_if_it_is_short_and_alone(void **state)
{
	struct flow_sent none = { 0 };
	struct flow_sent few = { .packets = 3 };
	struct flow_sent more = { .packets = 4 };

	(void)state;
	assert_int_equal(flow_words_of_sent(IPPROTO_TCP, &few, &none).state, CONN_S0);
	assert_false(flow_words_of_sent(IPPROTO_TCP, &few, &none).established);
	assert_int_equal(flow_words_of_sent(IPPROTO_TCP, &more, &none).state, CONN_OTH);
	assert_true(flow_words_of_sent(IPPROTO_TCP, &more, &none).established);
	assert_true(flow_words_of_sent(IPPROTO_TCP, &few, &few).established);
}

static void
datagrams_are_established_by_an_answer(void **state)
{
	struct flow_sent none = { 0 };
	struct flow_sent some = { .packets = 1 };

	(void)state;
	assert_int_equal(flow_words_of_sent(IPPROTO_UDP, &some, &none).state, CONN_S0);
	assert_false(flow_words_of_sent(IPPROTO_UDP, &some, &none).established);
	assert_int_equal(flow_words_of_sent(IPPROTO_UDP, &none, &some).state, CONN_S0);
	assert_int_equal(flow_words_of_sent(IPPROTO_UDP, &some, &some).state, CONN_SF);
	assert_true(flow_words_of_sent(IPPROTO_UDP, &some, &some).established);
	assert_int_equal(flow_words_of_sent(IPPROTO_ICMP, &some, &none).state, CONN_OTH);
}

static void
only_connections_are_closed(void **state)
{
	struct flow_sent fin = sent("SPAF", 5);
	struct flow_sent syn = sent("S", 1);
	struct flow_sent none = { 0 };

	(void)state;
	assert_int_equal(flow_words_of_sent(IPPROTO_TCP, &fin, &fin).ended, FLOW_END_CLOSED);
	assert_int_equal(flow_words_of_sent(IPPROTO_TCP, &syn, &none).ended, FLOW_END_TIMEOUT);
	assert_int_equal(flow_words_of_sent(IPPROTO_UDP, &fin, &fin).ended, FLOW_END_TIMEOUT);
}

struct argus_case {
	const char *word;
	uint64_t packets;
	enum conn_state state;
	uint8_t ip_proto;
	bool established;
};

static void
argus_words_are_established_as_the_table_of_slips_has_it(void **state)
{
	static const struct argus_case cases[] = {
		{ "SPA_SRPA", 26, CONN_RSTR, IPPROTO_TCP, true },
		{ "FSPA_FSPA", 26, CONN_SF, IPPROTO_TCP, true },
		{ "FSRPA_FSPA", 26, CONN_SF, IPPROTO_TCP, true },
		{ "PA_PA", 2, CONN_OTH, IPPROTO_TCP, true },
		{ "FPA_FPA", 2, CONN_OTH, IPPROTO_TCP, true },
		{ "FRPA_PA", 2, CONN_OTH, IPPROTO_TCP, true },
		{ "S_RA", 2, CONN_REJ, IPPROTO_TCP, false },
		{ "S_R", 2, CONN_REJ, IPPROTO_TCP, false },
		{ "A_R", 2, CONN_OTH, IPPROTO_TCP, false },
		{ "S_SA", 2, CONN_S1, IPPROTO_TCP, false },
		{ "SR_SA", 3, CONN_RSTO, IPPROTO_TCP, false },
		{ "FA_FA", 3, CONN_OTH, IPPROTO_TCP, false },
		{ "A_A", 3, CONN_OTH, IPPROTO_TCP, false },
		{ "S_", 3, CONN_S0, IPPROTO_TCP, false },
		{ "PA_", 3, CONN_OTH, IPPROTO_TCP, false },
		{ "SRPA_", 3, CONN_RSTO, IPPROTO_TCP, false },
		{ "_PA", 3, CONN_OTH, IPPROTO_TCP, false },
		{ "CON", 2, CONN_SF, IPPROTO_UDP, true },
		{ "CON", 2, CONN_S1, IPPROTO_TCP, true },
		{ "EST", 2, CONN_S1, IPPROTO_TCP, true },
		{ "INT", 2, CONN_S0, IPPROTO_UDP, false },
		{ "REQ", 2, CONN_S0, IPPROTO_TCP, false },
		{ "RST", 3, CONN_REJ, IPPROTO_TCP, false },
		{ "RST", 4, CONN_RSTO, IPPROTO_TCP, true },
		{ "FIN", 3, CONN_SF, IPPROTO_TCP, false },
		{ "FIN", 4, CONN_SF, IPPROTO_TCP, true },
		{ "CLO", 4, CONN_SF, IPPROTO_TCP, false },
		{ "ECO", 4, CONN_OTH, IPPROTO_ICMP, true },
		{ "UNK", 4, CONN_OTH, IPPROTO_ICMPV6, true },
		{ "URP", 4, CONN_OTH, IPPROTO_ICMP, false },
		{ "INT", 4, CONN_OTH, IPPROTO_ICMP, false },
		{ "ECO_", 4, CONN_OTH, IPPROTO_ICMP, false },
		{ "", 4, CONN_OTH, IPPROTO_TCP, false },
		{ "what", 4, CONN_OTH, IPPROTO_UDP, false },
	};

	(void)state;
	for (size_t i = 0; i < sizeof(cases) / sizeof(*cases); i++) {
		struct flow_words w = flow_words_of_argus(text(cases[i].word), cases[i].ip_proto,
			cases[i].packets, /* turned= */ false);
		if (w.state != cases[i].state || w.established != cases[i].established)
			fail_msg("%s: %s %d", cases[i].word, conn_state_name(w.state),
				w.established);
	}
}

static void
a_turned_conversation_has_its_flags_the_other_way_round(void **state)
{
	(void)state;
	assert_int_equal(
		flow_words_of_argus(text("RA_S"), IPPROTO_TCP, 2, /* turned= */ true).state,
		CONN_REJ);
	assert_int_equal(
		flow_words_of_argus(text("RA_S"), IPPROTO_TCP, 2, /* turned= */ false).state,
		CONN_OTH);
}

int
main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(flags_are_letters_among_dots),
		cmocka_unit_test(flags_of_both_sides_say_how_a_connection_went),
		cmocka_unit_test(who_sees_both_sides_believes_that_nobody_answered),
		cmocka_unit_test(a_connection_without_flags_failed_only_if_it_is_short_and_alone),
		cmocka_unit_test(datagrams_are_established_by_an_answer),
		cmocka_unit_test(only_connections_are_closed),
		cmocka_unit_test(argus_words_are_established_as_the_table_of_slips_has_it),
		cmocka_unit_test(a_turned_conversation_has_its_flags_the_other_way_round),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
