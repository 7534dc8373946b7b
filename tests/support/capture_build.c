#include "tests/support/capture_build.h"

#include <assert.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>
#include <zlib.h>
#include <zstd.h>

enum { BYTES_MAX = (256 << 10) + 1 };

static uint8_t *
grow(struct image *m, size_t more)
{
	if (m->length + more > m->capacity) {
		m->capacity = (m->length + more) * 2;
		m->bytes = realloc(m->bytes, m->capacity);
		assert(m->bytes != NULL);
	}
	m->length += more;
	return m->bytes + m->length - more;
}

void
image_free(struct image *m)
{
	free(m->bytes);
	*m = (struct image){ 0 };
}

void
image_put(struct image *m, const void *bytes, size_t length)
{
	if (length > 0)
		memcpy(grow(m, length), bytes, length);
}

static void
put_word(uint8_t *at, uint32_t value, unsigned bytes, bool big_endian)
{
	for (unsigned i = 0; i < bytes; i++)
		at[i] = (uint8_t)(value >> 8 * (big_endian ? bytes - 1 - i : i));
}

void
image_u16(struct image *m, uint16_t value)
{
	put_word(grow(m, 2), value, 2, m->big_endian);
}

void
image_u32(struct image *m, uint32_t value)
{
	put_word(grow(m, 4), value, 4, m->big_endian);
}

void
image_patch_u32(struct image *m, size_t at, uint32_t value)
{
	assert(at + 4 <= m->length);
	put_word(m->bytes + at, value, 4, m->big_endian);
}

static void
put_counting(struct image *m, uint32_t captured, uint8_t seed)
{
	assert(captured <= BYTES_MAX);
	uint8_t *at = grow(m, captured);
	for (uint32_t i = 0; i < captured; i++)
		at[i] = (uint8_t)(seed + i);
}

static void
put_zeros(struct image *m, size_t count)
{
	memset(grow(m, count), 0, count);
}

static bool
frame_is(const struct frame *f, const struct image_frame *e)
{
	for (uint32_t i = 0; i < f->captured; i++)
		if (f->bytes[i] != (uint8_t)(e->seed + i))
			return false;
	return f->ts_ns == e->ts_ns && f->captured == e->captured && f->wire == e->wire &&
	       f->link == e->link && f->interface == e->interface;
}

size_t
image_read(struct capture_file *r, const struct image_frame *expected, size_t count)
{
	struct frame batch[CAPTURE_BATCH_MAX];
	size_t n;
	size_t done = 0;

	while ((n = capture_file_next(r, batch)) > 0) {
		for (size_t i = 0; i < n; i++, done++) {
			const struct frame *f = &batch[i];
			if (done < count && frame_is(f, &expected[done]))
				continue;
			printf("frame %zu: at %llu, %u of %u bytes, link %u, interface %u\n", done,
				(unsigned long long)f->ts_ns, f->captured, f->wire, f->link,
				f->interface);
			return SIZE_MAX;
		}
	}
	return done;
}

void
image_pcap_header(struct image *m, int magic, uint32_t link)
{
	image_u32(m, (uint32_t)magic);
	image_u16(m, 2);
	image_u16(m, 4);
	image_u32(m, 0);
	image_u32(m, 0);
	image_u32(m, 262144);
	image_u32(m, link);
}

void
image_pcap_record(struct image *m, uint32_t seconds, uint32_t fraction, uint32_t captured,
	uint32_t wire, uint8_t seed)
{
	image_u32(m, seconds);
	image_u32(m, fraction);
	image_u32(m, captured);
	image_u32(m, wire);
	put_counting(m, captured, seed);
}

/* Begin a block; its length is filled in by block_end(). */
static size_t
block_begin(struct image *m, uint32_t type)
{
	size_t at = m->length;

	image_u32(m, type);
	image_u32(m, 0);
	return at;
}

static void
block_end(struct image *m, size_t at)
{
	put_zeros(m, -m->length & 3);
	uint32_t length = (uint32_t)(m->length + 4 - at);
	image_u32(m, length);
	image_patch_u32(m, at + 4, length);
}

void
image_section(struct image *m)
{
	size_t at = block_begin(m, 0x0a0d0d0a);

	image_u32(m, 0x1a2b3c4d);
	image_u16(m, 1);
	image_u16(m, 0);
	image_u32(m, UINT32_MAX); /* section length: not given */
	image_u32(m, UINT32_MAX);
	block_end(m, at);
}

static void
option(struct image *m, uint16_t code, const void *value, uint16_t length)
{
	image_u16(m, code);
	image_u16(m, length);
	image_put(m, value, length);
	put_zeros(m, -m->length & 3);
}

void
image_add_interface(struct image *m, const struct image_interface *i)
{
	size_t at = block_begin(m, 1);

	image_u16(m, i->link);
	image_u16(m, 0);
	image_u32(m, i->snap);
	if (i->name != NULL)
		option(m, 2, i->name, (uint16_t)strlen(i->name));
	if (i->with_other_options) {
		option(m, 2, "eth0", 4);
		option(m, 1, "a comment", 9);
	}
	if (i->has_resolution)
		option(m, 9, &i->resolution, 1);
	if (i->has_offset) {
		uint32_t high = (uint32_t)((uint64_t)i->offset >> 32);
		uint32_t low = (uint32_t)(uint64_t)i->offset;
		image_u16(m, 14);
		image_u16(m, 8);
		image_u32(m, m->big_endian ? high : low);
		image_u32(m, m->big_endian ? low : high);
	}
	if (i->with_other_options) {
		option(m, 0, NULL, 0);
		option(m, 9, "\x03", 1); /* behind the end: not to be read */
	}
	block_end(m, at);
}

void
image_packet(struct image *m, uint32_t interface, uint64_t ticks, uint32_t captured, uint32_t wire,
	uint8_t seed)
{
	size_t at = block_begin(m, 6);

	image_u32(m, interface);
	image_u32(m, (uint32_t)(ticks >> 32));
	image_u32(m, (uint32_t)ticks);
	image_u32(m, captured);
	image_u32(m, wire);
	put_counting(m, captured, seed);
	block_end(m, at);
}

void
image_packet_simple(struct image *m, uint32_t captured, uint32_t wire, uint8_t seed)
{
	size_t at = block_begin(m, 3);

	image_u32(m, wire);
	put_counting(m, captured, seed);
	block_end(m, at);
}

void
image_packet_obsolete(struct image *m, uint16_t interface, uint64_t ticks, uint32_t captured,
	uint32_t wire, uint8_t seed)
{
	size_t at = block_begin(m, 2);

	image_u16(m, interface);
	image_u16(m, UINT16_MAX); /* drops: not known */
	image_u32(m, (uint32_t)(ticks >> 32));
	image_u32(m, (uint32_t)ticks);
	image_u32(m, captured);
	image_u32(m, wire);
	put_counting(m, captured, seed);
	block_end(m, at);
}

void
image_block(struct image *m, uint32_t type, size_t length)
{
	size_t at = block_begin(m, type);

	put_zeros(m, length);
	block_end(m, at);
}

void
image_gzip(struct image *m, const struct image *plain, size_t piece)
{
	z_stream z = { 0 };
	int rc = deflateInit2(&z, 6, Z_DEFLATED, MAX_WBITS + 16, 8, Z_DEFAULT_STRATEGY);

	assert(rc == Z_OK);
	for (size_t at = 0; rc != Z_STREAM_END; at += piece) {
		size_t n = at + piece < plain->length ? piece : plain->length - at;
		uLong room = deflateBound(&z, n) + 64;
		z.next_in = plain->bytes + at;
		z.avail_in = (uInt)n;
		z.next_out = grow(m, room);
		z.avail_out = (uInt)room;
		rc = deflate(&z, at + n == plain->length ? Z_FINISH : Z_SYNC_FLUSH);
		assert(z.avail_in == 0 && z.avail_out > 0);
		m->length -= z.avail_out;
	}
	(void)deflateEnd(&z);
}

void
image_zstd(struct image *m, const struct image *plain, size_t piece)
{
	ZSTD_CCtx *z = ZSTD_createCCtx();

	assert(z != NULL);
	for (size_t at = 0; at < plain->length; at += piece) {
		size_t n = at + piece < plain->length ? piece : plain->length - at;
		size_t room = ZSTD_compressBound(n) + 64;
		ZSTD_inBuffer in = { .src = plain->bytes + at, .size = n };
		ZSTD_outBuffer out = { .dst = grow(m, room), .size = room };
		size_t rc = ZSTD_compressStream2(
			z, &out, &in, at + n == plain->length ? ZSTD_e_end : ZSTD_e_flush);
		assert(rc == 0);
		m->length -= room - out.pos;
	}
	(void)ZSTD_freeCCtx(z);
}

void
image_file_open(struct image_file *file)
{
	const char *dir = getenv("TMPDIR");

	(void)snprintf(file->path, sizeof(file->path), "%s/test_capture_XXXXXX",
		dir != NULL ? dir : "/tmp");
	file->fd = mkstemp(file->path);
	assert(file->fd >= 0);
}

void
image_file_set(struct image_file *file, const struct image *m, size_t length)
{
	assert(length <= m->length);
	for (size_t at = 0; at < length;) {
		ssize_t n = pwrite(file->fd, m->bytes + at, length - at, (off_t)at);
		assert(n > 0);
		at += (size_t)n;
	}
	/* last: a file that is emptied and written again is flushed to the disk by some systems */
	int rc = ftruncate(file->fd, (off_t)length);
	assert(rc == 0);
}

void
image_file_close(struct image_file *file)
{
	(void)close(file->fd);
	(void)unlink(file->path);
}
