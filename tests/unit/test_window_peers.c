#include "daemon/window/window_peers.h"

#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <string.h>

#include <cmocka.h>

struct window_memory {
	struct window_peers peers;
	struct arena memory;
	struct hash_key key;
};

static void
memory_init(struct window_memory *m)
{
	memset(m, 0, sizeof(*m));
	arena_init(&m->memory, (size_t)1024 * 1024, NULL);
}

static bool
first(struct window_memory *m, uint32_t peer, uint32_t detector)
{
	struct addr a = { .byte = { 0xfd, [12] = (uint8_t)(peer >> 8), (uint8_t)peer } };

	return window_peers_first(&m->peers, &m->memory, &m->key, &a, detector);
}

static void
each_detector_hears_of_each_peer_once(void **state)
{
	struct window_memory m;

	(void)state;
	memory_init(&m);
	for (uint32_t d = 0; d < WINDOW_PEERS_DETECTORS; d++)
		assert_true(first(&m, 1, d));
	for (uint32_t d = 0; d < WINDOW_PEERS_DETECTORS; d++)
		assert_false(first(&m, 1, d));
	assert_true(first(&m, 2, 0));
	assert_false(first(&m, 2, 0));
	assert_true(first(&m, 2, 64));
	arena_done(&m.memory);
}

static void
a_peer_above_the_cap_is_never_new(void **state)
{
	struct window_memory m;

	(void)state;
	memory_init(&m);
	for (uint32_t p = 0; p < WINDOW_PEERS_MAX; p++)
		assert_true(first(&m, p, 5));
	assert_int_equal(m.peers.map.refused, 0);
	assert_false(first(&m, WINDOW_PEERS_MAX, 5));
	assert_int_equal(m.peers.map.refused, 1);
	assert_true(first(&m, WINDOW_PEERS_MAX - 1, 6)); /* who is known goes on */
	arena_done(&m.memory);
}

int
main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(each_detector_hears_of_each_peer_once),
		cmocka_unit_test(a_peer_above_the_cap_is_never_new),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
