/*
 * html.h -- write markup that is well-formed whatever the wire put into names.
 *
 * Elements are closed in the order in which they were opened, and every text that is not a literal of ours passes
 * html_text(), the one place that escapes. Attributes are ours alone: nothing of the wire ever stands in one. What
 * is written is HTML and well-formed XML at once, SVG included.
 */
#pragma once

#include <stddef.h>
#include <stdio.h>

enum { HTML_DEPTH_MAX = 32, HTML_TEXT_MAX = 600 };

struct html {
	FILE *out; /* borrowed; ferror() says whether all of it went there */
	const char *open[HTML_DEPTH_MAX];
	unsigned depth;
};

void html_init(struct html *h, FILE *out);

/* Markup as it is: a literal. */
void html_raw(struct html *h, const char *markup);

/* Open an element. `tag` is a literal; `attributes`, too, or NULL: "class=\"quiet\"". */
void html_open(struct html *h, const char *tag, const char *attributes);
/* With numbers in its attributes. Texts go into none. */
void html_open_format(struct html *h, const char *tag, const char *fmt, ...)
	__attribute__((format(printf, 3, 4)));
/* Close what was opened last. */
void html_close(struct html *h);

/*
 * A text, hostile or not: & < > " ' as references; what drives, reorders or hides (control characters, directions, no
 * width, no character of XML, invalid UTF-8) as \xHH. Past HTML_TEXT_MAX bytes "..." stands for the rest.
 */
void html_text(struct html *h, const char *text);
void html_format(struct html *h, const char *fmt, ...) __attribute__((format(printf, 2, 3)));

/* An element with nothing but a text in it. */
void html_element(struct html *h, const char *tag, const char *attributes, const char *text);
/* One that is empty: "<rect .../>". */
void html_empty(struct html *h, const char *tag, const char *fmt, ...)
	__attribute__((format(printf, 3, 4)));
