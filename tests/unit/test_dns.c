/* test_dns.c -- questions and their answers over UDP, as one transaction. */
#include "tests/support/dns_build.h"
#include "tests/support/proto_rig.h"

#include <setjmp.h>
#include <stdarg.h>
#include <stdio.h>

#include <cmocka.h>

#include "daemon/proto/dns_message.h"

extern const struct protocol protocol_dns;

enum { ASK = DNS_RECURSION_DESIRED, SAY = 0x8180 };

struct fixture {
	struct proto_rig rig;
	struct dns_build b;
};

static int
set_up(void **state)
{
	struct fixture *f = calloc(1, sizeof(*f));

	assert_non_null(f);
	proto_rig_init(&f->rig, &protocol_dns);
	*state = f;
	return 0;
}

static int
tear_down(void **state)
{
	struct fixture *f = *state;

	proto_rig_done(&f->rig);
	free(f);
	return 0;
}

static void
feed(struct fixture *f, bool from_orig)
{
	proto_rig_feed(&f->rig, from_orig, f->b.bytes, f->b.size);
	assert_int_equal(f->rig.verdict, PROTO_MORE);
}

static void
ask(struct fixture *f, unsigned id, const char *name, unsigned type)
{
	dns_build_header(&f->b, id, ASK, 1, 0, 0, 0);
	dns_build_question(&f->b, name, type, 1);
	feed(f, true);
}

/* www.Example.org is an alias of web.example.org, which has an address of each kind. */
static void
build_answer(struct dns_build *b, unsigned id)
{
	dns_build_header(b, id, SAY, 1, 3, 0, 0);
	dns_build_question(b, "www.Example.org", DNS_A, 1);
	dns_build_alias(b, "www.example.org", DNS_CNAME, 300, "web.example.org");
	dns_build_record(b, "web.example.org", DNS_A, 60, "\135\270\330\42", 4);
	dns_build_record(
		b, "web.example.org", DNS_AAAA, 61, "\x26\6\0\0\0\0\0\0\0\0\0\0\0\0\0\1", 16);
}

#define FLAGS_AA_TC_RD_RA(aa, tc, rd, ra) " AA=" aa " TC=" tc " RD=" rd " RA=" ra

static void
a_question_and_its_answer_are_one_transaction(void **state)
{
	struct fixture *f = *state;

	ask(f, 7, "www.example.org", DNS_A);
	assert_int_equal(f->rig.told, 0);
	f->rig.ts_ns += 5000;
	build_answer(&f->b, 7);
	feed(f, false);
	assert_string_equal(f->rig.text,
		"dns proto=udp trans_id=7 rtt=5000 query=www.example.org qclass=1 "
		"qclass_name=C_INTERNET qtype=1 qtype_name=A rcode=0 rcode_name=NOERROR" FLAGS_AA_TC_RD_RA(
			"no", "no", "yes", "yes") " Z=0 "
						  "answers=[web.example.org|93.184.216.34|2606::1] "
						  "TTLs=[300000000000|60000000000|61000000000] "
						  "rejected=no answer_types=[CNAME|A|AAAA]\n");
	proto_rig_end(&f->rig);
	assert_int_equal(f->rig.told, 1);
}

static void
a_question_without_an_answer_is_told_at_the_end(void **state)
{
	struct fixture *f = *state;

	ask(f, 7, "nobody.example.org", DNS_MX);
	proto_rig_end(&f->rig);
	assert_string_equal(f->rig.text,
		"dns proto=udp trans_id=7 query=nobody.example.org qclass=1 "
		"qclass_name=C_INTERNET qtype=15 qtype_name=MX" FLAGS_AA_TC_RD_RA(
			"no", "no", "yes", "no") " Z=0 rejected=no\n");
}

static void
an_answer_that_nobody_asked_for_tells_what_it_repeats(void **state)
{
	struct fixture *f = *state;

	build_answer(&f->b, 9);
	feed(f, false);
	assert_non_null(strstr(f->rig.text, "trans_id=9 query=www.example.org qclass=1 "));
	assert_null(strstr(f->rig.text, "rtt="));
	assert_non_null(strstr(f->rig.text, "answers=[web.example.org|"));
}

static void
answers_may_come_in_another_order(void **state)
{
	struct fixture *f = *state;

	ask(f, 1, "a.example.org", DNS_A);
	ask(f, 2, "b.example.org", DNS_A);
	build_answer(&f->b, 2);
	feed(f, false);
	assert_non_null(strstr(f->rig.text, "trans_id=2 rtt=0 query=b.example.org"));
	build_answer(&f->b, 1);
	feed(f, false);
	assert_non_null(strstr(f->rig.text, "trans_id=1 rtt=0 query=a.example.org"));
	assert_int_equal(f->rig.told, 2);
}

static void
who_asks_cannot_answer_himself(void **state)
{
	struct fixture *f = *state;

	ask(f, 1, "a.example.org", DNS_A);
	build_answer(&f->b, 1);
	feed(f, true);
	assert_null(strstr(f->rig.text, "rtt="));
	proto_rig_end(&f->rig);
	assert_non_null(strstr(f->rig.text, "query=a.example.org"));
}

static void
what_waits_too_long_makes_room_and_is_told(void **state)
{
	struct fixture *f = *state;
	char name[64];
	unsigned asked = 0;

	while (f->rig.told == 0) {
		(void)snprintf(name, sizeof(name), "host%u.example.org", asked);
		ask(f, asked++, name, DNS_A);
	}
	assert_in_range(asked, 10, 20);
	assert_int_equal(f->rig.told, 1);
	assert_non_null(strstr(f->rig.text, "query=host0.example.org"));
	proto_rig_end(&f->rig);
	assert_int_equal(f->rig.told, asked);
}

static void
a_refusal_has_no_answers_and_is_a_rejection_when_empty(void **state)
{
	struct fixture *f = *state;

	dns_build_header(&f->b, 3, SAY | DNS_AUTHORITATIVE | 5, 1, 0, 0, 0);
	dns_build_question(&f->b, "x.org", DNS_A, 1);
	feed(f, false);
	assert_non_null(strstr(f->rig.text, "rcode=5 rcode_name=REFUSED AA=yes"));
	assert_non_null(strstr(f->rig.text, "Z=0 rejected=yes\n"));
	dns_build_header(&f->b, 3, SAY | 3, 1, 0, 1, 0);
	dns_build_question(&f->b, "x.org", DNS_A, 1);
	dns_build_alias(&f->b, "org", DNS_NS, 1, "ns.org");
	feed(f, false);
	assert_non_null(strstr(f->rig.text, "rcode_name=NXDOMAIN"));
	assert_non_null(strstr(f->rig.text, "Z=0 rejected=no\n"));
}

static void
the_asker_says_what_recursion_and_z_are(void **state)
{
	struct fixture *f = *state;

	dns_build_header(&f->b, 3, 0x0020, 1, 0, 0, 0);
	dns_build_question(&f->b, "x.org", DNS_A, 1);
	feed(f, true);
	dns_build_header(&f->b, 3, SAY | DNS_TRUNCATED | 0x0010, 1, 0, 0, 0);
	dns_build_question(&f->b, "x.org", DNS_A, 1);
	feed(f, false);
	assert_non_null(strstr(f->rig.text, "TC=yes RD=no RA=yes Z=2"));
	feed(f, false);
	assert_non_null(strstr(f->rig.text, "TC=yes RD=yes RA=yes Z=1"));
}

static void
edns_has_the_upper_bits_of_the_rcode(void **state)
{
	struct fixture *f = *state;

	dns_build_header(&f->b, 3, SAY | 7, 1, 1, 1, 1);
	dns_build_question(&f->b, "", DNS_SOA, 1);
	dns_build_alias(&f->b, "", DNS_SOA, 1, "ns.org");
	dns_build_alias(&f->b, "", DNS_NS, 1, "ns.org");
	dns_build_record(&f->b, "", DNS_OPT, 1U << 24, "", 0);
	feed(f, false);
	assert_non_null(strstr(f->rig.text, "query= "));
	assert_non_null(strstr(f->rig.text, "rcode=23 rcode_name=BADCOOKIE"));
}

static void
of_several_questions_the_last_is_told(void **state)
{
	struct fixture *f = *state;

	dns_build_header(&f->b, 0, 0, 2, 0, 0, 0);
	dns_build_question(&f->b, "first.local", DNS_A, 1);
	dns_build_question(&f->b, "last.local", DNS_PTR, 0x8001);
	feed(f, true);
	proto_rig_end(&f->rig);
	assert_non_null(strstr(
		f->rig.text, "query=last.local qclass=32769 qclass_name=qclass-32769 qtype=12"));
	assert_int_equal(f->rig.told, 1);
}

static void
an_answer_without_a_question_is_about_its_first_record(void **state)
{
	struct fixture *f = *state;

	dns_build_header(&f->b, 0, 0x8400, 0, 3, 0, 0);
	dns_build_record(&f->b, "ignored.local", DNS_HINFO, 1, "", 0);
	dns_build_record(&f->b, "printer.local", DNS_A, 120, "\12\0\0\2", 4);
	dns_build_record(&f->b, "other.local", DNS_A, 120, "\12\0\0\3", 4);
	feed(f, false);
	assert_non_null(strstr(f->rig.text, "trans_id=0 query=printer.local rcode=0"));
	assert_non_null(strstr(f->rig.text, "answers=[10.0.0.2|10.0.0.3]"));
}

static void
netbios_names_are_told_as_people_know_them(void **state)
{
	struct fixture *f = *state;

	ask(f, 1, "FHFAEBEECACACACACACACACACACACAAA", DNS_NB);
	ask(f, 2, "CKAAAAAAAAAAAAAAAAAAAAAAAAAAAAAA", DNS_NBSTAT);
	ask(f, 3, "_ldap._tcp.example.org", DNS_SRV);
	proto_rig_end(&f->rig);
	assert_non_null(strstr(f->rig.text, "query=WPAD qclass=1 qclass_name=C_INTERNET qtype=32"));
	assert_non_null(strstr(f->rig.text, "qtype=33 qtype_name=NBSTAT"));
	assert_non_null(strstr(f->rig.text, "qtype=33 qtype_name=SRV"));
}

static void
updates_and_notifications_are_no_transactions(void **state)
{
	struct fixture *f = *state;

	dns_build_header(&f->b, 3, 5 << 11, 1, 0, 0, 0);
	dns_build_question(&f->b, "example.org", DNS_SOA, 1);
	feed(f, true);
	proto_rig_end(&f->rig);
	assert_int_equal(f->rig.told, 0);
}

/* An answer whose question cannot be read ends the wait all the same. */
static void
a_malformed_answer_is_told_without_its_records(void **state)
{
	struct fixture *f = *state;

	ask(f, 7, "www.example.org", DNS_A);
	dns_build_header(&f->b, 7, SAY, 1, 1, 0, 0);
	dns_build_bytes(&f->b, "\xc0\14\0\1\0\1", 6);
	dns_build_record(&f->b, "x", DNS_A, 1, "\1\2\3\4", 4);
	feed(f, false);
	assert_non_null(strstr(f->rig.text, "rtt=0 query=www.example.org"));
	assert_non_null(strstr(f->rig.text, "rcode=0"));
	assert_null(strstr(f->rig.text, "answers="));
}

/* What detectors and the site see. */
static void
hear_addresses(void *context, const struct observation *o)
{
	struct obs_dns *seen = context;
	struct addr v4 = addr_v4(93, 184, 216, 34);

	*seen = *o->dns;
	assert_true(dns_is_answered(o->dns));
	assert_int_equal(o->dns->answer_count, 2);
	assert_true(addr_equal(&o->dns->answers[0].addr, &v4));
	assert_int_equal(o->dns->answers[1].ttl_s, 61);
	assert_null(o->dns->answers[0].name);
}

static void
the_addresses_and_who_asked_whom_are_known(void **state)
{
	struct fixture *f = *state;
	struct proto_call call = proto_rig_call(&f->rig, false);
	struct obs_dns seen;

	build_answer(&f->b, 7);
	call.emit = hear_addresses;
	call.context = &seen;
	protocol_dns.parse(&call, cursor_over(f->b.bytes, f->b.size));
	assert_int_equal(seen.client.byte[15], 1);
	assert_int_equal(seen.server.byte[15], 2);
}

static void
hear_unanswered(void *context, const struct observation *o)
{
	assert_false(dns_is_answered(o->dns));
	assert_int_equal(o->dns->client.byte[15], *(unsigned *)context);
	assert_int_equal(o->began_ns, 1700000000000000000U);
}

static void
who_asked_is_known_at_the_end_whoever_opened(void **state)
{
	struct fixture *f = *state;

	for (unsigned asker = 1; asker <= 2; asker++) {
		dns_build_header(&f->b, 3, 0, 1, 0, 0, 0);
		dns_build_question(&f->b, "x.org", DNS_A, 1);
		feed(f, asker == 1);
		struct proto_call call = proto_rig_call(&f->rig, true);
		call.emit = hear_unanswered;
		call.context = &asker;
		protocol_dns.end(&call);
	}
}

static void
hear_multicast(void *context, const struct observation *o)
{
	if (o->kind != OBS_DNS)
		return;
	assert_int_equal(o->dns->answer_count, 2);
	assert_string_equal(o->dns->answers[0].name, "one.local");
	assert_string_equal(o->dns->answers[1].name, "two.local");
	++*(unsigned *)context;
}

static void
by_multicast_addresses_are_their_records_owners(void **state)
{
	struct fixture *f = *state;
	struct proto_call call = proto_rig_call(&f->rig, true);
	unsigned heard = 0;

	dns_build_header(&f->b, 0, 0x8400, 0, 2, 0, 0);
	dns_build_record(&f->b, "one.local", DNS_A, 120, "\12\0\0\2", 4);
	dns_build_record(&f->b, "two.local", DNS_A, 120, "\12\0\0\3", 4);
	call.src_port = call.dst_port = 5353;
	call.emit = hear_multicast;
	call.context = &heard;
	protocol_dns.parse(&call, cursor_over(f->b.bytes, f->b.size));
	assert_int_equal(heard, 1);
}

static void
at_most_48_records_are_told(void **state)
{
	struct fixture *f = *state;

	dns_build_header(&f->b, 3, SAY, 1, 70, 0, 0);
	dns_build_question(&f->b, "x", DNS_A, 1);
	for (unsigned i = 0; i < 70; i++)
		dns_build_record(
			&f->b, "x", DNS_A, 1, &(uint8_t[4]){ 9, 9, 9, (uint8_t)(i + 100) }, 4);
	feed(f, false);
	assert_non_null(strstr(f->rig.text, "|9.9.9.147] TTLs=["));
}

static void
texts_that_do_not_fit_end_the_list(void **state)
{
	struct fixture *f = *state;
	char text[256];

	memset(text, 'x', sizeof(text));
	text[0] = '\xff';
	dns_build_header(&f->b, 3, SAY, 1, 20, 0, 0);
	dns_build_question(&f->b, "x", DNS_TXT, 1);
	for (unsigned i = 0; i < 20; i++)
		dns_build_record(&f->b, "x", DNS_TXT, i, text, sizeof(text));
	feed(f, false);
	assert_non_null(strstr(f->rig.text, "|14000000000] "));
}

/* A datagram is all there is: what is cut is none. */
static void
it_is_recognised_whole_or_not_at_all(void **state)
{
	struct fixture *f = *state;

	dns_build_header(&f->b, 7, ASK, 1, 0, 0, 0);
	dns_build_question(&f->b, "x.org", DNS_A, 1);
	for (size_t size = 0; size < f->b.size; size++)
		assert_int_equal(proto_rig_guess(&f->rig, true, f->b.bytes, size), PROTO_NO);
	assert_int_equal(proto_rig_guess(&f->rig, true, f->b.bytes, f->b.size), PROTO_YES);
}

static void
cut_at_every_byte_it_tells_what_was_there(void **state)
{
	struct fixture *f = *state;

	build_answer(&f->b, 7);
	for (size_t size = 0; size <= f->b.size; size++) {
		unsigned before = f->rig.told;
		strbuf_reset(&f->rig.out);
		proto_rig_feed(&f->rig, false, f->b.bytes, size);
		assert_int_equal(f->rig.told - before, size >= 12);
		assert_int_equal(strstr(f->rig.text, "2606::1") != NULL, size == f->b.size);
		(void)proto_rig_guess(&f->rig, false, f->b.bytes, size);
	}
}

static void
every_changed_byte_is_survived(void **state)
{
	struct fixture *f = *state;

	build_answer(&f->b, 7);
	for (size_t at = 0; at < f->b.size; at++)
		for (unsigned value = 0; value < 256; value++) {
			uint8_t before = f->b.bytes[at];
			f->b.bytes[at] = (uint8_t)value;
			strbuf_reset(&f->rig.out);
			feed(f, value % 2 == 0);
			(void)proto_rig_guess(&f->rig, true, f->b.bytes, f->b.size);
			f->b.bytes[at] = before;
		}
}

#define DNS_TEST(f) cmocka_unit_test_setup_teardown(f, set_up, tear_down)

/* What was told as odd, of all kinds. */
static unsigned
weirds(const struct fixture *f)
{
	unsigned count = 0;

	for (unsigned i = 0; i < WEIRD_COUNT; i++)
		count += f->rig.weirds[i];
	return count;
}

static void
what_is_wrong_is_told_once_a_flow(void **state)
{
	struct fixture *f = *state;

	for (unsigned i = 0; i < 3; i++) {
		dns_build_header(&f->b, i, ASK, 1, 0, 0, 0);
		dns_build_u16(&f->b, 0xc00c); /* itself */
		dns_build_bytes(&f->b, "\0\1\0\1", 4);
		feed(f, true);
	}
	assert_int_equal(f->rig.weirds[WEIRD_DNS_POINTER], 1);
	dns_build_header(&f->b, 3, ASK, 2, 0, 0, 0);
	dns_build_question(&f->b, "example.org", DNS_A, 1);
	feed(f, true);
	assert_int_equal(f->rig.weirds[WEIRD_DNS_COUNT], 1);
	assert_int_equal(weirds(f), 2);
}

static void
what_was_told_as_wrong_is_remembered_when_nothing_waits(void **state)
{
	struct fixture *f = *state;

	assert_true(protocol_dns.is_idle(f->rig.state));
	dns_build_header(&f->b, 3, SAY, 1, 0, 0, 0);
	feed(f, false);
	assert_int_equal(f->rig.weirds[WEIRD_DNS_COUNT], 1);
	assert_false(protocol_dns.is_idle(f->rig.state));
}

static void
an_answer_about_another_name_is_odd(void **state)
{
	static const struct {
		const char *name;
		unsigned type;
		bool is_odd;
	} cases[] = {
		{ "www.example.org", DNS_A, false },
		{ "WWW.example.ORG", DNS_A, false },
		{ "www.example.com", DNS_A, true },
		{ "www.example.org", DNS_AAAA, true },
	};

	for (size_t i = 0; i < sizeof(cases) / sizeof(cases[0]); i++) {
		struct fixture *f = *state;
		proto_rig_done(&f->rig);
		proto_rig_init(&f->rig, &protocol_dns);
		ask(f, 7, "www.example.org", DNS_A);
		dns_build_header(&f->b, 7, SAY, 1, 0, 0, 0);
		dns_build_question(&f->b, cases[i].name, cases[i].type, 1);
		feed(f, false);
		assert_int_equal(f->rig.weirds[WEIRD_DNS_QUESTION], cases[i].is_odd);
		assert_int_equal(weirds(f), cases[i].is_odd);
	}
}

static void
an_answer_need_not_repeat_the_question(void **state)
{
	struct fixture *f = *state;

	ask(f, 7, "www.example.org", DNS_A);
	dns_build_header(&f->b, 7, SAY, 0, 0, 0, 0);
	feed(f, false);
	assert_int_equal(weirds(f), 0);
}

static void
a_number_that_nobody_waits_for_is_odd_while_others_are(void **state)
{
	struct fixture *f = *state;

	dns_build_header(&f->b, 9, SAY, 0, 0, 0, 0);
	feed(f, false); /* the question may have been before the capture */
	ask(f, 7, "www.example.org", DNS_A);
	dns_build_header(&f->b, 9, SAY, 0, 0, 0, 0);
	feed(f, true); /* who waits is not asked */
	assert_int_equal(weirds(f), 0);
	dns_build_header(&f->b, 8, SAY, 0, 0, 0, 0);
	feed(f, false);
	feed(f, false);
	assert_int_equal(f->rig.weirds[WEIRD_DNS_NUMBER], 1);
	assert_int_equal(weirds(f), 1);
}

static void
answers_to_a_group_have_their_own_numbers_and_names(void **state)
{
	struct fixture *f = *state;
	struct proto_call call = proto_rig_call(&f->rig, false);

	ask(f, 0, "www.example.org", DNS_A);
	ask(f, 1, "www.example.org", DNS_A);
	call.src_port = call.dst_port = 5353;
	dns_build_header(&f->b, 0, SAY, 1, 0, 0, 0);
	dns_build_question(&f->b, "other.local", DNS_A, 1);
	protocol_dns.parse(&call, cursor_over(f->b.bytes, f->b.size));
	protocol_dns.parse(&call, cursor_over(f->b.bytes, f->b.size));
	assert_int_equal(weirds(f), 0);
}

int
main(void)
{
	const struct CMUnitTest tests[] = {
		DNS_TEST(a_question_and_its_answer_are_one_transaction),
		DNS_TEST(a_question_without_an_answer_is_told_at_the_end),
		DNS_TEST(an_answer_that_nobody_asked_for_tells_what_it_repeats),
		DNS_TEST(answers_may_come_in_another_order),
		DNS_TEST(who_asks_cannot_answer_himself),
		DNS_TEST(what_waits_too_long_makes_room_and_is_told),
		DNS_TEST(a_refusal_has_no_answers_and_is_a_rejection_when_empty),
		DNS_TEST(the_asker_says_what_recursion_and_z_are),
		DNS_TEST(edns_has_the_upper_bits_of_the_rcode),
		DNS_TEST(of_several_questions_the_last_is_told),
		DNS_TEST(an_answer_without_a_question_is_about_its_first_record),
		DNS_TEST(netbios_names_are_told_as_people_know_them),
		DNS_TEST(updates_and_notifications_are_no_transactions),
		DNS_TEST(what_is_wrong_is_told_once_a_flow),
		DNS_TEST(what_was_told_as_wrong_is_remembered_when_nothing_waits),
		DNS_TEST(an_answer_about_another_name_is_odd),
		DNS_TEST(an_answer_need_not_repeat_the_question),
		DNS_TEST(a_number_that_nobody_waits_for_is_odd_while_others_are),
		DNS_TEST(answers_to_a_group_have_their_own_numbers_and_names),
		DNS_TEST(a_malformed_answer_is_told_without_its_records),
		DNS_TEST(the_addresses_and_who_asked_whom_are_known),
		DNS_TEST(who_asked_is_known_at_the_end_whoever_opened),
		DNS_TEST(by_multicast_addresses_are_their_records_owners),
		DNS_TEST(at_most_48_records_are_told),
		DNS_TEST(texts_that_do_not_fit_end_the_list),
		DNS_TEST(it_is_recognised_whole_or_not_at_all),
		DNS_TEST(cut_at_every_byte_it_tells_what_was_there),
		DNS_TEST(every_changed_byte_is_survived),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
