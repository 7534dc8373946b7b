/*
 * eve_dhcp.c -- EVE's dhcp event: a message of Suricata's, an exchange of ours.
 *
 * Who is the server says its port; between a server and a relay, which share it, the message's type.
 */
#include "daemon/input/eve.h"
#include "daemon/observation.h"
#include "daemon/transactions/dhcp.h"

#include <ctype.h>
#include <string.h>

enum { PORT_SERVER = 67, VERSION = 4 };

struct eve_dhcp {
	const char *type; /* "request", "reply" */
	const char *dhcp_type;
};

static const struct transaction_field fields[] = {
	FIELD_ROW_TEXT(struct eve_dhcp, type, "dhcp.type"),
	FIELD_ROW_TEXT(struct eve_dhcp, dhcp_type, "dhcp.dhcp_type"),
	FIELD_END,
};

static const struct transaction_alias columns[] = {
	{ "dhcp.id", "xid" },
	{ "dhcp.client_mac", "mac" },
	{ "dhcp.assigned_ip", "assigned_addr" },
	{ "dhcp.client_ip", "client_addr" },
	{ "dhcp.relay_ip", "giaddr" },
	{ "dhcp.lease_time", "lease_time" },
	{ "dhcp.requested_ip", "requested_addr" },
	{ "dhcp.hostname", "host_name" },
	{ "dhcp.vendor_class_identifier", "vendor_class" },
	{ "dhcp.subnet_mask", "subnet_mask" },
	{ "dhcp.routers", "routers" },
	{ "dhcp.dns_servers", "dns_servers" },
	{ NULL, NULL },
};

/* Suricata writes fields of the header that nobody filled as 0.0.0.0. */
static void
forget_zero(struct addr *a)
{
	if (addr_is_unspecified(a))
		*a = (struct addr){ { 0 } };
}

/* Some clients end their name in a NUL, and Suricata tells it. */
static const char *
without_nul(struct input_stream *s, const char *name)
{
	static const char nul[] = "\\x00";
	size_t length = name == NULL ? 0 : strlen(name);

	if (length < sizeof(nul) - 1 || strcmp(name + length - (sizeof(nul) - 1), nul) != 0)
		return name;
	length -= sizeof(nul) - 1;
	char *text = eve_text(s, length + 1);
	if (text == NULL)
		return NULL;
	memcpy(text, name, length);
	text[length] = '\0';
	return text;
}

static const char *
upper(struct input_stream *s, const char *type)
{
	char *text = eve_text(s, strlen(type) + 1);

	if (text == NULL)
		return type;
	for (size_t i = 0; i <= strlen(type); i++)
		text[i] = (char)toupper((unsigned char)type[i]);
	return text;
}

static void
fill_ends(struct obs_dhcp *d, const struct eve_head *h, const char *type)
{
	bool src_is_server =
		h->src_port == PORT_SERVER &&
		(h->dest_port != PORT_SERVER || (type != NULL && strcmp(type, "reply") == 0));
	const struct addr *server = src_is_server ? &h->src : &h->dest;
	const struct addr *client = src_is_server ? &h->dest : &h->src;

	if (!addr_is_broadcast(server))
		d->server_addr = *server;
	if (addr_is_unspecified(&d->client_addr) && !addr_is_broadcast(client) &&
		!addr_is_unspecified(client))
		d->client_addr = *client;
}

static int
tell_dhcp(struct input_stream *s)
{
	const struct eve_dhcp *v = eve_beside(s);
	struct obs_dhcp *d = eve_said(s);

	forget_zero(&d->assigned_addr);
	forget_zero(&d->client_addr);
	forget_zero(&d->giaddr);
	fill_ends(d, eve_head(s), v->type);
	d->host_name = without_nul(s, d->host_name);
	d->version = VERSION;
	if (v->dhcp_type != NULL) {
		struct eve_kept *k = &eve_of(s)->kept;
		k->texts[0] = upper(s, v->dhcp_type);
		d->msg_types = (struct text_list){ k->texts, 1 };
	}
	return eve_tell(s);
}

const struct eve_reader eve_reader_dhcp = {
	.type = "dhcp",
	.said = &transaction_dhcp,
	.columns = columns,
	.beside = fields,
	.beside_size = sizeof(struct eve_dhcp),
	.tell = tell_dhcp,
};
