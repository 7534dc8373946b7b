/*
 * tls_hello.h -- what a ClientHello and a ServerHello say, and the fingerprints made of them.
 *
 * For TLS over TCP, DTLS and QUIC alike: a body is the handshake message without its own header.
 * Nothing is allocated and nothing kept. GREASE values (RFC 8701) are no values anywhere.
 *
 * Sources: RFC 8446 section 4.1 and 4.2, RFC 5246 section 7.4.1, RFC 6347 section 4.2.1, RFC 6066, RFC 7301;
 * JA3: github.com/salesforce/ja3; JA4: github.com/FoxIO-LLC/ja4, technical details, JA4 (TLS client).
 */
#pragma once

#include "daemon/base/cursor.h"
#include "daemon/proto/digest.h"

#include <stdbool.h>
#include <stdint.h>

enum {
	TLS_SNI_MAX = 255, /* bytes of a server name; the rest is cut */
	TLS_ALPN_MAX = 31, /* bytes of an application protocol's name; the same */
	TLS_ALPN_COUNT = 8,
	TLS_SESSION_ID_MAX = 32,
	TLS_JA4_TEXT = 10 + 1 + 12 + 1 + 12 + 1,
};

/* Versions as the wire has them. */
enum tls_version {
	TLS_VERSION_SSL2 = 0x0002,
	TLS_VERSION_SSL3 = 0x0300,
	TLS_VERSION_10 = 0x0301,
	TLS_VERSION_11 = 0x0302,
	TLS_VERSION_12 = 0x0303,
	TLS_VERSION_13 = 0x0304,
	TLS_VERSION_DTLS10 = 0xfeff,
	TLS_VERSION_DTLS12 = 0xfefd,
	TLS_VERSION_DTLS13 = 0xfefc,
};

struct tls_session_id {
	uint8_t size;
	uint8_t bytes[TLS_SESSION_ID_MAX];
};

/* Names of application protocols, in the order of the wire. A NUL in one is the four characters \x00. */
struct tls_alpn {
	uint8_t count; /* at most TLS_ALPN_COUNT; those past it are left out */
	char names[TLS_ALPN_COUNT][TLS_ALPN_MAX + 1];
};

struct tls_client_hello {
	uint16_t legacy_version; /* of the message's own field */
	uint16_t version;        /* the newest that is offered */
	bool has_sni;            /* there is the extension, maybe an empty one */
	bool has_ticket;         /* RFC 5077: it wants to resume by a ticket */
	bool has_psk;            /* RFC 8446: it wants to resume, or has a key from outside */
	bool has_early_data;
	bool is_cut;               /* bytes are missing at its end: what was there is told */
	char sni[TLS_SNI_MAX + 1]; /* "" if none; a NUL in it is the four characters \x00 */
	struct tls_alpn alpn;      /* what is offered */
	struct tls_session_id session_id;
	char ja3[DIGEST_MD5_TEXT]; /* "" when is_cut, or not wanted */
	char ja4[TLS_JA4_TEXT];    /* the same */
};

struct tls_server_hello {
	uint16_t legacy_version;
	uint16_t version; /* what was chosen */
	uint16_t cipher;
	uint16_t group; /* TLS 1.3: of the key that is shared; 0: not told */
	bool is_retry;  /* RFC 8446 section 4.1.4: a HelloRetryRequest */
	bool has_ticket;
	bool has_psk; /* TLS 1.3: it resumes, or took the key from outside */
	bool is_cut;
	char protocol[TLS_ALPN_MAX +
		      1]; /* that was chosen; "" if none; TLS 1.3 has it where nobody can read it */
	struct tls_session_id session_id;
	char ja3s[DIGEST_MD5_TEXT]; /* "" when is_cut, or not wanted */
};

/* RFC 8701: a value that is there only to be ignored. */
bool tls_is_grease(uint16_t value);

/*
 * Read a ClientHello.
 *
 * transport  't' TCP, 'q' QUIC, 'd' datagrams (DTLS has a cookie): JA4's first letter
 * prints     whether its fingerprints are wanted, half of the cost; if not they are ""
 * returns    false when it is malformed, or cut before its extensions; then *ret is not to be used
 * cost       O(bytes); of ciphers and extensions JA4 takes the first 256 of each
 */
bool tls_client_hello_read(
	struct cursor body, char transport, bool prints, struct tls_client_hello *ret);

/* Read a ServerHello; the same holds. */
bool tls_server_hello_read(struct cursor body, bool prints, struct tls_server_hello *ret);
