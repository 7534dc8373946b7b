/*
 * bittorrent_dht.c -- BitTorrent's distributed table of who has what (BEP 5).
 *
 * Told is each query: what is asked, by which node, about what. Answers are not read. Recognised by the
 * first datagram: one dictionary that ends with it, with the kind of message and a number.
 */
#include "daemon/proto/bencode.h"
#include "daemon/proto/bittorrent.h"
#include "daemon/proto/proto.h"

#include <netinet/in.h>

/* The single letter that says what a message is; 0 when there is none. */
static uint8_t
kind_of(struct cursor message)
{
	struct cursor value;
	struct cursor string;

	if (!bencode_find(message, "y", &value) || !bencode_string(&value, &string) ||
		cursor_left(&string) != 1)
		return 0;
	return cursor_u8(&string);
}

static enum proto_guess
looks_like(const struct proto_call *call, struct cursor first_bytes)
{
	struct cursor end = first_bytes;
	struct cursor value;
	struct cursor string;

	(void)call;
	if (!bencode_skip(&end) || cursor_left(&end) > 0)
		return PROTO_NO;
	uint8_t kind = kind_of(first_bytes);
	bool has_number = bencode_find(first_bytes, "t", &value) && bencode_string(&value, &string);
	return has_number && (kind == 'q' || kind == 'r' || kind == 'e') ? PROTO_YES : PROTO_NO;
}

/* BEP 5, BEP 44, BEP 51: what is not one of these is no query of its own name. */
static const char *
query_name(struct cursor string)
{
	static const char *const names[] = { "ping", "find_node", "get_peers", "announce_peer",
		"get", "put", "sample_infohashes", "vote" };
	size_t length = cursor_left(&string);

	for (size_t i = 0; i < sizeof(names) / sizeof(names[0]); i++)
		if (strlen(names[i]) == length && memcmp(names[i], string.at, length) == 0)
			return names[i];
	return "other";
}

/* A string in the arguments; short when it is not there. */
static struct cursor
argument(struct cursor message, const char *key)
{
	struct cursor arguments;
	struct cursor value;
	struct cursor string;

	if (bencode_find(message, "a", &arguments) && bencode_find(arguments, key, &value) &&
		bencode_string(&value, &string))
		return string;
	return (struct cursor){ .short_read = true };
}

static enum proto_verdict
parse(struct proto_call *call, struct cursor bytes)
{
	struct cursor value;
	struct cursor query;

	if (kind_of(bytes) == 'q' && bencode_find(bytes, "q", &value) &&
		bencode_string(&value, &query) && cursor_left(&query) > 0)
		bittorrent_tell(call, query_name(query), argument(bytes, "info_hash"),
			argument(bytes, "id"));
	return PROTO_MORE;
}

const struct protocol protocol_bittorrent_dht = {
	.name = "bittorrent",
	.ip_proto = IPPROTO_UDP,
	.begins = PROTO_BEGINS({ 'd', 'd' }),
	.looks_like = looks_like,
	.parse = parse,
};
