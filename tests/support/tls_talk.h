/* tls_talk.h -- whole handshakes of TLS, a side's part at a time, as a parser is fed them. */
#pragma once

#include "tests/support/proto_rig.h"
#include "tests/support/tls_build.h"
#include "tests/support/x509_sample.h"

enum { TLS_TALK_PIECES = 8 };

struct tls_talk {
	size_t count;
	struct proto_piece pieces[TLS_TALK_PIECES];
	struct tls_build said[TLS_TALK_PIECES];
};

/* The next thing that one side says. */
static inline struct tls_build *
tls_talk_begin(struct tls_talk *t, bool from_orig)
{
	assert(t->count < TLS_TALK_PIECES);
	t->pieces[t->count].from_orig = from_orig;
	t->said[t->count].size = 0;
	return &t->said[t->count];
}

static inline void
tls_talk_end(struct tls_talk *t)
{
	t->pieces[t->count].bytes = t->said[t->count].bytes;
	t->pieces[t->count].size = t->said[t->count].size;
	t->count++;
}

static inline size_t
tls_talk_record(struct tls_build *b, uint8_t type, uint16_t version)
{
	tls_build_number(b, type, 1);
	tls_build_number(b, version, 2);
	return tls_build_open(b, 2);
}

static inline size_t
tls_talk_message(struct tls_build *b, uint8_t type)
{
	tls_build_number(b, type, 1);
	return tls_build_open(b, 3);
}

/* A record of `size` bytes that say nothing. */
static inline void
tls_talk_opaque(struct tls_build *b, uint8_t type, size_t size)
{
	size_t record = tls_talk_record(b, type, 0x0303);

	for (size_t i = 0; i < size; i++)
		tls_build_number(b, 0xee, 1);
	tls_build_close(b, record, 2);
}

/* A message of `size` zeros in a record of its own. */
static inline void
tls_talk_empty(struct tls_build *b, uint8_t type, size_t size)
{
	size_t record = tls_talk_record(b, 22, 0x0303);
	size_t message = tls_talk_message(b, type);

	tls_build_number(b, 0, size);
	tls_build_close(b, message, 3);
	tls_build_close(b, record, 2);
}

static inline void
tls_talk_change(struct tls_build *b)
{
	size_t record = tls_talk_record(b, 20, 0x0303);

	tls_build_number(b, 1, 1);
	tls_build_close(b, record, 2);
}

static inline void
tls_talk_client_hello(struct tls_build *b, const char *sni, size_t session)
{
	size_t record = tls_talk_record(b, 22, 0x0301);
	size_t message = tls_talk_message(b, 1);

	tls_build_chrome_hello(b, sni, session);
	tls_build_close(b, message, 3);
	tls_build_close(b, record, 2);
}

/* version 0x0304: with its extension, and a key of x25519. */
static inline void
tls_talk_server_hello(struct tls_build *b, uint16_t version, uint16_t cipher, size_t session)
{
	size_t record = tls_talk_record(b, 22, 0x0303);
	size_t message = tls_talk_message(b, 2);
	bool is_13 = version == 0x0304;

	tls_build_hello_begin(b, is_13 ? 0x0303 : version, session);
	tls_build_number(b, cipher, 2);
	tls_build_number(b, 0, 1);
	size_t extensions = tls_build_open(b, 2);
	if (is_13) {
		size_t extension = tls_build_extension(b, 43);
		tls_build_number(b, version, 2);
		tls_build_close(b, extension, 2);
		extension = tls_build_extension(b, 51);
		tls_build_number(b, 29, 2);
		tls_build_close(b, extension, 2);
	} else {
		tls_build_alpn(b, "\2h2", 3);
	}
	tls_build_close(b, extensions, 2);
	tls_build_close(b, message, 3);
	tls_build_close(b, record, 2);
}

/* The leaf `leaves` times, then the root. */
static inline void
tls_talk_certificates(struct tls_build *b, size_t leaves)
{
	size_t record = tls_talk_record(b, 22, 0x0303);
	size_t message = tls_talk_message(b, 11);
	size_t list = tls_build_open(b, 3);

	for (size_t i = 0; i < leaves; i++) {
		tls_build_number(b, sizeof(x509_sample_leaf), 3);
		tls_build_bytes(b, x509_sample_leaf, sizeof(x509_sample_leaf));
	}
	tls_build_number(b, sizeof(x509_sample_root), 3);
	tls_build_bytes(b, x509_sample_root, sizeof(x509_sample_root));
	tls_build_close(b, list, 3);
	tls_build_close(b, message, 3);
	tls_build_close(b, record, 2);
}

/* An elliptic key exchange over secp256r1. */
static inline void
tls_talk_server_key(struct tls_build *b)
{
	size_t record = tls_talk_record(b, 22, 0x0303);
	size_t message = tls_talk_message(b, 12);

	tls_build_number(b, 3, 1);
	tls_build_number(b, 23, 2);
	tls_build_number(b, 0, 8);
	tls_build_close(b, message, 3);
	tls_build_close(b, record, 2);
}

/* TLS 1.2, up to the server's encrypted Finished. */
static inline void
tls_talk_12(struct tls_talk *t)
{
	t->count = 0;
	tls_talk_client_hello(tls_talk_begin(t, true), "www.example.org", 0);
	tls_talk_end(t);
	struct tls_build *b = tls_talk_begin(t, false);
	tls_talk_server_hello(b, 0x0303, 0xc02f, 0);
	tls_talk_certificates(b, 1);
	tls_talk_server_key(b);
	tls_talk_empty(b, 14, 0);
	tls_talk_end(t);
	b = tls_talk_begin(t, true);
	tls_talk_empty(b, 16, 8);
	tls_talk_change(b);
	tls_talk_opaque(b, 22, 40);
	tls_talk_end(t);
	b = tls_talk_begin(t, false);
	tls_talk_change(b);
	tls_talk_opaque(b, 22, 40);
	tls_talk_end(t);
}

/* TLS 1.3, up to the client's first encrypted record. */
static inline void
tls_talk_13(struct tls_talk *t)
{
	t->count = 0;
	tls_talk_client_hello(tls_talk_begin(t, true), "www.example.org", 32);
	tls_talk_end(t);
	struct tls_build *b = tls_talk_begin(t, false);
	tls_talk_server_hello(b, 0x0304, 0x1301, 32);
	tls_talk_change(b);
	tls_talk_opaque(b, 23, 100);
	tls_talk_end(t);
	b = tls_talk_begin(t, true);
	tls_talk_change(b);
	tls_talk_opaque(b, 23, 50);
	tls_talk_end(t);
}
