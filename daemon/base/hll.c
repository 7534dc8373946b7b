#include "daemon/base/hll.h"

#include <math.h>

static unsigned
rank_get(const struct hll *h, uint32_t place)
{
	uint32_t bit = place * HLL_RANK_BITS;
	unsigned two = h->ranks[bit / 8] | (unsigned)h->ranks[bit / 8 + 1] << 8;

	return two >> bit % 8 & ((1U << HLL_RANK_BITS) - 1);
}

static void
rank_change(struct hll *h, uint32_t place, unsigned before, unsigned after)
{
	uint32_t bit = place * HLL_RANK_BITS;
	unsigned flip = (before ^ after) << bit % 8;

	h->ranks[bit / 8] = (uint8_t)(h->ranks[bit / 8] ^ flip);
	h->ranks[bit / 8 + 1] = (uint8_t)(h->ranks[bit / 8 + 1] ^ flip >> 8);
}

bool
hll_add(struct hll *h, uint64_t hash)
{
	uint32_t place = (uint32_t)(hash % HLL_REGISTERS);
	uint64_t rest = hash >> HLL_BITS;
	/* The rank is one more than the zeros in front of the first one bit, of 50. */
	unsigned rank = rest == 0 ? HLL_RANK_MAX : (unsigned)__builtin_clzll(rest) - HLL_BITS + 1;
	unsigned before = rank_get(h, place);

	if (rank <= before)
		return false;
	rank_change(h, place, before, rank);
	h->with_rank[rank]++;
	if (before == 0)
		h->used++;
	else
		h->with_rank[before]--;
	return true;
}

/* sum of x^(2^k) * 2^(k-1), k from 0; the part of what left no trace */
static double
sigma(double x)
{
	double sum = x;
	double weight = 1;
	double before;

	do {
		x *= x;
		before = sum;
		sum += x * weight;
		weight += weight;
	} while (sum != before);
	return sum;
}

/* The part of registers that are at their end, which takes more things than there are. */
static double
tau(double x)
{
	double sum = 1 - x;
	double weight = 1;
	double before;

	if (x == 0 || x == 1)
		return 0;
	do {
		x = sqrt(x);
		before = sum;
		weight /= 2;
		sum -= (1 - x) * (1 - x) * weight;
	} while (sum != before);
	return sum / 3;
}

uint64_t
hll_estimate(const struct hll *h)
{
	const double m = HLL_REGISTERS;
	const double alpha = 0.72134752044448170368; /* 1 / (2 ln 2) */

	if (h->used == 0)
		return 0;
	double z = m * tau(1 - h->with_rank[HLL_RANK_MAX] / m);
	for (unsigned rank = HLL_RANK_MAX - 1; rank > 0; rank--)
		z = (z + h->with_rank[rank]) / 2;
	z += m * sigma((m - h->used) / m);
	double estimate = alpha * m * m / z;
	return estimate < 0x1p63 ? (uint64_t)llround(estimate) : INT64_MAX;
}
