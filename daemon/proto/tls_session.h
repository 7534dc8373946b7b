/*
 * tls_session.h -- what is known of one handshake, whatever carried its messages.
 *
 * TLS over TCP and DTLS put messages and records together and tell them here in the order in which they
 * came. The session reads the messages and emits OBS_TLS once, and OBS_X509 for each certificate.
 */
#pragma once

#include "daemon/proto/proto.h"
#include "daemon/proto/tls_hello.h"
#include "daemon/proto/x509.h"

enum {
	TLS_CHAIN_MAX = 10,    /* certificates of a side that are read */
	TLS_HISTORY_MAX = 100, /* letters; as many as Zeek has */
};

/* Types of records (RFC 8446 section 5.1, RFC 6520). */
enum tls_record_type {
	TLS_RECORD_CIPHER = 20, /* change_cipher_spec */
	TLS_RECORD_ALERT = 21,
	TLS_RECORD_HANDSHAKE = 22,
	TLS_RECORD_DATA = 23,
	TLS_RECORD_HEARTBEAT = 24,
};

/* Types of handshake messages that are read (RFC 8446 section 4, RFC 5246 section 7.4). */
enum tls_message_type {
	TLS_CLIENT_HELLO = 1,
	TLS_SERVER_HELLO = 2,
	TLS_HELLO_RETRY = 6, /* of drafts of 1.3 */
	TLS_CERTIFICATE = 11,
	TLS_SERVER_KEY = 12,
};

struct tls_chain {
	uint8_t fingerprints[TLS_CHAIN_MAX][SHA256_DIGEST_LENGTH];
};

/* A Certificate message that is being read. */
struct tls_certificates {
	bool has_begun, is_second; /* the side has shown a chain before */
	bool is_over;              /* no more of it is read */
	uint32_t left;             /* bytes of its list */
};

/* Of the server's own certificate. */
struct tls_host_certificate {
	bool is_for_name;
	const char *validation; /* a constant of libcrypto's */
	uint64_t not_before_ns, not_after_ns;
	char subject[X509_NAME_TEXT], issuer[X509_NAME_TEXT];
	char serial[X509_SERIAL_TEXT];
	char sha1[X509_SHA1_TEXT];
};

/* Zeroed at first, up to its room. */
struct tls_session {
	uint64_t began_ns; /* 0: nothing was said */
	bool has_client, has_server, has_alert, is_established, is_resumed, is_told;
	bool is_odd;          /* one of the certificates is none, and that was told */
	bool is_encrypted[2]; /* by whether the originator speaks */
	bool is_changed[2]; /* it sent a ChangeCipherSpec: behind it only hellos are in the clear */
	uint8_t alert;
	uint16_t group;
	uint8_t history_size;
	char history[TLS_HISTORY_MAX + 1];
	struct tls_client_hello client;
	struct tls_server_hello server;
	struct tls_certificates coming[2]; /* as `chains` */
	uint8_t chain_counts[2];           /* certificates in them */
	bool has_host;
	/* Room, not zeroed: of certificates that were told. */
	struct tls_chain chains[2]; /* [1] the client's */
	struct tls_host_certificate host;
};

static inline bool
tls_session_has_certificates(const struct tls_session *s)
{
	return s->chain_counts[0] > 0 || s->chain_counts[1] > 0;
}

/* Is this type of message read, so that its bytes must be kept? */
bool tls_session_wants(uint8_t type);

/*
 * One handshake message.
 *
 * body     without its header; may be empty of what the session does not want
 * transport  as tls_client_hello_read() has it
 * returns  false when it is no such message
 */
bool tls_session_message(struct proto_call *call, struct tls_session *s, uint8_t type,
	struct cursor body, char transport);

/*
 * Bytes of a Certificate message that is coming: those of its certificates that are whole are read, and taken off.
 * The others are to come again, with what is behind them, here or in tls_session_message().
 */
void tls_session_certificates(struct proto_call *call, struct tls_session *s, struct cursor *bytes);

/* Of the message that is coming nothing more will be said. */
void tls_session_torn(struct tls_session *s, bool from_orig);

/* Something was said that is read elsewhere: note it, and when. */
void tls_session_begin(const struct proto_call *call, struct tls_session *s, uint8_t type);

/* A record that is no handshake in the clear: its type, and the alert's description if it is one. */
void tls_session_record(
	struct proto_call *call, struct tls_session *s, uint8_t type, uint8_t alert);

/* Something of this side that is encrypted for certain. */
void tls_session_hidden(struct proto_call *call, struct tls_session *s);

/* Will what this side says next be encrypted? Then records are not looked into. */
bool tls_session_is_encrypted(const struct tls_session *s, bool from_orig);

/* The end, or as much as will be known: emit it, unless that was done or nothing was said. */
void tls_session_tell(struct proto_call *call, struct tls_session *s);
