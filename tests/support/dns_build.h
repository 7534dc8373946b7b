/* dns_build.h -- DNS messages made piece by piece. Asserts on what does not fit. */
#pragma once

#include <assert.h>
#include <stddef.h>
#include <stdint.h>
#include <string.h>

enum { DNS_BUILD_MAX = 8192 };

struct dns_build {
	size_t size;
	uint8_t bytes[DNS_BUILD_MAX];
};

static inline void
dns_build_bytes(struct dns_build *b, const void *bytes, size_t size)
{
	assert(b->size + size <= sizeof(b->bytes));
	memcpy(b->bytes + b->size, bytes, size);
	b->size += size;
}

static inline void
dns_build_u8(struct dns_build *b, unsigned value)
{
	dns_build_bytes(b, &(uint8_t){ (uint8_t)value }, 1);
}

static inline void
dns_build_u16(struct dns_build *b, unsigned value)
{
	dns_build_u8(b, value >> 8);
	dns_build_u8(b, value & 0xff);
}

/* Begin a message: empty sections after so many questions, answers, authorities and additional records. */
static inline void
dns_build_header(struct dns_build *b, unsigned id, unsigned flags, unsigned questions,
	unsigned answers, unsigned authority, unsigned additional)
{
	b->size = 0;
	dns_build_u16(b, id);
	dns_build_u16(b, flags);
	dns_build_u16(b, questions);
	dns_build_u16(b, answers);
	dns_build_u16(b, authority);
	dns_build_u16(b, additional);
}

/* Labels between dots; "" is the root. */
static inline void
dns_build_name(struct dns_build *b, const char *name)
{
	while (*name != '\0') {
		size_t length = strcspn(name, ".");
		dns_build_u8(b, (unsigned)length);
		dns_build_bytes(b, name, length);
		name += length + (name[length] == '.');
	}
	dns_build_u8(b, 0);
}

static inline void
dns_build_question(struct dns_build *b, const char *name, unsigned type, unsigned class)
{
	dns_build_name(b, name);
	dns_build_u16(b, type);
	dns_build_u16(b, class);
}

/* A record of class IN. */
static inline void
dns_build_record(struct dns_build *b, const char *owner, unsigned type, unsigned ttl_s,
	const void *data, size_t size)
{
	dns_build_name(b, owner);
	dns_build_u16(b, type);
	dns_build_u16(b, 1);
	dns_build_u16(b, ttl_s >> 16);
	dns_build_u16(b, ttl_s & 0xffff);
	dns_build_u16(b, (unsigned)size);
	dns_build_bytes(b, data, size);
}

/* A record whose data is a name. */
static inline void
dns_build_alias(
	struct dns_build *b, const char *owner, unsigned type, unsigned ttl_s, const char *target)
{
	struct dns_build data = { 0 };

	dns_build_name(&data, target);
	dns_build_record(b, owner, type, ttl_s, data.bytes, data.size);
}
