/*
 * talk_rig.h -- a conversation in text, held by a parser: whole, cut in every way, and broken off anywhere.
 *
 * static const struct proto_piece talk[] = { S("220 ready\r\n"), C("EHLO a\r\n") };
 * TALK_TELLS(&protocol_smtp, talk, "smtp trans_depth=1 helo=a ...\n");
 */
#pragma once

#include "tests/support/proto_rig.h"

#include <setjmp.h>
#include <stdarg.h>

#include <cmocka.h>

/* What the client says; what the server says. */
#define C(text)                              \
	{                                    \
		true, text, sizeof(text) - 1 \
	}
#define S(text)                               \
	{                                     \
		false, text, sizeof(text) - 1 \
	}

static struct proto_rig talk_rig;

/* The whole conversation, with one cut before byte `cut` of all. */
static inline const char *
talk_cut(const struct protocol *p, const struct proto_piece *pieces, size_t count, size_t cut)
{
	struct proto_rig *r = &talk_rig;

	proto_rig_init(r, p);
	for (size_t i = 0, at = 0; i < count; at += pieces[i++].size) {
		const uint8_t *bytes = pieces[i].bytes;
		size_t before = cut > at && cut - at < pieces[i].size ? cut - at : 0;
		if (before > 0)
			proto_rig_feed(r, pieces[i].from_orig, bytes, before);
		proto_rig_feed(r, pieces[i].from_orig, bytes + before, pieces[i].size - before);
	}
	proto_rig_end(r);
	proto_rig_done(r);
	return r->text;
}

/* It tells `expected`, however it is cut; broken off anywhere, it only must hold together. */
static inline void
talk_tells(const struct protocol *p, const struct proto_piece *pieces, size_t count,
	const char *expected)
{
	static const size_t parts[] = { SIZE_MAX, 1, 2, 3, 7 };
	size_t total = 0;

	for (size_t i = 0; i < sizeof(parts) / sizeof(parts[0]); i++)
		assert_string_equal(
			proto_rig_play(&talk_rig, p, pieces, count, parts[i]), expected);
	for (size_t i = 0; i < count; i++)
		total += pieces[i].size;
	for (size_t at = 1; at < total; at++) {
		assert_string_equal(talk_cut(p, pieces, count, at), expected);
		(void)proto_rig_truncate(&talk_rig, p, pieces, count, at);
	}
}

#define TALK_TELLS(protocol, pieces, expected) \
	talk_tells(protocol, pieces, sizeof(pieces) / sizeof((pieces)[0]), expected)

/* One side says a text. */
static inline void
talk_say(struct proto_rig *r, bool from_orig, const char *text)
{
	proto_rig_feed(r, from_orig, text, strlen(text));
}

/* What a parser thinks of a text as the first bytes of a side. */
static inline enum proto_guess
talk_guess(const struct protocol *p, bool from_orig, const char *text)
{
	enum proto_guess guess;

	proto_rig_init(&talk_rig, p);
	guess = proto_rig_guess(&talk_rig, from_orig, text, strlen(text));
	proto_rig_done(&talk_rig);
	return guess;
}
