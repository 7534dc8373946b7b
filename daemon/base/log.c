/*
 * A line is built in memory and leaves in one write, so that lines of several processes on one
 * journal do not mix. Control bytes in it become '?': whoever forgets log_quote() must not hand a
 * peer the means to forge a line or to drive the reader's terminal.
 */
#include "daemon/base/log.h"

#include "daemon/base/utf8.h"

#include <errno.h>
#include <stdarg.h>
#include <stdbool.h>
#include <stdint.h>
#include <stdio.h>
#include <string.h>

enum { LINE_MAX_BYTES = 1024 };

static const char *const level_names[] = {
	[LOG_LEVEL_ERR] = "error",
	[LOG_LEVEL_WARN] = "warning",
	[LOG_LEVEL_INFO] = "info",
	[LOG_LEVEL_DEBUG] = "debug",
};

static enum log_level level_most = LOG_LEVEL_INFO;

void
log_level_set(enum log_level most)
{
	level_most = most;
}

enum log_level
log_level_get(void)
{
	return level_most;
}

const char *
log_level_name(enum log_level level)
{
	return level_names[level];
}

bool
log_level_parse(const char *name, enum log_level *ret_level)
{
	for (unsigned i = 0; i <= LOG_LEVEL_DEBUG; i++)
		if (strcmp(name, level_names[i]) == 0) {
			*ret_level = (enum log_level)i;
			return true;
		}
	return false;
}

static void
line_clean(struct strbuf *b)
{
	for (size_t i = 0; i < b->length; i++) {
		unsigned char byte = (unsigned char)b->text[i];
		if (byte < 0x20 || byte == 0x7f)
			b->text[i] = '?';
	}
}

/* `error` is an errno to explain, or 0. */
static void line_write(enum log_level level, int error, const char *area, const char *fmt,
	va_list args) __attribute__((format(printf, 4, 0)));

static void
line_write(enum log_level level, int error, const char *area, const char *fmt, va_list args)
{
	char memory[LINE_MAX_BYTES];
	char text[LINE_MAX_BYTES / 2];
	struct strbuf b;

	if (level > level_most)
		return;
	strbuf_init(&b, memory, sizeof(memory) - 1); /* the line feed */
	int length = vsnprintf(text, sizeof(text), fmt, args);
	strbuf_printf(&b, "naiad: %s: %s: ", level_names[level], area);
	strbuf_text(&b, text);
	if (length >= (int)sizeof(text))
		strbuf_text(&b, "...");
	if (error != 0)
		strbuf_printf(&b, ": %s", strerror(error));
	line_clean(&b);
	memcpy(b.text + b.length, "\n", 2);
	(void)fputs(b.text, stderr);
}

void
log_err(const char *area, const char *fmt, ...)
{
	va_list args;

	va_start(args, fmt);
	line_write(LOG_LEVEL_ERR, 0, area, fmt, args);
	va_end(args);
}

void
log_warn(const char *area, const char *fmt, ...)
{
	int error = errno;
	va_list args;

	va_start(args, fmt);
	line_write(LOG_LEVEL_WARN, error, area, fmt, args);
	va_end(args);
}

void
log_warnx(const char *area, const char *fmt, ...)
{
	va_list args;

	va_start(args, fmt);
	line_write(LOG_LEVEL_WARN, 0, area, fmt, args);
	va_end(args);
}

void
log_info(const char *area, const char *fmt, ...)
{
	va_list args;

	va_start(args, fmt);
	line_write(LOG_LEVEL_INFO, 0, area, fmt, args);
	va_end(args);
}

void
log_debug(const char *area, const char *fmt, ...)
{
	va_list args;

	va_start(args, fmt);
	line_write(LOG_LEVEL_DEBUG, 0, area, fmt, args);
	va_end(args);
}

/* Characters of three bytes that move the text around them: the separators U+2028, U+2029 and the
 * Bidi_Control property of Unicode ("Trojan Source", CVE-2021-42574). U+061C has two bytes. */
static bool
moves_text(const uint8_t *byte)
{
	if (byte[0] != 0xe2)
		return false;
	if (byte[1] == 0x80)
		return byte[2] == 0x8e || byte[2] == 0x8f || (byte[2] >= 0xa8 && byte[2] <= 0xae);
	return byte[1] == 0x81 && byte[2] >= 0xa6 && byte[2] <= 0xa9;
}

static bool
is_harmless(const char *text, size_t length)
{
	const uint8_t *byte = (const uint8_t *)text;

	switch (length) {
	case 1:
		return byte[0] >= 0x20 && byte[0] != 0x7f && byte[0] != '"' && byte[0] != '\\';
	case 2:
		if (byte[0] == 0xd8 && byte[1] == 0x9c)
			return false;
		return byte[0] != 0xc2 || byte[1] >= 0xa0; /* C1 drives terminals as ESC does */
	case 3:
		return !moves_text(byte);
	default:
		return length == 4;
	}
}

static void
append_hex(struct strbuf *b, char c)
{
	static const char hex[] = "0123456789abcdef";
	const char text[] = { '\\', 'x', hex[(uint8_t)c >> 4], hex[(uint8_t)c & 15] };

	strbuf_bytes(b, text, sizeof(text));
}

void
log_quote(struct strbuf *b, const char *bytes, size_t length, size_t most)
{
	size_t end = length < most ? length : most;
	size_t at = 0;

	strbuf_char(b, '"');
	while (at < end) {
		size_t step = utf8_sequence(bytes + at, length - at);
		if (step > end - at)
			break; /* `most` falls inside a character */
		if (is_harmless(bytes + at, step)) {
			strbuf_bytes(b, bytes + at, step);
			at += step;
		} else {
			append_hex(b, bytes[at]); /* the rest of it then begins no character */
			at++;
		}
	}
	strbuf_char(b, '"');
	if (at < length)
		strbuf_text(b, "...");
}
