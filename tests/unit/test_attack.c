#include "daemon/base/attack.h"

#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <stdio.h>
#include <string.h>

#include <cmocka.h>

/* The ids of detections §6: what any evidence may name. */
static const char *const wanted[] = { "T1003.006", "T1008", "T1016", "T1016.001", "T1018", "T1021",
	"T1021.002", "T1021.003", "T1021.004", "T1029", "T1030", "T1036", "T1040", "T1041", "T1046",
	"T1047", "T1048", "T1048.003", "T1059", "T1071", "T1071.001", "T1071.003", "T1071.004",
	"T1078", "T1090", "T1090.003", "T1090.004", "T1095", "T1102", "T1102.001", "T1105", "T1110",
	"T1110.001", "T1110.003", "T1124", "T1132.001", "T1135", "T1190", "T1203", "T1204.001",
	"T1204.002", "T1210", "T1219", "T1430", "T1499.001", "T1543.003", "T1557", "T1557.002",
	"T1557.003", "T1558", "T1566.002", "T1567", "T1567.003", "T1568", "T1568.002", "T1569.002",
	"T1571", "T1572", "T1573", "T1573.002", "T1583.001", "T1583.003", "T1587.003", "T1588.004",
	"T1590.002", "T1595", "T1595.001", "T1595.002", "T1599" };

static void
every_technique_that_evidence_may_name_is_found(void **state)
{
	(void)state;
	for (size_t i = 0; i < sizeof(wanted) / sizeof(wanted[0]); i++) {
		const struct attack *a = attack_find(wanted[i]);

		if (a == NULL)
			fail_msg("no row for %s", wanted[i]);
		else
			assert_string_equal(a->technique, wanted[i]);
	}
}

static void
a_row_has_its_names(void **state)
{
	const struct attack *a = attack_find("T1557.002");

	(void)state;
	assert_string_equal(a->technique_name, "ARP Cache Poisoning");
	assert_string_equal(a->tactic, "TA0006");
	assert_string_equal(a->tactic_name, "Credential Access");
	a = attack_find("T1046");
	assert_string_equal(a->technique_name, "Network Service Discovery");
	assert_string_equal(a->tactic, "TA0007");
	assert_string_equal(a->tactic_name, "Discovery");
}

/* Every id that could be: what is found is what was asked for, and only what is wanted is found. */
static void
nothing_else_is_found(void **state)
{
	size_t found = 0;
	char id[16];

	(void)state;
	for (unsigned technique = 1000; technique < 1700; technique++)
		for (unsigned sub = 0; sub < 8; sub++) {
			int length = snprintf(id, sizeof(id), "T%u", technique);

			if (sub > 0)
				(void)snprintf(
					id + length, sizeof(id) - (size_t)length, ".%03u", sub);
			const struct attack *a = attack_find(id);
			if (a == NULL)
				continue;
			found++;
			assert_string_equal(a->technique, id);
			assert_int_equal(strncmp(a->tactic, "TA00", 4), 0);
		}
	assert_int_equal(found, sizeof(wanted) / sizeof(wanted[0]));
	assert_null(attack_find(""));
	assert_null(attack_find("T104"));
	assert_null(attack_find("T9999"));
}

int
main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(every_technique_that_evidence_may_name_is_found),
		cmocka_unit_test(a_row_has_its_names),
		cmocka_unit_test(nothing_else_is_found),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
