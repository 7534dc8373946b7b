#include "daemon/input/flow_id.h"

#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <string.h>

#include <cmocka.h>

static uint64_t
id_of(const char *name, struct flow_uid *ret_uid)
{
	uint64_t id;

	flow_id_of_name(name, strlen(name), ret_uid, &id);
	return id;
}

static void
a_name_of_letters_and_digits_is_kept(void **state)
{
	static const char *const kept[] = { "C", "CHhAvVGS1DHFjwGM9", "1234567890123456789",
		"azAZ09" };
	static const char *const made[] = { "", "12345678901234567890", "C-1", "C 1", "C\n",
		"C\xc3\xa9", "a[b", "a`b", "a{b", "a@b", "a/b", "a:b" };
	struct flow_uid uid;

	(void)state;
	for (size_t i = 0; i < sizeof(kept) / sizeof(*kept); i++) {
		(void)id_of(kept[i], &uid);
		assert_string_equal(uid.text, kept[i]);
	}
	for (size_t i = 0; i < sizeof(made) / sizeof(*made); i++) {
		(void)id_of(made[i], &uid);
		assert_int_equal(strlen(uid.text), 18);
		assert_int_equal(uid.text[0], 'C');
	}
}

static void
a_name_gives_the_same_id_for_ever(void **state)
{
	struct flow_uid uid;

	/* Written down: on another machine, and next year, it is the same. */
	(void)state;
	assert_int_equal(id_of("CHhAvVGS1DHFjwGM9", &uid), UINT64_C(0xdae0262c0886c));
}

/* Names that differ in one byte, in length, behind the first 512 bytes by their length. */
static void
other_names_have_other_ids(void **state)
{
	char name[600];
	uint64_t ids[600];
	struct flow_uid uid;

	(void)state;
	memset(name, 'a', sizeof(name));
	for (size_t i = 0; i < 600; i++) {
		flow_id_of_name(name, i, &uid, &ids[i]);
		assert_true(ids[i] > 0 && ids[i] < UINT64_C(1) << 53);
		for (size_t j = 0; j < i; j++)
			assert_int_not_equal(ids[i], ids[j]);
	}
	for (size_t i = 0; i < 512; i++) {
		uint64_t id;
		name[i] = 'b';
		flow_id_of_name(name, 599, &uid, &id);
		assert_int_not_equal(id, ids[599]);
		name[i] = 'a';
	}
	assert_int_not_equal(id_of("a\x01", &uid), id_of("a", &uid));
	flow_id_of_name("a\0", 2, &uid, &ids[0]); /* a NUL is a byte like any other */
	assert_int_not_equal(ids[0], id_of("a", &uid));
}

static void
ends_and_start_name_a_conversation_without_a_name(void **state)
{
	struct obs_flow f = {
		.orig = addr_v4(10, 0, 0, 1),
		.resp = addr_v4(10, 0, 0, 2),
		.orig_port = 1000,
		.resp_port = 80,
		.ip_proto = 6,
		.start_ns = 5,
	};
	struct obs_flow others[] = { f, f, f, f, f, f };
	struct flow_uid uid;
	struct flow_uid other;
	uint64_t id;
	uint64_t other_id;

	(void)state;
	others[0].orig = addr_v4(10, 0, 0, 3);
	others[1].resp = addr_v4(10, 0, 0, 3);
	others[2].orig_port = 1001;
	others[3].resp_port = 81;
	others[4].ip_proto = 17;
	others[5].start_ns = 6;
	flow_id_of_ends(&f, &uid, &id);
	assert_int_equal(uid.text[0], 'C');
	for (size_t i = 0; i < 6; i++) {
		flow_id_of_ends(&others[i], &other, &other_id);
		assert_int_not_equal(id, other_id);
		assert_string_not_equal(uid.text, other.text);
	}
	flow_id_of_ends(&f, &other, &other_id);
	assert_int_equal(id, other_id);
	assert_string_equal(uid.text, other.text);
}

int
main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(a_name_of_letters_and_digits_is_kept),
		cmocka_unit_test(a_name_gives_the_same_id_for_ever),
		cmocka_unit_test(other_names_have_other_ids),
		cmocka_unit_test(ends_and_start_name_a_conversation_without_a_name),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
