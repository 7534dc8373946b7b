/*
 * dhcp6.c -- DHCPv6 (RFC 8415): who asks for an address or a prefix, and who gives it.
 *
 * It has no cookie: one of its ports, a message type that there is, and options that fill the message to
 * its end tell it. Relayed messages are unwrapped, RELAYS_MAX deep. The client's MAC is taken out of its
 * DUID where that has one. Of several addresses or prefixes the last one is told.
 *
 * Bounds: dhcp_exchange.h.
 */
#include "daemon/proto/dhcp_exchange.h"
#include "daemon/proto/wire_text.h"

#include "daemon/base/strbuf.h"

#include <netinet/in.h>

enum { CLIENT_PORT = 546, SERVER_PORT = 547, RELAYS_MAX = 8, LABEL_MAX = 63 };

enum message {
	SOLICIT = 1,
	ADVERTISE = 2,
	REPLY = 7,
	RECONFIGURE = 10,
	RELAY_FORW = 12,
	RELAY_REPL = 13,
	LEASEQUERY_REPLY = 15,
};

static const char *const type_names[] = { NULL, "SOLICIT", "ADVERTISE", "REQUEST", "CONFIRM",
	"RENEW", "REBIND", "REPLY", "RELEASE", "DECLINE", "RECONFIGURE", "INFORMATION-REQUEST",
	"RELAY-FORW", "RELAY-REPL", "LEASEQUERY", "LEASEQUERY-REPLY" };

enum { TYPE_COUNT = sizeof(type_names) / sizeof(type_names[0]) };

enum option {
	OPTION_CLIENT_ID = 1,
	OPTION_IA_NA = 3,
	OPTION_IA_TA = 4,
	OPTION_ADDRESS = 5,
	OPTION_REQUESTED = 6,
	OPTION_RELAYED = 9,
	OPTION_STATUS = 13,
	OPTION_VENDOR_CLASS = 16,
	OPTION_DNS_SERVERS = 23,
	OPTION_DOMAIN = 24,
	OPTION_IA_PD = 25,
	OPTION_PREFIX = 26,
	OPTION_CLIENT_FQDN = 39,
};

enum duid { DUID_TIME = 1, DUID_LINK = 3 };

struct reading {
	struct dhcp_exchange *exchange;
	bool is_reply;
};

/* Do the options fill what is there to its end? */
static bool
options_fit(struct cursor options)
{
	while (cursor_left(&options) > 0) {
		(void)cursor_be16(&options);
		(void)cursor_take(&options, cursor_be16(&options));
	}
	return !options.short_read;
}

static bool
is_relayed(uint8_t type)
{
	return type == RELAY_FORW || type == RELAY_REPL;
}

static enum proto_guess
looks_like(const struct proto_call *call, struct cursor first_bytes)
{
	struct cursor c = first_bytes;
	uint8_t type = cursor_u8(&c);
	bool has_port = call->src_port == CLIENT_PORT || call->src_port == SERVER_PORT ||
			call->dst_port == CLIENT_PORT || call->dst_port == SERVER_PORT;

	(void)cursor_take(&c, is_relayed(type) ? 33 : 3);
	if (!has_port || type == 0 || type >= TYPE_COUNT || c.short_read)
		return PROTO_NO;
	return options_fit(c) ? PROTO_YES : PROTO_NO;
}

static void
read_client_id(struct dhcp_exchange *x, struct cursor value)
{
	uint16_t type = cursor_be16(&value);
	uint16_t hardware = cursor_be16(&value);

	if (type == DUID_TIME)
		(void)cursor_be32(&value);
	if ((type != DUID_TIME && type != DUID_LINK) || hardware != 1 || cursor_left(&value) != 6)
		return;
	cursor_bytes(&value, &x->mac, sizeof(x->mac));
	x->has_mac = true;
}

/* Labels as in DNS, without compression; the first name of a list. */
static void
read_name(struct cursor value, char *ret_text)
{
	struct strbuf out;

	strbuf_init(&out, ret_text, DHCP_TEXT_MAX);
	while (cursor_left(&value) > 0) {
		char label[DHCP_TEXT_MAX];
		uint8_t size = cursor_u8(&value);
		if (size == 0 || size > LABEL_MAX)
			break;
		(void)wire_text(label, sizeof(label), cursor_sub(&value, size));
		strbuf_text(&out, out.length > 0 ? "." : "");
		strbuf_text(&out, label);
	}
}

/* An address or a prefix, and how long it is valid. */
static void
note_addr(const struct reading *r, struct addr a, uint32_t valid_s)
{
	struct dhcp_exchange *x = r->exchange;

	if (!r->is_reply) {
		x->requested = a;
		return;
	}
	x->assigned = a;
	x->has_lease = true;
	x->lease_ns = valid_s * UINT64_C(1000000000);
}

static void
read_ia_addr(const struct reading *r, struct cursor value)
{
	struct addr a = addr_read_v6(&value);
	(void)cursor_be32(&value); /* how long it is preferred */
	uint32_t valid_s = cursor_be32(&value);

	if (!value.short_read)
		note_addr(r, a, valid_s);
}

static void
read_ia_prefix(const struct reading *r, struct cursor value)
{
	(void)cursor_be32(&value); /* how long it is preferred */
	uint32_t valid_s = cursor_be32(&value);
	(void)cursor_u8(&value); /* its length */
	struct addr a = addr_read_v6(&value);

	if (!value.short_read)
		note_addr(r, a, valid_s);
}

/* Numbers of 16 bits. */
static void
read_param_list(struct cursor value, char *ret_text)
{
	struct strbuf out;

	strbuf_init(&out, ret_text, DHCP_TEXT_MAX);
	while (cursor_left(&value) >= 2 && out.length + sizeof(",65535") <= DHCP_TEXT_MAX) {
		strbuf_text(&out, out.length > 0 ? "," : "");
		strbuf_u64(&out, cursor_be16(&value));
	}
}

static void
read_dns_servers(struct cursor value, struct dhcp_addrs *ret_list)
{
	ret_list->count = 0;
	while (cursor_left(&value) >= sizeof(struct addr))
		dhcp_addrs_add(ret_list, addr_read_v6(&value));
}

/* A number and a sentence; success says nothing. */
static void
read_status(const struct reading *r, struct cursor value)
{
	uint16_t code = cursor_be16(&value);
	enum dhcp_text which = r->is_reply ? DHCP_SERVER_MESSAGE : DHCP_CLIENT_MESSAGE;

	if (code != 0)
		(void)wire_text(r->exchange->text[which], DHCP_TEXT_MAX, value);
}

/* An enterprise's number, then texts with their lengths: the first one. */
static void
read_vendor_class(struct cursor value, char *ret_text)
{
	(void)cursor_be32(&value);
	(void)wire_text(ret_text, DHCP_TEXT_MAX, cursor_sub(&value, cursor_be16(&value)));
}

/* Options that are not in others. */
static void
read_option(const struct reading *r, uint16_t option, struct cursor value)
{
	struct dhcp_exchange *x = r->exchange;

	switch (option) {
	case OPTION_CLIENT_ID:
		read_client_id(x, value);
		break;
	case OPTION_ADDRESS:
		read_ia_addr(r, value);
		break;
	case OPTION_PREFIX:
		read_ia_prefix(r, value);
		break;
	case OPTION_REQUESTED:
		read_param_list(value, x->text[DHCP_PARAM_LIST]);
		break;
	case OPTION_STATUS:
		read_status(r, value);
		break;
	case OPTION_VENDOR_CLASS:
		read_vendor_class(value, x->text[DHCP_VENDOR_CLASS]);
		break;
	case OPTION_DNS_SERVERS:
		read_dns_servers(value, &x->dns_servers);
		break;
	case OPTION_DOMAIN:
		read_name(value, x->text[DHCP_DOMAIN]);
		break;
	case OPTION_CLIENT_FQDN:
		(void)cursor_u8(&value); /* flags */
		read_name(value, x->text[DHCP_CLIENT_FQDN]);
		break;
	default:
		break;
	}
}

/* Bytes of an option before the options in it; SIZE_MAX: there are none. */
static size_t
nested_at(uint16_t option)
{
	switch (option) {
	case OPTION_IA_NA:
	case OPTION_IA_PD:
		return 12;
	case OPTION_IA_TA:
		return 4;
	default:
		return SIZE_MAX;
	}
}

static void
read_options(const struct reading *r, struct cursor options, bool are_nested)
{
	while (cursor_left(&options) > 0) {
		uint16_t option = cursor_be16(&options);
		struct cursor value = cursor_sub(&options, cursor_be16(&options));
		if (value.short_read)
			return;
		size_t skip = nested_at(option);
		if (skip == SIZE_MAX) {
			read_option(r, option, value);
		} else if (!are_nested) {
			(void)cursor_take(&value, skip);
			read_options(r, value, true);
		}
	}
}

/* The message in a relay's, as deep as it is; short when there is none. */
static struct cursor
unwrap(struct cursor message, struct addr *ret_link)
{
	for (unsigned depth = 0; depth < RELAYS_MAX; depth++) {
		struct cursor c = message;
		if (!is_relayed(cursor_u8(&c)))
			return message;
		(void)cursor_u8(&c); /* hops */
		*ret_link = addr_read_v6(&c);
		(void)addr_read_v6(&c); /* whom it relays for */
		message = (struct cursor){ .short_read = true };
		while (cursor_left(&c) > 0) {
			uint16_t option = cursor_be16(&c);
			struct cursor value = cursor_sub(&c, cursor_be16(&c));
			if (option == OPTION_RELAYED)
				message = value;
		}
	}
	return (struct cursor){ .short_read = true };
}

static bool
is_reply(uint8_t type)
{
	return type == ADVERTISE || type == REPLY || type == RECONFIGURE ||
	       type == LEASEQUERY_REPLY;
}

/* The answer, or what is answered in another conversation since it was for all servers. */
static bool
is_last(const struct proto_call *call, uint8_t type)
{
	if (type == REPLY || type == LEASEQUERY_REPLY)
		return true;
	return !is_reply(type) && type != SOLICIT && addr_is_multicast(&call->dst);
}

static void
note_ends(const struct proto_call *call, const struct reading *r)
{
	struct dhcp_exchange *x = r->exchange;

	*(r->is_reply ? &x->server : &x->client) = call->src;
	if (!addr_is_multicast(&call->dst))
		*(r->is_reply ? &x->client : &x->server) = call->dst;
}

static enum proto_verdict
parse(struct proto_call *call, struct cursor bytes)
{
	struct addr link = { 0 };
	struct cursor c = unwrap(bytes, &link);
	uint8_t type = cursor_u8(&c);
	uint32_t xid = (uint32_t)cursor_u8(&c) << 16;

	xid |= cursor_be16(&c);
	if (c.short_read || type == 0 || type >= TYPE_COUNT)
		return PROTO_MORE;
	struct dhcp_exchange *x = dhcp_exchange_of(call, xid);
	const struct reading r = { x, is_reply(type) };
	x->version = 6;
	x->giaddr = link;
	note_ends(call, &r);
	read_options(&r, c, false);
	dhcp_exchange_add(call, x, type_names[type], is_last(call, type));
	return PROTO_MORE;
}

const struct protocol protocol_dhcp6 = {
	.name = "dhcp",
	.ip_proto = IPPROTO_UDP,
	.state_size = sizeof(struct dhcp_exchanges),
	.begins = PROTO_BEGINS({ 1, TYPE_COUNT - 1 }),
	.looks_like = looks_like,
	.parse = parse,
	.end = dhcp_exchange_end,
};
