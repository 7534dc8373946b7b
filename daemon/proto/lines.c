#include "daemon/proto/lines.h"

#include <string.h>

static char
upper(char c)
{
	if (c >= 'a' && c <= 'z')
		return (char)(c - 'a' + 'A');
	return c;
}

static void
put(struct lines *l, const char *bytes, size_t size)
{
	size_t room = LINE_TEXT_MAX - l->length;

	if (size > room) {
		l->is_cut = true;
		size = room;
	}
	memcpy(&l->text[l->length], bytes, size);
	l->length = (uint16_t)(l->length + size);
}

/* A line has no LF, and its NULs must not end the text. */
static void
put_piece(struct lines *l, const char *bytes, size_t size)
{
	while (size > 0) {
		size_t clean = strnlen(bytes, size);
		put(l, bytes, clean);
		if (clean == size)
			return;
		if (LINE_TEXT_MAX - l->length >= 4)
			put(l, "\\x00", 4);
		else
			l->is_cut = true;
		bytes += clean + 1;
		size -= clean + 1;
	}
}

/* Add what comes before the LF, or all there is. */
static void
take_piece(struct lines *l, const char *bytes, size_t size)
{
	if (size == 0)
		return;
	if (l->has_cr)
		put(l, "\r", 1);
	l->has_cr = bytes[size - 1] == '\r';
	put_piece(l, bytes, size - l->has_cr);
}

bool
lines_next(struct lines *l, struct cursor *bytes)
{
	if (l->is_ended) {
		l->is_ended = l->is_cut = l->is_torn = false;
		l->length = 0;
	}
	size_t left = cursor_left(bytes);
	if (left == 0)
		return false;
	const uint8_t *end = memchr(bytes->at, '\n', left);
	size_t size = end != NULL ? (size_t)(end - bytes->at) : left;
	take_piece(l, (const char *)cursor_take(bytes, size), size);
	if (end == NULL)
		return false;
	(void)cursor_take(bytes, 1);
	l->text[l->length] = '\0';
	l->has_cr = false;
	l->is_ended = true;
	return true;
}

void
lines_gap(struct lines *l)
{
	if (l->is_ended) {
		l->is_ended = l->is_cut = false;
		l->length = 0;
	}
	l->is_torn = true;
}

bool
line_begins(const char *line, const char *word)
{
	size_t i = 0;

	while (word[i] != '\0' && upper(line[i]) == word[i])
		i++;
	return word[i] == '\0';
}

const char *
line_after(const char *line, const char *word)
{
	const char *rest = line + strlen(word);

	if (!line_begins(line, word) || (*rest != ' ' && *rest != '\0'))
		return NULL;
	return rest + strspn(rest, " ");
}

bool
line_contains(const char *line, const char *part)
{
	for (; *line != '\0'; line++)
		if (line_begins(line, part))
			return true;
	return *part == '\0';
}

enum proto_guess
line_word_guess(struct cursor first_bytes, const char *word)
{
	for (; *word != '\0'; word++) {
		if (cursor_left(&first_bytes) == 0)
			return PROTO_PERHAPS;
		if (upper((char)cursor_u8(&first_bytes)) != *word)
			return PROTO_NO;
	}
	return PROTO_YES;
}

enum proto_guess
line_words_guess(struct cursor first_bytes, const char *const *words, size_t count)
{
	enum proto_guess best = PROTO_NO;

	for (size_t i = 0; i < count; i++) {
		enum proto_guess guess = line_word_guess(first_bytes, words[i]);
		if (guess == PROTO_YES)
			return PROTO_YES;
		if (guess == PROTO_PERHAPS)
			best = PROTO_PERHAPS;
	}
	return best;
}

void
line_copy(char *ret_text, size_t size, const char *line)
{
	size_t length = strnlen(line, size - 1);

	memcpy(ret_text, line, length);
	ret_text[length] = '\0';
}
