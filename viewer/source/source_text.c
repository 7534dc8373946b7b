#include "viewer/source/source_text.h"

#include "daemon/base/utf8.h"

#include <netinet/in.h>
#include <stdarg.h>
#include <stdio.h>
#include <string.h>

static const char nul_text[] = "\\x00";
static const char left_out[] = ", ...";

static size_t
nuls_in(const char *bytes, size_t length)
{
	size_t count = 0;

	for (size_t i = 0; i < length; i++)
		count += bytes[i] == '\0';
	return count;
}

const char *
source_text(struct arena *m, const char *bytes, size_t length)
{
	if (bytes == NULL || length == 0)
		return "";
	length = utf8_cut(bytes, length, SOURCE_TEXT_MAX);
	size_t nuls = nuls_in(bytes, length);
	if (nuls == 0) {
		const char *copy = arena_string(m, bytes, length);
		return copy != NULL ? copy : "";
	}
	char *text = arena_alloc(m, length + nuls * (sizeof(nul_text) - 2) + 1);
	if (text == NULL)
		return "";
	char *at = text;
	for (size_t i = 0; i < length; i++)
		if (bytes[i] == '\0')
			at = stpcpy(at, nul_text);
		else
			*at++ = bytes[i];
	return text;
}

const char *
source_text_copy(struct arena *m, const char *text)
{
	return source_text(m, text, strlen(text));
}

const char *
source_text_format(struct arena *m, const char *fmt, ...)
{
	char text[SOURCE_LINE_MAX];
	va_list ap;

	va_start(ap, fmt);
	(void)vsnprintf(text, sizeof(text), fmt, ap);
	va_end(ap);
	return source_text_copy(m, text);
}

static void
line_append(struct source_line *l, const char *text, size_t length)
{
	memcpy(l->text + l->length, text, length);
	l->length += length;
}

void
source_line_add(struct source_line *l, const char *text)
{
	size_t length = strlen(text);
	size_t between = l->length > 0 ? 2 : 0;

	if (length == 0 || l->is_full)
		return;
	/* There is always room left to say that something was left out. */
	if (l->length + between + length + sizeof(left_out) > sizeof(l->text)) {
		l->is_full = true;
		line_append(l, left_out + 2 - between, sizeof(left_out) - 3 + between);
		return;
	}
	line_append(l, left_out, between);
	line_append(l, text, length);
}

const char *
source_line_done(const struct source_line *l, struct arena *m)
{
	return source_text(m, l->text, l->length);
}

const char *
source_proto_loud(unsigned ip_proto, struct arena *m)
{
	switch (ip_proto) {
	case IPPROTO_TCP:
		return "TCP";
	case IPPROTO_UDP:
		return "UDP";
	case IPPROTO_ICMP:
	case IPPROTO_ICMPV6:
		return "ICMP";
	case IPPROTO_IGMP:
		return "IGMP";
	default:
		return source_text_format(m, "IP%u", ip_proto);
	}
}

const char *
source_proto_quiet(unsigned ip_proto, struct arena *m)
{
	switch (ip_proto) {
	case IPPROTO_TCP:
		return "tcp";
	case IPPROTO_UDP:
		return "udp";
	case IPPROTO_ICMP:
		return "icmp";
	case IPPROTO_ICMPV6:
		return "ipv6-icmp";
	case IPPROTO_IGMP:
		return "igmp";
	default:
		return source_text_format(m, "ip%u", ip_proto);
	}
}
