#include "daemon/proto/tls_hello.h"

#include "daemon/base/strbuf.h"
#include "daemon/proto/tls_ja4.h"

#include <string.h>

enum extension {
	EXTENSION_SERVER_NAME = 0,
	EXTENSION_GROUPS = 10,
	EXTENSION_POINT_FORMATS = 11,
	EXTENSION_ALGORITHMS = 13,
	EXTENSION_ALPN = 16,
	EXTENSION_TICKET = 35,
	EXTENSION_KEY_SHARE_DRAFT = 40, /* before the 23rd draft of TLS 1.3 */
	EXTENSION_PSK = 41,
	EXTENSION_EARLY_DATA = 42,
	EXTENSION_VERSIONS = 43,
	EXTENSION_KEY_SHARE = 51,
};

enum {
	RANDOM_BYTES = 32,
	NAME_TYPE_HOST = 0,
	DECIMAL_MAX = 5, /* digits of 16 bits */
	JA3_AT_ONCE = 256,
	/*
	 * Drafts of TLS 1.3 up to the 21st had a ServerHello without session and compression. The earliest
	 * did not say that they were drafts.
	 */
	DRAFT_FIRST = 0x7f00,
	DRAFT_WITHOUT_SESSION = 0x7f15,
};

/* What JA3 and JA4 are made of, while a ClientHello is read. */
struct prints {
	bool are_wanted;
	struct cursor ciphers, groups, point_formats; /* lists, as the wire has them */
	struct tls_ja4 ja4;
};

bool
tls_is_grease(uint16_t value)
{
	return (value & 0x0f0f) == 0x0a0a && value >> 8 == (value & 0xff);
}

/* A name as a C string: what does not fit is cut, a NUL is written out. */
static void
name_write(struct cursor name, char *ret_text, size_t capacity)
{
	static const char nul[] = "\\x00";
	struct strbuf out;

	strbuf_init(&out, ret_text, capacity);
	while (cursor_left(&name) > 0) {
		char b = (char)cursor_u8(&name);
		strbuf_bytes(&out, b == '\0' ? nul : &b, b == '\0' ? sizeof(nul) - 1 : 1);
	}
}

static bool
session_id_read(struct cursor *c, struct tls_session_id *ret)
{
	uint8_t size = cursor_u8(c);

	if (size > TLS_SESSION_ID_MAX)
		return false;
	ret->size = size;
	cursor_bytes(c, ret->bytes, size);
	return true;
}

/* ---- extensions ---- */

static struct cursor
list8(struct cursor *c)
{
	return cursor_sub(c, cursor_u8(c));
}

static struct cursor
list16(struct cursor *c)
{
	return cursor_sub(c, cursor_be16(c));
}

/*
 * The block of extensions, which older hellos do not have.
 *
 * returns  what is there of it; `ret_cut` whether that is all
 */
static struct cursor
extensions_of(struct cursor *body, bool *ret_cut)
{
	*ret_cut = false;
	if (cursor_left(body) == 0)
		return *body;
	size_t size = cursor_be16(body);
	*ret_cut = body->short_read || size > cursor_left(body);
	return cursor_sub(body, *ret_cut ? cursor_left(body) : size);
}

static void
server_name_read(struct cursor data, struct tls_client_hello *ret)
{
	struct cursor list = list16(&data);

	ret->has_sni = true;
	while (cursor_left(&list) > 0) {
		uint8_t type = cursor_u8(&list);
		struct cursor name = list16(&list);
		if (type != NAME_TYPE_HOST || name.short_read)
			continue;
		name_write(name, ret->sni, sizeof(ret->sni));
		return;
	}
}

static void
alpn_read(struct cursor data, struct tls_alpn *ret, struct tls_ja4 *ja4)
{
	struct cursor list = list16(&data);

	while (cursor_left(&list) > 0 && ret->count < TLS_ALPN_COUNT) {
		struct cursor name = list8(&list);
		if (name.short_read)
			return;
		if (ret->count == 0)
			tls_ja4_alpn(ja4, name);
		name_write(name, ret->names[ret->count++], TLS_ALPN_MAX + 1);
	}
}

/* DTLS counts down. */
static bool
is_newer(uint16_t version, uint16_t than)
{
	bool is_datagram = version >> 8 == 0xfe;

	return is_datagram ? version < than : version > than;
}

static void
versions_read(struct cursor data, struct tls_client_hello *ret)
{
	struct cursor list = list8(&data);
	bool is_first = true;

	while (cursor_left(&list) > 1) {
		uint16_t version = cursor_be16(&list);
		if (tls_is_grease(version) || !(is_first || is_newer(version, ret->version)))
			continue;
		ret->version = version;
		is_first = false;
	}
}

static void
algorithms_read(struct cursor data, struct prints *p)
{
	struct cursor list = list16(&data);

	while (p->are_wanted && cursor_left(&list) > 1)
		tls_ja4_add(&p->ja4.algorithms, cursor_be16(&list));
}

static void
client_extension(uint16_t type, struct cursor data, struct tls_client_hello *ret, struct prints *p)
{
	switch (type) {
	case EXTENSION_SERVER_NAME:
		server_name_read(data, ret);
		break;
	case EXTENSION_GROUPS:
		p->groups = list16(&data);
		break;
	case EXTENSION_POINT_FORMATS:
		p->point_formats = list8(&data);
		break;
	case EXTENSION_ALGORITHMS:
		algorithms_read(data, p);
		break;
	case EXTENSION_ALPN:
		alpn_read(data, &ret->alpn, &p->ja4);
		break;
	case EXTENSION_TICKET:
		ret->has_ticket = cursor_left(&data) > 0;
		break;
	case EXTENSION_PSK:
		ret->has_psk = true;
		break;
	case EXTENSION_EARLY_DATA:
		ret->has_early_data = true;
		break;
	case EXTENSION_VERSIONS:
		versions_read(data, ret);
		break;
	default:
		break;
	}
}

/* ---- JA3 ---- */

/* JA3's text on its way into its digest: number by number each call would cost more than the bytes. */
struct ja3 {
	struct digest_md5 digest;
	bool is_list; /* the list that is being written has a number */
	size_t size;
	char text[JA3_AT_ONCE];
};

static void
ja3_begin(struct ja3 *j)
{
	digest_md5_begin(&j->digest);
	j->is_list = false;
	j->size = 0;
}

static void
ja3_end(struct ja3 *j, char ret_text[DIGEST_MD5_TEXT])
{
	digest_md5_add(&j->digest, j->text, j->size);
	digest_md5_end(&j->digest, ret_text);
}

/* Make room for a number and what is before it. */
static void
ja3_flush(struct ja3 *j)
{
	if (j->size <= sizeof(j->text) - 1 - DECIMAL_MAX)
		return;
	digest_md5_add(&j->digest, j->text, j->size);
	j->size = 0;
}

static void
ja3_comma(struct ja3 *j)
{
	ja3_flush(j);
	j->text[j->size++] = ',';
	j->is_list = false;
}

/* Add a number in decimal, after a dash if it is not the first of its list. */
static void
ja3_number(struct ja3 *j, unsigned value)
{
	char digits[DECIMAL_MAX];
	size_t at = sizeof(digits);

	ja3_flush(j);
	if (j->is_list)
		j->text[j->size++] = '-';
	j->is_list = true;
	do {
		digits[--at] = (char)('0' + value % 10);
		value /= 10;
	} while (value > 0);
	while (at < sizeof(digits))
		j->text[j->size++] = digits[at++];
}

/* A list of 16-bit values, or of 8-bit ones, after a comma. */
static void
ja3_list(struct ja3 *j, struct cursor list, size_t width)
{
	ja3_comma(j);
	while (cursor_left(&list) >= width) {
		uint16_t value = width == 1 ? cursor_u8(&list) : cursor_be16(&list);
		if (!tls_is_grease(value))
			ja3_number(j, value);
	}
}

static void
ja3_extensions(struct ja3 *j, struct cursor extensions)
{
	ja3_comma(j);
	while (cursor_left(&extensions) > 0) {
		uint16_t type = cursor_be16(&extensions);
		(void)list16(&extensions);
		if (!extensions.short_read && !tls_is_grease(type))
			ja3_number(j, type);
	}
}

static void
ja3_write(const struct tls_client_hello *hello, const struct prints *p, struct cursor extensions,
	char ret_text[DIGEST_MD5_TEXT])
{
	struct ja3 j;

	ja3_begin(&j);
	ja3_number(&j, hello->legacy_version);
	ja3_list(&j, p->ciphers, 2);
	ja3_extensions(&j, extensions);
	ja3_list(&j, p->groups, 2);
	ja3_list(&j, p->point_formats, 1);
	ja3_end(&j, ret_text);
}

static void
ja3s_write(const struct tls_server_hello *hello, struct cursor extensions,
	char ret_text[DIGEST_MD5_TEXT])
{
	struct ja3 j;

	ja3_begin(&j);
	ja3_number(&j, hello->legacy_version);
	ja3_comma(&j);
	ja3_number(&j, hello->cipher);
	ja3_extensions(&j, extensions);
	ja3_end(&j, ret_text);
}

/* ---- the messages ---- */

static void
ciphers_read(struct cursor list, struct tls_ja4_list *ret)
{
	while (cursor_left(&list) > 1)
		tls_ja4_add(ret, cursor_be16(&list));
}

bool
tls_client_hello_read(struct cursor body, char transport, bool prints, struct tls_client_hello *ret)
{
	struct prints p;

	p.are_wanted = prints;
	p.groups = p.point_formats = cursor_over(NULL, 0);
	memset(ret, 0, sizeof(*ret));
	tls_ja4_begin(&p.ja4);
	ret->legacy_version = cursor_be16(&body);
	ret->version = ret->legacy_version;
	(void)cursor_take(&body, RANDOM_BYTES);
	if (!session_id_read(&body, &ret->session_id))
		return false;
	if (transport == 'd')
		(void)list8(&body);
	p.ciphers = list16(&body);
	(void)list8(&body);
	if (body.short_read)
		return false;
	if (prints)
		ciphers_read(p.ciphers, &p.ja4.ciphers);
	struct cursor extensions = extensions_of(&body, &ret->is_cut);
	struct cursor c = extensions;
	while (cursor_left(&c) > 0) {
		uint16_t type = cursor_be16(&c);
		struct cursor data = list16(&c);
		if (c.short_read)
			break;
		if (prints)
			tls_ja4_add(&p.ja4.extensions, type);
		client_extension(type, data, ret, &p);
	}
	ret->is_cut |= c.short_read;
	if (ret->is_cut || !prints)
		return true;
	ja3_write(ret, &p, extensions, ret->ja3);
	tls_ja4_end(&p.ja4, transport, ret, ret->ja4);
	return true;
}

/* The first of its list, which has one. */
static void
protocol_read(struct cursor data, struct tls_server_hello *ret)
{
	struct cursor list = list16(&data);
	struct cursor name = list8(&list);

	if (!name.short_read)
		name_write(name, ret->protocol, sizeof(ret->protocol));
}

static void
server_extension(uint16_t type, struct cursor data, struct tls_server_hello *ret)
{
	switch (type) {
	case EXTENSION_ALPN:
		protocol_read(data, ret);
		break;
	case EXTENSION_TICKET:
		ret->has_ticket = true;
		break;
	case EXTENSION_PSK:
		ret->has_psk = true;
		break;
	case EXTENSION_VERSIONS:
		if (cursor_left(&data) > 1)
			ret->version = cursor_be16(&data);
		break;
	case EXTENSION_KEY_SHARE_DRAFT:
	case EXTENSION_KEY_SHARE:
		ret->group = cursor_be16(&data);
		break;
	default:
		break;
	}
}

bool
tls_server_hello_read(struct cursor body, bool prints, struct tls_server_hello *ret)
{
	/* SHA-256 of "HelloRetryRequest" in the place of the random bytes. */
	static const uint8_t retry[RANDOM_BYTES] = { 0xcf, 0x21, 0xad, 0x74, 0xe5, 0x9a, 0x61, 0x11,
		0xbe, 0x1d, 0x8c, 0x02, 0x1e, 0x65, 0xb8, 0x91, 0xc2, 0xa2, 0x11, 0x16, 0x7a, 0xbb,
		0x8c, 0x5e, 0x07, 0x9e, 0x09, 0xe2, 0xc8, 0xa8, 0x33, 0x9c };

	memset(ret, 0, sizeof(*ret));
	ret->legacy_version = cursor_be16(&body);
	ret->version = ret->legacy_version;
	bool is_old_draft = ret->version == TLS_VERSION_13 ||
			    (ret->version >= DRAFT_FIRST && ret->version <= DRAFT_WITHOUT_SESSION);
	const uint8_t *random = cursor_take(&body, RANDOM_BYTES);
	if (random == NULL || (!is_old_draft && !session_id_read(&body, &ret->session_id)))
		return false;
	ret->is_retry = memcmp(random, retry, sizeof(retry)) == 0;
	ret->cipher = cursor_be16(&body);
	if (!is_old_draft)
		(void)cursor_u8(&body);
	if (body.short_read)
		return false;
	struct cursor extensions = extensions_of(&body, &ret->is_cut);
	struct cursor c = extensions;
	while (cursor_left(&c) > 0) {
		uint16_t type = cursor_be16(&c);
		struct cursor data = list16(&c);
		if (c.short_read)
			break;
		server_extension(type, data, ret);
	}
	ret->is_cut |= c.short_read;
	if (!ret->is_cut && prints)
		ja3s_write(ret, extensions, ret->ja3s);
	return true;
}
