/* test_transaction.c -- what is known, and which kinds there are. */
#include "tests/support/transaction_sample.h"

#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <string.h>

#include <cmocka.h>

static void
what_is_known_is_told_from_what_is_not(void **state)
{
	const struct sample full = sample_full();
	const struct sample unset = sample_unset();

	(void)state;
	for (const struct transaction_field *f = sample_fields; f->name != NULL; f++) {
		assert_true(transaction_is_unset(f, &unset));
		assert_int_equal(transaction_is_unset(f, &full), f->type == FIELD_NEVER);
	}
}

static void
empty_and_zero_are_known(void **state)
{
	const struct sample s = { .name = "" };

	(void)state;
	assert_false(transaction_is_unset(&sample_fields[0], &s));
	assert_false(transaction_is_unset(&sample_fields[2], &s));
	assert_false(transaction_is_unset(&sample_fields[5], &s));
}

static void
each_kind_is_found_and_fits(void **state)
{
	(void)state;
	assert_true(transaction_count > 0);
	for (size_t i = 0; i < transaction_count; i++) {
		const struct transaction_kind *kind = transactions[i];
		assert_ptr_equal(transaction_kind_of(kind->kind), kind);
		assert_in_range(kind->size, 1, TRANSACTION_SIZE_MAX);
		for (const struct transaction_field *f = kind->fields; f->name != NULL; f++)
			assert_true(f->zeek_type != NULL && f->offset < kind->size);
	}
}

static void
what_is_no_transaction_has_no_kind(void **state)
{
	(void)state;
	assert_null(transaction_kind_of(OBS_FLOW_END));
	assert_null(transaction_kind_of(OBS_KIND_COUNT));
}

int
main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(what_is_known_is_told_from_what_is_not),
		cmocka_unit_test(empty_and_zero_are_known),
		cmocka_unit_test(each_kind_is_found_and_fits),
		cmocka_unit_test(what_is_no_transaction_has_no_kind),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
