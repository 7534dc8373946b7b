/*
 * mmdb_build.h -- databases in MaxMind's format (MaxMind-DB-spec, version 2.0), made from what a test wants to say.
 *
 * Records of 24 bits; maps of texts and numbers as data.
 */
#pragma once

#include "daemon/base/addr.h"

#include <assert.h>
#include <stdint.h>
#include <stdio.h>
#include <string.h>

enum { MMDB_NODES_MAX = 512, MMDB_DATA_MAX = 4096 };
enum {
	MMDB_TEXT = 2,
	MMDB_U16 = 5,
	MMDB_U32 = 6,
	MMDB_MAP = 7,
	MMDB_U64 = 2 /* of the extended ones */
};

struct mmdb_build {
	uint32_t child[MMDB_NODES_MAX]
		      [2]; /* a node; or, with the highest bit, a place in `data`; 0: nothing */
	uint32_t nodes;
	uint8_t data[MMDB_DATA_MAX];
	size_t bytes;
	/* What its description says, 0 for what is right. */
	uint8_t ip_version;
	uint32_t says_nodes;
	uint64_t epoch;
};

#define MMDB_LEAF UINT32_C(0x80000000)

static inline void
mmdb_byte(struct mmdb_build *m, unsigned b)
{
	assert(m->bytes < MMDB_DATA_MAX);
	m->data[m->bytes++] = (uint8_t)b;
}

static inline void
mmdb_text(struct mmdb_build *m, const char *text)
{
	size_t length = strlen(text);

	mmdb_byte(m, MMDB_TEXT << 5 | (length < 29 ? (unsigned)length : 29));
	if (length >= 29)
		mmdb_byte(m, (unsigned)length - 29);
	for (size_t i = 0; i < length; i++)
		mmdb_byte(m, (uint8_t)text[i]);
}

static inline void
mmdb_map(struct mmdb_build *m, unsigned pairs)
{
	mmdb_byte(m, MMDB_MAP << 5 | pairs);
}

static inline void
mmdb_u16(struct mmdb_build *m, uint32_t value)
{
	mmdb_byte(m, MMDB_U16 << 5 | 2);
	mmdb_byte(m, value >> 8 & 0xff);
	mmdb_byte(m, value & 0xff);
}

static inline void
mmdb_u32(struct mmdb_build *m, uint32_t value)
{
	mmdb_byte(m, MMDB_U32 << 5 | 4);
	for (int shift = 24; shift >= 0; shift -= 8)
		mmdb_byte(m, value >> shift & 0xff);
}

static inline void
mmdb_u64(struct mmdb_build *m, uint64_t value)
{
	mmdb_byte(m, 8);
	mmdb_byte(m, MMDB_U64);
	for (int shift = 56; shift >= 0; shift -= 8)
		mmdb_byte(m, value >> shift & 0xff);
}

static inline void
mmdb_pair(struct mmdb_build *m, const char *key, const char *value)
{
	mmdb_text(m, key);
	mmdb_text(m, value);
}

/* Begin a database; its data follow, then its networks. */
static inline void
mmdb_begin(struct mmdb_build *m)
{
	*m = (struct mmdb_build){ .nodes = 1, .ip_version = 6, .epoch = 1600000000 };
}

/* The network `base`/`bits` has the data that begin at `at`. A network of IPv4 counts from bit 96, which are zero. */
static inline void
mmdb_network(struct mmdb_build *m, struct addr base, unsigned bits, size_t at)
{
	uint32_t node = 0;
	unsigned from = m->ip_version == 4 ? 96 : 0;

	if (addr_is_v4(&base))
		base.byte[10] = base.byte[11] = 0;
	for (unsigned i = from; i < bits; i++) {
		unsigned side = base.byte[i / 8] >> (7 - i % 8) & 1;
		uint32_t *next = &m->child[node][side];
		if (i + 1 == bits) {
			*next = MMDB_LEAF | (uint32_t)at;
		} else if (*next == 0) {
			assert(m->nodes < MMDB_NODES_MAX);
			*next = m->nodes++;
		}
		node = *next;
	}
}

static inline void
mmdb_write(const struct mmdb_build *m, const char *path)
{
	struct mmdb_build about = { 0 };
	FILE *f = fopen(path, "wb");

	assert(f != NULL);
	for (uint32_t node = 0; node < m->nodes; node++)
		for (unsigned side = 0; side < 2; side++) {
			uint32_t to = m->child[node][side];
			uint32_t value = to == 0                 ? m->nodes
					 : (to & MMDB_LEAF) != 0 ? m->nodes + 16 + (to & ~MMDB_LEAF)
								 : to;
			for (int shift = 16; shift >= 0; shift -= 8)
				(void)fputc((int)(value >> shift & 0xff), f);
		}
	for (unsigned i = 0; i < 16; i++)
		(void)fputc(0, f);
	(void)fwrite(m->data, 1, m->bytes, f);
	(void)fputs("\xab\xcd\xefMaxMind.com", f);
	mmdb_map(&about, 9);
	mmdb_text(&about, "binary_format_major_version");
	mmdb_u16(&about, 2);
	mmdb_text(&about, "binary_format_minor_version");
	mmdb_u16(&about, 0);
	mmdb_text(&about, "build_epoch");
	mmdb_u64(&about, m->epoch);
	mmdb_pair(&about, "database_type", "A test\x1b[31m");
	mmdb_text(&about, "description");
	mmdb_map(&about, 0);
	mmdb_text(&about, "ip_version");
	mmdb_u16(&about, m->ip_version);
	mmdb_text(&about, "languages");
	mmdb_byte(&about, 0);
	mmdb_byte(&about, 4); /* an array of none */
	mmdb_text(&about, "node_count");
	mmdb_u32(&about, m->says_nodes != 0 ? m->says_nodes : m->nodes);
	mmdb_text(&about, "record_size");
	mmdb_u16(&about, 24);
	(void)fwrite(about.data, 1, about.bytes, f);
	(void)fclose(f);
}
