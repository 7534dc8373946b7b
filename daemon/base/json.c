/*
 * A string is copied in runs: bytes that need no care are found first and copied at once, so that
 * the names and numbers of an ordinary event cost little more than memcpy(). Everything else, the
 * escapes and whatever is not UTF-8, leaves the run and is written by itself.
 */
#include "daemon/base/json.h"

#include "daemon/base/addr.h"
#include "daemon/base/utf8.h"

#include <assert.h>
#include <math.h>
#include <string.h>

void
json_init(struct json *j, struct strbuf *out)
{
	*j = (struct json){ .out = out };
}

/* What comes before any value: a comma in an array, nothing after a key. */
static void
value_begin(struct json *j)
{
	if (j->object[j->depth]) {
		assert(j->key_given);
		j->key_given = false;
		return;
	}
	if (j->started[j->depth]) {
		assert(j->depth > 0); /* a document is one value */
		strbuf_char(j->out, ',');
	}
	j->started[j->depth] = true;
}

static void
level_begin(struct json *j, bool object, char bracket)
{
	assert(j->depth < JSON_DEPTH_MAX);
	value_begin(j);
	strbuf_char(j->out, bracket);
	j->depth++;
	j->started[j->depth] = false;
	j->object[j->depth] = object;
}

static void
level_end(struct json *j, bool object, char bracket)
{
	assert(j->depth > 0 && j->object[j->depth] == object && !j->key_given);
	j->depth--;
	strbuf_char(j->out, bracket);
}

void
json_object_begin(struct json *j)
{
	level_begin(j, true, '{');
}

void
json_object_end(struct json *j)
{
	level_end(j, true, '}');
}

void
json_array_begin(struct json *j)
{
	level_begin(j, false, '[');
}

void
json_array_end(struct json *j)
{
	level_end(j, false, ']');
}

void
json_key(struct json *j, const char *key)
{
	size_t length = strlen(key);
	size_t comma = j->started[j->depth] ? 1 : 0;

	assert(j->object[j->depth] && !j->key_given);
	j->started[j->depth] = true;
	j->key_given = true;
	char *at = strbuf_extend(j->out, comma + length + 3);
	if (at == NULL)
		return;
	if (comma == 1)
		*at++ = ',';
	*at++ = '"';
	memcpy(at, key, length + 1);
	at[length] = '"';
	at[length + 1] = ':';
}

/* May be copied as it is: ASCII without controls, quote and backslash. */
static bool
is_plain(char c)
{
	uint8_t byte = (uint8_t)c;

	return byte >= 0x20 && byte < 0x7f && byte != '"' && byte != '\\';
}

static void
escape_code(struct strbuf *b, unsigned code)
{
	static const char hex[] = "0123456789abcdef";
	const char text[] = {
		'\\',
		'u',
		hex[code >> 12 & 15],
		hex[code >> 8 & 15],
		hex[code >> 4 & 15],
		hex[code & 15],
	};

	strbuf_bytes(b, text, sizeof(text));
}

static void
escape_ascii(struct strbuf *b, char c)
{
	static const char from[] = "\"\\\b\t\n\f\r";
	static const char to[] = "\"\\btnfr";
	const char *short_form = c == '\0' ? NULL : strchr(from, c);

	if (short_form == NULL) {
		escape_code(b, (unsigned char)c);
		return;
	}
	strbuf_char(b, '\\');
	strbuf_char(b, to[short_form - from]);
}

/*
 * Write what begins with a byte that is not plain. C1 controls drive terminals as ESC does, and
 * U+2028 and U+2029 end a line in JavaScript and in many a log reader.
 *
 * returns  bytes of `text` dealt with, > 0
 */
static size_t
careful(struct strbuf *b, const char *text, size_t left)
{
	const uint8_t *byte = (const uint8_t *)text;
	size_t length = utf8_sequence(text, left);

	if (length == 0) {
		strbuf_bytes(b, "\xef\xbf\xbd", 3); /* U+FFFD */
		return 1;
	}
	if (length == 1)
		escape_ascii(b, text[0]);
	else if (byte[0] == 0xc2 && byte[1] < 0xa0)
		escape_code(b, byte[1]);
	else if (byte[0] == 0xe2 && byte[1] == 0x80 && (byte[2] == 0xa8 || byte[2] == 0xa9))
		escape_code(b, 0x2000U | (byte[2] & 0x3fU));
	else
		strbuf_bytes(b, text, length);
	return length;
}

void
json_bytes(struct json *j, const char *text, size_t length)
{
	size_t at = 0;

	value_begin(j);
	strbuf_char(j->out, '"');
	while (at < length) {
		size_t run = at;
		while (run < length && is_plain(text[run]))
			run++;
		if (run > at)
			strbuf_bytes(j->out, text + at, run - at);
		at = run;
		if (at < length)
			at += careful(j->out, text + at, length - at);
	}
	strbuf_char(j->out, '"');
}

void
json_text(struct json *j, const char *text)
{
	if (text != NULL) {
		json_bytes(j, text, strlen(text));
		return;
	}
	value_begin(j);
	strbuf_bytes(j->out, "null", 4);
}

void
json_u64(struct json *j, uint64_t value)
{
	value_begin(j);
	strbuf_u64(j->out, value);
}

void
json_i64(struct json *j, int64_t value)
{
	value_begin(j);
	strbuf_i64(j->out, value);
}

void
json_double(struct json *j, double value, unsigned decimals)
{
	if (!isfinite(value)) {
		json_text(j, NULL);
		return;
	}
	value_begin(j);
	strbuf_double(j->out, value, decimals);
}

void
json_bool(struct json *j, bool value)
{
	value_begin(j);
	strbuf_text(j->out, value ? "true" : "false");
}

void
json_raw(struct json *j, const char *text, size_t length)
{
	value_begin(j);
	strbuf_bytes(j->out, text, length);
}

void
json_key_text(struct json *j, const char *key, const char *text)
{
	json_key(j, key);
	json_text(j, text);
}

void
json_key_addr(struct json *j, const char *key, const struct addr *a)
{
	char text[ADDR_TEXT_MAX];

	json_key_text(j, key, addr_format(a, text));
}

void
json_key_u64(struct json *j, const char *key, uint64_t value)
{
	json_key(j, key);
	json_u64(j, value);
}

void
json_key_bool(struct json *j, const char *key, bool value)
{
	json_key(j, key);
	json_bool(j, value);
}

void
json_key_double(struct json *j, const char *key, double value, unsigned decimals)
{
	json_key(j, key);
	json_double(j, value, decimals);
}
