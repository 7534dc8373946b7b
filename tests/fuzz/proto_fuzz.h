/*
 * proto_fuzz.h -- the body of a parser's fuzz target: any bytes as both sides of a conversation.
 *
 * Define FUZZED as the protocol's symbol before including it, and FUZZED_PORT where its port matters. Input: byte 0 is how many bytes come at a
 * time, byte 1 after how many parts some are missing; then pieces, each after two bytes: the side in the
 * top bit, the size in the others. Over TCP whole and cut must tell the same; with bytes missing, and
 * for datagrams, it must only hold together. Nothing may be allocated but what FUZZED_ALLOCATES allows.
 */
#pragma once

#include "daemon/base/buddy.h"
#include "daemon/proto/proto.h"
#include "daemon/transactions/transaction.h"
#include "tests/support/failing_alloc.h"
#include "tests/support/proto_state.h"
#include "tests/support/said_text.h"

#include <assert.h>
#include <netinet/in.h>
#include <stddef.h>
#include <stdint.h>
#include <string.h>

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size);

extern const struct protocol FUZZED;

#ifndef FUZZED_PORT
#define FUZZED_PORT 80
#endif

enum { PROTO_FUZZ_STATE = BUDDY_MAX_BYTES, PROTO_FUZZ_LINE = 64 * 1024 };

struct proto_fuzz_told {
	size_t count;
	uint64_t hash;
};

static void
proto_fuzz_hear(void *context, const struct observation *o)
{
	static char line[PROTO_FUZZ_LINE];
	struct proto_fuzz_told *t = context;
	struct strbuf out;

	strbuf_init(&out, line, sizeof(line));
	said_text(&out, o);
	assert(!out.truncated);
	for (size_t i = 0; i <= out.length; i++)
		t->hash = (t->hash ^ (uint8_t)line[i]) * UINT64_C(1099511628211);
	t->count++;
}

static void
proto_fuzz_weird(void *context, enum weird kind)
{
	(void)context;
	assert(kind < WEIRD_COUNT);
}

static void
proto_fuzz_expect(void *context, const struct proto_expected *expected)
{
	(void)context;
	assert(expected->protocol != NULL);
}

static void
proto_fuzz_also(void *context, const char *service)
{
	(void)context;
	assert(service[0] != '\0');
}

/* The next bytes of one side, or their loss. returns whether the parser wants no more */
static bool
proto_fuzz_feed(struct proto_call *call, struct cursor bytes, bool is_lost)
{
	if (!is_lost)
		return FUZZED.parse(call, bytes) != PROTO_MORE;
	return FUZZED.gap != NULL && FUZZED.gap(call, (uint32_t)cursor_left(&bytes)) != PROTO_MORE;
}

static struct proto_fuzz_told
proto_fuzz_play(struct cursor pieces, size_t part, size_t gap_after)
{
	static uint64_t state[PROTO_FUZZ_STATE / sizeof(uint64_t)];
	struct proto_fuzz_told told = { .hash = UINT64_C(14695981039346656037) };
	struct proto_call call = { .ts_ns = 1,
		.hop_limit = 255,
		.emit = proto_fuzz_hear,
		.weird = proto_fuzz_weird,
		.expect = proto_fuzz_expect,
		.also = proto_fuzz_also,
		.context = &told };
	bool is_over = false;
	size_t parts = 0;

	assert(FUZZED.state_size <= sizeof(state));
	proto_state_prepare(&FUZZED, state);
	while (!is_over && cursor_left(&pieces) > 2) {
		uint16_t head = cursor_be16(&pieces);
		size_t size = head & 0x7fff;
		if (size > cursor_left(&pieces))
			size = cursor_left(&pieces);
		struct cursor piece = cursor_sub(&pieces, size);
		call.from_orig = (head & 0x8000) == 0;
		call.src_port = call.from_orig ? 40000 : FUZZED_PORT;
		call.dst_port = call.from_orig ? FUZZED_PORT : 40000;
		if (parts == 0 && FUZZED.looks_like != NULL) {
			call.state = NULL;
			(void)FUZZED.looks_like(&call, piece);
		}
		call.state = state;
		while (!is_over && cursor_left(&piece) > 0) {
			size_t left = cursor_left(&piece);
			struct cursor bytes = cursor_sub(&piece, part < left ? part : left);
			is_over = proto_fuzz_feed(&call, bytes, parts++ == gap_after);
			if (part < SIZE_MAX)
				proto_state_rest(&FUZZED, state);
		}
	}
	call.state = state;
	call.from_orig = true;
	if (!is_over && FUZZED.end != NULL)
		FUZZED.end(&call);
	return told;
}

int
LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
	struct cursor c = cursor_over(data, size);
	size_t part = 1U + cursor_u8(&c);
	size_t gap_after = cursor_u8(&c);

	if (c.short_read || cursor_left(&c) == 0)
		return 0;
#ifndef FUZZED_ALLOCATES
	failing_alloc_begin(1);
#endif
	struct proto_fuzz_told whole = proto_fuzz_play(c, SIZE_MAX, SIZE_MAX);
	if (FUZZED.ip_proto == IPPROTO_TCP) {
		struct proto_fuzz_told cut = proto_fuzz_play(c, part, SIZE_MAX);
		(void)proto_fuzz_play(c, part, gap_after);
		assert(whole.count == cut.count && whole.hash == cut.hash);
	}
#ifndef FUZZED_ALLOCATES
	assert(failing_alloc_end() == 0);
#endif
	return 0;
}
