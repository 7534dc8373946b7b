/* test_dns_fault.c -- what is wrong with a DNS message, and what only looks like it. */
#include "tests/support/dns_build.h"

#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <stdlib.h>

#include <cmocka.h>

#include "daemon/proto/dns_fault.h"

enum { SAY = 0x8180, ROOT_QUESTION = 5, HEADER = 12 };

/* In memory of exactly its size, so that the sanitizer sees a read past it. */
static enum weird
fault_of_first(const struct dns_build *b, size_t size, bool is_cut)
{
	uint8_t *exact = malloc(size);
	struct dns_header h;

	assert_non_null(exact);
	memcpy(exact, b->bytes, size);
	struct cursor message = cursor_over(exact, size);
	struct cursor c = message;
	assert_true(dns_header_read(&c, &h));
	struct cursor behind = c;
	struct dns_question q;
	enum weird fault = dns_fault(message, c, &h, 0, is_cut);
	if (dns_questions_read(message, &behind, &h, &q))
		assert_int_equal(dns_fault(message, behind, &h, h.questions, is_cut), fault);
	free(exact);
	return fault;
}

static enum weird
fault(const struct dns_build *b)
{
	return fault_of_first(b, b->size, false);
}

/* An answer with something of each section, compressed as servers do. */
static void
build_sound(struct dns_build *b)
{
	static const uint8_t owner[] = { 0xc0, HEADER };

	dns_build_header(b, 7, SAY, 1, 2, 1, 1);
	dns_build_question(b, "www.example.org", DNS_A, 1);
	dns_build_alias(b, "www.example.org", DNS_CNAME, 300, "web.example.org");
	dns_build_record(b, "web.example.org", DNS_A, 60, "\1\2\3\4", 4);
	dns_build_record(b, "example.org", DNS_NS, 60, owner, sizeof(owner));
	dns_build_record(b, "example.org", DNS_MX, 60, "\0\12\xc0\14", 4);
}

static void
a_sound_message_has_no_fault(void **state)
{
	struct dns_build b;

	(void)state;
	build_sound(&b);
	assert_int_equal(fault(&b), WEIRD_COUNT);
	dns_build_bytes(&b, "more", 4); /* what is behind it says nothing */
	assert_int_equal(fault(&b), WEIRD_COUNT);
}

static void
a_message_that_ends_early_is_odd_unless_it_was_cut(void **state)
{
	struct dns_build b;

	(void)state;
	build_sound(&b);
	for (size_t size = HEADER; size < b.size; size++) {
		assert_int_equal(fault_of_first(&b, size, false), WEIRD_DNS_COUNT);
		assert_int_equal(fault_of_first(&b, size, true), WEIRD_COUNT);
	}
	b.bytes[2] |= 0x02; /* its sender says that there is more */
	assert_int_equal(fault_of_first(&b, b.size - 1, false), WEIRD_COUNT);
}

static void
a_count_beyond_what_is_there_is_odd_in_each_section(void **state)
{
	struct dns_build b;

	(void)state;
	for (unsigned section = 0; section < 4; section++) {
		build_sound(&b);
		b.bytes[5 + 2 * section]++;
		assert_int_equal(fault(&b), WEIRD_DNS_COUNT);
	}
}

static void
a_pointer_must_go_backwards(void **state)
{
	struct dns_build b;

	(void)state;
	for (unsigned target = 0; target < 40; target++) {
		dns_build_header(&b, 7, 0, 1, 0, 0, 0);
		dns_build_u16(&b, 0xc000 | target);
		dns_build_bytes(&b, "\0\1\0\1\0\0\0\0", 8);
		bool is_behind = target >= HEADER;
		assert_int_equal(fault(&b) == WEIRD_DNS_POINTER, is_behind);
	}
	build_sound(&b);
	b.bytes[b.size - 1] = (uint8_t)(b.size - 2); /* the exchange is itself */
	assert_int_equal(fault(&b), WEIRD_DNS_POINTER);
}

static void
names_in_data_are_followed_by_type(void **state)
{
	static const uint16_t types[] = { DNS_NS, DNS_CNAME, DNS_SOA, DNS_PTR, DNS_DNAME };
	struct dns_build b;

	(void)state;
	for (size_t i = 0; i < sizeof(types) / sizeof(types[0]); i++) {
		dns_build_header(&b, 7, SAY, 0, 1, 0, 0);
		dns_build_record(&b, "x", types[i], 1, "\xc0\xff", 2);
		assert_int_equal(fault(&b), WEIRD_DNS_POINTER);
		dns_build_header(&b, 7, SAY, 0, 1, 0, 0);
		dns_build_record(&b, "x", types[i], 1, "", 0); /* as updates have them */
		assert_int_equal(fault(&b), WEIRD_COUNT);
		dns_build_header(&b, 7, SAY, 0, 1, 0, 0);
		dns_build_record(&b, "x", types[i], 1, "\3ab", 3);
		assert_int_equal(fault(&b), WEIRD_COUNT);
	}
	dns_build_header(&b, 7, SAY, 0, 1, 0, 0);
	dns_build_record(&b, "x", DNS_TXT, 1, "\xc0\xff", 2);
	assert_int_equal(fault(&b), WEIRD_COUNT);
}

static void
a_label_of_64_bytes_is_none(void **state)
{
	struct dns_build b;

	(void)state;
	for (unsigned length = 63; length < 0xc0; length++) {
		dns_build_header(&b, 7, 0, 1, 0, 0, 0);
		dns_build_u8(&b, length);
		for (unsigned i = 0; i < length; i++)
			dns_build_u8(&b, 'a');
		dns_build_bytes(&b, "\0\0\1\0\1", ROOT_QUESTION);
		assert_int_equal(fault(&b), length == 63 ? WEIRD_COUNT : WEIRD_DNS_LABEL);
	}
}

static void
a_name_of_256_bytes_is_too_long(void **state)
{
	struct dns_build b;

	(void)state;
	for (unsigned last = 60; last < 63; last++) {
		dns_build_header(&b, 7, 0, 1, 0, 0, 0);
		for (unsigned label = 0; label < 4; label++) {
			unsigned length = label < 3 ? 63 : last;
			dns_build_u8(&b, length);
			for (unsigned i = 0; i < length; i++)
				dns_build_u8(&b, 'a');
		}
		dns_build_bytes(&b, "\0\0\1\0\1", ROOT_QUESTION);
		/* 3 * 64 + 1 + last + the root's 1 */
		assert_int_equal(fault(&b), last <= 61 ? WEIRD_COUNT : WEIRD_DNS_NAME);
	}
}

static void
so_many_entries_are_looked_at(void **state)
{
	struct dns_build b;

	(void)state;
	for (unsigned fine = 127; fine < 129; fine++) {
		dns_build_header(&b, 7, 0, fine + 1, 0, 0, 0);
		for (unsigned i = 0; i < fine; i++)
			dns_build_question(&b, "", DNS_A, 1);
		dns_build_u8(&b, 0x40);
		assert_int_equal(fault(&b), fine == 127 ? WEIRD_DNS_LABEL : WEIRD_COUNT);
	}
}

int
main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(a_sound_message_has_no_fault),
		cmocka_unit_test(a_message_that_ends_early_is_odd_unless_it_was_cut),
		cmocka_unit_test(a_count_beyond_what_is_there_is_odd_in_each_section),
		cmocka_unit_test(a_pointer_must_go_backwards),
		cmocka_unit_test(names_in_data_are_followed_by_type),
		cmocka_unit_test(a_label_of_64_bytes_is_none),
		cmocka_unit_test(a_name_of_256_bytes_is_too_long),
		cmocka_unit_test(so_many_entries_are_looked_at),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
