/* test_dns_message.c -- what is taken for a DNS message. */
#include "daemon/proto/dns_message.h"

#include "tests/support/dns_build.h"

#include <setjmp.h>
#include <stdarg.h>
#include <stdlib.h>

#include <cmocka.h>

static enum proto_guess
looks_at_port(const void *bytes, size_t size, uint16_t port)
{
	const struct proto_call call = { .src_port = 40000, .dst_port = port };
	uint8_t *exact = malloc(size > 0 ? size : 1);

	memcpy(exact, bytes, size);
	enum proto_guess guess = dns_looks_like(&call, cursor_over(exact, size));
	free(exact);
	return guess;
}

static enum proto_guess
looks(const struct dns_build *b, uint16_t port)
{
	return looks_at_port(b->bytes, b->size, port);
}

static void
a_question_is_recognised_on_any_port_as_soon_as_it_is_there(void **state)
{
	struct dns_build b;

	(void)state;
	dns_build_header(&b, 7, 0x100, 1, 0, 0, 0);
	dns_build_question(&b, "example.org", DNS_A, 1);
	for (size_t size = 0; size < b.size; size++)
		assert_int_equal(looks_at_port(b.bytes, size, 9), PROTO_PERHAPS);
	assert_int_equal(looks(&b, 9), PROTO_YES);
}

static void
the_rare_is_believed_where_dns_is_expected(void **state)
{
	static const uint16_t ports[] = { 53, 137, 5353, 5355 };
	struct dns_build b;

	(void)state;
	for (size_t i = 0; i < sizeof(ports) / sizeof(ports[0]); i++) {
		dns_build_header(&b, 7, 5 << 11, 1, 0, 0, 0);
		dns_build_question(&b, "example.org", DNS_A, 1);
		assert_int_equal(looks(&b, ports[i]), PROTO_YES);
		assert_int_equal(looks(&b, 9), PROTO_NO);
		b.bytes[2] = 10 << 3; /* an opcode that nobody has */
		assert_int_equal(looks(&b, ports[i]), PROTO_NO);
		dns_build_header(&b, 7, 0, 1, 0, 0, 0);
		dns_build_question(&b, "example.org", DNS_A, 9);
		assert_int_equal(looks(&b, ports[i]), PROTO_YES);
		assert_int_equal(looks(&b, 9), PROTO_NO);
		dns_build_header(&b, 7, 0x8182, 0, 0, 0, 0);
		assert_int_equal(looks(&b, ports[i]), PROTO_YES);
		assert_int_equal(looks(&b, 9), PROTO_NO);
		b.bytes[2] = 0; /* it asks for nothing */
		assert_int_equal(looks(&b, ports[i]), PROTO_NO);
	}
}

static void
what_asks_for_too_much_is_none(void **state)
{
	struct dns_build b;

	(void)state;
	dns_build_header(&b, 7, 0, 32, 128, 0, 0);
	dns_build_question(&b, "x", DNS_A, 1);
	assert_int_equal(looks(&b, 9), PROTO_YES);
	b.bytes[5] = 33;
	assert_int_equal(looks(&b, 9), PROTO_NO);
	b.bytes[5] = 32;
	b.bytes[7] = 129;
	assert_int_equal(looks(&b, 9), PROTO_NO);
	dns_build_header(&b, 7, 0, 0, 1, 0, 0); /* an answer, but no response */
	dns_build_record(&b, "x", DNS_A, 1, "\1\2\3\4", 4);
	assert_int_equal(looks(&b, 9), PROTO_NO);
	b.bytes[2] = 0x80;
	assert_int_equal(looks(&b, 9), PROTO_YES);
}

static void
other_protocols_are_not_taken_for_it(void **state)
{
	static const char text[] = "GET / HTTP/1.1\r\nHost: example.com\r\n\r\n";
	struct dns_build b;

	(void)state;
	assert_int_equal(looks_at_port(text, sizeof(text) - 1, 9), PROTO_NO);
	dns_build_header(&b, 7, 0, 1, 0, 0, 0);
	dns_build_question(&b, "x", 0, 1); /* type 0 */
	assert_int_equal(looks(&b, 9), PROTO_NO);
	b.bytes[b.size - 3] = 1;
	for (unsigned class = 0; class < 256; class ++) {
		b.bytes[b.size - 1] = (uint8_t) class;
		bool is_class = class == 1 || class == 3 || class == 4 || class >= 254;
		assert_int_equal(looks(&b, 9), is_class ? PROTO_YES : PROTO_NO);
	}
	b.bytes[12] = 0x41; /* neither a length nor a pointer */
	dns_build_bytes(&b, text, sizeof(text));
	assert_int_equal(looks(&b, 9), PROTO_NO);
	dns_build_header(&b, 7, 0, 1, 0, 0, 0);
	dns_build_question(&b, "", DNS_NS, 1);
	assert_int_equal(looks(&b, 9), PROTO_NO);
	assert_int_equal(looks(&b, 53), PROTO_YES);
	dns_build_header(&b, 7, 0, 1, 0, 0, 0);
	dns_build_u16(&b, 0xc00c); /* a pointer to itself */
	dns_build_bytes(&b, "\0\1\0\1", 4);
	assert_int_equal(looks(&b, 9), PROTO_NO);
}

static void
the_broken_is_believed_where_dns_is_expected(void **state)
{
	struct dns_build b;

	(void)state;
	dns_build_header(&b, 7, 0, 1, 0, 0, 0);
	dns_build_u8(&b, 0x41); /* neither a length nor a pointer */
	assert_int_equal(looks(&b, 53), PROTO_YES);
	assert_int_equal(looks(&b, 9), PROTO_NO);
	b.bytes[5] = 33; /* too many questions, and the first is none */
	assert_int_equal(looks(&b, 53), PROTO_NO);
	dns_build_header(&b, 7, 0, 0x4700, 0, 0, 0);
	dns_build_question(&b, "example.org", DNS_A, 1); /* the first is one */
	assert_int_equal(looks(&b, 53), PROTO_YES);
	assert_int_equal(looks(&b, 9), PROTO_NO);
	b.bytes[b.size - 1] = 9;
	assert_int_equal(looks(&b, 53), PROTO_NO);
	dns_build_header(&b, 7, 1 << 11, 0, 1, 0, 0); /* who has this address? */
	dns_build_record(&b, "", DNS_A, 1, "\1\2\3\4", 4);
	assert_int_equal(looks(&b, 53), PROTO_YES);
	assert_int_equal(looks(&b, 9), PROTO_NO);
	b.bytes[7] = 0;
	assert_int_equal(looks(&b, 53), PROTO_NO);
}

static void
ports_tell_who_may_be_asked(void **state)
{
	(void)state;
	assert_int_equal(dns_way_of(&(struct proto_call){ .src_port = 5353 }), DNS_MULTICAST);
	assert_int_equal(dns_way_of(&(struct proto_call){ .dst_port = 5353 }), DNS_MULTICAST);
	assert_int_equal(dns_way_of(&(struct proto_call){ .src_port = 5355 }), DNS_LINK_LOCAL);
	assert_int_equal(dns_way_of(&(struct proto_call){ .dst_port = 53 }), DNS_SERVERS);
}

static void
questions_are_read_as_far_as_they_are_well_formed(void **state)
{
	struct dns_header h = { .questions = 3 };
	struct dns_question q;
	struct dns_build b;

	(void)state;
	dns_build_header(&b, 7, 0, 3, 0, 0, 0);
	dns_build_question(&b, "one", DNS_A, 1);
	dns_build_question(&b, "two", DNS_AAAA, 1);
	dns_build_bytes(&b, "\xc0\xff\0\1\0\1", 6);
	struct cursor message = cursor_over(b.bytes, b.size);
	struct cursor c = message;
	(void)cursor_take(&c, 12);
	assert_false(dns_questions_read(message, &c, &h, &q));
	assert_true(q.is_there);
	assert_string_equal(q.name, "two");
	assert_int_equal(q.type, DNS_AAAA);
	h.questions = 0;
	assert_true(dns_questions_read(message, &c, &h, &q));
	assert_false(q.is_there);
}

int
main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(a_question_is_recognised_on_any_port_as_soon_as_it_is_there),
		cmocka_unit_test(the_rare_is_believed_where_dns_is_expected),
		cmocka_unit_test(what_asks_for_too_much_is_none),
		cmocka_unit_test(other_protocols_are_not_taken_for_it),
		cmocka_unit_test(the_broken_is_believed_where_dns_is_expected),
		cmocka_unit_test(ports_tell_who_may_be_asked),
		cmocka_unit_test(questions_are_read_as_far_as_they_are_well_formed),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
