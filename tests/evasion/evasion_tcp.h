/*
 * evasion_tcp.h -- a name server's answer over TCP, byte by byte: what is true, and what is a lie.
 *
 *	struct talk t = talk_new(v);
 *	talk_open(&t);
 *	talk_lie(&t, 0, t.size, ...);  talk_tell(&t, 0, t.size);  talk_ack(&t, t.size);
 *
 * The stream is the server's: one message with the marker, after its two bytes of length; the lie is
 * one of the same length with another name. Where a segment is to be odd, the test changes `server`
 * before it sends and puts it back.
 */
#pragma once

#include "tests/evasion/evasion_rig.h"

#include <string.h>

enum { TALK_STREAM_MAX = 65536 };

struct talk {
	struct evasion *v;
	struct build server, client; /* seq: of the first byte of each */
	uint8_t truth[EVASION_MESSAGE_MAX + 2], lie[EVASION_MESSAGE_MAX + 2];
	uint32_t size; /* of either */
	uint32_t at;   /* where they begin in the server's stream */
};

static inline uint32_t
talk_message(uint8_t *ret_message, const char *name)
{
	size_t size = evasion_message(ret_message + 2, name);

	ret_message[0] = (uint8_t)(size >> 8);
	ret_message[1] = (uint8_t)size;
	return (uint32_t)size + 2;
}

static inline struct talk
talk_new(struct evasion *v)
{
	struct talk t = { .v = v };

	t.size = talk_message(t.truth, EVASION_MARKER);
	(void)talk_message(t.lie, EVASION_DECOY);
	t.client = build_between("10.0.0.7", 40000, "10.0.0.53", 53);
	t.client.seq = 7001;
	t.client.ack = 90001;
	t.client.flags = TCP_ACK;
	t.server = build_answer(&t.client);
	t.server.flags = TCP_ACK | TCP_PSH;
	return t;
}

/* Send a segment of that side as its build has it, with other flags and `before` numbers earlier. */
static inline void
talk_flags(struct talk *t, const struct build *side, uint8_t flags, uint32_t before)
{
	struct build b = *side;

	b.flags = flags;
	b.seq -= before;
	evasion_send(t->v, build_tcp, &b);
}

static inline void
talk_open(struct talk *t)
{
	struct build syn = t->client;

	syn.ack = 0;
	talk_flags(t, &syn, TCP_SYN, 1);
	talk_flags(t, &t->server, TCP_SYN | TCP_ACK, 1);
	talk_flags(t, &t->client, TCP_ACK, 0);
}

/* Bytes of the server's stream from `at` of the message on. */
static inline void
talk_send(struct talk *t, const uint8_t *bytes, uint32_t at, uint32_t size)
{
	struct build b = t->server;

	b.seq += t->at + at;
	b.payload = bytes;
	b.payload_bytes = size;
	evasion_send(t->v, build_tcp, &b);
}

static inline void
talk_tell(struct talk *t, uint32_t at, uint32_t size)
{
	talk_send(t, t->truth + at, at, size);
}

static inline void
talk_lie(struct talk *t, uint32_t at, uint32_t size)
{
	talk_send(t, t->lie + at, at, size);
}

/* The victim has the first `count` bytes of the message. */
static inline void
talk_ack(struct talk *t, uint32_t count)
{
	struct build b = t->client;

	b.ack += t->at + count;
	evasion_send(t->v, build_tcp, &b);
}

/* All of it is told and acknowledged, and both sides end. */
static inline void
talk_all(struct talk *t)
{
	talk_tell(t, 0, t->size);
	talk_ack(t, t->size);
}

/* Both sides say that they have said all. */
static inline void
talk_close(struct talk *t)
{
	struct build server = t->server;
	struct build client = t->client;

	server.seq += t->at + t->size;
	client.ack += t->at + t->size;
	talk_flags(t, &server, TCP_FIN | TCP_ACK, 0);
	client.ack++;
	talk_flags(t, &client, TCP_FIN | TCP_ACK, 0);
	server.seq++;
	server.ack++;
	talk_flags(t, &server, TCP_ACK, 0);
}
