/* test_kalipso_peers.c -- peers of which nothing is known have an entry, and there are so many of these. */
#include "exporters/kalipso/kalipso_peers.h"
#include "tests/support/kalipso_sample.h"

#include <netinet/in.h>
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <stdlib.h>

#include <cmocka.h>

enum { WINDOWS = 5, ALL = WINDOWS * KALIPSO_PEERS_WINDOW_MAX };

/* 10.A.B.C, by number */
static struct addr
peer(uint32_t n)
{
	return addr_v4(10, (uint8_t)(n >> 16), (uint8_t)(n >> 8), (uint8_t)n);
}

static size_t
number_of(const char *text)
{
	unsigned a;
	unsigned b;
	unsigned c;

	assert_int_equal(sscanf(text, "10.%u.%u.%u", &a, &b, &c), 3); // NOLINT(cert-err34-c)
	return (size_t)a << 16 | b << 8 | c;
}

/* What IPsInfo has after all commands so far, which are forgotten. returns how many */
static size_t
entries(struct kalipso_rig *r, bool there[ALL])
{
	size_t count = 0;

	for (size_t i = 0; i < r->command_count; i++) {
		const struct kalipso_command *c = &r->commands[i];
		bool is_set = strcmp(c->argv[0], "HSET") == 0;

		if (strcmp(c->argv[1], "IPsInfo") != 0 || strcmp(c->argv[0], "EXPIRE") == 0)
			continue;
		assert_int_equal(c->db, 1);
		for (size_t k = 2; k < c->argc; k += is_set ? 2 : 1)
			there[number_of(c->argv[k])] = is_set;
	}
	for (size_t i = 0; i < ALL; i++)
		count += there[i];
	kalipso_rig_forget(r);
	return count;
}

/* A window of one host more, with peers of its own. */
static void
tell_window(struct kalipso_rig *r, uint32_t first, uint32_t count)
{
	arena_done(&r->memory);
	arena_init(&r->memory, KALIPSO_ARENA, NULL);
	tuples_init(&r->tuples, &r->memory, &r->key);
	for (uint32_t i = 0; i < count; i++)
		kalipso_rig_flow(r, peer(first + i), 23, IPPROTO_TCP, ROLE_CLIENT, false);
	kalipso_rig_tell(r, 1);
}

static void
write_all(struct kalipso_rig *r)
{
	while (kalipso_peers_gone(&r->target))
		;
	kalipso_peers_tell(&r->target, mirror_next_window(r->target.mirror, 0));
}

/* More of them than a command has arguments. */
static void
peers_of_which_nothing_is_known_have_an_entry(void **state)
{
	struct kalipso_rig *r = kalipso_rig_new();
	size_t count = 0;

	(void)state;
	r->target.tuples_max = 150;
	kalipso_sample_address(r, addr_v4(203, 0, 113, 0), "a.example");
	for (uint8_t i = 0; i < 200; i++)
		kalipso_rig_flow(r, addr_v4(203, 0, 113, i), 23, IPPROTO_TCP, ROLE_CLIENT, false);
	kalipso_rig_tell(r, 1);
	kalipso_peers_tell(&r->target, mirror_next_window(r->target.mirror, 0));
	assert_null(kalipso_rig_field(r, 1, "IPsInfo", "203.0.113.0"));
	assert_string_equal(kalipso_rig_field(r, 1, "IPsInfo", "203.0.113.1"), "{}");
	assert_string_equal(kalipso_rig_field(r, 1, "IPsInfo", "203.0.113.150"), "{}");
	assert_int_equal(r->command_count, 3);
	for (size_t i = 0; i < 2; i++)
		count += (r->commands[i].argc - 2) / 2;
	assert_int_equal(count, 150);
	assert_int_equal(kalipso_rig_find(r, "EXPIRE", "IPsInfo", "3600"), 3);
	assert_int_equal(r->commands[0].argc, REDIS_ARGS_MAX);
	assert_int_equal(r->command.left_out, 0);
	kalipso_rig_free(r);
}

static void
without_peers_nothing_is_written(void **state)
{
	struct kalipso_rig *r = kalipso_rig_new();

	(void)state;
	kalipso_sample_finding(r, 1, "a");
	kalipso_peers_tell(&r->target, mirror_next_window(r->target.mirror, 0));
	kalipso_rig_tell(r, 1);
	kalipso_peers_tell(&r->target, mirror_next_window(r->target.mirror, 0));
	assert_int_equal(r->command_count, 0);
	kalipso_rig_free(r);
}

/* As many as stay. */
static void
tell_kept(struct kalipso_rig *r)
{
	r->target.tuples_max = ALL;
	for (uint32_t n = 0; n < KALIPSO_PEERS_KEPT; n += KALIPSO_PEERS_WINDOW_MAX) {
		tell_window(r, n, KALIPSO_PEERS_WINDOW_MAX);
		write_all(r);
	}
}

/* A busy network: what nobody talks to any more does not stay. */
static void
however_many_peers_come_so_many_have_an_entry(void **state)
{
	bool *there = calloc(ALL, sizeof(*there));
	struct kalipso_rig *r = kalipso_rig_new();

	(void)state;
	r->target.tuples_max = ALL;
	for (uint32_t n = 0; n < WINDOWS; n++) {
		tell_window(r, n * KALIPSO_PEERS_WINDOW_MAX, KALIPSO_PEERS_WINDOW_MAX);
		write_all(r);
		const uint32_t all = (n + 1) * KALIPSO_PEERS_WINDOW_MAX;
		assert_int_equal(
			entries(r, there), all < KALIPSO_PEERS_MAX ? all : KALIPSO_PEERS_MAX);
		assert_true(there[all - 1]);
	}
	assert_false(there[0]);
	assert_true(there[ALL - KALIPSO_PEERS_MAX]);
	assert_int_equal(r->peers.forgotten, ALL - KALIPSO_PEERS_MAX);
	while (kalipso_peers_gone(&r->target))
		;
	assert_int_equal(entries(r, there), KALIPSO_PEERS_KEPT);
	free(there);
	kalipso_rig_free(r);
}

static void
a_peer_that_is_named_again_stays(void **state)
{
	bool *there = calloc(ALL, sizeof(*there));
	struct kalipso_rig *r = kalipso_rig_new();

	(void)state;
	tell_kept(r);
	tell_window(r, 0, 1);
	write_all(r);
	assert_false(kalipso_peers_gone(&r->target));
	assert_int_equal(entries(r, there), KALIPSO_PEERS_KEPT);
	tell_window(r, KALIPSO_PEERS_KEPT, 1);
	write_all(r);
	assert_true(kalipso_peers_gone(&r->target));
	assert_int_equal(entries(r, there), KALIPSO_PEERS_KEPT);
	assert_true(there[0]);
	assert_false(there[1]);
	assert_true(there[2]);
	free(there);
	kalipso_rig_free(r);
}

/* Those are removed when what they are of is. */
static void
what_is_of_a_profile_or_known_meanwhile_is_left_alone(void **state)
{
	bool *there = calloc(ALL, sizeof(*there));
	struct kalipso_rig *r = kalipso_rig_new();

	(void)state;
	r->host = peer(1);
	tell_kept(r);
	kalipso_sample_address(r, peer(2), "a.example");
	assert_non_null(mirror_next_address(r->target.mirror, 0));
	kalipso_sample_address(r, peer(3), "a.example"); /* due, and not told */
	tell_window(r, KALIPSO_PEERS_KEPT, 4);
	write_all(r);
	assert_true(kalipso_peers_gone(&r->target));
	(void)entries(r, there);
	assert_false(there[0]);
	assert_true(there[1]);
	assert_true(there[2]);
	assert_false(there[3]);
	assert_true(there[4]);
	assert_int_equal(r->peers.forgotten, 2);
	free(there);
	kalipso_rig_free(r);
}

/* Never, as room is made before a window; it is bounded all the same. */
static void
without_room_there_are_no_more(void **state)
{
	bool *there = calloc(ALL, sizeof(*there));
	struct kalipso_rig *r = kalipso_rig_new();

	(void)state;
	r->target.tuples_max = ALL;
	for (uint32_t n = 0; n < WINDOWS; n++) {
		tell_window(r, n * KALIPSO_PEERS_WINDOW_MAX, KALIPSO_PEERS_WINDOW_MAX + 1);
		kalipso_peers_tell(&r->target, mirror_next_window(r->target.mirror, 0));
	}
	assert_int_equal(entries(r, there), KALIPSO_PEERS_MAX);
	assert_false(there[KALIPSO_PEERS_MAX]);
	free(there);
	kalipso_rig_free(r);
}

static void
a_dialect_without_them_has_none_to_remove(void **state)
{
	struct kalipso_rig *r = kalipso_rig_new();

	(void)state;
	r->target.peers = NULL;
	assert_false(kalipso_peers_gone(&r->target));
	assert_int_equal(r->command_count, 0);
	kalipso_rig_free(r);
}

int
main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(peers_of_which_nothing_is_known_have_an_entry),
		cmocka_unit_test(without_peers_nothing_is_written),
		cmocka_unit_test(however_many_peers_come_so_many_have_an_entry),
		cmocka_unit_test(a_peer_that_is_named_again_stays),
		cmocka_unit_test(what_is_of_a_profile_or_known_meanwhile_is_left_alone),
		cmocka_unit_test(without_room_there_are_no_more),
		cmocka_unit_test(a_dialect_without_them_has_none_to_remove),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
