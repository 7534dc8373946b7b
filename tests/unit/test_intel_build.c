#include "daemon/intel/intel_build.h"

#include "tests/support/intel_sample.h"

#include <setjmp.h>
#include <stdarg.h>
#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include <cmocka.h>

#include <errno.h>

static const struct hash_key key = { { 1, 2 } };

static struct intel_build *
build_for(const struct intel_room *room, uint64_t bytes)
{
	struct intel_build *b;

	assert_int_equal(intel_build_new(room, bytes, &key, &b), 0);
	return b;
}

static void
a_list_speaks_once_and_its_worst_word_counts(void **state)
{
	const struct intel_indicator what[] = {
		intel_name("bad.example", THREAT_MEDIUM, "one"),
		intel_name("bad.example", THREAT_LOW, "two"),
		intel_name("bad.example", THREAT_HIGH, "three"),
	};
	const unsigned list[] = { 0, 0, 0 };
	struct intel_found room;

	(void)state;
	struct intel *i = intel_of(what, list, 2);
	const struct intel_hit *hit =
		intel_find_name(i, LIST_MALICIOUS, "bad.example", 11, &room, NULL);
	assert_string_equal(hit->description, "one");
	assert_null(hit->next);
	intel_free(i);
	i = intel_of(what, list, 3);
	hit = intel_find_name(i, LIST_MALICIOUS, "bad.example", 11, &room, NULL);
	assert_string_equal(hit->description, "three");
	assert_null(hit->next);
	intel_free(i);
}

static void
what_is_said_alike_costs_once(void **state)
{
	struct intel_room room = { .addrs = 2000 };
	struct intel_build *b = build_for(&room, 1 << 20);

	(void)state;
	assert_int_equal(intel_build_list(b, "a", LIST_MALICIOUS, false), 0);
	assert_int_equal(intel_build_list(b, "b", LIST_MALICIOUS, false), 1);
	for (int list = 0; list < 2; list++)
		for (unsigned n = 0; n < 2000; n++) {
			struct intel_indicator what =
				intel_net("198.51.100.0", THREAT_LOW, "scanner");
			what.network.base.byte[14] = (uint8_t)(n >> 8);
			what.network.base.byte[15] = (uint8_t)n;
			assert_int_equal(intel_build_add(b, list, &what), 0);
		}
	struct intel *i = intel_build_done(b);
	/* none, one of each list's; "", "scanner" */
	assert_int_equal(
		intel_bytes(i), intel_room_bytes(&room) + UINT64_C(3) * 16 + 1 + sizeof("scanner"));
	intel_free(i);
}

static void
networks_cost_the_nodes_that_they_need(void **state)
{
	const struct intel_room none = { 0 };
	const struct intel_indicator what = intel_net("2001:db8:1::/48", THREAT_LOW, "");
	const unsigned list[] = { 0 };
	struct intel *i = intel_of(&what, list, 1);

	(void)state;
	/* two roots and a pair; no verdict, one; "" */
	assert_int_equal(intel_bytes(i), intel_room_bytes(&none) + (4 + 2) * UINT64_C(16) + 1);
	intel_free(i);
}

static void
texts_are_cut_at_a_character_and_at_a_nul(void **state)
{
	char text[INTEL_TEXT_MAX + 2];
	struct intel_found room;
	const unsigned list[] = { 0 };

	(void)state;
	memset(text, 'x', sizeof(text));
	text[INTEL_TEXT_MAX - 1] = '\xc3'; /* an e with an accent */
	text[INTEL_TEXT_MAX] = '\xa9';
	struct intel_indicator what = intel_name("bad.example", THREAT_LOW, "");
	what.description = (struct intel_text){ text, INTEL_TEXT_MAX + 1 };
	what.tag = (struct intel_text){ "a\0b", 3 };
	struct intel *i = intel_of(&what, list, 1);
	const struct intel_hit *hit =
		intel_find_name(i, LIST_MALICIOUS, "bad.example", 11, &room, NULL);
	assert_int_equal(strlen(hit->description), INTEL_TEXT_MAX - 1);
	assert_string_equal(hit->tag, "a");
	intel_free(i);
}

static void
more_than_was_counted_is_refused(void **state)
{
	struct intel_room room = { 0 };
	struct intel_indicator what = intel_net("198.51.100.0/24", THREAT_LOW, "x");
	struct intel_indicator single = intel_net("198.51.100.1", THREAT_LOW, "x");
	struct intel_indicator name = intel_name("bad.example", THREAT_LOW, "x");

	(void)state;
	assert_true(intel_room_add(&room, &what));
	assert_int_equal(room.count, 1);
	struct intel_build *b = build_for(&room, 1 << 20);
	assert_int_equal(intel_build_list(b, "a", LIST_MALICIOUS, false), 0);
	assert_int_equal(intel_build_add(b, 0, &what), 0);
	assert_int_equal(intel_build_add(b, 0, &single), -ENOSPC);
	assert_int_equal(intel_build_add(b, 0, &name), -ENOSPC);
	intel_build_free(b);
	intel_build_free(NULL);
}

static void
what_nobody_could_look_up_is_not_counted(void **state)
{
	struct intel_room room = { 0 };
	struct intel_indicator name = intel_name("0.1.2.3.4.5.6.7.8.9.a", THREAT_LOW, "x");
	struct intel_indicator digest = intel_digest(INTEL_JA4, "", THREAT_LOW);

	(void)state;
	assert_false(intel_room_add(&room, &name));
	name = intel_name("a..b", THREAT_LOW, "x");
	assert_false(intel_room_add(&room, &name));
	assert_false(intel_room_add(&room, &digest));
	assert_int_equal(room.count, 0);
	assert_int_equal(room.hashes, 0);
	room.hashes = 3;
	struct intel_build *b = build_for(&room, 1 << 20);
	assert_int_equal(intel_build_list(b, "a", LIST_MALICIOUS, false), 0);
	assert_int_equal(intel_build_add(b, 0, &name), -ENOSPC);
	assert_int_equal(intel_build_add(b, 0, &digest), -ENOSPC);
	intel_build_free(b);
}

/* Each indicator says something else: the end of the memory is met among the texts. */
static void
it_never_costs_more_than_it_may(void **state)
{
	struct intel_room room = { .hashes = 2000 };
	const uint64_t bytes = intel_room_bytes(&room) + (24 << 10);
	struct intel_build *b = build_for(&room, bytes);
	struct intel_build *none;
	char text[24];
	int result = 0;
	unsigned added = 0;

	(void)state;
	assert_int_equal(intel_build_new(&room, intel_room_bytes(&room), &key, &none), -ENOSPC);
	assert_int_equal(intel_build_list(b, "a", LIST_MALICIOUS, false), 0);
	for (unsigned n = 0; n < 2000 && result == 0; n++) {
		(void)snprintf(text, sizeof(text), "n%u.example", n);
		struct intel_indicator what = intel_name(text, THREAT_LOW, text);
		result = intel_build_add(b, 0, &what);
		added += result == 0;
	}
	assert_int_equal(result, -ENOSPC);
	assert_in_range(added, 500, 1000); /* 16 B and 13 B each, in doubling arrays */
	struct intel *i = intel_build_done(b);
	assert_true(intel_bytes(i) <= bytes);
	intel_free(i);
}

static void
lists_are_bounded(void **state)
{
	struct intel_room room = { 0 };
	struct intel_build *b = build_for(&room, 1 << 20);

	(void)state;
	for (int n = 0; n < INTEL_SOURCES_MAX; n++)
		assert_int_equal(intel_build_list(b, "a", LIST_MALICIOUS, false), n);
	assert_int_equal(intel_build_list(b, "a", LIST_MALICIOUS, false), -ENOSPC);
	intel_build_free(b);
}

int
main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(a_list_speaks_once_and_its_worst_word_counts),
		cmocka_unit_test(what_is_said_alike_costs_once),
		cmocka_unit_test(networks_cost_the_nodes_that_they_need),
		cmocka_unit_test(texts_are_cut_at_a_character_and_at_a_nul),
		cmocka_unit_test(more_than_was_counted_is_refused),
		cmocka_unit_test(what_nobody_could_look_up_is_not_counted),
		cmocka_unit_test(it_never_costs_more_than_it_may),
		cmocka_unit_test(lists_are_bounded),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
