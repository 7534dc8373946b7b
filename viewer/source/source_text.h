/* source_text.h -- texts of a source: copied into the arena of who asked, ended, bounded, never NULL. */
#pragma once

#include "daemon/base/arena.h"

#include <stdbool.h>
#include <stddef.h>

enum {
	SOURCE_TEXT_MAX = 64 * 1024, /* the letters of one tuple are the longest there is */
	SOURCE_LINE_MAX = 4096,      /* what is put together of several */
};

/*
 * Copy a text. A NUL within it stands as "\x00": it hides nothing behind it.
 *
 * bytes    or NULL: ""
 * length   what is past SOURCE_TEXT_MAX is left out
 * returns  "" when memory is out, which the arena counts
 */
const char *source_text(struct arena *m, const char *bytes, size_t length);
/* The same of a text that a NUL ends. */
const char *source_text_copy(struct arena *m, const char *text);

/* Put a text together, as snprintf() would: at most SOURCE_LINE_MAX bytes. returns "" when memory is out */
const char *source_text_format(struct arena *m, const char *fmt, ...)
	__attribute__((format(printf, 2, 3)));

/* Texts with ", " between them; those that no longer fit are "...". */
struct source_line {
	char text[SOURCE_LINE_MAX];
	size_t length;
	bool is_full;
};

void source_line_add(struct source_line *l, const char *text); /* "" adds nothing */
const char *source_line_done(const struct source_line *l, struct arena *m);

/* "TCP", "UDP", "ICMP", "IGMP", "IP47": as a port's protocol, after its number. */
const char *source_proto_loud(unsigned ip_proto, struct arena *m);
/* "tcp", "udp", "icmp", "ipv6-icmp", "igmp", "ip47": as the key of a tuple has it. */
const char *source_proto_quiet(unsigned ip_proto, struct arena *m);
