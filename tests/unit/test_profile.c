#include "daemon/window/profile.h"

#include "daemon/base/time_text.h"

#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>

#include <cmocka.h>

static const struct hash_key key = { { 1, 2 } };

static struct profile *
add(struct profile_table *t, uint8_t host, uint64_t at_s)
{
	struct addr a = addr_v4(10, 0, 0, host);

	return profile_add(t, &a, at_s * NS_PER_S);
}

static void
the_longest_idle_newcomer_goes_first(void **state)
{
	struct profile_table t;

	(void)state;
	assert_int_equal(profile_table_init(&t, 3, &key), 0);
	struct profile *one = add(&t, 1, 0);
	struct profile *two = add(&t, 2, 0);
	struct profile *three = add(&t, 3, 0);
	assert_null(add(&t, 4, 0)); /* full */
	assert_ptr_equal(profile_idlest(&t, NULL), one);
	profile_touch(&t, one, 2 * NS_PER_S);
	assert_ptr_equal(profile_idlest(&t, NULL), two);
	profile_settle(&t, two);
	assert_ptr_equal(profile_idlest(&t, NULL), three);
	assert_ptr_equal(profile_idlest(&t, three), one);
	profile_remove(&t, three);
	profile_remove(&t, one);
	assert_null(profile_idlest(&t, two));
	assert_ptr_equal(
		profile_idlest(&t, NULL), two); /* residents only when there is nobody else */
	profile_remove(&t, two);
	assert_null(profile_idlest(&t, NULL));
	assert_int_equal(t.resident_count, 0);
	assert_int_equal(t.made, 3);
	profile_table_done(&t);
}

static void
a_touch_moves_it_once_a_second(void **state)
{
	struct profile_table t;

	(void)state;
	assert_int_equal(profile_table_init(&t, 2, &key), 0);
	struct profile *one = add(&t, 1, 0);
	(void)add(&t, 2, 0);
	profile_touch(&t, one, NS_PER_S - 1);
	assert_ptr_equal(profile_idlest(&t, NULL), one);
	profile_touch(&t, one, NS_PER_S);
	assert_ptr_not_equal(profile_idlest(&t, NULL), one);
	profile_table_done(&t);
}

static void
residents_take_four_fifths_at_most(void **state)
{
	struct profile_table t;
	struct profile *p[10];

	(void)state;
	assert_int_equal(profile_table_init(&t, 10, &key), 0);
	for (uint8_t i = 0; i < 10; i++)
		p[i] = add(&t, i, 0);
	for (uint8_t i = 0; i < 8; i++)
		profile_settle(&t, p[i]);
	profile_settle(&t, p[0]); /* again: nothing changes */
	assert_int_equal(t.resident_count, 8);
	profile_settle(&t, p[8]);
	assert_int_equal(t.resident_count, 8);
	assert_false(p[0]->established); /* the longest idle stepped back */
	assert_true(p[8]->established);
	assert_ptr_equal(profile_idlest(&t, NULL), p[9]);
	profile_table_done(&t);
}

static void
a_profile_is_found_by_its_address(void **state)
{
	struct profile_table t;
	struct addr a = addr_v4(10, 0, 0, 1);
	struct addr b = addr_v4(10, 0, 0, 2);

	(void)state;
	assert_int_equal(profile_table_init(&t, 2, &key), 0);
	struct profile *one = add(&t, 1, 7);
	assert_ptr_equal(profile_find(&t, &a), one);
	assert_null(profile_find(&t, &b));
	profile_remove(&t, one);
	assert_null(profile_find(&t, &a));
	profile_table_done(&t);
}

int
main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(the_longest_idle_newcomer_goes_first),
		cmocka_unit_test(a_touch_moves_it_once_a_second),
		cmocka_unit_test(residents_take_four_fifths_at_most),
		cmocka_unit_test(a_profile_is_found_by_its_address),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
