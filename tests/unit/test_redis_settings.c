#include "exporters/redis/redis_settings.h"

#include "daemon/base/log.h"
#include "exporters/kalipso/dialect.h"
#include "exporters/kalipso/kalipso_peers.h"
#include "exporters/redis/redis_target.h"

#include <errno.h>
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <string.h>

#include <cmocka.h>

static struct redis_target_settings
target(uint32_t dialect, uint32_t port, uint32_t db, uint32_t cache_db, enum redis_parts parts)
{
	return (struct redis_target_settings){ .dialect = dialect,
		.host = "127.0.0.1",
		.port = port,
		.path = "",
		.db = db,
		.cache_db = cache_db,
		.user = "",
		.password = "",
		.password_file = "",
		.parts = parts };
}

static int
check(struct redis_target_settings *targets, size_t count)
{
	const struct redis_settings s = { .targets = { .items = targets, .count = count } };

	return redis_settings_check(&s);
}

static void
choices_are_the_dialects_in_their_order(void **state)
{
	const struct config_item *rows = NULL;
	(void)state;

	for (const struct config_item *i = redis_settings_items; i->type != CONFIG_TYPE_END; i++)
		if (strcmp(i->name, "targets") == 0)
			rows = i->rows;
	assert_non_null(rows);
	assert_string_equal(rows[0].name, "dialect");
	for (size_t i = 0; rows[0].choices[i] != NULL; i++)
		assert_string_equal(rows[0].choices[i], dialects[i]->name);
}

static void
without_targets_there_is_one_as_the_rows_have_it(void **state)
{
	const struct redis_settings none = { 0 };
	const struct redis_targets list = redis_settings_targets(&none);
	const struct redis_target_settings *t = list.items;
	const struct config_item *rows = NULL;
	(void)state;

	for (const struct config_item *i = redis_settings_items; i->type != CONFIG_TYPE_END; i++)
		rows = i->type == CONFIG_TYPE_LIST ? i->rows : rows;
	assert_int_equal(list.count, 1);
	for (; rows->type != CONFIG_TYPE_END; rows++) {
		const char *at = (const char *)t + rows->offset;
		const char *text = NULL;
		uint32_t number = 0;

		memcpy(&number, at, sizeof(number));
		if (rows->type == CONFIG_TYPE_STRING) {
			memcpy(&text, at, sizeof(text));
			assert_string_equal(text, rows->dflt_text);
		} else {
			assert_int_equal(number, rows->dflt);
		}
	}
	assert_int_equal(redis_settings_check(&none), 0);
}

static void
targets_that_are_set_are_the_targets(void **state)
{
	struct redis_target_settings t = target(0, 1, 0, 1, REDIS_ALL);
	const struct redis_settings s = { .targets = { .items = &t, .count = 1 } };
	(void)state;

	assert_ptr_equal(redis_settings_targets(&s).items, &t);
}

static void
databases_follow_from_parts_and_dialect(void **state)
{
	static const struct {
		uint32_t dialect, cache_db;
		enum redis_parts parts;
		size_t count;
		uint32_t dbs[2];
	} rows[] = {
		{ 0, 1, REDIS_ALL, 2, { 5, 1 } },
		{ 0, 5, REDIS_ALL, 1, { 5 } },
		{ 0, 1, REDIS_DATA, 1, { 5 } },
		{ 1, 1, REDIS_ADDRESSES, 1, { 1 } },
		{ 2, 1, REDIS_ALL, 1, { 5 } },
		{ 2, 1, REDIS_ADDRESSES, 1, { 5 } },
	};
	(void)state;

	for (size_t i = 0; i < sizeof(rows) / sizeof(rows[0]); i++) {
		const struct redis_target_settings t =
			target(rows[i].dialect, 1, 5, rows[i].cache_db, rows[i].parts);
		uint32_t dbs[2] = { 0 };

		assert_int_equal(redis_settings_databases(&t, dbs), rows[i].count);
		assert_memory_equal(dbs, rows[i].dbs, rows[i].count * sizeof(dbs[0]));
	}
}

static void
no_two_targets_write_one_database(void **state)
{
	struct redis_target_settings two[] = {
		target(0, 6379, 0, 1, REDIS_ALL),
		target(2, 6379, 1, 0, REDIS_ALL),
	};
	(void)state;

	assert_int_equal(check(two, 2), -EINVAL);
	two[1].db = 2;
	assert_int_equal(check(two, 2), 0);
	two[1].db = 0;
	assert_int_equal(check(two, 2), -EINVAL);
	two[1].port = 6380;
	assert_int_equal(check(two, 2), 0);
	two[0].path = two[1].path = "/run/redis.sock"; /* ports mean nothing then */
	assert_int_equal(check(two, 2), -EINVAL);
	two[1].path = "/run/other.sock";
	assert_int_equal(check(two, 2), 0);
	two[0].path = two[1].path = "";
	two[1].port = 6379;
	two[1].host = "192.0.2.1";
	assert_int_equal(check(two, 2), 0);
}

static void
the_recipe_for_two_kalipsos_is_accepted(void **state)
{
	struct redis_target_settings three[] = {
		target(0, 6380, 0, 1, REDIS_DATA),
		target(0, 6379, 0, 1, REDIS_ADDRESSES),
		target(2, 6379, 0, 1, REDIS_ALL),
	};
	(void)state;

	assert_int_equal(check(three, 3), 0);
}

static void
a_password_has_one_place(void **state)
{
	struct redis_target_settings t = target(0, 6379, 0, 1, REDIS_ALL);
	(void)state;

	t.password = "a";
	assert_int_equal(check(&t, 1), 0);
	t.password_file = "/a";
	assert_int_equal(check(&t, 1), -EINVAL);
}

static void
a_target_of_2020_remembers_peers(void **state)
{
	struct redis_target_settings targets[] = { target(0, 6379, 0, 1, REDIS_ALL),
		target(2, 6380, 0, 1, REDIS_ALL) };
	const struct redis_settings s = { .targets = { .items = targets, .count = 2 } };
	(void)state;

	const uint64_t without = redis_settings_targets_bytes(&s);
	assert_int_equal(without, 2 * REDIS_PENDING_MAX);
	targets[1].dialect = 1;
	assert_int_equal(redis_settings_targets_bytes(&s), without + kalipso_peers_bytes());
}

int
main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(choices_are_the_dialects_in_their_order),
		cmocka_unit_test(without_targets_there_is_one_as_the_rows_have_it),
		cmocka_unit_test(targets_that_are_set_are_the_targets),
		cmocka_unit_test(databases_follow_from_parts_and_dialect),
		cmocka_unit_test(no_two_targets_write_one_database),
		cmocka_unit_test(the_recipe_for_two_kalipsos_is_accepted),
		cmocka_unit_test(a_password_has_one_place),
		cmocka_unit_test(a_target_of_2020_remembers_peers),
	};

	log_level_set(LOG_LEVEL_ERR);
	return cmocka_run_group_tests(tests, NULL, NULL);
}
