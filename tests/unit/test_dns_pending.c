#include "daemon/proto/dns_pending.h"

#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdio.h>
#include <string.h>

#include <cmocka.h>

static struct dns_query
query(uint16_t id, bool from_orig, size_t name_length)
{
	struct dns_query q = { .asked_ns = 1000U + id,
		.id = id,
		.flags = 0x100,
		.from_orig = from_orig,
		.question = { .is_there = true, .type = 28, .class = 1 } };

	memset(q.question.name, 'a' + id % 26, name_length);
	q.question.name[name_length] = '\0';
	return q;
}

static void
add(struct dns_pending *p, uint16_t id, bool from_orig, size_t name_length)
{
	struct dns_query q = query(id, from_orig, name_length);

	assert_true(dns_pending_fits(p, &q));
	dns_pending_add(p, &q);
}

static void
what_waits_comes_back_whole(void **state)
{
	struct dns_pending p = { 0 };
	struct dns_query want = query(7, true, 255);
	struct dns_query q;

	(void)state;
	dns_pending_add(&p, &want);
	assert_true(dns_pending_take(&p, 7, true, &q));
	assert_int_equal(q.asked_ns, 1007);
	assert_int_equal(q.flags, 0x100);
	assert_true(q.from_orig);
	assert_true(q.question.is_there);
	assert_int_equal(q.question.type, 28);
	assert_int_equal(q.question.class, 1);
	assert_string_equal(q.question.name, want.question.name);
	assert_int_equal(p.used, 0);
	assert_false(dns_pending_oldest(&p, &q));
}

static void
one_is_found_by_its_id_and_side_and_the_oldest_first(void **state)
{
	struct dns_pending p = { 0 };
	struct dns_query q;

	(void)state;
	add(&p, 1, true, 3);
	add(&p, 2, false, 0);
	add(&p, 2, true, 10);
	add(&p, 2, true, 5);
	assert_false(dns_pending_take(&p, 3, true, &q));
	assert_false(dns_pending_take(&p, 1, false, &q));
	assert_true(dns_pending_take(&p, 2, true, &q));
	assert_int_equal(strlen(q.question.name), 10);
	assert_true(dns_pending_take(&p, 2, true, &q));
	assert_int_equal(strlen(q.question.name), 5);
	assert_true(dns_pending_oldest(&p, &q));
	assert_int_equal(q.id, 1);
	assert_true(dns_pending_oldest(&p, &q));
	assert_int_equal(q.id, 2);
	assert_false(q.from_orig);
	assert_int_equal(p.used, 0);
}

static void
one_without_a_question_has_no_name(void **state)
{
	struct dns_pending p = { 0 };
	struct dns_query q = { .id = 4 };

	(void)state;
	memset(q.question.name, 'x', sizeof(q.question.name)); /* never to be read */
	dns_pending_add(&p, &q);
	assert_true(dns_pending_take(&p, 4, false, &q));
	assert_false(q.question.is_there);
	assert_string_equal(q.question.name, "");
}

static void
it_is_full_by_the_byte(void **state)
{
	struct dns_pending p = { 0 };
	struct dns_query q;

	(void)state;
	add(&p, 1, true, 255);
	size_t head = p.used - 255U;
	size_t left = DNS_PENDING_BYTES - p.used - head;
	q = query(2, true, left + 1);
	assert_false(dns_pending_fits(&p, &q));
	add(&p, 2, true, left);
	assert_int_equal(p.used, DNS_PENDING_BYTES);
	q = query(3, true, 0);
	assert_false(dns_pending_fits(&p, &q));
	assert_true(dns_pending_oldest(&p, &q));
	assert_int_equal(q.id, 1);
	add(&p, 3, true, 255);
}

int
main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(what_waits_comes_back_whole),
		cmocka_unit_test(one_is_found_by_its_id_and_side_and_the_oldest_first),
		cmocka_unit_test(one_without_a_question_has_no_name),
		cmocka_unit_test(it_is_full_by_the_byte),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
