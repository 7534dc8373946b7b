/* A file on its way: sums, first bytes, digests, and when they are told. */
#include "daemon/proto/carried.h"
#include "daemon/proto/mime.h"
#include "daemon/proto/proto.h"
#include "tests/support/said_text.h"

#include <setjmp.h>
#include <stdarg.h>
#include <stdlib.h>
#include <string.h>

#include <cmocka.h>

enum { LINE_MAX = 1024, PIECE = 64 * 1024 };

struct fixture {
	struct carried carried;
	struct proto_call call;
	char line[LINE_MAX];
};

static void
hear(void *context, const struct observation *o)
{
	struct fixture *f = context;
	struct strbuf out;

	assert_int_equal(o->kind, OBS_FILE);
	assert_int_equal(o->began_ns, f->carried.began_ns);
	strbuf_init(&out, f->line, sizeof(f->line));
	said_text(&out, o);
	assert_false(out.truncated);
}

static int
set_up(void **state)
{
	struct fixture *f = calloc(1, sizeof(*f));

	assert_non_null(f);
	f->call = (struct proto_call){ .ts_ns = 1000,
		.src = addr_v4(10, 0, 0, 2),
		.dst = addr_v4(198, 51, 100, 1),
		.emit = hear,
		.context = f };
	*state = f;
	return 0;
}

static int
tear_down(void **state)
{
	free(*state);
	return 0;
}

static void
put(struct fixture *f, const char *text)
{
	carried_bytes(&f->carried, &f->call, cursor_over(text, strlen(text)));
}

static const char *
told(struct fixture *f)
{
	carried_end(&f->carried, &f->call,
		&(struct carried_about){ .source = "HTTP", .mime_type = "text/plain" });
	return f->line;
}

static bool
has_digests(const char *line)
{
	return strstr(line, " md5=") != NULL && strstr(line, " sha1=") != NULL &&
	       strstr(line, " sha256=") != NULL;
}

static void
a_whole_file_is_told_with_its_digests(void **state)
{
	struct fixture *f = *state;

	carried_begin(&f->carried, &f->call, 3, 0);
	put(f, "a");
	f->call.ts_ns = 4000;
	put(f, "bc");
	const char *line = told(f);
	assert_non_null(strstr(line, " source=HTTP depth=0 mime_type=text/plain duration=3000 "
				     "local_orig=yes is_orig=no seen_bytes=3 total_bytes=3 "
				     "missing_bytes=0 overflow_bytes=0 timedout=no "
				     "md5=900150983cd24fb0d6963f7d28e17f72 "));
	assert_true(has_digests(line));
	assert_false(f->carried.is_open);
}

static void
part_of_a_file_has_no_digests(void **state)
{
	struct fixture *f = *state;

	carried_begin(&f->carried, &f->call, 4, 0);
	put(f, "abc");
	assert_false(has_digests(told(f)));
	carried_begin(&f->carried, &f->call, TRANSACTION_UNSET, 0);
	put(f, "abc");
	carried_gap(&f->carried, 5);
	put(f, "def");
	const char *line = told(f);
	assert_false(has_digests(line));
	assert_non_null(strstr(line, "seen_bytes=6 missing_bytes=5"));
	carried_begin(&f->carried, &f->call, TRANSACTION_UNSET, 0);
	put(f, "abc");
	assert_true(has_digests(told(f)));
}

static void
digests_end_at_their_cap(void **state)
{
	struct fixture *f = *state;
	uint8_t *piece = calloc(1, PIECE);

	assert_non_null(piece);
	for (int more = -1; more <= 1; more++) {
		size_t total = CARRIED_DIGEST_MAX - 1 + (size_t)(more + 1);
		for (int is_announced = 0; is_announced <= 1; is_announced++) {
			carried_begin(
				&f->carried, &f->call, is_announced ? total : TRANSACTION_UNSET, 0);
			for (size_t left = total; left > 0;) {
				size_t size = left < PIECE ? left : PIECE;
				carried_bytes(&f->carried, &f->call, cursor_over(piece, size));
				left -= size;
			}
			assert_int_equal(has_digests(told(f)), more <= 0);
		}
	}
	free(piece);
}

static void
the_first_bytes_are_kept_up_to_a_gap(void **state)
{
	struct fixture *f = *state;
	uint8_t bytes[CARRIED_HEAD_MAX + 10];

	memset(bytes, 'x', sizeof(bytes));
	for (size_t size = CARRIED_HEAD_MAX - 1; size <= CARRIED_HEAD_MAX + 1; size++) {
		carried_begin(&f->carried, &f->call, TRANSACTION_UNSET, 0);
		put(f, "ab");
		carried_bytes(&f->carried, &f->call, cursor_over(bytes, size - 2));
		struct cursor head = carried_head(&f->carried);
		assert_int_equal(cursor_left(&head),
			size < CARRIED_HEAD_MAX ? size : (size_t)CARRIED_HEAD_MAX);
		assert_memory_equal(head.at, "abxx", 4);
	}
	carried_begin(&f->carried, &f->call, TRANSACTION_UNSET, 0);
	carried_gap(&f->carried, 1);
	put(f, "MZ");
	struct cursor head = carried_head(&f->carried);
	assert_int_equal(cursor_left(&head), 0);
}

/* Its digests' presence, when it comes in pieces of `part` bytes. */
static bool
is_digested(struct fixture *f, const char *bytes, size_t size, size_t part)
{
	carried_begin(&f->carried, &f->call, TRANSACTION_UNSET, 0);
	for (size_t at = 0; at < size; at += part)
		carried_bytes(&f->carried, &f->call,
			cursor_over(bytes + at, part < size - at ? part : size - at));
	return has_digests(told(f));
}

static void
pictures_have_digests_only_when_all_have(void **state)
{
	static const char picture[MIME_MEDIA_BYTES + 60] = "GIF89a";
	static const char program[MIME_MEDIA_BYTES + 60] = "MZ";
	struct fixture *f = *state;

	for (size_t part = 1; part <= sizeof(picture); part++) {
		f->call.digests = PROTO_DIGESTS_CODE;
		assert_false(is_digested(f, picture, sizeof(picture), part));
		assert_false(is_digested(f, picture, 6, part));
		assert_true(is_digested(f, picture, 5, part));
		assert_true(is_digested(f, program, sizeof(program), part));
		f->call.digests = PROTO_DIGESTS_ALL;
		assert_true(is_digested(f, picture, sizeof(picture), part));
		f->call.digests = PROTO_DIGESTS_NONE;
		assert_false(is_digested(f, program, sizeof(program), part));
	}
}

static void
a_file_that_nobody_hears_of_costs_no_digest(void **state)
{
	static const char program[MIME_MEDIA_BYTES + 60] = "MZ";
	struct fixture *f = *state;

	f->call.digests = PROTO_DIGESTS_ALL;
	f->call.unheard = OBS_BIT(OBS_FILE);
	assert_false(is_digested(f, program, sizeof(program), sizeof(program)));
	assert_false(f->carried.is_judged);
	f->call.unheard = ~OBS_BIT(OBS_FILE);
	assert_true(is_digested(f, program, sizeof(program), sizeof(program)));
}

/* The first bytes wait for a judgement; none may be counted twice, or not at all. */
static void
digests_do_not_depend_on_how_the_bytes_come(void **state)
{
	struct fixture *f = *state;
	char bytes[3 * MIME_MEDIA_BYTES];
	char whole[LINE_MAX];

	for (size_t size = 1; size <= sizeof(bytes); size++)
		bytes[size - 1] = (char)('a' + size % 23);
	for (size_t size = 1; size <= sizeof(bytes); size++) {
		assert_true(is_digested(f, bytes, size, size));
		memcpy(whole, strstr(f->line, " md5="),
			sizeof(whole) - (size_t)(strstr(f->line, " md5=") - f->line));
		for (size_t part = 1; part < size; part++) {
			assert_true(is_digested(f, bytes, size, part));
			assert_string_equal(strstr(f->line, " md5="), whole);
		}
	}
}

static void
what_is_not_the_files_own_bytes_has_no_digests(void **state)
{
	struct fixture *f = *state;

	carried_begin(&f->carried, &f->call, 3, 0);
	carried_is_altered(&f->carried);
	put(f, "abc");
	assert_false(has_digests(told(f)));
}

#define CARRIED_TEST(f) cmocka_unit_test_setup_teardown(f, set_up, tear_down)

int
main(void)
{
	const struct CMUnitTest tests[] = {
		CARRIED_TEST(a_whole_file_is_told_with_its_digests),
		CARRIED_TEST(part_of_a_file_has_no_digests),
		CARRIED_TEST(digests_end_at_their_cap),
		CARRIED_TEST(the_first_bytes_are_kept_up_to_a_gap),
		CARRIED_TEST(pictures_have_digests_only_when_all_have),
		CARRIED_TEST(a_file_that_nobody_hears_of_costs_no_digest),
		CARRIED_TEST(digests_do_not_depend_on_how_the_bytes_come),
		CARRIED_TEST(what_is_not_the_files_own_bytes_has_no_digests),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
