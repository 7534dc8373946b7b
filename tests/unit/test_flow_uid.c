#include "daemon/flow/flow_uid.h"

#include <ctype.h>
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include <cmocka.h>

enum { MANY = 100000 };

static struct flow_key
key_of(uint8_t last, uint16_t port)
{
	return (struct flow_key){
		.low = addr_v4(10, 0, 0, last),
		.high = addr_v4(192, 0, 2, 1),
		.low_port = port,
		.high_port = 443,
		.ip_proto = 6,
	};
}

static void
the_same_bytes_give_the_same_names_for_ever(void **state)
{
	struct flow_key key = key_of(1, 40000);
	struct flow_uid uid;
	uint64_t id;

	/* Written down: names in files of last year must still be found. */
	(void)state;
	flow_uid_make(&key, UINT64_C(1600000000123456789), 0, &id, &uid);
	assert_string_equal(uid.text, "CLzoJGTbtNHF81YUYe");
	assert_int_equal(id, UINT64_C(3935441472009922));
}

static void
a_uid_is_c_and_seventeen_digits_and_an_id_fits_a_double(void **state)
{
	uint64_t all = 0;

	(void)state;
	for (unsigned i = 0; i < 1000; i++) {
		struct flow_key key = key_of((uint8_t)i, (uint16_t)i);
		struct flow_uid uid;
		uint64_t id;
		flow_uid_make(&key, i, 0, &id, &uid);
		assert_int_equal(uid.text[0], 'C');
		assert_int_equal(strlen(uid.text), 18);
		for (unsigned k = 1; k < 18; k++)
			assert_true(isalnum((unsigned char)uid.text[k]));
		assert_true(id < UINT64_C(1) << 53);
		all |= id;
	}
	assert_int_equal(all, (UINT64_C(1) << 53) - 1);
}

static void
every_part_of_a_flow_changes_its_names(void **state)
{
	struct flow_key keys[7];
	struct flow_uid uids[9];
	uint64_t ids[9];

	(void)state;
	for (size_t i = 0; i < 7; i++)
		keys[i] = key_of(1, 40000);
	keys[1].low.byte[15]++;
	keys[2].high.byte[0]++;
	keys[3].low_port++;
	keys[4].high_port++;
	keys[5].ip_proto++;
	keys[6].low.byte[0]++;
	for (size_t i = 0; i < 7; i++)
		flow_uid_make(&keys[i], 100, 0, &ids[i], &uids[i]);
	flow_uid_make(&keys[0], 101, 0, &ids[7], &uids[7]);
	flow_uid_make(&keys[0], 100, 1, &ids[8], &uids[8]);
	for (size_t i = 0; i < 9; i++)
		for (size_t k = i + 1; k < 9; k++) {
			assert_int_not_equal(ids[i], ids[k]);
			assert_string_not_equal(uids[i].text, uids[k].text);
			/* Both halves depend on everything. */
			assert_int_not_equal(memcmp(uids[i].text + 1, uids[k].text + 1, 9), 0);
			assert_int_not_equal(memcmp(uids[i].text + 10, uids[k].text + 10, 8), 0);
		}
}

static int
by_text(const void *a, const void *b)
{
	return strcmp(a, b);
}

static void
names_of_many_flows_are_all_different(void **state)
{
	struct flow_uid *uids = calloc(MANY, sizeof(*uids));

	(void)state;
	assert_non_null(uids);
	for (unsigned i = 0; i < MANY; i++) {
		struct flow_key key = key_of((uint8_t)(i >> 16), (uint16_t)i);
		uint64_t id;
		flow_uid_make(&key, 7, 0, &id, &uids[i]);
	}
	qsort(uids, MANY, sizeof(*uids), by_text);
	for (unsigned i = 1; i < MANY; i++)
		assert_string_not_equal(uids[i - 1].text, uids[i].text);
	free(uids);
}

int
main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(the_same_bytes_give_the_same_names_for_ever),
		cmocka_unit_test(a_uid_is_c_and_seventeen_digits_and_an_id_fits_a_double),
		cmocka_unit_test(every_part_of_a_flow_changes_its_names),
		cmocka_unit_test(names_of_many_flows_are_all_different),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
