#include "daemon/proto/tls_ja4.h"

#include "daemon/base/ascii.h"
#include "daemon/base/strbuf.h"

#include <string.h>

enum {
	EXTENSION_SNI = 0,
	EXTENSION_ALPN = 16,
	COUNT_MAX = 99, /* two digits */
	HASH_DIGITS = 12,
	NUMBER_TEXT = 5, /* ",002f" */
};

static const char hex_digits[] = "0123456789abcdef";

void
tls_ja4_begin(struct tls_ja4 *j)
{
	j->ciphers.count = 0;
	j->extensions.count = 0;
	j->algorithms.count = 0;
	j->alpn[0] = '0';
	j->alpn[1] = '0';
}

void
tls_ja4_add(struct tls_ja4_list *list, uint16_t value)
{
	if (tls_is_grease(value))
		return;
	if (list->count < TLS_JA4_LIST_MAX)
		list->at[list->count] = value;
	list->count++;
}

static bool
is_alphanumeric(uint8_t b)
{
	return ascii_is_digit(b) || ascii_is_letter(b);
}

/* Its first and last character; where they are none, the first and last digit of its bytes. */
void
tls_ja4_alpn(struct tls_ja4 *j, struct cursor name)
{
	size_t size = cursor_left(&name);
	const uint8_t *bytes = cursor_take(&name, size);

	if (bytes == NULL || size == 0)
		return;
	uint8_t first = bytes[0];
	uint8_t last = bytes[size - 1];
	if (is_alphanumeric(first) && is_alphanumeric(last)) {
		j->alpn[0] = (char)first;
		j->alpn[1] = (char)last;
	} else {
		j->alpn[0] = hex_digits[first >> 4];
		j->alpn[1] = hex_digits[last & 15];
	}
}

static const char *
version_text(uint16_t version)
{
	switch (version) {
	case TLS_VERSION_13:
		return "13";
	case TLS_VERSION_12:
		return "12";
	case TLS_VERSION_11:
		return "11";
	case TLS_VERSION_10:
		return "10";
	case TLS_VERSION_SSL3:
		return "s3";
	case TLS_VERSION_SSL2:
		return "s2";
	case TLS_VERSION_DTLS10:
		return "d1";
	case TLS_VERSION_DTLS12:
		return "d2";
	case TLS_VERSION_DTLS13:
		return "d3";
	default:
		return "00";
	}
}

static size_t
kept(const struct tls_ja4_list *list)
{
	return list->count < TLS_JA4_LIST_MAX ? list->count : TLS_JA4_LIST_MAX;
}

/* By insertion: the lists are short, and libc's qsort() may take memory. */
static void
sort(struct tls_ja4_list *list)
{
	for (size_t i = 1; i < kept(list); i++) {
		uint16_t value = list->at[i];
		size_t to = i;
		for (; to > 0 && list->at[to - 1] > value; to--)
			list->at[to] = list->at[to - 1];
		list->at[to] = value;
	}
}

/* "002f,0035"; returns false when there is none */
static bool
list_hash(struct digest_sha256 *d, const struct tls_ja4_list *list, bool without_names)
{
	char text[NUMBER_TEXT * TLS_JA4_LIST_MAX];
	char *out = text;

	for (size_t i = 0; i < kept(list); i++) {
		uint16_t v = list->at[i];
		if (without_names && (v == EXTENSION_SNI || v == EXTENSION_ALPN))
			continue;
		*out++ = ',';
		*out++ = hex_digits[v >> 12];
		*out++ = hex_digits[v >> 8 & 15];
		*out++ = hex_digits[v >> 4 & 15];
		*out++ = hex_digits[v & 15];
	}
	if (out == text)
		return false;
	digest_sha256_add(d, text + 1, (size_t)(out - text) - 1);
	return true;
}

static void
hash_write(struct strbuf *out, struct digest_sha256 *d, bool is_something)
{
	char text[DIGEST_SHA256_TEXT];

	strbuf_char(out, '_');
	digest_sha256_end(d, text);
	strbuf_bytes(out, is_something ? text : "000000000000", HASH_DIGITS);
}

void
tls_ja4_end(struct tls_ja4 *j, char transport, const struct tls_client_hello *hello,
	char ret_text[TLS_JA4_TEXT])
{
	size_t ciphers = j->ciphers.count;
	size_t extensions = j->extensions.count;
	struct digest_sha256 d;
	struct strbuf out;

	strbuf_init(&out, ret_text, TLS_JA4_TEXT);
	strbuf_char(&out, transport);
	strbuf_text(&out, version_text(hello->version));
	strbuf_char(&out, hello->has_sni ? 'd' : 'i');
	strbuf_u64_padded(&out, ciphers < COUNT_MAX ? ciphers : COUNT_MAX, 2);
	strbuf_u64_padded(&out, extensions < COUNT_MAX ? extensions : COUNT_MAX, 2);
	strbuf_bytes(&out, j->alpn, sizeof(j->alpn));
	sort(&j->ciphers);
	sort(&j->extensions);
	digest_sha256_begin(&d);
	hash_write(&out, &d, list_hash(&d, &j->ciphers, false));
	digest_sha256_begin(&d);
	bool is_extended = list_hash(&d, &j->extensions, true);
	if (j->algorithms.count > 0)
		digest_sha256_add(&d, "_", 1);
	(void)list_hash(&d, &j->algorithms, false);
	hash_write(&out, &d, is_extended);
}
