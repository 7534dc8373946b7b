/*
 * M4: a hundred thousand keys that collide for a hash without a key, or for one whose key is known.
 */
#include "tests/flood/flood.h"
#include "tests/flood/flood_rig.h"

#include "daemon/base/table.h"
#include "daemon/base/time_text.h"

#include <assert.h>
#include <stdlib.h>
#include <string.h>
#include <time.h>

/*
 * Datagrams of `count` flows, four times over. Folded with exclusive or, as a hash without a key
 * would, all of their keys are one; or addresses are random.
 */
static double
flows(struct outcome *o, uint64_t count, bool collide)
{
	struct flood_rig *r = malloc(sizeof(*r));

	assert(r != NULL);
	flood_init(r, 256 * FLOOD_MIB);
	flood_start(r);
	for (uint64_t i = 0; i < 4 * count; i++) {
		uint64_t n = i % count;
		uint64_t x = n + 1;
		if (i % count == 0)
			r->random = 99;
		if (!collide)
			x = flood_random(r);
		struct build b = {
			.src = addr_v4(10, (uint8_t)(n % 50), 0, 1),
			.dst = addr_v4(20, (uint8_t)(n % 50), 0, 1),
			.src_port = (uint16_t)(x ^ x >> 32),
			.dst_port = (uint16_t)(collide ? x ^ 4242 : x >> 16),
		};
		b.src.byte[14] = (uint8_t)(n / 50 % 2);
		if (collide) { /* the same difference on both sides folds away */
			b.src.byte[14] = b.dst.byte[14] = (uint8_t)(n >> 16);
			b.src.byte[15] = b.dst.byte[15] = 1;
		}
		flood_udp(r, &b, FLOOD_BASE_NS + i * 10 * NS_PER_US);
	}
	flood_flush(r);
	double each = flood_ns_each(r);
	o->packets += r->packets;
	flood_abandon(r);
	free(r);
	return each;
}

void
m4_flows(struct outcome *o)
{
	uint64_t count = outcome_size(o, 100000, 10000);
	double random = flows(o, count, false);
	double colliding = flows(o, count, true);

	outcome_say(o, "%.0f ns a packet with random keys", random);
	if (o->measures)
		outcome_check(o, colliding <= 1.5 * random, "%.2f times that with colliding ones",
			colliding / random);
}

struct key {
	uint64_t word[4];
};

static double
seconds_of(const struct key *keys, uint32_t count, const struct hash_key *hash_key)
{
	struct table t;
	struct timespec from;
	struct timespec to;

	int failed = table_init(&t, sizeof(struct key), sizeof(struct key), count, hash_key);
	assert(failed == 0);
	(void)clock_gettime(CLOCK_PROCESS_CPUTIME_ID, &from);
	for (uint32_t i = 0; i < count; i++)
		(void)table_add(&t, &keys[i], table_hash(&t, &keys[i]));
	for (uint32_t i = 0; i < count; i++)
		assert(table_find(&t, &keys[i], table_hash(&t, &keys[i])) != NULL);
	(void)clock_gettime(CLOCK_PROCESS_CPUTIME_ID, &to);
	table_done(&t);
	return (double)(to.tv_sec - from.tv_sec) + (double)(to.tv_nsec - from.tv_nsec) / 1e9;
}

static struct key
key_number(uint64_t n)
{
	return (struct key){ { n, n * 7, 3, 4 } };
}

/* Somebody knew the key of the last start, and looked for keys that all lie in one place of the table. */
void
m4_restart(struct outcome *o)
{
	uint32_t count = (uint32_t)outcome_size(o, 10000, 500);
	const struct hash_key known = { { 11, 22 } };
	const struct hash_key next = { { 33, 44 } };
	struct key *colliding = calloc(count, sizeof(*colliding));
	struct key *random = calloc(count, sizeof(*random));
	const uint64_t places = outcome_size(o, 1 << 14, 1 << 10);
	uint64_t n = 0;

	assert(colliding != NULL && random != NULL);
	for (uint32_t i = 0; i < count; i++) {
		do
			colliding[i] = key_number(++n);
		while (hash_words(&known, colliding[i].word, 4) % places != 0);
		random[i] = key_number(++n);
	}
	(void)seconds_of(random, count, &next); /* memory is warm now */
	double usual = seconds_of(random, count, &next);
	double before = seconds_of(colliding, count, &known);
	double after = seconds_of(colliding, count, &next);
	o->packets = count;
	outcome_say(o, "%u keys: %.1f ms at random, %.1f ms where the key is known", count,
		usual * 1e3, before * 1e3);
	if (o->measures)
		outcome_check(o, after <= 1.5 * usual, "%.2f times random after a restart",
			after / usual);
	free(colliding);
	free(random);
}
