/*
 * Both formats may hold several streams one behind the other (pigz, zstd -T, cat a.gz b.gz); to
 * the reader they are one. zlib stops after each and is started again, libzstd goes on by itself.
 * What follows a gzip stream and is none is damage: gzip(1) ignores it, we tell, since it may have
 * been the rest of a capture.
 */
#include "daemon/input/capture_unpack.h"

#include <stdlib.h>
#include <string.h>
#define ZLIB_CONST /* next_in is const */
#include <zlib.h>
#include <zstd.h>

struct unpacker {
	enum capture_packing packing;
	enum unpack_state state;
	const char *complaint;
	bool zlib_ready;
	z_stream zlib;
	ZSTD_DStream *zstd;
	size_t zstd_wants; /* what it asked for, > 0 */
};

enum {
	ZLIB_GZIP_ONLY = 16,   /* added to the window bits, zlib.h */
	ZSTD_BLOCK_HEADER = 3, /* RFC 8878 section 3.1.1.2 */
};

enum capture_packing
unpack_recognise(struct cursor first)
{
	uint32_t magic = cursor_be32(&first);

	if (first.short_read)
		return CAPTURE_PLAIN;
	if (magic >> 16 == 0x1f8b) /* RFC 1952 section 2.3.1 */
		return CAPTURE_GZIP;
	/* RFC 8878 section 3.1: a frame, or one that is to be skipped (pzstd begins with those) */
	if (magic == 0x28b52ffd || ((magic >> 24 & 0xf0) == 0x50 && (magic & 0xffffff) == 0x2a4d18))
		return CAPTURE_ZSTD;
	return CAPTURE_PLAIN;
}

struct unpacker *
unpacker_new(enum capture_packing packing)
{
	struct unpacker *u = calloc(1, sizeof(*u));

	if (u == NULL)
		return NULL;
	u->packing = packing;
	if (packing == CAPTURE_GZIP)
		u->zlib_ready = inflateInit2(&u->zlib, MAX_WBITS + ZLIB_GZIP_ONLY) == Z_OK;
	else
		u->zstd = ZSTD_createDStream();
	u->zstd_wants = 1;
	if (u->zlib_ready || u->zstd != NULL)
		return u;
	unpacker_free(u);
	return NULL;
}

void
unpacker_free(struct unpacker *u)
{
	if (u == NULL)
		return;
	if (u->zlib_ready)
		(void)inflateEnd(&u->zlib);
	(void)ZSTD_freeDStream(u->zstd);
	free(u);
}

static void
complain(struct unpacker *u, const char *what)
{
	u->state = UNPACK_CORRUPT;
	u->complaint = what;
}

static size_t
run_gzip(struct unpacker *u, struct cursor *packed, uint8_t *into, size_t room)
{
	size_t given = cursor_left(packed);

	if (u->state == UNPACK_BETWEEN)
		(void)inflateReset(&u->zlib);
	u->zlib.next_in = packed->at;
	u->zlib.avail_in = (uInt)given;
	u->zlib.next_out = into;
	u->zlib.avail_out = (uInt)room;
	int rc = inflate(&u->zlib, Z_NO_FLUSH);
	(void)cursor_take(packed, given - u->zlib.avail_in);
	if (rc == Z_STREAM_END)
		u->state = UNPACK_BETWEEN;
	else if (rc == Z_OK || rc == Z_BUF_ERROR)
		u->state = UNPACK_MORE;
	else
		complain(u, u->zlib.msg != NULL ? u->zlib.msg : zError(rc));
	return room - u->zlib.avail_out;
}

/*
 * libzstd is given a block each time, and less than it asks for, which is the header of the next one as
 * well: where a call fails, what that call had unpacked before is lost to us, since it does not say how
 * much it was.
 */
static size_t
run_zstd(struct unpacker *u, struct cursor *packed, void *into, size_t room)
{
	size_t left = cursor_left(packed);
	size_t wants = u->zstd_wants;

	if (wants > ZSTD_BLOCK_HEADER)
		wants -= ZSTD_BLOCK_HEADER;
	ZSTD_inBuffer in = { .src = packed->at, .size = left < wants ? left : wants };
	ZSTD_outBuffer out = { .dst = into, .size = room };
	size_t rc = ZSTD_decompressStream(u->zstd, &out, &in);

	(void)cursor_take(packed, in.pos);
	if (ZSTD_isError(rc)) {
		complain(u, ZSTD_getErrorName(rc));
		return out.pos;
	}
	u->state = rc == 0 ? UNPACK_BETWEEN : UNPACK_MORE;
	u->zstd_wants = rc == 0 ? 1 : rc;
	return out.pos;
}

enum unpack_state
unpacker_run(
	struct unpacker *u, struct cursor *packed, uint8_t *into, size_t room, size_t *ret_bytes)
{
	size_t done = 0;
	bool moved = true;

	/* Both libraries may hold back output that is ready: go on while anything moves. */
	while (moved && u->state != UNPACK_CORRUPT && done < room) {
		size_t left = cursor_left(packed);
		if (left == 0 && u->state == UNPACK_BETWEEN)
			break;
		size_t n = u->packing == CAPTURE_GZIP
				   ? run_gzip(u, packed, into + done, room - done)
				   : run_zstd(u, packed, into + done, room - done);
		moved = n > 0 || cursor_left(packed) < left;
		done += n;
	}
	*ret_bytes = done;
	return u->state;
}

const char *
unpacker_complaint(const struct unpacker *u)
{
	return u->complaint;
}
