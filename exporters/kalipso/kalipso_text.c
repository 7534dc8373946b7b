#include "exporters/kalipso/kalipso_text.h"

#include "daemon/base/text_safe.h"

#include <netinet/in.h>
#include <stdbool.h>
#include <string.h>

enum { SAFE_MAX = 4 * KALIPSO_TEXT_MAX + 4 }; /* each byte as \xHH, "..." and the NUL */

static void
tame_brace(char *c)
{
	if (*c == '{')
		*c = '(';
	else if (*c == '}')
		*c = ')';
}

void
kalipso_put(struct strbuf *out, const char *text)
{
	size_t begin = out->length;

	text_safe(out, text, KALIPSO_TEXT_MAX);
	for (size_t i = begin; i < out->length; i++)
		tame_brace(&out->text[i]);
}

/* returns room */
static const char *
harmless(char room[SAFE_MAX], const char *text)
{
	struct strbuf b;

	strbuf_init(&b, room, SAFE_MAX);
	kalipso_put(&b, text);
	return room;
}

void
kalipso_text(struct json *j, const char *text)
{
	char room[SAFE_MAX];

	json_text(j, harmless(room, text));
}

void
kalipso_key(struct json *j, const char *text)
{
	char room[SAFE_MAX];
	char quoted[2 * SAFE_MAX + 2]; /* nothing is left but quotes and backslashes to escape */
	struct strbuf b;
	struct json key;

	strbuf_init(&b, quoted, sizeof(quoted));
	json_init(&key, &b);
	json_text(&key, harmless(room, text));
	quoted[b.length - 1] = '\0';
	json_key(j, quoted + 1);
}

/* Escapes of two bytes and of six. returns their length */
static size_t
tame_escape(char *at)
{
	size_t length = at[1] == 'u' ? sizeof("\\u0000") - 1 : 2;

	if (at[1] != '"' && at[1] != '\\')
		memset(at, '?', length);
	return length;
}

void
kalipso_tame(char *document, size_t length)
{
	bool in_string = false;

	for (size_t i = 0; i < length; i++) {
		if (document[i] == '"')
			in_string = !in_string;
		else if (in_string && document[i] == '\\')
			i += tame_escape(&document[i]) - 1;
		else if (in_string)
			tame_brace(&document[i]);
	}
}

static void
put_profile(struct strbuf *out, const struct addr *host)
{
	char text[ADDR_TEXT_MAX];

	strbuf_text(out, "profile_");
	strbuf_text(out, addr_format(host, text));
}

static void
put_window(struct strbuf *out, int64_t number)
{
	strbuf_text(out, "timewindow");
	strbuf_i64(out, number);
}

const char *
kalipso_profile_key(char room[KALIPSO_KEY_MAX], const char *before, const struct addr *host)
{
	struct strbuf b;

	strbuf_init(&b, room, KALIPSO_KEY_MAX);
	strbuf_text(&b, before);
	put_profile(&b, host);
	return room;
}

const char *
kalipso_window_key(
	char room[KALIPSO_KEY_MAX], const struct addr *host, int64_t number, const char *after)
{
	struct strbuf b;

	strbuf_init(&b, room, KALIPSO_KEY_MAX);
	put_profile(&b, host);
	strbuf_char(&b, '_');
	put_window(&b, number);
	strbuf_text(&b, after);
	return room;
}

const char *
kalipso_window_name(char room[KALIPSO_KEY_MAX], int64_t number)
{
	struct strbuf b;

	strbuf_init(&b, room, KALIPSO_KEY_MAX);
	put_window(&b, number);
	return room;
}

const char *
kalipso_proto(char room[KALIPSO_PROTO_MAX], uint8_t ip_proto)
{
	struct strbuf b;

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
		strbuf_init(&b, room, KALIPSO_PROTO_MAX);
		strbuf_text(&b, "ip");
		strbuf_u64(&b, ip_proto);
		return room;
	}
}
