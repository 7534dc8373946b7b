#include "daemon/intel/intel_trie.h"

#include <setjmp.h>
#include <stdarg.h>
#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include <cmocka.h>

enum { NETS = 250, PROBES = 300 };

static struct cidr
net_of(const char *text)
{
	struct cidr net;

	assert_true(cidr_parse(text, &net));
	return net;
}

static void
put(struct intel_trie *t, const char *text, uint32_t value)
{
	struct cidr net = net_of(text);
	uint32_t *place = intel_trie_put(t, &net);

	assert_non_null(place);
	*place = value;
}

/* The values found, as one number: 321 is 3, then 2, then 1. */
static uint32_t
found(const struct intel_trie *t, const char *text, unsigned room)
{
	uint32_t values[8];
	uint32_t number = 0;
	struct addr a;

	assert_true(addr_parse(text, &a));
	unsigned count = intel_trie_find(t, &a, values, room);
	assert_true(count <= room);
	for (unsigned i = 0; i < count; i++)
		number = number * 10 + values[i];
	return number;
}

static void
all_networks_around_an_address_are_found_narrowest_first(void **state)
{
	struct intel_trie t;

	(void)state;
	assert_int_equal(intel_trie_init(&t, 64), 0);
	put(&t, "10.1.0.0/16", 2);
	put(&t, "10.0.0.0/8", 1);
	put(&t, "10.1.2.0/24", 3);
	put(&t, "10.1.2.3", 4);
	put(&t, "10.128.0.0/9", 5);
	assert_int_equal(found(&t, "10.1.2.3", 8), 4321);
	assert_int_equal(found(&t, "10.1.2.4", 8), 321);
	assert_int_equal(found(&t, "10.1.3.4", 8), 21);
	assert_int_equal(found(&t, "10.127.255.255", 8), 1);
	assert_int_equal(found(&t, "10.128.0.0", 8), 51);
	assert_int_equal(found(&t, "11.0.0.0", 8), 0);
	assert_int_equal(found(&t, "9.255.255.255", 8), 0);
	intel_trie_done(&t);
}

static void
without_room_the_widest_are_left_out(void **state)
{
	struct intel_trie t;

	(void)state;
	assert_int_equal(intel_trie_init(&t, 64), 0);
	put(&t, "10.0.0.0/8", 1);
	put(&t, "10.1.0.0/16", 2);
	put(&t, "10.1.2.0/24", 3);
	assert_int_equal(found(&t, "10.1.2.3", 3), 321);
	assert_int_equal(found(&t, "10.1.2.3", 2), 32);
	assert_int_equal(found(&t, "10.1.2.3", 1), 3);
	intel_trie_done(&t);
}

static void
the_families_are_kept_apart(void **state)
{
	struct intel_trie t;

	(void)state;
	assert_int_equal(intel_trie_init(&t, 64), 0);
	put(&t, "::/0", 6);
	put(&t, "0.0.0.0/0", 4);
	put(&t, "2001:db8::/32", 7);
	put(&t, "2001:db8:0:1::/64", 8);
	put(&t, "2001:db8:0:1::1", 9);
	assert_int_equal(found(&t, "10.1.2.3", 8), 4);
	assert_int_equal(found(&t, "2001:db9::", 8), 6);
	assert_int_equal(found(&t, "2001:db8::1", 8), 76);
	assert_int_equal(found(&t, "2001:db8:0:1::2", 8), 876);
	assert_int_equal(found(&t, "2001:db8:0:1::1", 8), 9876);
	intel_trie_done(&t);
}

static void
a_trie_without_room_finds_and_takes_nothing(void **state)
{
	struct intel_trie t;
	struct cidr net = net_of("10.0.0.0/8");
	struct cidr other = net_of("11.0.0.0/8");

	(void)state;
	assert_int_equal(intel_trie_init(&t, 0), 0);
	assert_null(intel_trie_put(&t, &net));
	assert_int_equal(found(&t, "10.0.0.1", 8), 0);
	assert_int_equal(intel_trie_bytes(0), 0);
	intel_trie_done(&t);
	assert_int_equal(intel_trie_init(&t, 1), 0);
	put(&t, "10.0.0.0/8", 1); /* at the root */
	assert_null(intel_trie_put(&t, &other));
	assert_int_equal(found(&t, "10.0.0.1", 8), 1);
	intel_trie_done(&t);
}

static void
what_is_settled_holds_as_much_and_takes_no_more(void **state)
{
	struct intel_trie t;
	struct cidr net = net_of("10.1.0.0/16");

	(void)state;
	assert_int_equal(intel_trie_init(&t, 64), 0);
	put(&t, "10.0.0.0/8", 1);
	intel_trie_settle(&t);
	assert_int_equal(t.capacity, 2); /* the roots, one of which holds it */
	assert_int_equal(found(&t, "10.1.2.3", 8), 1);
	assert_null(intel_trie_put(&t, &net));
	intel_trie_done(&t);
	intel_trie_settle(&t);
	assert_int_equal(t.capacity, 0);
}

static uint64_t
next(uint64_t *seed)
{
	*seed = *seed * UINT64_C(6364136223846793005) + 1442695040888963407U;
	return *seed >> 33;
}

/* Networks that share beginnings, or they would never nest. */
static struct cidr
some_net(uint64_t *seed)
{
	bool is_v4 = next(seed) % 2 == 0;
	struct cidr net = { .prefix_len =
				    (uint8_t)(is_v4 ? 96 + next(seed) % 33 : next(seed) % 129) };

	if (is_v4)
		net.base = addr_v4(0, 0, 0, 0);
	for (unsigned b = is_v4 ? 12 : 0; b < 16; b++)
		net.base.byte[b] = next(seed) % 3 == 0 ? (uint8_t)(next(seed) & 0x81) : 0;
	for (unsigned bit = net.prefix_len; bit < 128; bit++)
		net.base.byte[bit / 8] &= (uint8_t) ~(0x80 >> bit % 8);
	return net;
}

static unsigned
naive_find(const struct cidr *nets, const struct addr *a, uint32_t *ret)
{
	unsigned count = 0;

	for (unsigned length = 129; length-- > 0;)
		for (uint32_t i = 0; i < NETS; i++)
			if (nets[i].prefix_len == length && cidr_contains(&nets[i], a)) {
				bool is_known = false;
				for (uint32_t j = i + 1; j < NETS; j++)
					is_known |=
						memcmp(&nets[i], &nets[j], sizeof(nets[i])) == 0;
				if (!is_known)
					ret[count++] = i + 1;
			}
	return count;
}

static void
it_finds_what_a_list_of_networks_finds(void **state)
{
	static struct cidr nets[NETS];
	uint32_t found_values[INTEL_TRIE_DEPTH_MAX];
	uint32_t expected[INTEL_TRIE_DEPTH_MAX];
	uint64_t seed = 7;
	uint32_t nodes = 0;
	struct intel_trie t;

	(void)state;
	for (uint32_t i = 0; i < NETS; i++) {
		nets[i] = some_net(&seed);
		nodes += intel_trie_nodes(&nets[i]);
	}
	assert_int_equal(intel_trie_init(&t, nodes), 0);
	for (uint32_t i = 0; i < NETS; i++) {
		uint32_t *place = intel_trie_put(&t, &nets[i]);
		assert_non_null(place); /* the sum of its networks is room enough */
		*place = i + 1;
	}
	for (uint32_t i = 0; i < PROBES; i++) {
		struct addr a = some_net(&seed).base;
		if (i % 2 == 0)
			a = nets[i % NETS].base;
		a.byte[15] ^= (uint8_t)(next(&seed) & 1);
		unsigned count = intel_trie_find(&t, &a, found_values, INTEL_TRIE_DEPTH_MAX);
		assert_int_equal(count, naive_find(nets, &a, expected));
		assert_memory_equal(found_values, expected, count * sizeof(expected[0]));
	}
	intel_trie_done(&t);
}

int
main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(all_networks_around_an_address_are_found_narrowest_first),
		cmocka_unit_test(without_room_the_widest_are_left_out),
		cmocka_unit_test(the_families_are_kept_apart),
		cmocka_unit_test(a_trie_without_room_finds_and_takes_nothing),
		cmocka_unit_test(what_is_settled_holds_as_much_and_takes_no_more),
		cmocka_unit_test(it_finds_what_a_list_of_networks_finds),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
