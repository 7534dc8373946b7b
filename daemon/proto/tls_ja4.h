/*
 * tls_ja4.h -- JA4 of a ClientHello: what is put in while it is read, and the text in the end.
 *
 * Source: github.com/FoxIO-LLC/ja4, technical details, JA4 (TLS client).
 */
#pragma once

#include "daemon/proto/tls_hello.h"

#include <stddef.h>

enum { TLS_JA4_LIST_MAX = 256 };

struct tls_ja4_list {
	size_t count; /* may be more than are kept */
	uint16_t at[TLS_JA4_LIST_MAX];
};

struct tls_ja4 {
	struct tls_ja4_list ciphers, extensions, algorithms; /* without GREASE */
	char alpn[2]; /* of the first protocol offered, see tls_ja4_alpn() */
};

void tls_ja4_begin(struct tls_ja4 *j);
void tls_ja4_add(struct tls_ja4_list *list, uint16_t value);
/* The first protocol that is offered. */
void tls_ja4_alpn(struct tls_ja4 *j, struct cursor name);
/* The text, of a hello whose version and name are read. Sorts the lists. */
void tls_ja4_end(struct tls_ja4 *j, char transport, const struct tls_client_hello *hello,
	char ret_text[TLS_JA4_TEXT]);
