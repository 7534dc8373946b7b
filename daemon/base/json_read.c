/*
 * json_read.c -- a walk over a document that looks at eight bytes at a time.
 *
 * Nearly all of a log's lines are the insides of texts and of numbers. Where one ends is found by a word's
 * arithmetic, without a branch for each byte, and without a call as memchr() would be for texts of ten
 * bytes. A path is a view of the key as it lies in the document, unless it is of more than one key.
 */
#include "daemon/base/json_read.h"

#include "daemon/base/json_escape.h"

#include <errno.h>
#include <string.h>

enum { WORD = sizeof(uint64_t) };

/* Length of a path that is too long, which all are that begin with it. */
enum { PATH_TOO_LONG = JSON_READ_PATH_MAX + 1 };

/* A path as far as it is known. */
struct path {
	const char *at;
	size_t length;
};

/* Eight bytes, the first of them lowest on any machine: compilers make one load of it. */
static inline uint64_t
word_at(const char *text)
{
	const uint8_t *at = (const uint8_t *)text;

	return (uint64_t)at[0] | (uint64_t)at[1] << 8 | (uint64_t)at[2] << 16 |
	       (uint64_t)at[3] << 24 | (uint64_t)at[4] << 32 | (uint64_t)at[5] << 40 |
	       (uint64_t)at[6] << 48 | (uint64_t)at[7] << 56;
}

static inline uint64_t
each_byte(uint8_t byte)
{
	return byte * UINT64_C(0x0101010101010101);
}

/*
 * The highest bit of each byte that is below `limit` (1 .. 128). A borrow may mark further bytes, but none
 * before the first that is right (Mycroft 1987).
 */
static inline uint64_t
bytes_below(uint64_t word, uint8_t limit)
{
	return (word - each_byte(limit)) & ~word & each_byte(0x80);
}

/* Which of eight is marked first. */
static inline size_t
first_marked(uint64_t marks)
{
	return (size_t)__builtin_ctzll(marks) / 8;
}

/* What a text's plain bytes end with: quotes, a backslash, or what may not stand in it. */
static inline const char *
skip_plain(const char *at, const char *end)
{
	for (; end - at >= WORD; at += WORD) {
		uint64_t word = word_at(at);
		uint64_t marks = bytes_below(word, ' ') | bytes_below(word ^ each_byte('"'), 1) |
				 bytes_below(word ^ each_byte('\\'), 1);
		if (marks != 0)
			return at + first_marked(marks);
	}
	while (at < end && (uint8_t)*at >= ' ' && *at != '"' && *at != '\\')
		at++;
	return at;
}

static inline const char *
skip_digits(const char *at, const char *end)
{
	for (; end - at >= WORD; at += WORD) {
		uint64_t word = word_at(at) ^ each_byte('0');
		uint64_t marks = (word | (word + each_byte(0x80 - 10))) & each_byte(0x80);
		if (marks != 0)
			return at + first_marked(marks);
	}
	while (at < end && *at >= '0' && *at <= '9')
		at++;
	return at;
}

/* Go over space. returns the character that stands there; '\0', which is none of JSON, at the end */
static inline char
peek(struct json_read *r)
{
	for (; r->at < r->end; r->at++)
		if (*r->at != ' ' && *r->at != '\t' && *r->at != '\n' && *r->at != '\r')
			return *r->at;
	return '\0';
}

/* The text in the quotes at `r->at`; it is taken for plain until an escape is met. returns false when it is bad */
static inline bool
take_text(struct json_read *r, struct json_value *ret)
{
	const char *at = skip_plain(++r->at, r->end);

	ret->text = r->at;
	while (at < r->end && *at == '\\') {
		size_t length = json_escape_length(at, r->end);
		if (length == 0)
			return false;
		ret->is_escaped = true;
		at = skip_plain(at + length, r->end);
	}
	if (at == r->end || *at != '"')
		return false;
	ret->length = (size_t)(at - ret->text);
	r->at = at + 1;
	return true;
}

/* RFC 8259 section 6. returns false when it is no number */
static inline bool
take_number(struct json_read *r, struct json_value *ret)
{
	const char *at = r->at + (*r->at == '-');
	const char *digits = at;

	ret->type = JSON_READ_NUMBER;
	at = skip_digits(at, r->end);
	if (at == digits || (*digits == '0' && at - digits > 1))
		return false;
	if (at < r->end && *at == '.') {
		digits = at + 1;
		at = skip_digits(digits, r->end);
		if (at == digits)
			return false;
	}
	if (at < r->end && (*at == 'e' || *at == 'E')) {
		digits = at + 1;
		if (digits < r->end && (*digits == '+' || *digits == '-'))
			digits++;
		at = skip_digits(digits, r->end);
		if (at == digits)
			return false;
	}
	ret->text = r->at;
	ret->length = (size_t)(at - r->at);
	r->at = at;
	return true;
}

static bool
take_word(struct json_read *r, struct json_value *ret, enum json_read_type type, const char *word)
{
	size_t length = strlen(word);

	if ((size_t)(r->end - r->at) < length || memcmp(r->at, word, length) != 0)
		return false;
	ret->type = type;
	ret->text = r->at;
	ret->length = length;
	r->at += length;
	return true;
}

/* A scalar that begins with `c`. returns false when none does */
static inline bool
take_scalar(struct json_read *r, char c, struct json_value *ret)
{
	ret->is_escaped = false;
	switch (c) {
	case '"':
		ret->type = JSON_READ_TEXT;
		return take_text(r, ret);
	case 't':
		return take_word(r, ret, JSON_READ_TRUE, "true");
	case 'f':
		return take_word(r, ret, JSON_READ_FALSE, "false");
	case 'n':
		return take_word(r, ret, JSON_READ_NULL, "null");
	default:
		return (c == '-' || (c >= '0' && c <= '9')) && take_number(r, ret);
	}
}

/* The path of a key in which something is to be undone, so that its length is not known before. */
static struct path
path_of_escaped(struct json_read *r, const struct json_level *l, const struct json_value *key)
{
	struct path path = { r->path, PATH_TOO_LONG };
	struct strbuf b;

	if (l->path_length > JSON_READ_PATH_MAX)
		return path;
	strbuf_init(&b, r->path + l->path_length, sizeof(r->path) - l->path_length);
	json_escape_undo(&b, key->text, key->length);
	if (!b.truncated)
		path.length = l->path_length + b.length;
	return path;
}

/* The path of a key: a view of it if there is nothing to be put before it. */
static inline struct path
path_of_key(struct json_read *r, const struct json_level *l, const struct json_value *key)
{
	size_t length = l->path_length + key->length;

	if (key->is_escaped)
		return path_of_escaped(r, l, key);
	if (length > JSON_READ_PATH_MAX)
		return (struct path){ r->path, PATH_TOO_LONG };
	if (l->path_length == 0)
		return (struct path){ key->text, length };
	memcpy(r->path + l->path_length, key->text, key->length);
	return (struct path){ r->path, length };
}

/* A key, its colon, and its path. returns false when they are not there */
static inline bool
take_key(struct json_read *r, const struct json_level *l, struct path *ret)
{
	struct json_value key = { .is_escaped = false };

	if (peek(r) != '"' || !take_text(r, &key) || peek(r) != ':')
		return false;
	r->at++;
	*ret = path_of_key(r, l, &key);
	return true;
}

/* Go into an object or array with that path. returns false when that is too deep */
static bool
open_level(struct json_read *r, bool is_array, struct path path, unsigned element)
{
	if (r->depth == JSON_READ_DEPTH_MAX)
		return false;
	if (path.at != r->path && path.length <= JSON_READ_PATH_MAX)
		memcpy(r->path, path.at, path.length);
	if (!is_array && path.length > 0 && path.length <= JSON_READ_PATH_MAX)
		r->path[path.length++] = '.'; /* behind the longest it makes one that is too long */
	r->levels[r->depth++] = (struct json_level){ .is_array = is_array,
		.path_length = (uint16_t)path.length,
		.element = is_array ? 0 : element };
	r->at++;
	return true;
}

/* Go to the next value of a level, over comma and key. returns false when they are not there */
static inline bool
take_path(struct json_read *r, struct json_level *l, struct path *ret)
{
	if (l->is_begun) {
		if (peek(r) != ',')
			return false;
		r->at++;
		l->element += l->is_array;
	}
	l->is_begun = true;
	if (!l->is_array)
		return take_key(r, l, ret);
	*ret = (struct path){ r->path, l->path_length };
	return true;
}

/* Walk on to the next scalar. returns as json_read_next() */
static int
walk(struct json_read *r, struct json_value *ret)
{
	struct path path = { r->path, 0 };

	if (!r->is_begun) {
		r->is_begun = true;
		if (peek(r) != '{' || !open_level(r, /* is_array= */ false, path, 0))
			return -EBADMSG;
	}
	while (r->depth > 0) {
		struct json_level *l = &r->levels[r->depth - 1];
		char c = peek(r);

		if (c == (l->is_array ? ']' : '}')) {
			r->at++;
			r->depth--;
			continue;
		}
		if (!take_path(r, l, &path))
			return -EBADMSG;
		c = peek(r);
		if (c == '{' || c == '[') {
			if (!open_level(r, c == '[', path, l->element))
				return -EBADMSG;
			continue;
		}
		if (!take_scalar(r, c, ret))
			return -EBADMSG;
		if (path.length > JSON_READ_PATH_MAX)
			continue;
		ret->path = path.at;
		ret->path_length = path.length;
		ret->element = l->element;
		return 1;
	}
	return peek(r) == '\0' && r->at == r->end ? 0 : -EBADMSG;
}

void
json_read_begin(struct json_read *r, const char *text, size_t length)
{
	r->at = text;
	r->end = text + length;
	r->depth = 0;
	r->is_begun = false;
	r->is_bad = false;
}

int
json_read_next(struct json_read *r, struct json_value *ret)
{
	int result = r->is_bad ? -EBADMSG : walk(r, ret);

	r->is_bad = result < 0;
	return result;
}

struct text_view
json_read_text(const struct json_value *v, char *to, size_t room)
{
	struct strbuf b;

	if (!v->is_escaped)
		return (struct text_view){ v->text, v->length };
	strbuf_init(&b, to, room);
	json_escape_undo(&b, v->text, v->length);
	return (struct text_view){ to, b.length };
}
