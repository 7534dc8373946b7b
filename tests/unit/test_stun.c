#include "tests/support/proto_rig.h"

#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>

#include <cmocka.h>

extern const struct protocol protocol_stun;

#define BYTES(literal) (literal), sizeof(literal) - 1
#define KEY              \
	"\41\22\244\102" \
	"abcdefghijkl"
#define MAPPED_4 "\0\40\0\10\0\1\41\23\141\22\244\103" /* 64.0.0.1:1 */

static const char request[] = "\0\1\0\0" KEY;
static const char answer[] = "\1\1\0\24" KEY "\200\42\0\3box\0" MAPPED_4;

static struct proto_rig rig;

static int
setup(void **state)
{
	(void)state;
	proto_rig_init(&rig, &protocol_stun);
	return 0;
}

static int
teardown(void **state)
{
	(void)state;
	proto_rig_done(&rig);
	return 0;
}

static void
an_answer_tells_as_whom_the_asker_is_seen(void **state)
{
	(void)state;
	proto_rig_feed(&rig, true, BYTES(request));
	assert_int_equal(rig.verdict, PROTO_MORE);
	proto_rig_feed(&rig, false, BYTES(answer));
	assert_int_equal(rig.verdict, PROTO_HANDOVER);
	assert_string_equal(rig.text, "- mapped=64.0.0.1 mapped_port=1 software=box\n");
}

static void
addresses_of_both_families_and_both_forms_are_read(void **state)
{
	(void)state;
	proto_rig_feed(&rig, false,
		BYTES("\1\1\0\30" KEY "\0\40\0\24\0\2\41\23\1\23\251\372"
		      "abcdefghijkm"));
	rig.is_over = false;
	proto_rig_feed(&rig, false, BYTES("\1\1\0\14" KEY "\0\1\0\10\0\1\0\120\12\0\0\11"));
	rig.is_over = false;
	/* The combined form counts, whatever comes after it. */
	proto_rig_feed(
		&rig, false, BYTES("\1\1\0\30" KEY MAPPED_4 "\0\1\0\10\0\1\0\120\12\0\0\11"));
	assert_string_equal(rig.text, "- mapped=2001:db8::1 mapped_port=1\n"
				      "- mapped=10.0.0.9 mapped_port=80\n"
				      "- mapped=64.0.0.1 mapped_port=1\n");
}

static void
answers_without_an_address_say_nothing(void **state)
{
	(void)state;
	proto_rig_feed(&rig, false, BYTES("\1\1\0\0" KEY));
	proto_rig_feed(&rig, false, BYTES("\1\1\0\14" KEY "\0\40\0\10\0\3\41\23\141\22\244\103"));
	proto_rig_feed(&rig, false, BYTES("\1\1\0\14" KEY "\0\40\0\10\0\2\41\23\141\22\244\103"));
	proto_rig_feed(&rig, false, BYTES("\1\1\0\14" KEY "\0\40\0\11\0\1\41\23\141\22\244\103"));
	proto_rig_feed(&rig, false, BYTES("\1\21\0\14" KEY MAPPED_4)); /* an error */
	assert_int_equal(rig.told, 0);
	assert_int_equal(rig.verdict, PROTO_MORE);
	proto_rig_feed(&rig, false, BYTES("\200\0 media"));
	assert_int_equal(rig.verdict, PROTO_HANDOVER);
}

static void
a_message_cut_anywhere_is_read_within_its_bytes(void **state)
{
	const struct proto_piece piece = { false, BYTES(answer) };
	static struct proto_rig cut;

	(void)state;
	for (size_t at = 0; at < sizeof(answer); at++)
		(void)proto_rig_truncate(&cut, &protocol_stun, &piece, 1, at);
	assert_int_equal(cut.told, 1);
}

static void
it_is_recognised_by_its_cookie_and_its_length(void **state)
{
	(void)state;
	assert_int_equal(proto_rig_guess(&rig, true, BYTES(request)), PROTO_YES);
	assert_int_equal(proto_rig_guess(&rig, true, request, sizeof(request) - 2), PROTO_NO);
	assert_int_equal(proto_rig_guess(&rig, true, BYTES("\100\1\0\0" KEY)), PROTO_NO);
	assert_int_equal(proto_rig_guess(&rig, true, BYTES("\0\1\0\4" KEY)), PROTO_NO);
	assert_int_equal(proto_rig_guess(&rig, true,
				 BYTES("\0\1\0\0\41\22\244\103"
				       "abcdefghijkl")),
		PROTO_NO);
}

int
main(void)
{
#define CASE(name) cmocka_unit_test_setup_teardown(name, setup, teardown)
	const struct CMUnitTest tests[] = {
		CASE(an_answer_tells_as_whom_the_asker_is_seen),
		CASE(addresses_of_both_families_and_both_forms_are_read),
		CASE(answers_without_an_address_say_nothing),
		CASE(a_message_cut_anywhere_is_read_within_its_bytes),
		CASE(it_is_recognised_by_its_cookie_and_its_length),
	};
#undef CASE

	return cmocka_run_group_tests(tests, NULL, NULL);
}
