#include "daemon/input/netflow_templates.h"

#include "daemon/base/time_text.h"
#include "daemon/input/netflow_record.h"

#include <setjmp.h>
#include <stdarg.h>
#include <stdlib.h>

#include <cmocka.h>

static int
templates_open(void **state)
{
	static const struct hash_key key = { { 1, 2 } };
	struct netflow_templates *t = calloc(1, sizeof(*t));

	*state = t;
	return t == NULL || netflow_templates_init(t, &key) < 0;
}

static int
templates_close(void **state)
{
	netflow_templates_done(*state);
	free(*state);
	return 0;
}

static void
put_one(struct netflow_templates *t, uint32_t exporter, uint16_t id, uint16_t count,
	bool has_options, uint64_t now_s)
{
	struct netflow_template one = { .key = { .exporter = exporter, .id = id },
		.has_options = has_options,
		.count = count,
		.min_bytes = count };

	for (unsigned i = 0; i < count; i++)
		one.fields[i] = (struct netflow_field){ .length = 1, .element = NETFLOW_BYTES };
	netflow_templates_put(t, &one, now_s * NS_PER_S);
}

static const struct netflow_template *
find(struct netflow_templates *t, uint32_t exporter, uint16_t id, uint64_t now_s)
{
	return netflow_templates_find(t, exporter, id, now_s * NS_PER_S);
}

static void
a_template_is_its_exporters(void **state)
{
	struct netflow_templates *t = *state;

	put_one(t, 1, 256, NETFLOW_FIELDS_MAX, false, 0);
	assert_null(find(t, 2, 256, 0));
	assert_null(find(t, 1, 257, 0));
	const struct netflow_template *found = find(t, 1, 256, 0);
	assert_non_null(found);
	assert_int_equal(found->count, NETFLOW_FIELDS_MAX);
	assert_int_equal(found->min_bytes, NETFLOW_FIELDS_MAX);
	assert_int_equal(found->fields[NETFLOW_FIELDS_MAX - 1].element, NETFLOW_BYTES);
}

static void
the_latest_one_holds(void **state)
{
	struct netflow_templates *t = *state;

	put_one(t, 1, 256, 3, false, 0);
	put_one(t, 1, 256, 2, true, 0);
	assert_int_equal(find(t, 1, 256, 0)->count, 2);
	assert_true(find(t, 1, 256, 0)->has_options);
	assert_int_equal(table_count(&t->table), 1);
}

static void
an_hour_without_being_heard_ends_it(void **state)
{
	struct netflow_templates *t = *state;

	put_one(t, 1, 256, 3, false, 100);
	assert_non_null(find(t, 1, 256, 3699));
	assert_non_null(find(t, 1, 256, 0)); /* clocks go back */
	assert_null(find(t, 1, 256, 3700));
	assert_null(find(t, 1, 256, 100));
	put_one(t, 1, 256, 3, false, 100);
	put_one(t, 1, 256, 3, false, 200);
	assert_non_null(find(t, 1, 256, 3700));
}

static void
a_template_may_be_taken_back(void **state)
{
	struct netflow_templates *t = *state;

	put_one(t, 1, 256, 3, false, 0);
	put_one(t, 1, 257, 3, false, 0);
	netflow_templates_withdraw(t, 1, 256);
	netflow_templates_withdraw(t, 1, 300);
	assert_null(find(t, 1, 256, 0));
	assert_non_null(find(t, 1, 257, 0));
}

static void
all_of_a_kind_may_be_taken_back(void **state)
{
	struct netflow_templates *t = *state;

	put_one(t, 1, 256, 3, false, 0);
	put_one(t, 1, 257, 3, true, 0);
	put_one(t, 1, 258, 3, false, 0);
	put_one(t, 2, 256, 3, false, 0);
	netflow_templates_withdraw_all(t, 1, NETFLOW_TEMPLATES_FLOWS);
	assert_null(find(t, 1, 256, 0));
	assert_null(find(t, 1, 258, 0));
	assert_non_null(find(t, 1, 257, 0));
	put_one(t, 1, 256, 3, false, 0);
	netflow_templates_withdraw_all(t, 1, NETFLOW_TEMPLATES_OPTIONS);
	assert_null(find(t, 1, 257, 0));
	assert_non_null(find(t, 1, 256, 0));
	netflow_templates_withdraw_all(t, 1, NETFLOW_TEMPLATES_ALL);
	assert_null(find(t, 1, 256, 0));
	assert_non_null(find(t, 2, 256, 0));
}

static void
the_one_heard_least_recently_makes_room(void **state)
{
	struct netflow_templates *t = *state;

	for (unsigned i = 0; i < NETFLOW_TEMPLATES_MAX; i++)
		put_one(t, 1, (uint16_t)(256 + i), 1, false, 0);
	put_one(t, 1, 256, 1, false, 0); /* heard again */
	assert_int_equal(t->evicted, 0);
	put_one(t, 2, 256, 1, false, 0);
	assert_int_equal(t->evicted, 1);
	assert_non_null(find(t, 1, 256, 0));
	assert_null(find(t, 1, 257, 0));
	assert_non_null(find(t, 2, 256, 0));
}

int
main(void)
{
#define WITH_TEMPLATES(test) cmocka_unit_test_setup_teardown(test, templates_open, templates_close)
	const struct CMUnitTest tests[] = {
		WITH_TEMPLATES(a_template_is_its_exporters),
		WITH_TEMPLATES(the_latest_one_holds),
		WITH_TEMPLATES(an_hour_without_being_heard_ends_it),
		WITH_TEMPLATES(a_template_may_be_taken_back),
		WITH_TEMPLATES(all_of_a_kind_may_be_taken_back),
		WITH_TEMPLATES(the_one_heard_least_recently_makes_room),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
