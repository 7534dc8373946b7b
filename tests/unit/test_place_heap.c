#include "daemon/input/place_heap.h"

#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>

#include <cmocka.h>

enum { PLACES_MAX = 300 };

static void
the_earliest_comes_first_and_of_one_time_the_first(void **state)
{
	struct place heap[PLACES_MAX];
	uint64_t random = 1;

	(void)state;
	for (size_t count = 1; count <= PLACES_MAX; count++) {
		struct place before = { 0, 0, 0 };
		for (size_t i = 0; i < count; i++) {
			random = random * UINT64_C(6364136223846793005) + 1442695040888963407;
			place_heap_add(heap, i, (struct place){ random >> 58, i + 1, i });
		}
		for (size_t left = count; left > 0; left--) {
			struct place p = place_heap_take(heap, left);
			assert_true(p.key_ns > before.key_ns ||
				    (p.key_ns == before.key_ns && p.where > before.where));
			assert_int_equal(p.line, p.where - 1);
			before = p;
		}
	}
}

int
main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(the_earliest_comes_first_and_of_one_time_the_first),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
