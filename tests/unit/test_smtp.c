#include "tests/support/talk_rig.h"

#include <stdio.h>

extern const struct protocol protocol_smtp;

static const char told[] =
	"files fuid=FWdpOPyOuoSySz1XEh source=SMTP depth=1 mime_type=text/plain duration=0 local_orig=yes "
	"is_orig=yes seen_bytes=28 missing_bytes=0 overflow_bytes=0 timedout=no "
	"md5=0c67b99f2eec6338b8f4472038bced71 sha1=56b0f84af85b4e306c81fe4a77f56da7ce9c70ec "
	"sha256=2e0d9b4d7d4e7f0e2dead062f46303c8d3ece5aefb2266a9fccedff6dd7d50e6\n"
	"smtp trans_depth=1 helo=client.example mailfrom=a@example.com rcptto=[b@example.org|c@example.org] "
	"date=Sat, 25 Jan 2025 12:00:00 +0000 from=\"A, B\" <a@example.com> to=[b@example.org|C <c@example.org>] "
	"cc=[d@example.org] reply_to=r@example.com msg_id=<1@x> in_reply_to=<0@x> subject=two  lines "
	"x_originating_ip=192.0.2.7 first_received=from [192.0.2.9] by first second_received=from x ([192.0.2.8]) by y "
	"last_reply=250 2.0.0 queued path=[10.0.0.2|10.0.0.1|192.0.2.8|192.0.2.9] user_agent=Mailer 1 tls=no"
	" fuids=[FWdpOPyOuoSySz1XEh]\n";

static const struct proto_piece talk[] = {
	S("220-mail.example\r\n220 ESMTP ready\r\n"),
	C("EHLO client.example\r\n"),
	S("250-mail.example\r\n250 PIPELINING\r\n"),
	C("MAIL FROM:<a@example.com> SIZE=100\r\nRCPT TO:<b@example.org>\r\nRCPT TO: <c@example.org>\r\n"
	  "rcpt to:<b@example.org>\r\nDATA\r\n"),
	S("250 ok\r\n250 ok\r\n250 ok\r\n250 ok\r\n354 go on\r\n"),
	C("Received: from x ([192.0.2.8]) by y\r\nReceived: from [192.0.2.9] by first\r\n"
	  "Date: Sat, 25 Jan 2025 12:00:00 +0000\r\nFrom: \"A, B\" <a@example.com>\r\n"
	  "To: b@example.org,C <c@example.org>\r\nCC: d@example.org\r\nReply-To:r@example.com\r\n"
	  "Message-ID: <1@x>\r\nIn-Reply-To: <0@x>\r\nSubject: two\r\n  lines\r\n"
	  "X-Originating-IP: [192.0.2.7]\r\nX-Mailer: Mailer 1\r\nX-Other: no\r\n\r\n"
	  "Subject: of the body\r\n..\r\n.x\r\n.\r\n"),
	S("250 2.0.0 queued\r\n"),
	C("QUIT\r\n"),
	S("221 bye\r\n"),
};

static void
a_message_is_told_with_envelope_header_and_reply(void **state)
{
	(void)state;
	TALK_TELLS(&protocol_smtp, talk, told);
}

static void
each_message_of_a_session_is_told(void **state)
{
	static const struct proto_piece two[] = {
		C("HELO me\r\nMAIL FROM:<a@x>\r\n"),
		C("RCPT TO:<b@x>\r\nDATA\r\n"),
		S("220 SMTP\r\n250 1\r\n250 2\r\n250 3\r\n354 4\r\n"),
		C("Subject: one\r\n\r\n.\r\n"),
		S("250 taken\r\n"),
		C("MAIL FROM:<>\r\nRCPT TO:<c@x>\r\nDATA\r\n"),
		S("250 1\r\n250 2\r\n354 3\r\n"),
		C("\r\nno header\r\n.\r\n"),
		S("554 no\r\n"),
	};

	(void)state;
	TALK_TELLS(&protocol_smtp, two,
		"smtp trans_depth=1 helo=me mailfrom=a@x rcptto=[b@x] subject=one last_reply=250 taken "
		"path=[10.0.0.2|10.0.0.1] tls=no\n"
		"files fuid=FWdpOPyOuoSySz1XEh source=SMTP depth=1 mime_type=text/plain duration=0 local_orig=yes "
		"is_orig=yes seen_bytes=11 missing_bytes=0 overflow_bytes=0 timedout=no "
		"md5=54e133d40b1942ef2d4826019369b5e7 sha1=2f521d693e5fd7c0b47349209e393257d455f2c7 "
		"sha256=c19e982650dbf120e26fbcf0699aa8fcf74d5ea694cb729e45fcc84deedb3f3b\n"
		"smtp trans_depth=2 helo=me rcptto=[c@x] last_reply=554 no path=[10.0.0.2|10.0.0.1] tls=no fuids=[FWdpOPyOuoSySz1XEh]\n");
}

static void
of_one_side_only_the_messages_are_told_without_replies(void **state)
{
	static const struct proto_piece client[] = {
		C("EHLO me\r\nMAIL FROM:<a@x>\r\nRCPT TO:<b@x>\r\nDATA\r\nSubject: 1\r\n\r\n.\r\n"),
		C("MAIL FROM:<a@x>\r\nRCPT TO:<c@x>\r\nDATA\r\nSubject: 2\r\n\r\n.\r\nQUIT\r\n"),
	};

	(void)state;
	TALK_TELLS(&protocol_smtp, client,
		"smtp trans_depth=1 helo=me mailfrom=a@x rcptto=[b@x] subject=1 path=[10.0.0.2|10.0.0.1] tls=no\n"
		"smtp trans_depth=1 helo=me mailfrom=a@x rcptto=[c@x] subject=2 path=[10.0.0.2|10.0.0.1] tls=no\n");
}

static void
chunks_are_counted_and_not_searched_for_an_end(void **state)
{
	static const struct proto_piece chunks[] = {
		S("220 x SMTP\r\n"),
		C("EHLO me\r\n"),
		S("250 CHUNKING\r\n"),
		C("MAIL FROM:<a@x>\r\nRCPT TO:<b@x>\r\nBDAT 7\r\nSubject"),
		S("250 1\r\n250 2\r\n250 3\r\n"),
		C("BDAT 20 LAST\r\n: s\r\n\r\n.\r\nMAIL FROM"),
		S("250 done\r\n"),
		C("QUIT\r\n"),
		S("221 bye\r\n"),
	};

	(void)state;
	TALK_TELLS(&protocol_smtp, chunks,
		"files fuid=FWdpOPyOuoSySz1XEh source=SMTP depth=1 mime_type=text/plain duration=0 local_orig=yes "
		"is_orig=yes seen_bytes=12 missing_bytes=0 overflow_bytes=0 timedout=no "
		"md5=94f8105efa330de18de2f8f9872bb0e6 sha1=9e3f79e8ce520ddd16ddd78f0fa91fcf82cbf7f0 "
		"sha256=0e52ce23fe4d32a7b93d3770f095c282c10f3c2dc0c84c0f843e76275fe94e2e\n"
		"smtp trans_depth=1 helo=me mailfrom=a@x rcptto=[b@x] subject=s last_reply=250 done "
		"path=[10.0.0.2|10.0.0.1] tls=no fuids=[FWdpOPyOuoSySz1XEh]\n");
}

static void
refused_data_is_followed_by_commands(void **state)
{
	static const struct proto_piece refused[] = {
		S("220 x SMTP\r\n"),
		C("EHLO me\r\n"),
		S("250 x\r\n"),
		C("MAIL FROM:<a@x>\r\n"),
		S("250 x\r\n"),
		C("DATA\r\n"),
		S("503 5.5.1 no recipients\r\n"),
		C("RCPT TO:<b@x>\r\n"),
		S("250 x\r\n"),
	};

	(void)state;
	TALK_TELLS(&protocol_smtp, refused,
		"smtp trans_depth=1 helo=me mailfrom=a@x rcptto=[b@x] last_reply=250 x path=[10.0.0.2|10.0.0.1] "
		"tls=no\n");
}

static void
starttls_ends_it(void **state)
{
	static const struct proto_piece tls[] = {
		S("220 x SMTP\r\n"),
		C("EHLO me\r\nSTARTTLS\r\n"),
		S("250 STARTTLS\r\n220 go ahead\r\n"),
		C("\x16\x03\x01"),
	};

	(void)state;
	TALK_TELLS(&protocol_smtp, tls,
		"smtp trans_depth=1 helo=me last_reply=220 go ahead path=[10.0.0.2|10.0.0.1] tls=yes\n");
	(void)proto_rig_play(&talk_rig, &protocol_smtp, tls, 3, SIZE_MAX);
	assert_int_equal(talk_rig.verdict, PROTO_HANDOVER);
}

/* "AGJvYgBzZWNyZXQ=" is NUL bob NUL secret. */
static void
log_ins_are_told_without_passwords(void **state)
{
	static const struct proto_piece logins[] = {
		S("220 x SMTP\r\n"),
		C("EHLO me\r\n"),
		S("250 AUTH PLAIN LOGIN\r\n"),
		C("AUTH PLAIN AGJvYgBzZWNyZXQ=\r\n"),
		S("535 5.7.8 bad smtp-auth user\r\n"),
		C("auth login\r\n"),
		S("334 VXNlcm5hbWU6\r\n"),
		C("Ym9i\r\n"),
		S("334 UGFzc3dvcmQ6\r\n"),
		C("c2VjcmV0\r\n"),
		S("235 2.7.0 ok\r\n"),
	};

	(void)state;
	TALK_TELLS(&protocol_smtp, logins,
		"- proto=smtp success=no user=bob method=PLAIN known_by=reply\n"
		"- proto=smtp success=yes user=bob method=LOGIN known_by=reply\n"
		"smtp trans_depth=1 helo=me last_reply=235 2.7.0 ok path=[10.0.0.2|10.0.0.1] tls=no\n");
}

static void
a_log_in_without_an_end_has_no_outcome(void **state)
{
	static const struct proto_piece cut[] = {
		C("EHLO me\r\nAUTH CRAM-MD5\r\nYm9iIGRpZ2VzdA==\r\n"),
	};

	(void)state;
	TALK_TELLS(&protocol_smtp, cut,
		"- proto=smtp user=bob method=CRAM-MD5\n"
		"smtp trans_depth=1 helo=me path=[10.0.0.2|10.0.0.1] tls=no\n");
}

/* The beginning was not seen, and who opened it was guessed wrongly. */
static void
the_server_is_who_speaks_in_numbers(void **state)
{
	static const struct proto_piece swapped[] = { C("220 x SMTP\r\n"), S("MAIL FROM:<a@x>\r\n"),
		C("250 ok\r\n") };

	(void)state;
	TALK_TELLS(&protocol_smtp, swapped,
		"smtp trans_depth=1 mailfrom=a@x last_reply=250 ok path=[10.0.0.1|10.0.0.2] tls=no\n");
}

static void
a_session_without_anything_is_not_told(void **state)
{
	static const struct proto_piece empty[] = {
		S("220 x SMTP\r\n"),
		C("EHLO me\r\n"),
		S("250 x\r\n"),
		C("QUIT\r\n"),
		S("221 x\r\n"),
	};

	(void)state;
	TALK_TELLS(&protocol_smtp, empty, "");
}

static void
recipients_beyond_the_cap_are_left_out(void **state)
{
	struct proto_rig *r = &talk_rig;

	(void)state;
	proto_rig_init(r, &protocol_smtp);
	talk_say(r, true, "MAIL FROM:<a@x>\r\n");
	for (unsigned i = 0; i < 41; i++) {
		char line[32];
		(void)snprintf(line, sizeof(line), "RCPT TO:<%u@x>\r\n", i);
		talk_say(r, true, line);
	}
	proto_rig_end(r);
	assert_non_null(strstr(r->text, "|39@x]"));
	assert_null(strstr(r->text, "40@x"));
	proto_rig_done(r);
}

static void
a_gap_in_a_mail_loses_no_more_than_that_mail(void **state)
{
	struct proto_rig *r = &talk_rig;
	static const char first[] =
		"EHLO me\r\nMAIL FROM:<a@x>\r\nRCPT TO:<b@x>\r\nDATA\r\nSubject: 1\r\nTo: ";
	static const char second[] = "rest\r\nFrom: body\r\n.\r\nMAIL FROM:<c@x>\r\n";

	(void)state;
	proto_rig_init(r, &protocol_smtp);
	talk_say(r, true, first);
	proto_rig_gap(r, true, 5000);
	talk_say(r, true, second);
	proto_rig_end(r);
	assert_string_equal(r->text,
		"smtp trans_depth=1 helo=me mailfrom=a@x rcptto=[b@x] subject=1 path=[10.0.0.2|10.0.0.1] tls=no\n"
		"smtp trans_depth=1 helo=me mailfrom=c@x path=[10.0.0.2|10.0.0.1] tls=no\n");
	proto_rig_done(r);
}

static void
a_reply_ends_a_mail_whose_end_is_missing(void **state)
{
	struct proto_rig *r = &talk_rig;

	(void)state;
	proto_rig_init(r, &protocol_smtp);
	talk_say(r, true, "MAIL FROM:<a@x>\r\nDATA\r\n");
	talk_say(r, false, "250 x\r\n354 x\r\n");
	proto_rig_gap(r, true, 100);
	talk_say(r, false, "250 taken\r\n");
	assert_string_equal(r->text, "smtp trans_depth=1 mailfrom=a@x last_reply=250 taken "
				     "path=[10.0.0.2|10.0.0.1] tls=no\n");
	talk_say(r, true, "MAIL FROM:<b@x>\r\n");
	proto_rig_end(r);
	assert_non_null(strstr(r->text, "trans_depth=2 mailfrom=b@x"));
	proto_rig_done(r);
}

static void
a_gap_within_a_chunk_is_counted(void **state)
{
	struct proto_rig *r = &talk_rig;

	(void)state;
	for (unsigned over = 0; over < 2; over++) {
		proto_rig_init(r, &protocol_smtp);
		talk_say(r, true, "MAIL FROM:<a@x>\r\nBDAT 10 LAST\r\nabcde");
		proto_rig_gap(r, true, 5 + over);
		talk_say(r, true, "RCPT TO:<b@x>\r\nRCPT TO:<c@x>\r\n");
		proto_rig_end(r);
		assert_non_null(strstr(r->text, over == 0 ? "rcptto=[b@x|c@x]" : "rcptto=[c@x]"));
		proto_rig_done(r);
	}
}

static void
replies_behind_a_gap_are_not_taken_for_others(void **state)
{
	struct proto_rig *r = &talk_rig;

	(void)state;
	proto_rig_init(r, &protocol_smtp);
	talk_say(r, false, "220 SMTP\r\n");
	talk_say(r, true, "AUTH PLAIN AGJvYgBzZWNyZXQ=\r\n");
	proto_rig_gap(r, false, 20);
	talk_say(r, false, "5 torn\r\n235 of something else\r\n");
	proto_rig_end(r);
	assert_non_null(strstr(r->text, "- proto=smtp user=bob method=PLAIN\n"));
	proto_rig_done(r);
}

static void
it_is_recognised_by_words_on_any_port(void **state)
{
	const struct protocol *p = &protocol_smtp;

	(void)state;
	assert_int_equal(talk_guess(p, false, "220 mail ESMTP Postfix\r\n"), PROTO_YES);
	assert_int_equal(talk_guess(p, false, "220-hello\r\n220 smtp\r\n"), PROTO_YES);
	assert_int_equal(talk_guess(p, false, "220 mail ready\r\n"), PROTO_PERHAPS);
	assert_int_equal(talk_guess(p, false, "220 ma"), PROTO_PERHAPS);
	assert_int_equal(talk_guess(p, false, "220 FTP server\r\n"), PROTO_NO);
	assert_int_equal(talk_guess(p, true, "ehlo me\r\n"), PROTO_YES);
	assert_int_equal(talk_guess(p, true, "HE"), PROTO_PERHAPS);
	assert_int_equal(talk_guess(p, true, "HELP\r\n"), PROTO_NO);
	assert_int_equal(talk_guess(p, true, "GET / HTTP/1.1\r\n"), PROTO_NO);
}

int
main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(a_message_is_told_with_envelope_header_and_reply),
		cmocka_unit_test(each_message_of_a_session_is_told),
		cmocka_unit_test(of_one_side_only_the_messages_are_told_without_replies),
		cmocka_unit_test(chunks_are_counted_and_not_searched_for_an_end),
		cmocka_unit_test(refused_data_is_followed_by_commands),
		cmocka_unit_test(starttls_ends_it),
		cmocka_unit_test(log_ins_are_told_without_passwords),
		cmocka_unit_test(a_log_in_without_an_end_has_no_outcome),
		cmocka_unit_test(the_server_is_who_speaks_in_numbers),
		cmocka_unit_test(a_session_without_anything_is_not_told),
		cmocka_unit_test(recipients_beyond_the_cap_are_left_out),
		cmocka_unit_test(a_gap_in_a_mail_loses_no_more_than_that_mail),
		cmocka_unit_test(a_reply_ends_a_mail_whose_end_is_missing),
		cmocka_unit_test(a_gap_within_a_chunk_is_counted),
		cmocka_unit_test(replies_behind_a_gap_are_not_taken_for_others),
		cmocka_unit_test(it_is_recognised_by_words_on_any_port),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
