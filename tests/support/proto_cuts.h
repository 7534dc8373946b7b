/*
 * proto_cuts.h -- a conversation told the same however it is cut.
 */
#pragma once

#include "tests/support/proto_rig.h"

#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <stdio.h>

#include <cmocka.h>

/* For struct proto_piece: the bytes of a text without its NUL, and how many. */
#define BYTES(text) (text), sizeof(text) - 1

#ifndef TESTS_DIR
#define TESTS_DIR "tests" /* the build says where */
#endif

/* Feed all pieces, one of them in two parts, and end. */
static inline const char *
proto_cuts_at(struct proto_rig *r, const struct protocol *protocol,
	const struct proto_piece *pieces, size_t count, size_t cut, size_t at)
{
	proto_rig_init(r, protocol);
	for (size_t i = 0; i < count; i++) {
		const struct proto_piece *p = &pieces[i];
		size_t first = i == cut ? at : p->size;
		proto_rig_feed(r, p->from_orig, p->bytes, first);
		if (first < p->size)
			proto_rig_feed(r, p->from_orig, (const uint8_t *)p->bytes + first,
				p->size - first);
	}
	proto_rig_end(r);
	proto_rig_done(r);
	return r->text;
}

/*
 * Whole, in parts of 1, 2, 3 and 7 bytes, and cut at every byte, `expected` is told; broken off after
 * every byte it holds together.
 */
static inline void
proto_cuts(const struct protocol *protocol, const struct proto_piece *pieces, size_t count,
	const char *expected)
{
	static const size_t parts[] = { SIZE_MAX, 1, 2, 3, 7 };
	static struct proto_rig r;
	size_t total = 0;

	for (size_t i = 0; i < sizeof(parts) / sizeof(parts[0]); i++)
		assert_string_equal(
			proto_rig_play(&r, protocol, pieces, count, parts[i]), expected);
	for (size_t i = 0; i < count; i++)
		for (size_t at = 1; at < pieces[i].size; at++)
			assert_string_equal(
				proto_cuts_at(&r, protocol, pieces, count, i, at), expected);
	for (size_t i = 0; i < count; i++)
		total += pieces[i].size;
	for (size_t i = 0; i < total; i++)
		(void)proto_rig_truncate(&r, protocol, pieces, count, i);
}

/* The first bytes of a side are recognised when `enough` of them are there, and never refused before. */
static inline void
proto_cuts_recognised(
	const struct protocol *protocol, const struct proto_piece *piece, size_t enough)
{
	static struct proto_rig r;

	proto_rig_init(&r, protocol);
	for (size_t size = 1; size <= piece->size; size++)
		assert_int_equal(proto_rig_guess(&r, piece->from_orig, piece->bytes, size),
			size < enough ? PROTO_PERHAPS : PROTO_YES);
	proto_rig_done(&r);
}

/* Nothing that others say is taken for this protocol. */
static inline void
proto_cuts_strangers(const struct protocol *protocol)
{
	static const struct proto_piece strangers[] = {
		{ true, BYTES("GET / HTTP/1.1\r\nHost: example.com\r\n\r\n") },
		{ false, BYTES("HTTP/1.1 200 OK\r\nContent-Length: 0\r\n\r\n") },
		{ false, BYTES("SSH-2.0-OpenSSH_9.2p1 Debian-2+deb12u2\r\n") },
		{ false, BYTES("220 mail.example.com ESMTP Postfix\r\n") },
		{ false, BYTES("+OK POP3 ready\r\n") },
		{ false, BYTES("* OK [CAPABILITY IMAP4rev1] ready\r\n") },
		{ true, BYTES("\x16\x03\x01\x02\x00\x01\x00\x01\xfc\x03\x03\x01\x02\x03\x04\x05\x06\x07"
			      "\x08\x09\x0a\x0b\x0c\x0d\x0e\x0f\x10\x11\x12\x13\x14\x15\x16\x17\x18") },
		{ true, BYTES("\x00\x1d\x12\x34\x01\x00\x00\x01\x00\x00\x00\x00\x00\x00\x07"
			      "example\x03"
			      "com\x00\x00\x01\x00\x01") },
		{ true, BYTES("NICK someone\r\nUSER someone 0 * :Some One\r\n") },
		{ true, BYTES("REGISTER sip:example.com SIP/2.0\r\nVia: SIP/2.0/TCP a\r\n\r\n") },
		{ true, BYTES("\x00\x00\x00\x00\x00\x00\x00\x00\x00\x00\x00\x00\x00\x00\x00\x00\x00\x00"
			      "\x00\x00\x00\x00\x00\x00\x00\x00\x00\x00\x00\x00\x00\x00\x00\x00\x00") },
		{ true, BYTES("\xff\xff\xff\xff\xff\xff\xff\xff\xff\xff\xff\xff\xff\xff\xff\xff\xff\xff"
			      "\xff\xff\xff\xff\xff\xff\xff\xff\xff\xff\xff\xff\xff\xff\xff\xff\xff") },
	};
	static struct proto_rig r;

	proto_rig_init(&r, protocol);
	for (size_t i = 0; i < sizeof(strangers) / sizeof(strangers[0]); i++)
		assert_int_equal(proto_rig_guess(&r, strangers[i].from_orig, strangers[i].bytes,
					 strangers[i].size),
			PROTO_NO);
	proto_rig_done(&r);
}

enum { PROTO_CUTS_PIECES = 128, PROTO_CUTS_BYTES = 32 * 1024 };

/*
 * A conversation that is a fuzz target's seed (fuzz/proto_fuzz.h).
 *
 * returns  how many pieces it has, in static memory that the next call takes
 */
static inline size_t
proto_cuts_seed(const char *name, const struct proto_piece **ret_pieces)
{
	static uint8_t bytes[PROTO_CUTS_BYTES];
	static struct proto_piece pieces[PROTO_CUTS_PIECES];
	char path[512];
	size_t count = 0;

	(void)snprintf(path, sizeof(path), "%s/fuzz/corpus/%s", TESTS_DIR, name);
	FILE *f = fopen(path, "rb");
	assert(f != NULL);
	struct cursor c = cursor_over(bytes, fread(bytes, 1, sizeof(bytes), f));
	(void)fclose(f);
	(void)cursor_be16(&c);
	while (cursor_left(&c) > 2) {
		uint16_t head = cursor_be16(&c);
		struct cursor piece = cursor_sub(&c, head & 0x7fff);
		assert(piece.at != NULL);
		assert(count < PROTO_CUTS_PIECES);
		pieces[count++] =
			(struct proto_piece){ (head & 0x8000) == 0, piece.at, cursor_left(&piece) };
	}
	assert(count > 0);
	*ret_pieces = pieces;
	return count;
}
