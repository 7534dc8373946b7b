/*
 * tls_build.h -- TLS messages as tests want them, lengths filled in behind.
 *
 * What is opened is closed in reverse: record, message, extensions, list.
 */
#pragma once

#include <assert.h>
#include <stddef.h>
#include <stdint.h>
#include <string.h>

enum { TLS_BUILD_MAX = 24 * 1024 };

struct tls_build {
	size_t size;
	uint8_t bytes[TLS_BUILD_MAX];
};

static inline void
tls_build_bytes(struct tls_build *b, const void *bytes, size_t size)
{
	assert(size <= sizeof(b->bytes) - b->size);
	memcpy(b->bytes + b->size, bytes, size);
	b->size += size;
}

/* `width` bytes, big-endian. */
static inline void
tls_build_number(struct tls_build *b, uint64_t value, size_t width)
{
	while (width-- > 0)
		tls_build_bytes(b, &(uint8_t){ (uint8_t)(value >> 8 * width) }, 1);
}

/* Leave room for a length of `width` bytes. returns what tls_build_close() wants */
static inline size_t
tls_build_open(struct tls_build *b, size_t width)
{
	tls_build_number(b, 0, width);
	return b->size;
}

static inline void
tls_build_close(struct tls_build *b, size_t opened, size_t width)
{
	size_t end = b->size;

	b->size = opened - width;
	tls_build_number(b, end - opened, width);
	b->size = end;
}

/* A list of 16-bit values after a length of `width` bytes. */
static inline void
tls_build_list(struct tls_build *b, size_t width, const uint16_t *values, size_t count)
{
	size_t list = tls_build_open(b, width);

	for (size_t i = 0; i < count; i++)
		tls_build_number(b, values[i], 2);
	tls_build_close(b, list, width);
}

static inline size_t
tls_build_extension(struct tls_build *b, uint16_t type)
{
	tls_build_number(b, type, 2);
	return tls_build_open(b, 2);
}

static inline void
tls_build_empty_extension(struct tls_build *b, uint16_t type)
{
	tls_build_close(b, tls_build_extension(b, type), 2);
}

static inline void
tls_build_sni(struct tls_build *b, const char *name, size_t size)
{
	size_t extension = tls_build_extension(b, 0);
	size_t list = tls_build_open(b, 2);

	tls_build_number(b, 0, 1);
	tls_build_number(b, size, 2);
	tls_build_bytes(b, name, size);
	tls_build_close(b, list, 2);
	tls_build_close(b, extension, 2);
}

/* `names` is the list as the wire has it: each after a byte of its length. */
static inline void
tls_build_alpn(struct tls_build *b, const char *names, size_t size)
{
	size_t extension = tls_build_extension(b, 16);

	tls_build_number(b, size, 2);
	tls_build_bytes(b, names, size);
	tls_build_close(b, extension, 2);
}

/* Version, random bytes and a session of `session` bytes, each 's'. */
static inline void
tls_build_hello_begin(struct tls_build *b, uint16_t version, size_t session)
{
	tls_build_number(b, version, 2);
	for (size_t i = 0; i < 32; i++)
		tls_build_number(b, i, 1);
	tls_build_number(b, session, 1);
	for (size_t i = 0; i < session; i++)
		tls_build_number(b, 's', 1);
}

/*
 * The body of a ClientHello as Chrome sends it, with GREASE wherever that puts it: its JA3 is
 * TLS_BUILD_CHROME_JA3, its JA4 TLS_BUILD_CHROME_JA4 (of which nDPI and JA4's own pages say the same).
 */
#define TLS_BUILD_CHROME_JA3 "cd08e31494f9531f560d64c695473da9"
#define TLS_BUILD_CHROME_JA4 "t13d1516h2_8daaf6152771_e5627efa2ab1"

static inline void
tls_build_chrome_hello(struct tls_build *b, const char *sni, size_t session)
{
	static const uint16_t ciphers[] = { 0x2a2a, 0x1301, 0x1302, 0x1303, 0xc02b, 0xc02f, 0xc02c,
		0xc030, 0xcca9, 0xcca8, 0xc013, 0xc014, 0x009c, 0x009d, 0x002f, 0x0035 };
	static const uint16_t groups[] = { 0xfafa, 29, 23, 24 };
	static const uint16_t algorithms[] = { 0x0403, 0x0804, 0x0401, 0x0503, 0x0805, 0x0501,
		0x0806, 0x0601 };
	static const uint16_t versions[] = { 0x1a1a, 0x0304, 0x0303, 0x0302, 0x0301 };

	tls_build_hello_begin(b, 0x0303, session);
	tls_build_list(b, 2, ciphers, sizeof(ciphers) / 2);
	tls_build_number(b, 0x0100, 2);
	size_t extensions = tls_build_open(b, 2);
	tls_build_empty_extension(b, 0x8a8a);
	tls_build_sni(b, sni, strlen(sni));
	tls_build_empty_extension(b, 23);
	tls_build_empty_extension(b, 0xff01);
	size_t extension = tls_build_extension(b, 10);
	tls_build_list(b, 2, groups, sizeof(groups) / 2);
	tls_build_close(b, extension, 2);
	extension = tls_build_extension(b, 11);
	tls_build_number(b, 0x0100, 2);
	tls_build_close(b, extension, 2);
	tls_build_empty_extension(b, 35);
	tls_build_alpn(b, "\2h2\10http/1.1", 12);
	tls_build_empty_extension(b, 5);
	extension = tls_build_extension(b, 13);
	tls_build_list(b, 2, algorithms, sizeof(algorithms) / 2);
	tls_build_close(b, extension, 2);
	tls_build_empty_extension(b, 18);
	tls_build_empty_extension(b, 51);
	tls_build_empty_extension(b, 45);
	extension = tls_build_extension(b, 43);
	tls_build_list(b, 1, versions, sizeof(versions) / 2);
	tls_build_close(b, extension, 2);
	tls_build_empty_extension(b, 27);
	tls_build_empty_extension(b, 17513);
	tls_build_empty_extension(b, 0x0a0a);
	tls_build_empty_extension(b, 21);
	tls_build_close(b, extensions, 2);
}
