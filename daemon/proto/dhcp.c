/*
 * dhcp.c -- DHCP (RFC 2131, RFC 2132): who asks for an address, and who gives it.
 *
 * Recognised by its magic cookie, on any port; on the ports of BOOTP also without, since servers answer
 * such messages. Read are the header and the options that say who a client is and what it was told,
 * also where they continue in the fields of `file` and `sname` (option 52). Messages without a type are
 * BOOTP's: recognised, not told. An exchange is told when it was answered for good; when its client has
 * asked everybody, because the answer is of another conversation; and else at the conversation's end.
 *
 * Bounds: dhcp_exchange.h; of an option that comes in several parts (RFC 3396) the last one counts.
 */
#include "daemon/proto/dhcp_exchange.h"
#include "daemon/proto/wire_text.h"

#include "daemon/base/strbuf.h"

#include <netinet/in.h>

enum {
	FIXED_BYTES = 236, /* before the cookie */
	SNAME_BYTES = 64,
	FILE_BYTES = 128,
	COOKIE = 0x63825363,
	ETHERNET = 1,
	SERVER_PORT = 67,
	CLIENT_PORT = 68,
};

enum option {
	OPTION_PAD = 0,
	OPTION_SUBNET_MASK = 1,
	OPTION_ROUTER = 3,
	OPTION_DNS_SERVER = 6,
	OPTION_HOST_NAME = 12,
	OPTION_DOMAIN = 15,
	OPTION_REQUESTED = 50,
	OPTION_LEASE_TIME = 51,
	OPTION_OVERLOAD = 52,
	OPTION_TYPE = 53,
	OPTION_SERVER = 54,
	OPTION_PARAM_LIST = 55,
	OPTION_MESSAGE = 56,
	OPTION_VENDOR_CLASS = 60,
	OPTION_CLIENT_FQDN = 81,
	OPTION_END = 255,
};

enum overload { OVERLOAD_FILE = 1, OVERLOAD_SNAME = 2 };

/* Message types: RFC 2132 section 9.6, RFC 3203, RFC 4388, RFC 6926, RFC 7724. */
enum message {
	REQUEST = 3,
	DECLINE = 4,
	ACK = 5,
	NAK = 6,
	RELEASE = 7,
	INFORM = 8,
	LEASEUNASSIGNED = 11,
	LEASEUNKNOWN = 12,
	LEASEACTIVE = 13,
};

static const char *const type_names[] = { NULL, "DISCOVER", "OFFER", "REQUEST", "DECLINE", "ACK",
	"NAK", "RELEASE", "INFORM", "FORCERENEW", "LEASEQUERY", "LEASEUNASSIGNED", "LEASEUNKNOWN",
	"LEASEACTIVE", "BULKLEASEQUERY", "LEASEQUERYDONE", "ACTIVELEASEQUERY", "LEASEQUERYSTATUS",
	"TLS" };

enum { TYPE_COUNT = sizeof(type_names) / sizeof(type_names[0]) };

/* What is known of a message besides what it tells of its exchange. */
struct reading {
	struct dhcp_exchange *exchange;
	bool is_reply;
	bool has_server; /* it names its server */
	uint8_t type;    /* 0: none, or none that we know */
	uint8_t overload;
};

static bool
has_port(const struct proto_call *call, uint16_t port)
{
	return call->src_port == port || call->dst_port == port;
}

static enum proto_guess
looks_like(const struct proto_call *call, struct cursor first_bytes)
{
	struct cursor c = first_bytes;
	uint8_t operation = cursor_u8(&c);
	uint8_t hardware = cursor_u8(&c);
	uint8_t hardware_bytes = cursor_u8(&c);

	(void)cursor_take(&c, FIXED_BYTES - 3);
	uint32_t cookie = cursor_be32(&c);
	if (c.short_read || (operation != 1 && operation != 2) || hardware_bytes > 16 ||
		(hardware == ETHERNET && hardware_bytes != 6))
		return PROTO_NO;
	return cookie == COOKIE || (has_port(call, SERVER_PORT) && has_port(call, CLIENT_PORT))
		       ? PROTO_YES
		       : PROTO_NO;
}

static void
read_addrs(struct cursor value, struct dhcp_addrs *ret_list)
{
	ret_list->count = 0;
	while (cursor_left(&value) >= 4)
		dhcp_addrs_add(ret_list, addr_read_v4(&value));
}

/* "1,3,6" of the numbers that a client asks for. */
static void
read_param_list(struct cursor value, char *ret_text)
{
	struct strbuf out;

	strbuf_init(&out, ret_text, DHCP_TEXT_MAX);
	while (cursor_left(&value) > 0 && out.length + sizeof(",255") <= DHCP_TEXT_MAX) {
		strbuf_text(&out, out.length > 0 ? "," : "");
		strbuf_u64(&out, cursor_u8(&value));
	}
}

/* A client's full name (RFC 4702): three bytes before it, then text, or labels as in DNS. */
static void
read_fqdn(struct cursor value, char *ret_text)
{
	bool has_labels = (cursor_u8(&value) & 4) != 0;
	struct strbuf out;

	(void)cursor_be16(&value);
	if (!has_labels) {
		(void)wire_text(ret_text, DHCP_TEXT_MAX, value);
		return;
	}
	strbuf_init(&out, ret_text, DHCP_TEXT_MAX);
	while (cursor_left(&value) > 0) {
		char label[DHCP_TEXT_MAX];
		uint8_t size = cursor_u8(&value);
		if (size == 0)
			break;
		(void)wire_text(label, sizeof(label), cursor_sub(&value, size));
		strbuf_text(&out, out.length > 0 ? "." : "");
		strbuf_text(&out, label);
	}
}

/* A text without the NULs that some put behind it (RFC 2132 section 2). */
static void
read_text(struct cursor value, char *ret_text)
{
	while (cursor_left(&value) > 0 && cursor_last(&value) == '\0')
		cursor_drop_last(&value);
	(void)wire_text(ret_text, DHCP_TEXT_MAX, value);
}

static void
read_option(struct reading *r, uint8_t option, struct cursor value)
{
	struct dhcp_exchange *x = r->exchange;
	size_t size = cursor_left(&value);

	switch (option) {
	case OPTION_SUBNET_MASK:
		if (size == 4)
			x->subnet_mask = addr_read_v4(&value);
		break;
	case OPTION_ROUTER:
		read_addrs(value, &x->routers);
		break;
	case OPTION_DNS_SERVER:
		read_addrs(value, &x->dns_servers);
		break;
	case OPTION_HOST_NAME:
		/* What a client calls itself counts; a server may repeat it in its own way. */
		if (!r->is_reply || x->text[DHCP_HOST_NAME][0] == '\0')
			read_text(value, x->text[DHCP_HOST_NAME]);
		break;
	case OPTION_DOMAIN:
		read_text(value, x->text[DHCP_DOMAIN]);
		break;
	case OPTION_REQUESTED:
		if (size == 4)
			x->requested = addr_read_v4(&value);
		break;
	case OPTION_LEASE_TIME:
		if (size == 4 && r->is_reply) { /* else it is a wish */
			x->has_lease = true;
			x->lease_ns = cursor_be32(&value) * UINT64_C(1000000000);
		}
		break;
	case OPTION_OVERLOAD:
		r->overload = cursor_u8(&value);
		break;
	case OPTION_TYPE:
		r->type = cursor_u8(&value);
		break;
	case OPTION_SERVER:
		if (size == 4) {
			x->server = addr_read_v4(&value);
			r->has_server = true;
		}
		break;
	case OPTION_PARAM_LIST:
		read_param_list(value, x->text[DHCP_PARAM_LIST]);
		break;
	case OPTION_MESSAGE:
		read_text(value, x->text[r->is_reply ? DHCP_SERVER_MESSAGE : DHCP_CLIENT_MESSAGE]);
		break;
	case OPTION_VENDOR_CLASS:
		read_text(value, x->text[DHCP_VENDOR_CLASS]);
		break;
	case OPTION_CLIENT_FQDN:
		read_fqdn(value, x->text[DHCP_CLIENT_FQDN]);
		break;
	default:
		break;
	}
}

static void
read_options(struct reading *r, struct cursor options)
{
	while (cursor_left(&options) > 0) {
		uint8_t option = cursor_u8(&options);
		if (option == OPTION_PAD)
			continue;
		if (option == OPTION_END)
			return;
		struct cursor value = cursor_sub(&options, cursor_u8(&options));
		if (value.short_read)
			return;
		read_option(r, option, value);
	}
}

/* The answer to this one, if there is any, comes in another conversation, or this is it. */
static bool
is_last(const struct proto_call *call, uint8_t type)
{
	switch (type) {
	case ACK:
	case NAK:
	case DECLINE:
	case RELEASE:
	case LEASEUNASSIGNED:
	case LEASEUNKNOWN:
	case LEASEACTIVE:
		return true;
	case REQUEST:
	case INFORM:
		return addr_is_broadcast(&call->dst);
	default:
		return false;
	}
}

static void
note_ends(const struct proto_call *call, const struct reading *r)
{
	struct dhcp_exchange *x = r->exchange;
	const struct addr *client = r->is_reply ? &call->dst : &call->src;

	if (!addr_is_unspecified(client) && !addr_is_broadcast(client))
		x->client = *client;
	if (r->is_reply && !r->has_server && addr_is_unspecified(&x->server))
		x->server = call->src;
}

static enum proto_verdict
parse(struct proto_call *call, struct cursor bytes)
{
	struct cursor c = bytes;
	struct reading r = { .is_reply = cursor_u8(&c) == 2 };
	uint8_t hardware = cursor_u8(&c);
	(void)cursor_be16(&c); /* length of the hardware's address, hops */
	uint32_t xid = cursor_be32(&c);
	(void)cursor_take(&c, 8); /* seconds, flags, the client's own address */
	struct addr yours = addr_read_v4(&c);
	(void)cursor_be32(&c); /* the server to boot from */
	struct addr relay = addr_read_v4(&c);
	struct mac mac;
	cursor_bytes(&c, &mac, sizeof(mac));
	(void)cursor_take(&c, 10); /* more room for it */
	struct cursor sname = cursor_sub(&c, SNAME_BYTES);
	struct cursor file = cursor_sub(&c, FILE_BYTES);
	uint32_t cookie = cursor_be32(&c);

	if (c.short_read || cookie != COOKIE)
		return PROTO_MORE;
	r.exchange = dhcp_exchange_of(call, xid);
	r.exchange->version = 4;
	read_options(&r, c);
	if ((r.overload & OVERLOAD_FILE) != 0)
		read_options(&r, file);
	if ((r.overload & OVERLOAD_SNAME) != 0)
		read_options(&r, sname);
	if (r.type == 0 || r.type >= TYPE_COUNT)
		return PROTO_MORE;
	if (hardware == ETHERNET) {
		r.exchange->has_mac = true;
		r.exchange->mac = mac;
	}
	if (!addr_is_unspecified(&yours))
		r.exchange->assigned = yours;
	if (!addr_is_unspecified(&relay))
		r.exchange->giaddr = relay;
	note_ends(call, &r);
	dhcp_exchange_add(call, r.exchange, type_names[r.type], is_last(call, r.type));
	return PROTO_MORE;
}

const struct protocol protocol_dhcp = {
	.name = "dhcp",
	.ip_proto = IPPROTO_UDP,
	.state_size = sizeof(struct dhcp_exchanges),
	.begins = PROTO_BEGINS({ 1, 2 }),
	.looks_like = looks_like,
	.parse = parse,
	.end = dhcp_exchange_end,
};
