/* test_transaction_wire.c -- what crosses is what was there; what cannot be is refused. */
#include "daemon/transactions/transaction_wire.h"
#include "tests/support/transaction_sample.h"

#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <string.h>

#include <cmocka.h>

enum { PACKED_MAX = 4096 };

static struct blob
pack(uint8_t packed[PACKED_MAX], const struct sample *s)
{
	static struct transaction_room room;
	struct blob out = blob_over(packed, PACKED_MAX);
	struct wire w = { .out = &out };

	memset(&room, 0, sizeof(room));
	memcpy(room.said, s, sizeof(*s));
	transaction_wire(&w, &sample_kind, &room);
	return out;
}

static bool
unpack(const uint8_t *packed, size_t size, struct transaction_room *ret_room)
{
	struct cursor in = cursor_over(packed, size);
	struct wire w = { .in = &in };

	memset(ret_room, 0, sizeof(*ret_room));
	transaction_wire(&w, &sample_kind, ret_room);
	return !w.bad && !in.short_read;
}

static void
all_fields_cross(void **state)
{
	const struct sample before = sample_full();
	static struct transaction_room room;
	uint8_t packed[PACKED_MAX];
	struct sample s;

	(void)state;
	assert_true(unpack(packed, pack(packed, &before).length, &room));
	memcpy(&s, room.said, sizeof(s));
	assert_string_equal(s.name, before.name);
	assert_string_equal(s.sort, before.sort);
	assert_int_equal(s.count, before.count);
	assert_int_equal(s.is_so, before.is_so);
	assert_int_equal(s.when_ns, before.when_ns);
	assert_int_equal(s.length_ns, before.length_ns);
	assert_true(addr_equal(&s.addr, &before.addr));
	assert_int_equal(s.port, before.port);
	assert_int_equal(s.texts.count, 3);
	for (size_t i = 0; i < 3; i++)
		assert_string_equal(s.texts.at[i], sample_texts[i]);
	assert_int_equal(s.lengths.count, 2);
	assert_memory_equal(s.lengths.at, sample_lengths, sizeof(sample_lengths));
}

static void
what_is_not_known_stays_so(void **state)
{
	const struct sample before = sample_unset();
	static struct transaction_room room;
	uint8_t packed[PACKED_MAX];

	(void)state;
	assert_true(unpack(packed, pack(packed, &before).length, &room));
	for (const struct transaction_field *f = sample_fields; f->name != NULL; f++)
		assert_true(transaction_is_unset(f, room.said));
}

static void
what_is_cut_off_is_refused(void **state)
{
	const struct sample before = sample_full();
	static struct transaction_room room;
	uint8_t packed[PACKED_MAX];
	size_t size = pack(packed, &before).length;

	(void)state;
	for (size_t cut = 0; cut < size; cut++)
		assert_false(unpack(packed, cut, &room));
}

static void
a_list_fits_as_long_as_there_is_room(void **state)
{
	const char *many[TRANSACTION_TEXTS_MAX + 1];
	struct sample s = sample_unset();
	static struct transaction_room room;
	uint8_t packed[PACKED_MAX];

	(void)state;
	for (size_t i = 0; i <= TRANSACTION_TEXTS_MAX; i++)
		many[i] = "x";
	s.texts = (struct text_list){ many, TRANSACTION_TEXTS_MAX };
	assert_true(unpack(packed, pack(packed, &s).length, &room));
	assert_int_equal(room.text_count, TRANSACTION_TEXTS_MAX);
	s.texts.count++; /* it crosses as none */
	assert_false(unpack(packed, pack(packed, &s).length, &room));
	assert_int_equal(room.text_count, 0);
}

int
main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(all_fields_cross),
		cmocka_unit_test(what_is_not_known_stays_so),
		cmocka_unit_test(what_is_cut_off_is_refused),
		cmocka_unit_test(a_list_fits_as_long_as_there_is_room),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
