/*
 * mime.c -- signatures of binary formats, tags of markup, and the question whether it is text at all.
 *
 * A signature at a fixed place convicts; where two share a beginning the longer one stands first. Text is
 * what has no control characters and is well-formed UTF-8 up to a character that the end cuts.
 */
#include "daemon/proto/mime.h"

#include "daemon/base/utf8.h"

#include <stdbool.h>
#include <strings.h>

enum {
	TEXT_MIN = 8,             /* bytes; fewer say nothing */
	PROGRAM_HEADER_AT = 0x3c, /* where a program of DOS says where its Windows part begins */
	PROGRAM_HEADER_MAX = 1 << 20, /* and that is near */
};

struct signature {
	uint16_t offset;
	uint16_t size;
	const char *bytes;
	const char *type;
};

#define SIGNATURE(offset_, bytes_, type_)                  \
	{                                                  \
		offset_, sizeof(bytes_) - 1, bytes_, type_ \
	}

static const struct signature signatures[] = {
	SIGNATURE(0, "\x89PNG\r\n\x1a\n", "image/png"),
	SIGNATURE(0, "\xff\xd8\xff", "image/jpeg"),
	SIGNATURE(0, "GIF87a", "image/gif"),
	SIGNATURE(0, "GIF89a", "image/gif"),
	SIGNATURE(8, "WEBPVP8", "image/webp"),
	SIGNATURE(0, "II*\0", "image/tiff"),
	SIGNATURE(0, "MM\0*", "image/tiff"),
	SIGNATURE(0, "\0\0\1\0", "image/x-icon"),
	SIGNATURE(0, "MZ", "application/x-dosexec"),
	SIGNATURE(0,
		"\x7f"
		"ELF",
		"application/x-executable"),
	SIGNATURE(0, "\xca\xfe\xba\xbe", "application/x-java-applet"),
	SIGNATURE(0, "\xfe\xed\xfa\xce", "application/x-mach-o-executable"),
	SIGNATURE(0, "\xfe\xed\xfa\xcf", "application/x-mach-o-executable"),
	SIGNATURE(0, "\xce\xfa\xed\xfe", "application/x-mach-o-executable"),
	SIGNATURE(0, "\xcf\xfa\xed\xfe", "application/x-mach-o-executable"),
	SIGNATURE(0, "PK\3\4", "application/zip"),
	SIGNATURE(0, "PK\5\6", "application/zip"),
	SIGNATURE(0, "\x1f\x8b", "application/x-gzip"),
	SIGNATURE(0, "BZh", "application/x-bzip2"),
	SIGNATURE(0,
		"\xfd"
		"7zXZ\0",
		"application/x-xz"),
	SIGNATURE(0, "7z\xbc\xaf\x27\x1c", "application/x-7z-compressed"),
	SIGNATURE(0, "Rar!\x1a\7", "application/x-rar"),
	SIGNATURE(0, "MSCF", "application/vnd.ms-cab-compressed"),
	SIGNATURE(257, "ustar", "application/x-tar"),
	SIGNATURE(0, "%PDF-", "application/pdf"),
	SIGNATURE(0, "%!PS", "application/postscript"),
	SIGNATURE(0, "{\\rtf", "text/rtf"),
	SIGNATURE(0, "\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1", "application/msword"),
	SIGNATURE(0, "FWS", "application/x-shockwave-flash"),
	SIGNATURE(0, "CWS", "application/x-shockwave-flash"),
	SIGNATURE(0, "ZWS", "application/x-shockwave-flash"),
	SIGNATURE(0, "FLV\1", "video/x-flv"),
	SIGNATURE(0, "Cr24", "application/chrome-ext"),
	SIGNATURE(0, "\0asm", "application/wasm"),
	SIGNATURE(0, "wOFF", "application/font-woff"),
	SIGNATURE(0, "wOF2", "application/font-woff"),
	SIGNATURE(34, "LP", "application/vnd.ms-fontobject"),
	SIGNATURE(4, "ftypqt", "video/quicktime"),
	SIGNATURE(4, "ftypisom", "video/mp4"),
	SIGNATURE(4, "ftypmp4", "video/mp4"),
	SIGNATURE(4, "ftypavc1", "video/mp4"),
	SIGNATURE(4, "ftypM4V", "video/mp4"),
	SIGNATURE(4, "ftypM4A", "audio/mp4"),
	SIGNATURE(4, "ftyp3gp", "video/3gpp"),
	SIGNATURE(4, "ftypavif", "image/avif"),
	SIGNATURE(4, "ftypheic", "image/heic"),
	SIGNATURE(0, "\x1a\x45\xdf\xa3", "video/webm"),
	SIGNATURE(8, "AVI ", "video/x-msvideo"),
	SIGNATURE(8, "WAVE", "audio/x-wav"),
	SIGNATURE(0, "ID3", "audio/mpeg"),
	SIGNATURE(0, "\xff\xfb", "audio/mpeg"),
	SIGNATURE(0, "OggS", "application/ogg"),
	SIGNATURE(0, "#!", "text/x-shellscript"),
};

/* What a text in markup begins with after white space, in any case. */
static const struct {
	const char *text;
	const char *type;
} tags[] = {
	{ "<!doctype html", "text/html" },
	{ "<html", "text/html" },
	{ "<head", "text/html" },
	{ "<title", "text/html" },
	{ "<body", "text/html" },
	{ "<script", "text/html" },
	{ "<iframe", "text/html" },
	{ "<h1", "text/html" },
	{ "<div", "text/html" },
	{ "<font", "text/html" },
	{ "<table", "text/html" },
	{ "<a", "text/html" },
	{ "<style", "text/html" },
	{ "<b", "text/html" },
	{ "<br", "text/html" },
	{ "<p", "text/html" },
	{ "<meta", "text/html" },
	{ "<cross-domain-policy", "text/x-cross-domain-policy" },
	{ "<svg", "image/svg+xml" },
	{ "<rss", "text/rss" },
};

static bool
is_space(uint8_t b)
{
	return b == ' ' || (b >= '\t' && b <= '\r');
}

static void
spaces_skip(struct cursor *c)
{
	struct cursor next = *c;

	while (cursor_left(&next) > 0 && is_space(cursor_u8(&next)))
		*c = next;
}

/* Does a text begin like that, in any case? */
static bool
begins(struct cursor c, const char *text)
{
	size_t size = strlen(text);
	const uint8_t *at = cursor_take(&c, size);

	return at != NULL && strncasecmp((const char *)at, text, size) == 0;
}

/* A tag ends where its name does. */
static bool
begins_with_tag(struct cursor c, const char *tag)
{
	if (!begins(c, tag))
		return false;
	(void)cursor_take(&c, strlen(tag));
	uint8_t next = cursor_u8(&c);
	return c.short_read || next == '>' || next == '/' || is_space(next);
}

/* Past a comment or a "<?xml ...?>" in front of the markup. returns false when there is none, or no end */
static bool
preface_skip(struct cursor *c, const char *opening, const char *closing)
{
	struct cursor rest = *c;

	if (!begins(rest, opening))
		return false;
	while (cursor_left(&rest) > 0 && !begins(rest, closing))
		(void)cursor_u8(&rest);
	if (cursor_take(&rest, strlen(closing)) == NULL)
		return false;
	spaces_skip(&rest);
	*c = rest;
	return true;
}

static const char *
mime_of_markup(struct cursor text)
{
	bool is_xml = begins(text, "<?xml");

	if (is_xml)
		(void)preface_skip(&text, "<?xml", "?>");
	while (preface_skip(&text, "<!--", "-->"))
		continue;
	for (size_t i = 0; i < sizeof(tags) / sizeof(*tags); i++)
		if (begins_with_tag(text, tags[i].text))
			return tags[i].type;
	if (begins(text, "<!doctype cross-domain-policy"))
		return "text/x-cross-domain-policy";
	if (begins(text, "<soap"))
		return "application/soap+xml";
	if (is_xml)
		return "application/xml";
	return begins(text, "<!--") ? "text/html" : NULL;
}

static bool
is_word_byte(uint8_t b)
{
	return (b >= 'a' && b <= 'z') || (b >= 'A' && b <= 'Z') || (b >= '0' && b <= '9') ||
	       b == '_';
}

/* What begins an object: its end, or a name and a colon; many leave out the quotes that RFC 8259 wants. */
static bool
is_member(struct cursor text)
{
	if (begins(text, "}") || begins(text, "\""))
		return true;
	size_t size = cursor_left(&text);
	while (cursor_left(&text) > 0 && is_word_byte(text.at[0]))
		(void)cursor_u8(&text);
	return cursor_left(&text) < size && begins(text, ":");
}

/* An object or array, as far as its beginning tells. */
static bool
is_json(struct cursor text)
{
	uint8_t first = cursor_u8(&text);

	spaces_skip(&text);
	if (first == '{')
		return is_member(text);
	if (first != '[' || cursor_left(&text) == 0)
		return false;
	return strchr("\"{[]-0123456789", text.at[0]) != NULL || begins(text, "true") ||
	       begins(text, "false") || begins(text, "null");
}

/* What nothing but a script begins with: a function that is called at once, or a page that is written. */
static bool
is_script(struct cursor text)
{
	if (begins(text, "document.write("))
		return true;
	if (!begins(text, "(function") && !begins(text, "!function"))
		return false;
	while (cursor_left(&text) > 0) {
		uint8_t byte = cursor_u8(&text);
		if (byte == '{' || byte == '\n')
			return byte == '{';
	}
	return false;
}

/* No control characters but those of texts; bytes beyond ASCII make characters. */
static bool
is_text(struct cursor c)
{
	while (cursor_left(&c) > 0) {
		const char *at = (const char *)c.at;
		size_t size = utf8_sequence(at, cursor_left(&c));
		if (size == 0)
			return cursor_left(&c) < 4 && (uint8_t)at[0] >= 0xc2;
		uint8_t byte = (uint8_t)at[0];
		if ((byte < ' ' && !is_space(byte) && byte != '\b' && byte != 0x1b) || byte == 0x7f)
			return false;
		(void)cursor_take(&c, size);
	}
	return true;
}

/*
 * Two letters are little: one of 65 536 encrypted bodies begins with those of a program. So where its header is there,
 * the place that it names must be one.
 */
static bool
is_program(struct cursor head)
{
	(void)cursor_take(&head, PROGRAM_HEADER_AT);
	uint32_t at = cursor_le32(&head);
	return head.short_read || at < PROGRAM_HEADER_MAX;
}

static const char *
mime_of_signature(struct cursor head)
{
	for (size_t i = 0; i < sizeof(signatures) / sizeof(*signatures); i++) {
		const struct signature *s = &signatures[i];
		struct cursor c = head;
		(void)cursor_take(&c, s->offset);
		const uint8_t *at = cursor_take(&c, s->size);
		if (at != NULL && memcmp(at, s->bytes, s->size) == 0 &&
			(s->bytes[0] != 'M' || s->bytes[1] != 'Z' || is_program(head)))
			return s->type;
	}
	return NULL;
}

const char *
mime_of_content(struct cursor head)
{
	const char *type = mime_of_signature(head);
	struct cursor text = head;

	if (type != NULL || cursor_left(&head) < TEXT_MIN)
		return type;
	if (begins(text, "\xef\xbb\xbf"))
		(void)cursor_take(&text, 3);
	else if (begins(text, "\xff\xfe") || begins(text, "\xfe\xff"))
		return "text/plain"; /* UTF-16 */
	spaces_skip(&text);
	type = mime_of_markup(text);
	if (type != NULL)
		return type;
	if (is_json(text)) /* in whatever characters */
		return "text/json";
	if (!is_text(head))
		return NULL;
	return is_script(text) ? "application/javascript" : "text/plain";
}

bool
mime_is_media(struct cursor head)
{
	static const char *const families[] = { "image/", "audio/", "video/", "application/ogg",
		"application/font-woff", "application/vnd.ms-fontobject" };
	size_t size = cursor_left(&head);
	const char *type = mime_of_signature(
		cursor_sub(&head, size < MIME_MEDIA_BYTES ? size : (size_t)MIME_MEDIA_BYTES));

	for (size_t i = 0; type != NULL && i < sizeof(families) / sizeof(*families); i++)
		if (strncmp(type, families[i], strlen(families[i])) == 0)
			return true;
	return false;
}
