/*
 * proto_rig.h -- a parser fed by hand: what each side says, cut as one likes, and what came out as text.
 *
 * Each piece lies in memory of exactly its size, so that the sanitizer sees a read past it.
 */
#pragma once

#include "daemon/proto/proto.h"
#include "tests/support/proto_state.h"
#include "tests/support/said_text.h"

#include <assert.h>
#include <stdbool.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

enum { PROTO_RIG_TEXT = 64 * 1024 };

struct proto_rig {
	const struct protocol *protocol;
	void *state;
	bool is_over; /* the parser wants no more */
	bool is_recognised;
	enum proto_verdict verdict; /* the last one */
	uint64_t ts_ns;
	uint64_t unheard; /* of each call; set it after proto_rig_init() */
	unsigned told;    /* observations */
	unsigned weirds[WEIRD_COUNT];
	unsigned expectations;
	struct proto_expected expected; /* the last one */
	char also[64];                  /* "gssapi,ntlm": what else it carries */
	char text[PROTO_RIG_TEXT];      /* of each a line */
	struct strbuf out;
};

/* What one side says at a time. */
struct proto_piece {
	bool from_orig;
	const void *bytes;
	size_t size;
};

static inline void
proto_rig_hear(void *context, const struct observation *o)
{
	struct proto_rig *r = context;

	r->told++;
	said_text(&r->out, o);
	strbuf_char(&r->out, '\n');
	assert(!r->out.truncated);
}

static inline void
proto_rig_weird(void *context, enum weird kind)
{
	struct proto_rig *r = context;

	r->weirds[kind]++;
}

static inline void
proto_rig_expect(void *context, const struct proto_expected *expected)
{
	struct proto_rig *r = context;

	r->expectations++;
	r->expected = *expected;
}

static inline void
proto_rig_also(void *context, const char *service)
{
	struct proto_rig *r = context;

	if (strstr(r->also, service) != NULL)
		return;
	size_t used = strlen(r->also);
	assert(used + strlen(service) + 2 <= sizeof(r->also));
	(void)snprintf(
		r->also + used, sizeof(r->also) - used, "%s%s", used > 0 ? "," : "", service);
}

/* Begin a flow. Ended by proto_rig_done(). */
static inline void
proto_rig_init(struct proto_rig *r, const struct protocol *protocol)
{
	memset(r, 0, sizeof(*r));
	r->protocol = protocol;
	r->state = malloc(protocol->state_size > 0 ? protocol->state_size : 1);
	assert(r->state != NULL);
	proto_state_prepare(protocol, r->state);
	r->ts_ns = UINT64_C(1700000000) * 1000000000;
	strbuf_init(&r->out, r->text, sizeof(r->text));
}

static inline void
proto_rig_done(struct proto_rig *r)
{
	free(r->state);
	r->state = NULL;
}

/* The originator is 10.0.0.1:40000, the responder 10.0.0.2, at the port that the caller puts in. */
static inline struct proto_call
proto_rig_call(struct proto_rig *r, bool from_orig)
{
	static const uint8_t orig[4] = { 10, 0, 0, 1 };
	static const uint8_t resp[4] = { 10, 0, 0, 2 };

	return (struct proto_call){
		.ts_ns = r->ts_ns,
		.src = addr_from_v4(from_orig ? orig : resp),
		.dst = addr_from_v4(from_orig ? resp : orig),
		.src_port = from_orig ? 40000 : 9,
		.dst_port = from_orig ? 9 : 40000,
		.hop_limit = 255,
		.from_orig = from_orig,
		.unheard = r->unheard,
		.state = r->state,
		.emit = proto_rig_hear,
		.weird = proto_rig_weird,
		.expect = proto_rig_expect,
		.also = proto_rig_also,
		.context = r,
	};
}

/* What the parser thinks of these first bytes. */
static inline enum proto_guess
proto_rig_guess(struct proto_rig *r, bool from_orig, const void *bytes, size_t size)
{
	struct proto_call call = proto_rig_call(r, from_orig);
	uint8_t *exact = malloc(size > 0 ? size : 1);

	assert(exact != NULL);
	memcpy(exact, bytes, size);
	call.state = NULL;
	enum proto_guess g = r->protocol->looks_like(&call, cursor_over(exact, size));
	free(exact);
	return g;
}

/* Feed one piece, unless the parser wants no more. */
static inline void
proto_rig_feed(struct proto_rig *r, bool from_orig, const void *bytes, size_t size)
{
	struct proto_call call = proto_rig_call(r, from_orig);
	uint8_t *exact = malloc(size > 0 ? size : 1);

	assert(exact != NULL);
	memcpy(exact, bytes, size);
	if (!r->is_over)
		r->verdict = r->protocol->parse(&call, cursor_over(exact, size));
	r->is_over |= r->verdict != PROTO_MORE;
	proto_state_rest(r->protocol, r->state);
	free(exact);
}

static inline void
proto_rig_gap(struct proto_rig *r, bool from_orig, uint32_t missing)
{
	struct proto_call call = proto_rig_call(r, from_orig);

	if (!r->is_over && r->protocol->gap != NULL)
		r->is_over = r->protocol->gap(&call, missing) != PROTO_MORE;
	proto_state_rest(r->protocol, r->state);
}

/* The flow ends. */
static inline void
proto_rig_end(struct proto_rig *r)
{
	struct proto_call call = proto_rig_call(r, true);

	if (!r->is_over && r->protocol->end != NULL)
		r->protocol->end(&call);
	r->is_over = true;
}

/*
 * A whole flow: each piece cut into parts of `part` bytes (SIZE_MAX: not cut), and its end.
 *
 * returns  what came out, at r->text
 */
static inline const char *
proto_rig_play(struct proto_rig *r, const struct protocol *protocol,
	const struct proto_piece *pieces, size_t count, size_t part)
{
	proto_rig_init(r, protocol);
	for (size_t i = 0; i < count; i++)
		for (size_t at = 0; at < pieces[i].size;) {
			size_t left = pieces[i].size - at;
			size_t size = part < left ? part : left;
			proto_rig_feed(r, pieces[i].from_orig,
				(const uint8_t *)pieces[i].bytes + at, size);
			at += size;
		}
	proto_rig_end(r);
	proto_rig_done(r);
	return r->text;
}

/* The same, but all ends after `total` bytes: a capture that breaks off there. Nothing may be read past it. */
static inline const char *
proto_rig_truncate(struct proto_rig *r, const struct protocol *protocol,
	const struct proto_piece *pieces, size_t count, size_t total)
{
	proto_rig_init(r, protocol);
	for (size_t i = 0; i < count && total > 0; i++) {
		size_t size = pieces[i].size < total ? pieces[i].size : total;
		proto_rig_feed(r, pieces[i].from_orig, pieces[i].bytes, size);
		total -= size;
	}
	proto_rig_end(r);
	proto_rig_done(r);
	return r->text;
}
