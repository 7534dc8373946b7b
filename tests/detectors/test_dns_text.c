#include "tests/support/name_rig.h"

#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <stdio.h>

#include <cmocka.h>

extern const struct detector detector_dns_text;

/* 64 different characters: 6 bits each. */
#define CIPHER "ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789+/"
/* 32 different characters: exactly 5 bits; and 31. */
#define FIVE_BITS "ABCDEFGHIJKLMNOPQRSTUVWXYZabcdef"
#define LESS      "ABCDEFGHIJKLMNOPQRSTUVWXYZabcdee"

static int
setup(void **state)
{
	static struct rig rig;

	rig_open(&rig, &detector_dns_text);
	*state = &rig;
	return 0;
}

static int
teardown(void **state)
{
	rig_done(*state);
	return 0;
}

static size_t
answered(struct rig *r, const char *name, const char *text, const char *type)
{
	size_t before = r->raised_count;

	rig_dns(r, &(struct obs_dns){
			   .query = name,
			   .query_type = 16,
			   .texts = { &text, 1 },
			   .types = { &type, type != NULL },
		   });
	return r->raised_count - before;
}

static size_t
has_text(struct rig *r, const char *name, const char *text)
{
	return answered(r, name, text, "TXT");
}

static void
a_text_like_a_cipher_is_told_of_both_sides(void **state)
{
	struct rig *r = *state;

	assert_int_equal(has_text(r, "a.srv.tunnel.com", "TXT 64 " CIPHER), 2);
	const struct raised *e = &r->raised[0];
	assert_string_equal(e->kind->name, "HIGH_ENTROPY_DNS_ANSWER");
	assert_string_equal(e->kind->technique, "T1071.004");
	assert_int_equal(e->kind->signature_id, 5200104);
	assert_int_equal(e->threat, THREAT_LOW);
	assert_float_equal(e->confidence, 0.6, 1e-9);
	assert_int_equal(e->role, EVIDENCE_ATTACKER);
	assert_true(e->has_about && e->about.byte[15] == 53);
	assert_int_equal(e->port, 53);
	assert_int_equal(e->observed, 1);
	assert_int_equal(e->threshold, 1);
	assert_int_equal(e->uid_count, 1);
	assert_string_equal(e->object, "a.srv.tunnel.com");
	assert_string_equal(e->text,
		"was answered by 10.0.0.53 with 1 TXT record of up to 6.00 bits a character for a.srv.tunnel.com");
	e = &r->raised[1];
	assert_true(e->twin);
	assert_int_equal(e->host.byte[15], 53);
	assert_int_equal(e->threat, THREAT_MEDIUM);
	assert_int_equal(e->role, EVIDENCE_VICTIM);
	assert_string_equal(e->text,
		"answered 10.0.0.1 with a TXT record of 6.00 bits a character for a.srv.tunnel.com");
}

static void
five_bits_are_enough_and_less_are_not(void **state)
{
	struct rig *r = *state;

	assert_int_equal(has_text(r, "a.com", "TXT 64 " LESS LESS), 0);
	assert_int_equal(has_text(r, "a.com", "TXT 64 " FIVE_BITS FIVE_BITS), 2);
}

static void
a_short_text_is_nothing(void **state)
{
	struct rig *r = *state;
	char text[64];

	(void)snprintf(text, sizeof(text), "TXT 49 %.49s", CIPHER);
	assert_int_equal(has_text(r, "a.com", text), 0);
	(void)snprintf(text, sizeof(text), "TXT 49 %.49s ", CIPHER); /* the space is none of it */
	assert_int_equal(has_text(r, "a.com", text), 0);
	(void)snprintf(text, sizeof(text), "TXT 50 %.50s", CIPHER);
	assert_int_equal(has_text(r, "a.com", text), 2);
}

static void
what_stands_between_strings_is_no_text(void **state)
{
	struct rig *r = *state;

	rig_set_u32(r, "min_length", 64);
	assert_int_equal(
		has_text(r, "a.com", "TXT 32 " FIVE_BITS " TXT 31 ABCDEFGHIJKLMNOPQRSTUVWXYZabcde"),
		0);
	assert_int_equal(has_text(r, "a.com", "TXT 32 " FIVE_BITS " TXT 32 " FIVE_BITS), 2);
	assert_string_equal(r->raised[1].text,
		"answered 10.0.0.1 with a TXT record of 5.00 bits a character for a.com");
}

static void
a_text_that_is_not_written_as_zeek_does_is_taken_as_it_is(void **state)
{
	struct rig *r = *state;

	assert_int_equal(has_text(r, "a.com", CIPHER), 2);
	assert_int_equal(answered(r, "b.com", CIPHER, NULL), 0); /* is it a TXT at all? */
	assert_int_equal(answered(r, "b.com", "TXT 64 " CIPHER, NULL), 2);
	assert_int_equal(answered(r, "c.com", "TXT 64 " CIPHER, "SPF"), 0);
	assert_int_equal(has_text(r, "d.com", "TXT 99999999999999999999 " CIPHER), 2);
	assert_int_equal(has_text(r, "e.com", "TXT 5"), 0);
}

static void
keys_of_mail_and_proofs_are_usual(void **state)
{
	static const char *const usual[] = { "v=spf1 " CIPHER, "v=DKIM1; p=" CIPHER,
		"k=rsa; p=" CIPHER, "v=DMARC1 " CIPHER, "google-site-verification=" CIPHER };
	struct rig *r = *state;

	for (size_t i = 0; i < sizeof(usual) / sizeof(usual[0]); i++)
		assert_int_equal(has_text(r, "a.com", usual[i]), 0);
}

static void
names_of_a_domain_are_told_at_each_tenfold(void **state)
{
	struct rig *r = *state;
	char name[32];

	for (unsigned i = 0; i < 100; i++)
		for (int again = 0; again < 2; again++) {
			(void)snprintf(name, sizeof(name), "x%u.tunnel.com", i);
			(void)has_text(r, name, CIPHER);
		}
	assert_int_equal(r->raised_count, 6); /* 1, 10, 100 */
	assert_int_equal(rig_last(r)->observed, 100);
	assert_string_equal(r->raised[4].text,
		"was answered by 10.0.0.53 with 100 TXT records of up to 6.00 bits a character for x99.tunnel.com");
}

static void
after_three_domains_it_is_information(void **state)
{
	static const char *const names[] = { "a.com", "b.com", "c.com", "d.com", "printer" };
	struct rig *r = *state;

	for (size_t i = 0; i < 5; i++) {
		assert_int_equal(has_text(r, names[i], CIPHER), 2);
		assert_int_equal(r->raised[2 * i].threat, i < 3 ? THREAT_LOW : THREAT_INFO);
	}
}

static void
an_announcement_is_information_once_a_window(void **state)
{
	struct rig *r = *state;
	const char *text = CIPHER;
	const char *type = "TXT";
	struct obs_dns dns = { .query = "printer._ipp._tcp.local",
		.query_type = TRANSACTION_UNSET,
		.server = addr_v4(224, 0, 0, 251),
		.texts = { &text, 1 },
		.types = { &type, 1 } };

	rig_dns(r, &dns);
	rig_dns(r, &dns);
	assert_int_equal(r->raised_count, 1);
	assert_int_equal(rig_last(r)->threat, THREAT_INFO);
	assert_false(rig_last(r)->has_about);
	assert_int_equal(rig_last(r)->port, 0);
	assert_string_equal(rig_last(r)->text,
		"announced a TXT record of 6.00 bits a character, printer._ipp._tcp.local");
	rig_window_next(r);
	dns.client = dns.server;
	dns.server = r->host;
	rig_dns(r, &dns);
	assert_int_equal(r->raised_count, 1); /* the group is no client */
}

static void
other_questions_and_silence_are_nothing(void **state)
{
	struct rig *r = *state;
	const char *text = CIPHER;
	const char *type = "TXT";
	struct obs_dns dns = {
		.query = "a.com", .query_type = 1, .texts = { &text, 1 }, .types = { &type, 1 }
	};

	rig_dns(r, &dns);
	dns.query_type = 16;
	dns.rcode = TRANSACTION_UNSET;
	rig_dns(r, &dns);
	dns.rcode = 0;
	dns.query = NULL;
	rig_dns(r, &dns);
	assert_int_equal(r->raised_count, 0);
}

static void
sixty_four_domains_and_512_names_are_kept(void **state)
{
	struct rig *r = *state;
	char name[32];

	for (unsigned i = 0; i < 65; i++) {
		(void)snprintf(name, sizeof(name), "x%u.com", i);
		assert_int_equal(has_text(r, name, CIPHER), i < 64 ? 2 : 0);
	}
	for (unsigned i = 0; i < 600; i++) {
		(void)snprintf(name, sizeof(name), "y%u.x0.com", i);
		(void)has_text(r, name, CIPHER);
	}
	size_t used = r->memory.used_bytes;
	(void)has_text(r, "z.x0.com", CIPHER);
	assert_int_equal(r->memory.used_bytes, used);
	r->memory.cap_bytes = 100;
	rig_window_next(r);
	r->memory.cap_bytes = 32;
	assert_int_equal(has_text(r, "a.com", CIPHER), 0);
}

int
main(void)
{
	const struct CMUnitTest tests[] = {
#define TEST(name) cmocka_unit_test_setup_teardown(name, setup, teardown)
		TEST(a_text_like_a_cipher_is_told_of_both_sides),
		TEST(five_bits_are_enough_and_less_are_not),
		TEST(a_short_text_is_nothing),
		TEST(what_stands_between_strings_is_no_text),
		TEST(a_text_that_is_not_written_as_zeek_does_is_taken_as_it_is),
		TEST(keys_of_mail_and_proofs_are_usual),
		TEST(names_of_a_domain_are_told_at_each_tenfold),
		TEST(after_three_domains_it_is_information),
		TEST(an_announcement_is_information_once_a_window),
		TEST(other_questions_and_silence_are_nothing),
		TEST(sixty_four_domains_and_512_names_are_kept),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
