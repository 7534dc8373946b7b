/* test_ftp_data.c -- what goes over a data connection of FTP is a file, whatever it is. */
#include "tests/support/talk_rig.h"

#include <stdint.h>

extern const struct protocol protocol_ftp_data;

static void
a_file_is_told_at_its_end(void **state)
{
	static const struct proto_piece talk[] = { S("hello "), S("world\r\n") };
	const char *text = proto_rig_play(&talk_rig, &protocol_ftp_data, talk, 2, SIZE_MAX);

	(void)state;
	assert_int_equal(talk_rig.told, 1);
	assert_non_null(strstr(text, "source=FTP_DATA depth=0 mime_type=text/plain "));
	assert_non_null(strstr(text, " is_orig=no seen_bytes=13 missing_bytes=0 "));
	assert_non_null(strstr(text, " md5=a0f2a3c1dcd5b1cac71bf0c03f2ff1bd "));
}

static void
it_is_the_same_however_it_is_cut(void **state)
{
	static const struct proto_piece talk[] = { C("PK\3\4 and so on") };

	(void)state;
	char *whole = strdup(proto_rig_play(&talk_rig, &protocol_ftp_data, talk, 1, SIZE_MAX));
	assert_non_null(strstr(whole, "mime_type=application/zip "));
	TALK_TELLS(&protocol_ftp_data, talk, whole);
	free(whole);
}

static void
what_the_receiver_says_is_not_in_it(void **state)
{
	static const struct proto_piece talk[] = { C("abc"), S("?"), C("def") };
	const char *text = proto_rig_play(&talk_rig, &protocol_ftp_data, talk, 3, SIZE_MAX);

	(void)state;
	assert_non_null(strstr(text, " is_orig=yes seen_bytes=6 "));
	assert_non_null(strstr(text, " md5=e80b5017098950fc58aad83c8c14978e "));
}

static void
what_is_missing_is_counted(void **state)
{
	struct proto_rig *r = &talk_rig;

	(void)state;
	proto_rig_init(r, &protocol_ftp_data);
	proto_rig_gap(r, true, 10);
	proto_rig_gap(r, false, 7);
	talk_say(r, true, "the rest");
	proto_rig_end(r);
	assert_non_null(strstr(r->text, " is_orig=yes seen_bytes=8 missing_bytes=10 "));
	assert_null(strstr(r->text, "mime_type="));
	assert_null(strstr(r->text, "md5="));
	proto_rig_done(r);
}

static void
an_empty_one_is_no_file(void **state)
{
	(void)state;
	proto_rig_init(&talk_rig, &protocol_ftp_data);
	proto_rig_end(&talk_rig);
	assert_int_equal(talk_rig.told, 0);
	proto_rig_done(&talk_rig);
}

int
main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(a_file_is_told_at_its_end),
		cmocka_unit_test(it_is_the_same_however_it_is_cut),
		cmocka_unit_test(what_the_receiver_says_is_not_in_it),
		cmocka_unit_test(what_is_missing_is_counted),
		cmocka_unit_test(an_empty_one_is_no_file),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
