/* test_transaction_read.c -- what logs say is in the struct as it was; what they cannot mean is refused. */
#include "daemon/transactions/transaction_read.h"

#include "tests/support/exact_text.h"
#include "tests/support/transaction_sample.h"

#include <errno.h>
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include <cmocka.h>

enum { TEXT_ROOM = 64 << 10 };

enum { NAME, SORT, COUNT, IS_SO, WHEN, LENGTH, ADDR, PORT, TEXTS, LENGTHS, FUID };

struct rig {
	struct transaction_read r;
	char text[TEXT_ROOM];
	const struct sample *said;
};

static int
rig_open(void **state)
{
	static struct rig rig;

	rig.r.text = rig.text;
	rig.r.text_size = sizeof(rig.text);
	memset(rig.r.room.said, 0xee, sizeof(rig.r.room.said));
	transaction_read_begin(&rig.r, sample_fields, sizeof(struct sample));
	rig.said = (const void *)rig.r.room.said;
	*state = &rig;
	return 0;
}

static int
set(struct rig *rig, int row, const char *value)
{
	size_t length = strlen(value);
	char *exact = exact_text(value, length);

	int result = transaction_read_field(
		&rig->r, &sample_fields[row], (struct text_view){ exact, length });
	free(exact);
	return result;
}

static void
all_is_unset_at_first(void **state)
{
	struct rig *rig = *state;

	for (const struct transaction_field *f = sample_fields; f->name != NULL; f++)
		assert_true(transaction_is_unset(f, rig->said));
	assert_null(rig->said->texts.at);
	assert_null(rig->said->lengths.at);
}

static void
each_type_is_read(void **state)
{
	struct rig *rig = *state;
	const struct sample full = sample_full();
	const struct sample *s = rig->said;

	assert_int_equal(set(rig, NAME, "tab\there"), 0);
	assert_int_equal(set(rig, SORT, ""), 0);
	assert_int_equal(set(rig, COUNT, "18446744073709551614"), 0);
	assert_int_equal(set(rig, IS_SO, "F"), 0);
	assert_int_equal(set(rig, WHEN, "1700000000.250000"), 0);
	assert_int_equal(set(rig, LENGTH, "2.5e-1"), 0);
	assert_int_equal(set(rig, ADDR, "10.0.0.9"), 0);
	assert_int_equal(set(rig, PORT, "65535"), 0);
	for (size_t i = 0; i < 3; i++)
		assert_int_equal(set(rig, TEXTS, sample_texts[i]), 0);
	assert_int_equal(set(rig, LENGTHS, "1.5"), 0);
	assert_int_equal(set(rig, LENGTHS, "0"), 0);

	assert_string_equal(s->name, "tab\there");
	assert_string_equal(s->sort, "");
	assert_int_equal(s->count, UINT64_MAX - 1);
	assert_int_equal(s->is_so, TRUTH_NO);
	assert_int_equal(s->when_ns, full.when_ns);
	assert_int_equal(s->length_ns, full.length_ns);
	assert_true(addr_equal(&s->addr, &full.addr));
	assert_int_equal(s->port, 65535);
	assert_int_equal(s->texts.count, 3);
	for (size_t i = 0; i < 3; i++)
		assert_string_equal(s->texts.at[i], sample_texts[i]);
	assert_int_equal(s->lengths.count, 2);
	assert_memory_equal(s->lengths.at, sample_lengths, sizeof(sample_lengths));
	assert_int_equal(rig->r.cut, 0);
}

static void
truth_and_time_have_several_forms(void **state)
{
	static const char *const truths[] = { "F", "false", "T", "true" };
	static const char *const times[] = { "1700000000.5", "2023-11-14T22:13:20.5Z",
		"2023-11-14T22:13:20.500000+0000", "2023-11-14T22:13:20.5", "1.7000000005e9" };
	struct rig *rig = *state;

	for (size_t i = 0; i < 4; i++) {
		assert_int_equal(set(rig, IS_SO, truths[i]), 0);
		assert_int_equal(rig->said->is_so, i < 2 ? TRUTH_NO : TRUTH_YES);
	}
	for (size_t i = 0; i < sizeof(times) / sizeof(times[0]); i++) {
		assert_int_equal(set(rig, WHEN, times[i]), 0);
		assert_int_equal(rig->said->when_ns, UINT64_C(1700000000500000000));
	}
	assert_int_equal(set(rig, ADDR, "fe80::1cf4:44d2:904a:14f7"), 0);
	assert_int_equal(rig->said->addr.byte[15], 0xf7);
	assert_int_equal(set(rig, ADDR, "abcd:ef01:2345:6789:abcd:ef01:255.255.255.255"), 0);
	assert_int_equal(rig->said->addr.byte[0], 0xab);
}

static void
what_is_of_another_type_is_refused_and_stays_unset(void **state)
{
	static const struct {
		int row;
		const char *value;
	} bad[] = {
		{ COUNT, "" },
		{ COUNT, "-" },
		{ COUNT, "-1" },
		{ COUNT, "1.5" },
		{ COUNT, "18446744073709551616" },
		{ IS_SO, "" },
		{ IS_SO, "t" },
		{ IS_SO, "1" },
		{ IS_SO, "True" },
		{ IS_SO, "truex" },
		{ WHEN, "" },
		{ WHEN, "-1" },
		{ WHEN, "yesterday" },
		{ WHEN, "2023-11-14" },
		{ LENGTH, "2023-11-14T22:13:20Z" },
		{ LENGTH, "-0.000001" },
		{ ADDR, "" },
		{ ADDR, "10.0.0" },
		{ ADDR, "10.0.0.256" },
		{ ADDR, "host" },
		{ ADDR, "abcd:ef01:2345:6789:abcd:ef01:255.255.255.2551" },
		{ PORT, "65536" },
		{ PORT, "-1" },
		{ PORT, "80/tcp" },
		{ LENGTHS, "" },
		{ LENGTHS, "x" },
	};
	struct rig *rig = *state;

	for (size_t i = 0; i < sizeof(bad) / sizeof(bad[0]); i++) {
		if (set(rig, bad[i].row, bad[i].value) != -EBADMSG)
			fail_msg("taken: %s", bad[i].value);
		assert_true(transaction_is_unset(&sample_fields[bad[i].row], rig->said));
	}
	assert_int_equal(transaction_read_field(&rig->r, &sample_fields[ADDR],
				 (struct text_view){ "10.0.0.1\0x", 10 }),
		-EBADMSG);
	assert_int_equal(rig->r.cut, 0);
}

static void
texts_are_cut_where_there_is_no_room_left(void **state)
{
	struct rig *rig = *state;

	rig->r.text_size = 10; /* "abc" and its NUL, then six */
	assert_int_equal(set(rig, NAME, "abc"), 0);
	assert_int_equal(set(rig, TEXTS, "12345"), 0); /* exactly */
	assert_int_equal(rig->r.cut, 0);
	assert_int_equal(set(rig, SORT, ""), -ENOSPC); /* not even its NUL */
	assert_string_equal(rig->said->sort, "");
	assert_int_equal(set(rig, TEXTS, "6"), -ENOSPC);
	assert_int_equal(rig->said->texts.count, 2); /* its place is kept */
	assert_string_equal(rig->said->texts.at[1], "");
	assert_int_equal(rig->r.cut, 2);

	transaction_read_begin(&rig->r, sample_fields, sizeof(struct sample));
	assert_int_equal(rig->r.cut, 0);
	assert_int_equal(
		set(rig, NAME, "12345678\xc3\xbc"), -ENOSPC); /* one too long: no half of it */
	assert_string_equal(rig->said->name, "12345678");
	assert_int_equal(rig->r.cut, 1);
	assert_int_equal(set(rig, SORT, ""), 0); /* the byte of the character that was not kept */
	assert_int_equal(rig->r.text_used, 10);
}

static void
lists_take_as_much_as_there_is_room_for(void **state)
{
	struct rig *rig = *state;

	for (size_t i = 0; i < TRANSACTION_TEXTS_MAX; i++)
		assert_int_equal(set(rig, TEXTS, "x"), 0);
	for (size_t i = 0; i < TRANSACTION_COUNTS_MAX; i++)
		assert_int_equal(set(rig, LENGTHS, "1"), 0);
	assert_int_equal(rig->r.cut, 0);
	assert_int_equal(set(rig, TEXTS, "y"), -ENOSPC);
	assert_int_equal(set(rig, LENGTHS, "2"), -ENOSPC);
	assert_int_equal(rig->r.cut, 2);
	assert_int_equal(rig->said->texts.count, TRANSACTION_TEXTS_MAX);
	assert_string_equal(rig->said->texts.at[TRANSACTION_TEXTS_MAX - 1], "x");
	assert_int_equal(rig->said->lengths.count, TRANSACTION_COUNTS_MAX);
	assert_int_equal(rig->said->lengths.at[TRANSACTION_COUNTS_MAX - 1], 1000000000);
}

struct lists {
	struct text_list names[3];
	struct interval_list numbers[2];
};

static const struct transaction_field lists_fields[] = {
	FIELD_ROW_TEXTS(struct lists, names[0], "a", "vector[string]"),
	FIELD_ROW_INTERVALS(struct lists, numbers[0], "x"),
	FIELD_ROW_TEXTS(struct lists, names[1], "b", "vector[string]"),
	FIELD_ROW_TEXTS(struct lists, names[2], "c", "vector[string]"),
	FIELD_ROW_INTERVALS(struct lists, numbers[1], "y"),
	FIELD_END,
};

/* The i-th entry of a list, which no other list has. */
static const char *
entry_of(int row, unsigned i)
{
	static char text[8];

	(void)snprintf(text, sizeof(text), "%d%02u", row, i);
	return text;
}

static void
assert_texts(const struct text_list *list, int row, unsigned first)
{
	assert_int_equal(list->count, 10 - first);
	for (unsigned i = first; i < 10; i++)
		assert_string_equal(list->at[i - first], entry_of(row, i));
}

static void
assert_intervals(const struct interval_list *list, int row)
{
	assert_int_equal(list->count, 10);
	for (unsigned i = 0; i < 10; i++)
		assert_int_equal(list->at[i], UINT64_C(1000000000) * ((unsigned)row * 100 + i));
}

/* As where each answer of DNS has a type, a name and a time. */
static void
lists_may_grow_by_turns(void **state)
{
	static const int rows[] = { 3, 0, 2, 4, 1 };
	struct rig *rig = *state;
	const struct lists *l = (const void *)rig->r.room.said;

	transaction_read_begin(&rig->r, lists_fields, sizeof(struct lists));
	for (unsigned i = 0; i < 10; i++) {
		for (size_t at = 0; at < 5; at++) {
			struct text_view value = { entry_of(rows[at], i), 3 };

			if (i > 0 || rows[at] != 0) /* this one begins later */
				assert_int_equal(transaction_read_field(
							 &rig->r, &lists_fields[rows[at]], value),
					0);
		}
	}
	assert_texts(&l->names[0], 0, 1);
	assert_texts(&l->names[1], 2, 0);
	assert_texts(&l->names[2], 3, 0);
	assert_intervals(&l->numbers[0], 1);
	assert_intervals(&l->numbers[1], 4);
	assert_int_equal(rig->r.room.text_count, 29);
	assert_int_equal(rig->r.room.count_count, 20);
}

static const struct transaction_alias aliases[] = {
	{ "title", "name" },
	{ "name", "sort" },  /* theirs; a title is our name all the same */
	{ "when", "count" }, /* wins over our own */
	{ "secret", "fuid" },
	{ "lost", "nowhere" },
	{ NULL, NULL },
};

static int
row_of(const char *name, size_t length)
{
	return transaction_read_row(sample_fields, aliases, name, length);
}

static void
a_column_is_found_by_its_name_or_by_theirs(void **state)
{
	(void)state;
	for (int row = 0; sample_fields[row].name != NULL; row++)
		assert_int_equal(transaction_read_row(sample_fields, NULL, sample_fields[row].name,
					 strlen(sample_fields[row].name)),
			row == FUID ? -1 : row);
	assert_int_equal(row_of("title", 5), NAME);
	assert_int_equal(row_of("titled", 5), NAME);
	assert_int_equal(row_of("name", 4), SORT);
	assert_int_equal(row_of("titl", 4), -1);
	assert_int_equal(row_of("titled", 6), -1);
	assert_int_equal(row_of("when", 4), COUNT);
	assert_int_equal(row_of("secret", 6), -1);
	assert_int_equal(row_of("lost", 4), -1);
	assert_int_equal(row_of("host.addr", 9), ADDR);
	assert_int_equal(row_of("host", 4), -1);
	assert_int_equal(row_of("", 0), -1);
	assert_int_equal(row_of("name\0x", 6), -1);
}

int
main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test_setup(all_is_unset_at_first, rig_open),
		cmocka_unit_test_setup(each_type_is_read, rig_open),
		cmocka_unit_test_setup(truth_and_time_have_several_forms, rig_open),
		cmocka_unit_test_setup(
			what_is_of_another_type_is_refused_and_stays_unset, rig_open),
		cmocka_unit_test_setup(texts_are_cut_where_there_is_no_room_left, rig_open),
		cmocka_unit_test_setup(lists_take_as_much_as_there_is_room_for, rig_open),
		cmocka_unit_test_setup(lists_may_grow_by_turns, rig_open),
		cmocka_unit_test(a_column_is_found_by_its_name_or_by_theirs),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
