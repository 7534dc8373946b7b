/*
 * icmp6.c -- IPv6's neighbour discovery (RFC 4861): which card bears an address, and who routes.
 *
 * Read are the five messages with their flags, link-layer addresses, prefixes, MTU and name servers
 * (RFC 8106). As every host does, those are ignored that came over a router (a hop limit below 255), and
 * those with an option of length 0. Other ICMPv6 is not looked at. The flow has no service: to Zeek it has
 * none either. A conversation is never done.
 *
 * Bounds: ND_PREFIXES_MAX, ND_SERVERS_MAX; what is past them is left out.
 */
#include "daemon/proto/proto.h"
#include "daemon/transactions/nd.h"

#include "daemon/base/strbuf.h"

#include <netinet/in.h>

#define NS UINT64_C(1000000000)

enum option {
	OPTION_SOURCE_MAC = 1,
	OPTION_TARGET_MAC = 2,
	OPTION_PREFIX = 3,
	OPTION_MTU = 5,
	OPTION_DNS = 25,
};

enum { HOP_LIMIT = 255, PREFIX_TEXT_MAX = ADDR_TEXT_MAX + 4 };

enum flag {
	FLAG_MANAGED = 0x80, /* of a router's advertisement */
	FLAG_OTHER = 0x40,
	FLAG_ROUTER = 0x80, /* of a neighbour's */
	FLAG_SOLICITED = 0x40,
	FLAG_OVERRIDE = 0x20,
	FLAG_ON_LINK = 0x80, /* of a prefix */
	FLAG_AUTONOMOUS = 0x40,
};

/* What the lists of a message point to. */
struct lists {
	struct nd_prefix prefix[ND_PREFIXES_MAX];
	char prefix_text[ND_PREFIXES_MAX][PREFIX_TEXT_MAX];
	const char *prefix_at[ND_PREFIXES_MAX];
	char server_text[ND_SERVERS_MAX][ADDR_TEXT_MAX];
	const char *server_at[ND_SERVERS_MAX];
	char mac_text[MAC_TEXT_MAX];
};

static const char *
type_name(uint8_t type)
{
	switch (type) {
	case ND_ROUTER_SOLICIT:
		return "router_solicitation";
	case ND_ROUTER_ADVERT:
		return "router_advertisement";
	case ND_NEIGHBOR_SOLICIT:
		return "neighbor_solicitation";
	case ND_NEIGHBOR_ADVERT:
		return "neighbor_advertisement";
	case ND_REDIRECT:
		return "redirect";
	default:
		return NULL;
	}
}

static enum truth
truth_of(uint8_t flags, enum flag flag)
{
	return (flags & flag) != 0 ? TRUTH_YES : TRUTH_NO;
}

/* Read what comes before the options. */
static void
read_fixed(struct cursor *c, uint8_t type, struct obs_nd *nd)
{
	(void)cursor_be16(c); /* checksum */
	uint8_t first = cursor_u8(c);
	uint8_t second = cursor_u8(c);
	uint16_t third = cursor_be16(c);

	if (type == ND_ROUTER_ADVERT) {
		nd->managed = truth_of(second, FLAG_MANAGED);
		nd->other_config = truth_of(second, FLAG_OTHER);
		nd->lifetime = third * NS;
		(void)cursor_be64(c); /* times of the neighbour cache */
	} else if (type != ND_ROUTER_SOLICIT) {
		nd->target = addr_read_v6(c);
	}
	if (type == ND_NEIGHBOR_ADVERT) {
		nd->router = truth_of(first, FLAG_ROUTER);
		nd->solicited = truth_of(first, FLAG_SOLICITED);
		nd->override = truth_of(first, FLAG_OVERRIDE);
	}
	if (type == ND_REDIRECT)
		(void)addr_read_v6(c); /* for whom it is the better one */
}

static void
read_mac(struct cursor value, struct obs_nd *nd, struct lists *lists)
{
	if (cursor_left(&value) != sizeof(nd->card))
		return;
	cursor_bytes(&value, &nd->card, sizeof(nd->card));
	nd->mac = mac_format(&nd->card, lists->mac_text);
}

/* Host bits are zero in a network: what a router left there is dropped. */
static void
clear_host_bits(struct cidr *net)
{
	for (unsigned bit = net->prefix_len; bit < 128; bit++)
		net->base.byte[bit / 8] &= (uint8_t) ~(0x80U >> bit % 8);
}

static void
read_prefix(struct cursor value, struct obs_nd *nd, struct lists *lists)
{
	uint8_t length = cursor_u8(&value);
	uint8_t flags = cursor_u8(&value);
	uint32_t valid_s = cursor_be32(&value);
	(void)cursor_be64(&value); /* how long it is preferred, and nothing */
	struct addr base = addr_read_v6(&value);
	char text[ADDR_TEXT_MAX];
	struct strbuf out;

	if (value.short_read || length > 128 || nd->prefix_count == ND_PREFIXES_MAX)
		return;
	struct nd_prefix *p = &lists->prefix[nd->prefix_count];
	*p = (struct nd_prefix){ .net = { base, length },
		.on_link = (flags & FLAG_ON_LINK) != 0,
		.autonomous = (flags & FLAG_AUTONOMOUS) != 0,
		.valid_s = valid_s };
	clear_host_bits(&p->net);
	strbuf_init(&out, lists->prefix_text[nd->prefix_count], PREFIX_TEXT_MAX);
	strbuf_text(&out, addr_format(&p->net.base, text));
	strbuf_char(&out, '/');
	strbuf_u64(&out, length);
	lists->prefix_at[nd->prefix_count++] = out.text;
	nd->prefixes.count = nd->prefix_count;
}

static void
read_servers(struct cursor value, struct obs_nd *nd, struct lists *lists)
{
	(void)cursor_be16(&value);
	(void)cursor_be32(&value); /* lifetime */
	while (cursor_left(&value) >= sizeof(struct addr) &&
		nd->dns_servers.count < ND_SERVERS_MAX) {
		struct addr a = addr_read_v6(&value);
		size_t i = nd->dns_servers.count++;
		lists->server_at[i] = addr_format(&a, lists->server_text[i]);
	}
}

/* returns false when an option is not whole, or has no length */
static bool
read_options(struct cursor c, struct obs_nd *nd, struct lists *lists)
{
	while (cursor_left(&c) > 0) {
		uint8_t option = cursor_u8(&c);
		uint8_t units = cursor_u8(&c);
		if (units == 0)
			return false;
		struct cursor value = cursor_sub(&c, units * 8U - 2);
		if (value.short_read)
			return false;
		if (option == OPTION_SOURCE_MAC || option == OPTION_TARGET_MAC) {
			read_mac(value, nd, lists);
		} else if (option == OPTION_PREFIX) {
			read_prefix(value, nd, lists);
		} else if (option == OPTION_DNS) {
			read_servers(value, nd, lists);
		} else if (option == OPTION_MTU) {
			(void)cursor_be16(&value);
			nd->mtu = cursor_be32(&value);
		}
	}
	return true;
}

static enum proto_guess
looks_like(const struct proto_call *call, struct cursor first_bytes)
{
	uint8_t type = cursor_u8(&first_bytes);
	uint8_t code = cursor_u8(&first_bytes);

	return type_name(type) != NULL && code == 0 && call->hop_limit == HOP_LIMIT ? PROTO_YES
										    : PROTO_NO;
}

static enum proto_verdict
parse(struct proto_call *call, struct cursor bytes)
{
	struct cursor c = bytes;
	uint8_t type = cursor_u8(&c);
	uint8_t code = cursor_u8(&c);
	struct lists lists;
	struct obs_nd nd = { .type = type_name(type),
		.icmp_type = type,
		.sender = call->src,
		.receiver = call->dst,
		.lifetime = TRANSACTION_UNSET,
		.mtu = TRANSACTION_UNSET,
		.prefixes = { lists.prefix_at, 0 },
		.dns_servers = { lists.server_at, 0 },
		.prefix = lists.prefix };

	if (nd.type == NULL || code != 0 || call->hop_limit != HOP_LIMIT)
		return PROTO_MORE;
	read_fixed(&c, type, &nd);
	if (c.short_read || !read_options(c, &nd, &lists))
		return PROTO_MORE;
	call->emit(call->context, &(struct observation){ .kind = OBS_ND,
					  .ts_ns = call->ts_ns,
					  .interface = call->interface,
					  .nd = &nd });
	return PROTO_MORE;
}

const struct protocol protocol_icmp6 = {
	.name = "",
	.ip_proto = IPPROTO_ICMPV6,
	.looks_like = looks_like,
	.parse = parse,
};
