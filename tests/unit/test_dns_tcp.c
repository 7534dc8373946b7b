/* test_dns_tcp.c -- messages after their lengths, cut anywhere, several in a row, torn by gaps. */
#include "daemon/proto/proto.h"
#include "daemon/transactions/dns.h"
#include "tests/support/dns_build.h"

#include <netinet/in.h>
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <stdlib.h>
#include <string.h>

#include <cmocka.h>

extern const struct protocol protocol_dns_tcp;

/* An answer of no address: "ab.c", A, IN. */
#define QUESTION "\2ab\1c\0\0\1\0\1"
#define ANSWER   "\0\26\x12\x34\x81\x80\0\1\0\0\0\0\0\0" QUESTION
enum { ANSWER_BYTES = 2 + 12 + 10 };

struct fixture {
	void *state;
	unsigned answers;
	size_t addresses;
	char query[DNS_NAME_MAX];
};

static int
set_up(void **state)
{
	struct fixture *f = calloc(1, sizeof(*f));

	assert_non_null(f);
	f->state = calloc(1, protocol_dns_tcp.state_size);
	*state = f;
	return f->state == NULL;
}

static int
tear_down(void **state)
{
	struct fixture *f = *state;

	free(f->state);
	free(f);
	return 0;
}

static void
keep(void *context, const struct observation *o)
{
	struct fixture *f = context;

	assert_int_equal(o->kind, OBS_DNS);
	assert_string_equal(o->dns->proto, "tcp");
	f->answers++;
	f->addresses += o->dns->answer_count;
	if (o->dns->query != NULL)
		memcpy(f->query, o->dns->query, strlen(o->dns->query) + 1);
}

static struct proto_call
call_of(struct fixture *f, bool from_orig)
{
	return (struct proto_call){
		.from_orig = from_orig, .state = f->state, .emit = keep, .context = f
	};
}

/* Feed a copy that ends where its memory ends. */
static void
feed(struct fixture *f, bool from_orig, const void *bytes, size_t size)
{
	struct proto_call call = call_of(f, from_orig);
	uint8_t *exact = malloc(size > 0 ? size : 1);

	memcpy(exact, bytes, size);
	assert_int_equal(protocol_dns_tcp.parse(&call, cursor_over(exact, size)), PROTO_MORE);
	free(exact);
}

static void
lose(struct fixture *f, uint32_t missing)
{
	struct proto_call call = call_of(f, false);

	assert_int_equal(protocol_dns_tcp.gap(&call, missing), PROTO_MORE);
}

static void
a_message_may_be_cut_anywhere(void **state)
{
	struct fixture *f = *state;

	for (size_t cut = 0; cut <= ANSWER_BYTES; cut++) {
		feed(f, false, ANSWER, cut);
		assert_int_equal(f->answers, cut + (cut == ANSWER_BYTES));
		feed(f, false, &ANSWER[cut], ANSWER_BYTES - cut);
		assert_int_equal(f->answers, cut + 1);
		assert_string_equal(f->query, "ab.c");
	}
}

static void
several_come_in_a_row_and_in_pieces_of_any_size(void **state)
{
	struct fixture *f = *state;
	const char text[] = ANSWER ANSWER ANSWER;

	for (size_t size = 1; size < sizeof(text) - 1; size++) {
		f->answers = 0;
		for (size_t at = 0; at < sizeof(text) - 1; at += size)
			feed(f, false, text + at,
				at + size < sizeof(text) ? size : sizeof(text) - 1 - at);
		assert_int_equal(f->answers, 3);
	}
}

static void
the_sides_are_put_together_apart(void **state)
{
	struct fixture *f = *state;

	feed(f, false, ANSWER, 20);
	feed(f, true, ANSWER, 10);
	feed(f, false, &ANSWER[20], ANSWER_BYTES - 20);
	assert_int_equal(f->answers, 1);
	feed(f, true, &ANSWER[10], ANSWER_BYTES - 10);
	assert_int_equal(f->answers, 2);
}

static void
messages_of_no_length_are_passed(void **state)
{
	struct fixture *f = *state;

	feed(f, false, "\0\0\0\0\0", 5);
	feed(f, false, "\0" ANSWER, 1 + ANSWER_BYTES);
	assert_int_equal(f->answers, 1);
}

/* Of the largest message there is its beginning is read, and the next one follows. */
static void
of_a_long_message_the_beginning_is_read(void **state)
{
	struct fixture *f = *state;
	size_t size = 2 + 65535;
	char *text = calloc(1, size);

	assert_non_null(text);
	memcpy(text, ANSWER, ANSWER_BYTES);
	text[0] = text[1] = '\xff';
	for (size_t at = 0; at < size; at += 1000) {
		assert_int_equal(f->answers, 0);
		feed(f, false, text + at, size - at < 1000 ? size - at : 1000);
	}
	assert_int_equal(f->answers, 1);
	feed(f, false, ANSWER, ANSWER_BYTES);
	assert_int_equal(f->answers, 2);
	free(text);
}

static void
a_message_with_a_gap_is_not_read_and_the_next_one_is(void **state)
{
	struct fixture *f = *state;

	for (uint32_t missing = 1; missing <= ANSWER_BYTES - 10; missing++) {
		f->answers = 0;
		feed(f, false, ANSWER, 10);
		lose(f, missing);
		feed(f, false, &ANSWER[10 + missing], ANSWER_BYTES - 10 - missing);
		assert_int_equal(f->answers, 0);
		feed(f, false, ANSWER, ANSWER_BYTES);
		assert_int_equal(f->answers, 1);
	}
}

static void
after_a_gap_over_a_beginning_one_is_looked_for(void **state)
{
	struct fixture *f = *state;

	feed(f, false, ANSWER, 10);
	lose(f, ANSWER_BYTES - 10 + 1);
	feed(f, false, "in the middle of nothing", 24);
	feed(f, false, ANSWER, ANSWER_BYTES);
	assert_int_equal(f->answers, 1);
	lose(f, 5); /* between messages nobody knows what is lost */
	feed(f, false, &ANSWER[5], ANSWER_BYTES - 5);
	assert_int_equal(f->answers, 1);
	feed(f, false, ANSWER ANSWER, sizeof(ANSWER ANSWER) - 1);
	assert_int_equal(f->answers, 3);
	feed(f, false, ANSWER, 1);
	lose(f, 1); /* the length itself */
	feed(f, false, &ANSWER[2], ANSWER_BYTES - 2);
	feed(f, false, ANSWER, ANSWER_BYTES);
	assert_int_equal(f->answers, 4);
}

/* A response of `size` bytes behind its length; its address is in the last four. */
static void
build_long(struct dns_build *b, unsigned size)
{
	static const uint8_t nothing[3000];
	struct dns_build message;

	dns_build_header(&message, 1, 0x8000, 1, 2, 0, 0);
	dns_build_question(&message, "x", 1, 1);
	dns_build_record(&message, "", 10, 0, nothing, size - message.size - 11 - 15);
	dns_build_record(&message, "", 1, 0, "\1\2\3\4", 4);
	b->size = 0;
	dns_build_u16(b, size);
	dns_build_bytes(b, message.bytes, message.size);
}

/* Of an answer 3000 bytes are read, of a question 512, in one piece as in several. */
static void
so_much_is_read_of_a_message_as_is_kept(void **state)
{
	struct fixture *f = *state;
	struct dns_build b;

	for (unsigned excess = 0; excess < 2; excess++)
		for (size_t part = 100; part <= 10000; part += 9900)
			for (unsigned from_orig = 0; from_orig < 2; from_orig++) {
				build_long(&b, (from_orig ? 512 : 3000) + excess);
				f->addresses = 0;
				for (size_t at = 0; at < b.size; at += part)
					feed(f, from_orig, b.bytes + at,
						b.size - at < part ? b.size - at : part);
				assert_int_equal(f->addresses, excess == 0);
			}
}

/* A question waits for its answer, or for the end. */
static void
a_question_is_told_with_its_answer_or_at_the_end(void **state)
{
	struct fixture *f = *state;
	char question[] = ANSWER;

	question[4] = 1;
	question[5] = 0;
	feed(f, true, question, ANSWER_BYTES);
	assert_int_equal(f->answers, 0);
	feed(f, false, ANSWER, ANSWER_BYTES);
	assert_int_equal(f->answers, 1);
	feed(f, true, question, ANSWER_BYTES);
	struct proto_call call = call_of(f, true);
	protocol_dns_tcp.end(&call);
	assert_int_equal(f->answers, 2);
	protocol_dns_tcp.end(&call);
	assert_int_equal(f->answers, 2);
}

static enum proto_guess
looks(const void *bytes, size_t size)
{
	const struct proto_call call = { 0 };
	uint8_t *exact = malloc(size > 0 ? size : 1);

	memcpy(exact, bytes, size);
	enum proto_guess guess = protocol_dns_tcp.looks_like(&call, cursor_over(exact, size));
	free(exact);
	return guess;
}

static void
it_is_recognised_as_soon_as_its_question_is_there(void **state)
{
	(void)state;
	for (size_t size = 0; size < ANSWER_BYTES; size++)
		assert_int_equal(looks(ANSWER, size), PROTO_PERHAPS);
	assert_int_equal(looks(ANSWER, ANSWER_BYTES), PROTO_YES);
	assert_int_equal(looks(ANSWER "?", ANSWER_BYTES + 1), PROTO_YES);
	/* A message that ends before its question does is none. */
	assert_int_equal(looks("\0\21" ANSWER, 2 + ANSWER_BYTES), PROTO_NO);
	assert_int_equal(looks("\0\21" ANSWER, 2 + 17), PROTO_NO);
	assert_int_equal(looks("\0\20" QUESTION QUESTION, 18), PROTO_NO);
	/* Nor is one that is shorter than a header. */
	assert_int_equal(looks("\0\13", 2), PROTO_NO);
	assert_int_equal(looks("\0\14", 2), PROTO_PERHAPS);
	/* Nor do letters say how long one is. */
	assert_int_equal(looks("\x3f", 1), PROTO_PERHAPS);
	assert_int_equal(looks("\x3f\xff", 2), PROTO_PERHAPS);
	assert_int_equal(looks("\x40", 1), PROTO_NO);
	assert_int_equal(looks("CNXN\1\0\0\1\0\0\4\0\7\0\0\0", 16), PROTO_NO);
}

static void
other_protocols_are_not_taken_for_it(void **state)
{
	static const char *const others[] = { "GET / HTTP/1.1\r\nHost: a\r\n\r\n",
		"HTTP/1.1 200 OK\r\n", "SSH-2.0-OpenSSH_9.2p1\r\n", "220 mail ESMTP\r\n",
		"EHLO example.org\r\n", "* OK IMAP4rev1\r\n" };

	(void)state;
	for (size_t i = 0; i < sizeof(others) / sizeof(others[0]); i++)
		assert_int_equal(looks(others[i], strlen(others[i])), PROTO_NO);
	assert_int_equal(looks("\x16\3\1\2\0\1\0\1\xfc\3\3\0\1\2\3\4", 16), PROTO_NO);
	assert_int_equal(protocol_dns_tcp.ip_proto, IPPROTO_TCP);
	assert_string_equal(protocol_dns_tcp.name, "dns");
}

#define DNS_TEST(f) cmocka_unit_test_setup_teardown(f, set_up, tear_down)

int
main(void)
{
	const struct CMUnitTest tests[] = {
		DNS_TEST(a_message_may_be_cut_anywhere),
		DNS_TEST(several_come_in_a_row_and_in_pieces_of_any_size),
		DNS_TEST(the_sides_are_put_together_apart),
		DNS_TEST(messages_of_no_length_are_passed),
		DNS_TEST(of_a_long_message_the_beginning_is_read),
		DNS_TEST(a_message_with_a_gap_is_not_read_and_the_next_one_is),
		DNS_TEST(so_much_is_read_of_a_message_as_is_kept),
		DNS_TEST(a_question_is_told_with_its_answer_or_at_the_end),
		DNS_TEST(after_a_gap_over_a_beginning_one_is_looked_for),
		cmocka_unit_test(it_is_recognised_as_soon_as_its_question_is_there),
		cmocka_unit_test(other_protocols_are_not_taken_for_it),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
