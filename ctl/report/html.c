#include "ctl/report/html.h"

#include "daemon/base/strbuf.h"
#include "daemon/base/text_safe.h"
#include "daemon/base/utf8.h"

#include <assert.h>
#include <stdarg.h>
#include <stdbool.h>
#include <stdint.h>
#include <string.h>

void
html_init(struct html *h, FILE *out)
{
	*h = (struct html){ .out = out };
}

void
html_raw(struct html *h, const char *markup)
{
	(void)fputs(markup, h->out);
}

void
html_open(struct html *h, const char *tag, const char *attributes)
{
	assert(h->depth < HTML_DEPTH_MAX);
	h->open[h->depth++] = tag;
	(void)fprintf(h->out, attributes == NULL ? "<%s>" : "<%s %s>", tag, attributes);
}

void
html_open_format(struct html *h, const char *tag, const char *fmt, ...)
{
	va_list ap;

	assert(h->depth < HTML_DEPTH_MAX);
	h->open[h->depth++] = tag;
	(void)fprintf(h->out, "<%s ", tag);
	va_start(ap, fmt);
	(void)vfprintf(h->out, fmt, ap);
	va_end(ap);
	(void)fputc('>', h->out);
}

void
html_close(struct html *h)
{
	assert(h->depth > 0);
	(void)fprintf(h->out, "</%s>", h->open[--h->depth]);
}

/* Characters of no width, by which two names look alike, and those that XML does not know: U+FFFE, U+FFFF. */
static bool
is_hidden(const uint8_t *at, size_t length)
{
	if (length == 2)
		return at[0] == 0xc2 && at[1] == 0xad; /* soft hyphen */
	if (length == 3 && at[0] == 0xe2)
		return (at[1] == 0x80 && at[2] >= 0x8b && at[2] <= 0x8d) ||
		       (at[1] == 0x81 && at[2] >= 0xa0 && at[2] <= 0xaf); /* U+200B.., U+2060.. */
	if (length == 3 && at[0] == 0xef)
		return (at[1] == 0xbb && at[2] == 0xbf) || (at[1] == 0xbf && at[2] >= 0xbe);
	return length == 4 && at[0] == 0xf3 && at[1] == 0xa0; /* tags, U+E0000.. */
}

static void
put_character(struct html *h, const char *at, size_t length)
{
	switch (*at) {
	case '&':
		(void)fputs("&amp;", h->out);
		return;
	case '<':
		(void)fputs("&lt;", h->out);
		return;
	case '>':
		(void)fputs("&gt;", h->out);
		return;
	case '"':
		(void)fputs("&quot;", h->out);
		return;
	case '\'':
		(void)fputs("&#39;", h->out);
		return;
	default:
		break;
	}
	if (!is_hidden((const uint8_t *)at, length)) {
		(void)fwrite(at, 1, length, h->out);
		return;
	}
	for (size_t i = 0; i < length; i++)
		(void)fprintf(h->out, "\\x%02x", (uint8_t)at[i]);
}

void
html_text(struct html *h, const char *text)
{
	char memory[sizeof("...") + (size_t)HTML_TEXT_MAX * 4]; /* each byte as \xHH */
	struct strbuf safe;

	strbuf_init(&safe, memory, sizeof(memory));
	text_safe(&safe, text, HTML_TEXT_MAX);
	for (size_t at = 0; at < safe.length;) {
		size_t length = utf8_sequence(memory + at, safe.length - at);

		put_character(h, memory + at, length);
		at += length;
	}
}

void
html_format(struct html *h, const char *fmt, ...)
{
	char text[HTML_TEXT_MAX];
	va_list ap;

	va_start(ap, fmt);
	(void)vsnprintf(text, sizeof(text), fmt, ap);
	va_end(ap);
	html_text(h, text);
}

void
html_element(struct html *h, const char *tag, const char *attributes, const char *text)
{
	html_open(h, tag, attributes);
	html_text(h, text);
	html_close(h);
}

void
html_empty(struct html *h, const char *tag, const char *fmt, ...)
{
	va_list ap;

	(void)fprintf(h->out, "<%s ", tag);
	va_start(ap, fmt);
	(void)vfprintf(h->out, fmt, ap);
	va_end(ap);
	(void)fputs("/>", h->out);
}
