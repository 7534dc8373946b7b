/* test_mail_parts.c -- the files of a mail: which there are, what they are called, and where they end. */
#include "daemon/proto/mail_parts.h"

#include "daemon/base/strbuf.h"
#include "daemon/proto/proto.h"

#include <setjmp.h>
#include <stdarg.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include <cmocka.h>

enum { TEXT_MAX = 8192 };

struct fixture {
	struct mail_parts parts;
	struct proto_call call;
	char told
		[TEXT_MAX]; /* of each file a line: depth, size, name, type, the bytes that were kept */
	struct strbuf out;
};

static void
hear(void *context, const struct observation *o)
{
	struct fixture *f = context;
	const struct obs_file *file = o->file;

	assert_int_equal(o->kind, OBS_FILE);
	assert_string_equal(file->source, "SMTP");
	strbuf_u64(&f->out, file->depth);
	strbuf_text(&f->out, file->filename != NULL ? " " : "");
	strbuf_text(&f->out, file->filename != NULL ? file->filename : "");
	strbuf_text(&f->out, file->mime_type != NULL ? " " : "");
	strbuf_text(&f->out, file->mime_type != NULL ? file->mime_type : "");
	if (file->missing_bytes > 0)
		strbuf_text(&f->out, " broken");
	strbuf_text(&f->out, " [");
	strbuf_bytes(&f->out, (const char *)f->parts.file.head, f->parts.file.head_size);
	strbuf_text(&f->out, "]\n");
}

static int
set_up(void **state)
{
	struct fixture *f = calloc(1, sizeof(*f));

	assert_non_null(f);
	f->call = (struct proto_call){ .from_orig = true, .emit = hear, .context = f };
	strbuf_init(&f->out, f->told, sizeof(f->told));
	*state = f;
	return 0;
}

static int
tear_down(void **state)
{
	free(*state);
	return 0;
}

/* Hand over bytes that lie in memory of exactly their size. */
static void
say(struct fixture *f, const char *text, size_t size)
{
	uint8_t *exact = malloc(size > 0 ? size : 1);

	memcpy(exact, text, size);
	mail_parts_read(&f->parts, &f->call, cursor_over(exact, size));
	free(exact);
}

static void
begin(struct fixture *f)
{
	memset(&f->parts, 0, sizeof(f->parts));
	strbuf_init(&f->out, f->told, sizeof(f->told));
}

/* A mail carries what is expected, in pieces of any size. */
static void
assert_carries(struct fixture *f, const char *mail, const char *expected)
{
	size_t size = strlen(mail);

	for (size_t part = size; part > 0; part = part > 9 ? 9 : part - 1) {
		begin(f);
		for (size_t at = 0; at < size; at += part)
			say(f, mail + at, part < size - at ? part : size - at);
		mail_parts_end(&f->parts, &f->call);
		assert_string_equal(f->told, expected);
	}
}

static void
a_plain_mail_is_one_file(void **state)
{
	assert_carries(*state, "Subject: x\r\n\r\nhello\r\n\r\nworld\r\n",
		"1 text/plain [hello\r\n\r\nworld\r\n]\n");
	assert_carries(*state, "\r\nno header\nno end", "1 text/plain [no header\nno end]\n");
	assert_carries(*state, "\r\nends in CR\r", "1 text/plain [ends in CR\r]\n");
	assert_carries(*state, "Subject: nothing\r\n\r\n", "");
	assert_carries(*state, "Subject: broken off", "");
}

/* The end of the line in front of a boundary is the boundary's. */
static void
the_parts_of_a_multipart_are_files(void **state)
{
	assert_carries(*state,
		"Content-Type: multipart/mixed; boundary=\"b 1\"\r\n\r\n"
		"for old readers\r\n--b 1\r\n\r\nfirst one\r\n\r\n--b 1 \t\r\n"
		"Content-Disposition: attachment; filename=\"a b.txt\"\r\n\r\n--b\r\n--b 12\r\n-\r\n--b 1--\r\n"
		"behind\r\n--b 1\r\n",
		"2 text/plain [first one\r\n]\n3 a b.txt text/plain [--b\r\n--b 12\r\n-]\n");
}

static void
parts_are_decoded(void **state)
{
	assert_carries(*state,
		"Content-Type: multipart/mixed;\r\n\tboundary=x\r\n\r\n"
		"--x\r\nContent-Transfer-Encoding: Base64\r\nContent-Type: text/html;\r\n name=n\r\n\r\n"
		"PGh0\r\nbWw+PC9odG1sPg\r\n--x\r\n"
		"Content-Transfer-Encoding: quoted-printable\r\n\r\nso=20very=20l=\r\nong\r\n--x--",
		"2 n text/html [<html></html>]\n3 text/plain [so very long]\n");
	assert_carries(*state, "Content-Transfer-Encoding: quoted-printable\r\n\r\nan end=\r\n",
		"1 [an end]\n");
}

/* Only where a line begins. */
static void
a_boundary_within_a_line_is_none(void **state)
{
	assert_carries(*state,
		"Content-Type: multipart/mixed; boundary=b\r\n\r\n--b\r\n\r\nx--b\r\n-x--b\r\n --b\r\n--b--",
		"2 text/plain [x--b\r\n-x--b\r\n --b]\n");
}

static void
lines_may_be_long(void **state)
{
	char mail[600 + 3];
	char expected[CARRIED_HEAD_MAX + 32];

	mail[0] = '\n';
	for (size_t i = 1; i <= 600; i++)
		mail[i] = (char)('a' + i % 23);
	mail[601] = '\0';
	(void)snprintf(
		expected, sizeof(expected), "1 text/plain [%.*s]\n", CARRIED_HEAD_MAX, mail + 1);
	assert_carries(*state, mail, expected);
}

static void
a_disposition_names_better_than_a_type(void **state)
{
	assert_carries(*state,
		"Content-Type: a/b; name=type\r\nContent-Disposition: x; filename=better\r\n\r\nwhatever",
		"1 better text/plain [whatever]\n");
	assert_carries(*state,
		"Content-Disposition: x; filename=better\r\nContent-Type: a/b; name=type\r\n\r\nwhatever",
		"1 better text/plain [whatever]\n");
}

static void
multiparts_and_mails_are_followed_inside(void **state)
{
	assert_carries(*state,
		"Content-Type: multipart/mixed; boundary=a\r\n\r\n--a\r\n"
		"Content-Type: multipart/alternative; boundary=ab\r\n\r\n"
		"--ab\r\n\r\ninside one\r\n--ab\r\n\r\ninside two\r\n--ab--\r\nbetween\r\n--a\r\n"
		"Content-Type: message/rfc822\r\n\r\nSubject: y\r\n\r\na mail inside\r\n--a\r\n\r\nthe last\r\n--a--\r\n",
		"3 text/plain [inside one]\n4 text/plain [inside two]\n6 text/plain [a mail inside]\n"
		"7 text/plain [the last]\n");
	/* The inner one is never closed. */
	assert_carries(*state,
		"Content-Type: multipart/mixed; boundary=a\r\n\r\n--a\r\n"
		"Content-Type: multipart/mixed; boundary=b\r\n\r\n--b\r\n\r\ninside it\r\n--a\r\n\r\noutside it\r\n--a--",
		"3 text/plain [inside it]\n4 text/plain [outside it]\n");
	assert_carries(*state,
		"Content-Type: message/rfc822\r\nContent-Transfer-Encoding: base64\r\n\r\nU3ViamVjdDogeA==",
		"1 text/plain [Subject: x]\n");
}

/* `levels` multiparts in each other, and a part in the innermost. */
static void
write_nested(struct strbuf *out, unsigned levels)
{
	for (unsigned i = 0; i < levels; i++) {
		strbuf_text(out, "Content-Type: multipart/mixed; boundary=");
		strbuf_u64(out, i);
		strbuf_text(out, "\r\n\r\n--");
		strbuf_u64(out, i);
		strbuf_text(out, "\r\n");
	}
	strbuf_text(out, "\r\nthe core\r\n");
}

static void
too_deep_a_multipart_is_a_file(void **state)
{
	struct fixture *f = *state;
	char mail[1024];
	struct strbuf out;

	strbuf_init(&out, mail, sizeof(mail));
	write_nested(&out, MAIL_LEVELS_MAX);
	assert_carries(f, mail, "5 text/plain [the core\r\n]\n");
	strbuf_init(&out, mail, sizeof(mail));
	write_nested(&out, MAIL_LEVELS_MAX + 1);
	assert_carries(f, mail, "5 text/plain [--4\r\n\r\nthe core\r\n]\n");
}

/* A mail whose boundary has `size` bytes. */
static const char *
parts_of_boundary(struct fixture *f, int size)
{
	char mail[512];

	begin(f);
	(void)snprintf(mail, sizeof(mail),
		"Content-Type: multipart/mixed; boundary=%0*d\r\n\r\n--%0*d\r\n\r\npart one\r\n--%0*d--\r\n",
		size, 7, size, 7, size, 7);
	say(f, mail, strlen(mail));
	mail_parts_end(&f->parts, &f->call);
	return f->told;
}

static void
boundaries_are_as_long_as_the_standard_has_them(void **state)
{
	struct fixture *f = *state;

	assert_string_equal(
		parts_of_boundary(f, MAIL_BOUNDARY_MAX - 1), "2 text/plain [part one]\n");
	assert_string_equal(parts_of_boundary(f, MAIL_BOUNDARY_MAX), "2 text/plain [part one]\n");
	assert_int_equal(
		strncmp(parts_of_boundary(f, MAIL_BOUNDARY_MAX + 1), "1 text/plain [--00", 18), 0);
}

static void
names_are_cut(void **state)
{
	struct fixture *f = *state;
	char mail[MAIL_PART_LINE_MAX * 2];

	for (int size = MAIL_FILENAME_MAX - 2; size <= MAIL_FILENAME_MAX; size++) {
		begin(f);
		(void)snprintf(mail, sizeof(mail), "Content-Type: a/b; name=%0*d\r\n\r\nwhatever",
			size, 0);
		say(f, mail, strlen(mail));
		mail_parts_end(&f->parts, &f->call);
		assert_int_equal(strspn(f->told + 2, "0"),
			size < MAIL_FILENAME_MAX - 1 ? size : MAIL_FILENAME_MAX - 1);
	}
	begin(f);
	(void)snprintf(mail, sizeof(mail), "X: %0*d\r\nContent-Type: a/b; name=n\r\n\r\nwhatever",
		MAIL_PART_LINE_MAX, 0);
	say(f, mail, strlen(mail));
	mail_parts_end(&f->parts, &f->call);
	assert_string_equal(f->told, "1 n text/plain [whatever]\n");
}

/* Parts of a mail by number; the first is the mail itself. */
static void
say_parts(struct fixture *f, unsigned count)
{
	static const char head[] = "Content-Type: multipart/mixed; boundary=b\r\n\r\n";

	begin(f);
	say(f, head, sizeof(head) - 1);
	for (unsigned i = 1; i < count; i++)
		say(f, "--b\r\n\r\nx\r\n", 10);
	mail_parts_end(&f->parts, &f->call);
}

static void
parts_beyond_the_most_are_not_told(void **state)
{
	struct fixture *f = *state;

	say_parts(f, MAIL_PARTS_MAX);
	assert_non_null(strstr(f->told, "\n100 [x"));
	assert_int_equal(f->parts.fuid_count, MAIL_FUIDS_MAX);
	say_parts(f, MAIL_PARTS_MAX + 1);
	assert_non_null(strstr(f->told, "\n100 [x"));
	assert_null(strstr(f->told, "\n101 "));
}

static void
a_gap_breaks_the_part_that_it_is_in(void **state)
{
	struct fixture *f = *state;
	static const char first[] =
		"Content-Type: multipart/mixed; boundary=b\r\n\r\n--b\r\n\r\npart one\r\n--";
	static const char second[] = "b\r\nstill\r\n--b\r\n\r\npart two\r\n";

	begin(f);
	say(f, first, sizeof(first) - 1);
	mail_parts_gap(&f->parts, &f->call, 10);
	say(f, second, sizeof(second) - 1);
	mail_parts_gap(&f->parts, &f->call, 10);
	mail_parts_end(&f->parts, &f->call);
	assert_string_equal(
		f->told, "2 text/plain broken [part one]\n3 text/plain broken [part two]\n");
	begin(f);
	say(f, first, 30);
	mail_parts_gap(&f->parts, &f->call, 10);
	say(f, second, sizeof(second) - 1);
	mail_parts_end(&f->parts, &f->call);
	assert_string_equal(f->told, "");
}

/* Digits in front of it and behind it are no group. */
static void
a_gap_ends_a_group_of_digits(void **state)
{
	struct fixture *f = *state;
	static const char first[] = "Content-Transfer-Encoding: base64\r\n\r\nYWJjZ";

	begin(f);
	say(f, first, sizeof(first) - 1);
	mail_parts_gap(&f->parts, &f->call, 3);
	say(f, "YWJj", 4);
	mail_parts_end(&f->parts, &f->call);
	assert_int_equal(f->parts.file.seen_bytes, 6);
}

/* Its bytes are not known any more: it has no type. */
static void
a_file_whose_beginning_is_missing_is_told(void **state)
{
	struct fixture *f = *state;

	begin(f);
	say(f, "A: b\r\n\r\n", 8);
	mail_parts_gap(&f->parts, &f->call, 10);
	say(f, "the rest", 8);
	mail_parts_end(&f->parts, &f->call);
	assert_string_equal(f->told, "1 broken []\n");
}

static void
the_next_mail_begins_anew_but_for_names_of_files(void **state)
{
	struct fixture *f = *state;
	char first[FILE_UID_MAX];

	begin(f);
	say(f, "\r\nwhatever", 10);
	mail_parts_end(&f->parts, &f->call);
	assert_int_equal(f->parts.fuid_count, 1);
	memcpy(first, f->parts.fuids[0], sizeof(first));
	mail_parts_forget(&f->parts);
	assert_int_equal(f->parts.fuid_count, 0);
	say(f, "\r\nwhatever", 10);
	mail_parts_end(&f->parts, &f->call);
	assert_string_equal(f->told, "1 text/plain [whatever]\n1 text/plain [whatever]\n");
	assert_string_not_equal(f->parts.fuids[0], first);
}

#define PARTS_TEST(f) cmocka_unit_test_setup_teardown(f, set_up, tear_down)

int
main(void)
{
	const struct CMUnitTest tests[] = {
		PARTS_TEST(a_plain_mail_is_one_file),
		PARTS_TEST(the_parts_of_a_multipart_are_files),
		PARTS_TEST(parts_are_decoded),
		PARTS_TEST(a_boundary_within_a_line_is_none),
		PARTS_TEST(lines_may_be_long),
		PARTS_TEST(a_disposition_names_better_than_a_type),
		PARTS_TEST(multiparts_and_mails_are_followed_inside),
		PARTS_TEST(too_deep_a_multipart_is_a_file),
		PARTS_TEST(boundaries_are_as_long_as_the_standard_has_them),
		PARTS_TEST(names_are_cut),
		PARTS_TEST(parts_beyond_the_most_are_not_told),
		PARTS_TEST(a_gap_breaks_the_part_that_it_is_in),
		PARTS_TEST(a_gap_ends_a_group_of_digits),
		PARTS_TEST(a_file_whose_beginning_is_missing_is_told),
		PARTS_TEST(the_next_mail_begins_anew_but_for_names_of_files),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
