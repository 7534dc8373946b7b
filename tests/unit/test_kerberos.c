#include "daemon/proto/proto.h"

#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>

#include <cmocka.h>

#include "daemon/proto/kerberos_message.h"
#include "tests/support/proto_cuts.h"

extern const struct protocol protocol_kerberos;

#define COUNT(a) (sizeof(a) / sizeof((a)[0]))

static const char *
told_of(struct proto_rig *r, const char *seed)
{
	const struct proto_piece *pieces;
	size_t count = proto_cuts_seed(seed, &pieces);

	return proto_rig_play(r, &protocol_kerberos, pieces, count, SIZE_MAX);
}

static void
a_ticket_that_is_given_is_told_with_its_log_in(void **state)
{
	static struct proto_rig r;

	(void)state;
	assert_string_equal(told_of(&r, "kerberos/as"),
		"kerberos request_type=AS client=valid_client_principal/VLADG.NET "
		"service=krbtgt/VLADG.NET success=yes till=1421708099000000000 "
		"cipher=aes256-cts-hmac-sha1-96 forwardable=no renewable=no\n"
		"- proto=kerberos success=yes user=valid_client_principal/VLADG.NET method=AS "
		"known_by=reply\n");
}

static void
errors_are_told_in_the_servers_words(void **state)
{
	static struct proto_rig r;

	(void)state;
	assert_string_equal(told_of(&r, "kerberos/not_renewable"),
		"kerberos request_type=TGS client=valid_client_principal/VLADG.NET "
		"service=krbtgt/VLADG.NET success=no error_msg=TICKET NOT RENEWABLE "
		"till=1421708111000000000 forwardable=no renewable=no\n");
	assert_string_equal(told_of(&r, "kerberos/preauth_required"),
		"kerberos request_type=AS client=requires_preauth_client_principal/VLADG.NET "
		"service=krbtgt/VLADG.NET success=no error_msg=KDC_ERR_PREAUTH_REQUIRED "
		"till=1421708117000000000 forwardable=yes renewable=no\n");
}

static void
a_request_without_answer_is_told_at_the_end(void **state)
{
	static struct proto_rig r;
	const struct proto_piece *pieces;

	(void)state;
	(void)proto_cuts_seed("kerberos/as", &pieces);
	assert_string_equal(proto_rig_play(&r, &protocol_kerberos, pieces, 1, SIZE_MAX),
		"kerberos request_type=AS client=valid_client_principal/VLADG.NET "
		"service=krbtgt/VLADG.NET till=1421708099000000000 forwardable=no renewable=no\n");
}

static void
messages_may_be_cut_anywhere(void **state)
{
	static struct proto_rig r;
	static const char *const seeds[] = { "kerberos/as", "kerberos/not_renewable",
		"kerberos/preauth_required" };
	const struct proto_piece *pieces;

	(void)state;
	for (size_t i = 0; i < COUNT(seeds); i++) {
		size_t count = proto_cuts_seed(seeds[i], &pieces);
		size_t total = 0;
		for (size_t k = 0; k < count; k++)
			total += pieces[k].size;
		for (size_t at = 0; at < total; at++)
			(void)proto_rig_truncate(&r, &protocol_kerberos, pieces, count, at);
	}
}

static void
whole_messages_are_recognised(void **state)
{
	static struct proto_rig r;
	const struct proto_piece *pieces;
	size_t count = proto_cuts_seed("kerberos/as", &pieces);

	(void)state;
	proto_rig_init(&r, &protocol_kerberos);
	for (size_t i = 0; i < count; i++) {
		assert_int_equal(
			proto_rig_guess(&r, true, pieces[i].bytes, pieces[i].size), PROTO_YES);
		for (size_t size = 0; size < pieces[i].size; size++)
			assert_int_equal(
				proto_rig_guess(&r, true, pieces[i].bytes, size), PROTO_NO);
	}
	proto_rig_done(&r);
	proto_cuts_strangers(&protocol_kerberos);
}

/* A request whose only field is a time. */
static uint64_t
till_of(const char *time)
{
	char message[] = "\x6a\x1f\x30\x1d\xa4\x1b\x30\x19\xa5\x17\x18\x15"
			 "YYYYMMDDHHMMSSZ      ";
	struct kerberos_message m;

	for (size_t i = 0; time[i] != '\0'; i++)
		message[12 + i] = time[i];
	kerberos_message_read(cursor_over(BYTES(message)), &m);
	assert_int_equal(m.type, KERBEROS_AS_REQ);
	return m.till_ns;
}

static void
times_are_of_the_calendar(void **state)
{
	const uint64_t s = UINT64_C(1000000000);

	(void)state;
	assert_true(till_of("20370913024805Z") == 2136422885 * s);
	assert_true(till_of("19700101000001Z") == 1 * s);
	assert_true(till_of("20000229235959Z") == 951868799 * s);
	assert_true(till_of("20000301000000Z") == 951868800 * s);
	assert_true(till_of("19691231235959Z") == 0);
	assert_true(till_of("20001301000000Z") == 0);
	assert_true(till_of("2000-0101000000") == 0);
}

static void
numbers_have_names_or_none(void **state)
{
	(void)state;
	assert_string_equal(kerberos_error_name(24), "KDC_ERR_PREAUTH_FAILED");
	assert_string_equal(kerberos_error_name(68), "KDC_ERR_WRONG_REALM");
	assert_null(kerberos_error_name(4711));
	assert_string_equal(kerberos_cipher_name(23), "rc4-hmac");
	assert_null(kerberos_cipher_name(0));
}

int
main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(a_ticket_that_is_given_is_told_with_its_log_in),
		cmocka_unit_test(errors_are_told_in_the_servers_words),
		cmocka_unit_test(a_request_without_answer_is_told_at_the_end),
		cmocka_unit_test(messages_may_be_cut_anywhere),
		cmocka_unit_test(whole_messages_are_recognised),
		cmocka_unit_test(times_are_of_the_calendar),
		cmocka_unit_test(numbers_have_names_or_none),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
