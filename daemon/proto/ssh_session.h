/*
 * ssh_session.h -- what is remembered of a session of SSH: shared by who reads it and who tells it.
 *
 * Some 7 KiB, nearly all of it the two offers, which must be there until the last of both has come.
 */
#pragma once

#include "daemon/proto/digest.h"
#include "daemon/proto/ssh_auth.h"
#include "daemon/proto/ssh_kex.h"

#include <stdbool.h>
#include <stdint.h>
#include <string.h>

enum {
	SSH_BANNER_MAX = 255,   /* bytes (RFC 4253 section 4.2) */
	SSH_KEXINIT_MAX = 3072, /* of a KEXINIT; the longest of today have 1600 bytes */
	SSH_HEAD_BYTES = 6,     /* of a packet: length, length of padding, number of the message */
};

enum ssh_stage {
	SSH_STAGE_BANNER,
	SSH_STAGE_PACKETS,
	SSH_STAGE_ENCRYPTED,
	SSH_STAGE_LOST, /* nobody knows where the next packet begins */
};

struct ssh_side {
	uint8_t stage;
	uint8_t banner_bytes;
	uint8_t head_bytes; /* of the packet that is coming */
	uint8_t lines;      /* before the banner */
	bool is_kept;       /* it is the first KEXINIT */
	bool has_kex;       /* that is all there */
	uint8_t banner[SSH_BANNER_MAX];
	uint8_t head[SSH_HEAD_BYTES];
	uint32_t left; /* bytes of the packet that are to come */
	uint16_t kex_bytes;
	uint8_t kex[SSH_KEXINIT_MAX];
};

/* The server's key: its length in four bytes, then so many. */
struct ssh_host_key {
	uint8_t length_bytes;
	uint8_t length[4];
	uint32_t left;
	bool is_coming, is_told;
	struct digest_md5 md5;
	char text[DIGEST_MD5_TEXT];
};

/* All zero is the beginning. */
struct ssh_session {
	uint64_t began_ns;
	struct ssh_auth auth;
	struct ssh_host_key key;
	bool is_reversed;         /* who opened the connection is the server of SSH in it */
	struct ssh_side sides[2]; /* responder, originator */
};

/* Sides by what they are in SSH. */
static inline const struct ssh_side *
ssh_client(const struct ssh_session *s)
{
	return &s->sides[!s->is_reversed];
}

static inline const struct ssh_side *
ssh_server(const struct ssh_session *s)
{
	return &s->sides[s->is_reversed];
}

/* What a side offered. returns false when it did not, or in more bytes than are kept */
static inline bool
ssh_offer(const struct ssh_side *s, struct ssh_kex *ret)
{
	return s->has_kex && ssh_kex_read(cursor_over(s->kex, s->kex_bytes), ret);
}

static inline bool
ssh_banner_begins(const struct ssh_side *s, const char *text)
{
	size_t length = strlen(text);

	return s->banner_bytes >= length && memcmp(s->banner, text, length) == 0;
}

/* Does its banner say that it speaks version 2? */
static inline bool
ssh_speaks_2(const struct ssh_side *s)
{
	return ssh_banner_begins(s, "SSH-2") || ssh_banner_begins(s, "SSH-1.99");
}
