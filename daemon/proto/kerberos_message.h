/*
 * kerberos_message.h -- one message of Kerberos 5 (RFC 4120 section 5), as far as it is in clear text.
 */
#pragma once

#include "daemon/base/cursor.h"
#include "daemon/transactions/kerberos.h"

enum kerberos_type {
	KERBEROS_NONE = 0, /* none that is read */
	KERBEROS_AS_REQ = 10,
	KERBEROS_AS_REP = 11,
	KERBEROS_TGS_REQ = 12,
	KERBEROS_TGS_REP = 13,
	KERBEROS_ERROR = 30,
};

struct kerberos_message {
	enum kerberos_type type;
	char client[KERBEROS_NAME_MAX]; /* "": not told */
	char service[KERBEROS_NAME_MAX];
	char error_text[KERBEROS_NAME_MAX];
	int32_t error;
	int32_t cipher;
	uint32_t options; /* of a request: KERBEROS_FORWARDABLE ... */
	uint64_t from_ns, till_ns;
};

#define KERBEROS_FORWARDABLE UINT32_C(0x40000000)
#define KERBEROS_RENEWABLE   UINT32_C(0x00800000)

/* The size of the whole message by its first bytes: 0 when they are too few, UINT32_MAX if it is none. */
uint32_t kerberos_message_size(struct cursor first_bytes);

/* Read what is there of a message that may be cut. ret_message->type is KERBEROS_NONE when it is none. */
void kerberos_message_read(struct cursor message, struct kerberos_message *ret_message);

/* RFC 4120 section 7.5.9; NULL for errors that it has not */
const char *kerberos_error_name(int32_t error);
/* IANA's names of encryption types; NULL for others */
const char *kerberos_cipher_name(int32_t cipher);
