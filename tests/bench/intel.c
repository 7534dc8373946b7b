/*
 * intel.c -- what a million indicators cost: bytes by the store's own account, resident bytes as the kernel counts
 * them, and nanoseconds to add one and to look one up.
 *
 *   bench_intel [COUNT]      a line for each kind; COUNT is 1000000 if it is not given
 *
 * "told" is a list with a text of its own for each indicator, the worst case; else all are said the same of.
 */
#include "daemon/intel/intel_build.h"

#include <assert.h>
#include <inttypes.h>
#include <malloc.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <time.h>
#include <unistd.h>

enum kind {
	KIND_IPV4,
	KIND_IPV6,
	KIND_NETWORK,
	KIND_NETWORK6,
	KIND_NAME,
	KIND_DIGEST,
	KIND_COUNT,
};

static const char *const kind_names[KIND_COUNT] = { "ipv4", "ipv6", "ipv4 /24", "ipv6 /48", "name",
	"sha1" };

static uint64_t
now_ns(void)
{
	struct timespec t;

	(void)clock_gettime(CLOCK_MONOTONIC, &t);
	return (uint64_t)t.tv_sec * 1000000000 + (uint64_t)t.tv_nsec;
}

static uint64_t
resident_bytes(void)
{
	char line[128] = "";
	char *resident;
	FILE *f = fopen("/proc/self/statm", "r");

	if (f == NULL || fgets(line, sizeof(line), f) == NULL)
		(void)fputs("bench_intel: cannot read /proc/self/statm\n", stderr);
	if (f != NULL)
		(void)fclose(f);
	(void)strtoull(line, &resident, 10);
	uint64_t pages = strtoull(resident, NULL, 10);
	return pages * (uint64_t)sysconf(_SC_PAGESIZE);
}

/* Numbers that are spread, each once (an odd factor loses nothing). */
static uint32_t
spread(uint32_t n)
{
	return n * 2654435761U;
}

static struct intel_indicator
indicator(enum kind kind, uint32_t n, char text[64])
{
	struct intel_indicator what = { .type = INTEL_NETWORK, .level = THREAT_MEDIUM };
	uint32_t number = kind == KIND_NETWORK ? (spread(n) & 0x00ffffff) << 8 : spread(n);
	const uint8_t v4[4] = { (uint8_t)(number >> 24), (uint8_t)(number >> 16),
		(uint8_t)(number >> 8), (uint8_t)number };

	what.network = (struct cidr){ addr_from_v4(v4), kind == KIND_NETWORK ? 120 : 128 };
	if (kind == KIND_IPV6 || kind == KIND_NETWORK6) {
		what.network = (struct cidr){ .prefix_len = kind == KIND_IPV6 ? 128 : 48 };
		what.network.base.byte[0] = 0x20;
		memcpy(what.network.base.byte + 2, v4, sizeof(v4));
	}
	if (kind == KIND_NAME) {
		(void)snprintf(text, 64, "host-%" PRIx32 ".bad.example", number);
		what.type = INTEL_NAME;
	} else if (kind == KIND_DIGEST) {
		(void)snprintf(text, 64, "%040" PRIx32, number);
		what.type = INTEL_DIGEST;
		what.digest = INTEL_SHA1;
	}
	what.text = (struct intel_text){ text, strlen(text) };
	return what;
}

static unsigned
look_up(const struct intel *i, enum kind kind, const struct intel_indicator *what)
{
	struct intel_found room;

	if (kind == KIND_NAME)
		return intel_find_name(i, LIST_MALICIOUS, what->text.at, what->text.length, &room,
			       NULL) != NULL;
	if (kind == KIND_DIGEST)
		return intel_find_digest(i, LIST_MALICIOUS, INTEL_SHA1, what->text.at, &room) !=
		       NULL;
	return intel_find_addr(i, LIST_MALICIOUS, &what->network.base, &room) != NULL;
}

static void
measure(enum kind kind, uint32_t count, bool told)
{
	static const struct hash_key key = { { 1, 2 } };
	struct intel_room room = { 0 };
	struct intel_build *b;
	char text[64] = "";
	char said[32];
	unsigned found = 0;

	for (uint32_t n = 0; n < count; n++) {
		struct intel_indicator what = indicator(kind, n, text);
		(void)intel_room_add(&room, &what);
	}
	uint64_t resident = resident_bytes();
	uint64_t begin_ns = now_ns();
	int result = intel_build_new(&room, UINT64_C(1) << 32, &key, &b);
	assert(result == 0 && intel_build_list(b, "list", LIST_MALICIOUS, false) == 0);
	for (uint32_t n = 0; n < count; n++) {
		struct intel_indicator what = indicator(kind, n, text);
		(void)snprintf(said, sizeof(said), told ? "seen at %" PRIu32 : "scanner", n);
		what.description = (struct intel_text){ said, strlen(said) };
		result = intel_build_add(b, 0, &what);
		assert(result == 0);
	}
	struct intel *i = intel_build_done(b);
	uint64_t built_ns = now_ns();
	resident = resident_bytes() - resident;
	for (uint32_t n = 0; n < count; n++) {
		struct intel_indicator what = indicator(kind, spread(n) % count, text);
		found += look_up(i, kind, &what);
	}
	uint64_t found_ns = now_ns();
	assert(found == count);
	for (uint32_t n = 0; n < count; n++) { /* of which nothing is known */
		struct intel_indicator what = indicator(kind, count + n, text);
		found += look_up(i, kind, &what);
	}
	printf("%-9s %-5s %9" PRIu64 " %6.1f B %6.1f B %6.0f ns %6.0f ns %6.0f ns\n",
		kind_names[kind], told ? "told" : "", intel_count(i),
		(double)intel_bytes(i) / (double)intel_count(i),
		(double)resident / (double)intel_count(i), (double)(built_ns - begin_ns) / count,
		(double)(found_ns - built_ns) / count, (double)(now_ns() - found_ns) / count);
	intel_free(i);
	(void)malloc_trim(0); /* or the next one finds what is resident already */
}

int
main(int argc, char **argv)
{
	uint32_t count = argc > 1 ? (uint32_t)strtoul(argv[1], NULL, 10) : 1000000;

	printf("%-9s %-5s %9s %8s %8s %9s %9s %9s\n", "kind", "", "count", "bytes", "resident",
		"add", "found", "not found");
	for (int kind = 0; kind < KIND_COUNT; kind++) {
		measure((enum kind)kind, count, false);
		measure((enum kind)kind, count, true);
	}
	return 0;
}
