#include "viewer/screens/attack_matrix.h"

#include "tests/support/places_rig.h"

static const struct attack_technique *
technique(const struct attack_matrix *x, const char *id)
{
	for (size_t i = 0; i < x->count; i++)
		if (strcmp(x->techniques[i].id, id) == 0)
			return &x->techniques[i];
	fail_msg("there is no %s", id);
	return NULL;
}

static void
evidence_and_hosts_are_counted(void **state)
{
	struct places_rig r;

	(void)state;
	places_begin(&r, 24, 80, true);
	struct attack_matrix x = attack_matrix_of(&r.model);
	const struct attack_technique *t = technique(&x, "T1046");
	assert_int_equal(t->count, 3);
	assert_int_equal(t->hosts, 2);
	assert_string_equal(t->last->id, "c");
	assert_string_equal(t->name, "Network Service Discovery");
	assert_string_equal(t->tactic, "Discovery");
	assert_int_equal(x.silenced, 1);
	assert_int_equal(x.count, 7);
	places_end(&r);
}

static void
columns_are_in_the_order_of_an_attack(void **state)
{
	struct places_rig r;

	(void)state;
	places_begin(&r, 24, 80, true);
	struct attack_matrix x = attack_matrix_of(&r.model);
	assert_int_equal(x.columns, 5);
	assert_int_equal(technique(&x, "T1110.001")->column, 0);
	assert_int_equal(technique(&x, "T1046")->column, 1);
	assert_int_equal(technique(&x, "T1571")->column, 2);
	assert_int_equal(technique(&x, "T1499.001")->column, 3);
	assert_int_equal(x.techniques[6].column, 4);
	assert_string_equal(x.techniques[6].tactic, "Other");
	assert_int_equal(technique(&x, "T1071.001")->row, 0);
	assert_int_equal(technique(&x, "T1105")->row, 1);
	assert_int_equal(technique(&x, "T1571")->row, 2);
	assert_int_equal(technique(&x, "T1499.001")->row, 0);
	places_end(&r);
}

static void
hosts_with_most_evidence_come_first(void **state)
{
	struct places_rig r;
	struct attack_host *hosts = NULL;

	(void)state;
	places_begin(&r, 24, 80, true);
	struct attack_matrix x = attack_matrix_of(&r.model);
	assert_int_equal(
		attack_matrix_hosts(&x, technique(&x, "T1046"), &r.model.memory, &hosts), 2);
	assert_string_equal(hosts[0].last->window.host, "192.168.2.30");
	assert_int_equal(hosts[0].count, 2);
	assert_string_equal(hosts[0].last->id, "b");
	assert_string_equal(hosts[1].last->id, "c");
	places_end(&r);
}

static void
the_filter_and_memory_hold(void **state)
{
	struct places_rig r;
	struct attack_host *hosts = NULL;

	(void)state;
	places_begin(&r, 24, 80, true);
	(void)strcpy(r.model.filter, "command and");
	struct attack_matrix x = attack_matrix_of(&r.model);
	assert_int_equal(x.count, 3);
	assert_int_equal(x.columns, 1);
	struct arena none;
	arena_init(&none, 1, NULL);
	assert_int_equal(attack_matrix_hosts(&x, &x.techniques[0], &none, &hosts), 0);
	arena_done(&none);
	arena_done(&r.model.memory);
	arena_init(&r.model.memory, 50, NULL);
	x = attack_matrix_of(&r.model);
	assert_true(x.is_full);
	assert_int_equal(x.count, 0);
	r.sample.is_empty = true;
	assert_false(attack_matrix_of(&r.model).is_full);
	places_end(&r);
}

int
main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(evidence_and_hosts_are_counted),
		cmocka_unit_test(columns_are_in_the_order_of_an_attack),
		cmocka_unit_test(hosts_with_most_evidence_come_first),
		cmocka_unit_test(the_filter_and_memory_hold),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
