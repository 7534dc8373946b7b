/* eve_dhcp.c -- EVE's dhcp event: one for each exchange, of the type of its last message. */
#include "daemon/transactions/dhcp.h"
#include "exporters/eve_event.h"
#include "exporters/eve_json.h"

/* A type's name in lower case, and the NUL. */
enum { TYPE_MAX = 24 };

static void
key_addr(struct json *j, const char *key, const struct addr *a)
{
	if (!addr_is_unspecified(a))
		json_key_addr(j, key, a);
}

static void
key_type(struct json *j, const char *type)
{
	char text[TYPE_MAX];
	size_t length = 0;

	for (; type[length] != '\0' && length + 1 < sizeof(text); length++) {
		bool is_upper = type[length] >= 'A' && type[length] <= 'Z';
		text[length] = (char)(is_upper ? type[length] - 'A' + 'a' : type[length]);
	}
	text[length] = '\0';
	json_key_text(j, "dhcp_type", text);
}

static void
write_dhcp(struct json *j, const struct observation *o)
{
	const struct obs_dhcp *d = o->dhcp;
	bool is_reply =
		!addr_is_unspecified(&d->server_addr) && !addr_is_unspecified(&d->assigned_addr);

	json_key_text(j, "type", is_reply ? "reply" : "request");
	json_key_u64(j, "id", d->xid);
	eve_key_text(j, "client_mac", d->mac);
	key_addr(j, "assigned_ip", &d->assigned_addr);
	key_addr(j, "client_ip", &d->client_addr);
	key_addr(j, "relay_ip", &d->giaddr);
	if (d->msg_types.count > 0)
		key_type(j, d->msg_types.at[d->msg_types.count - 1]);
	if (d->lease_time != TRANSACTION_UNSET)
		json_key_u64(j, "lease_time", d->lease_time / UINT64_C(1000000000));
	key_addr(j, "requested_ip", &d->requested_addr);
	eve_key_text(j, "hostname", d->host_name);
	eve_key_text(j, "vendor_class_identifier", d->vendor_class);
	key_addr(j, "subnet_mask", &d->subnet_mask);
	eve_key_texts(j, "routers", &d->routers);
	eve_key_texts(j, "dns_servers", &d->dns_servers);
}

const struct eve_event eve_event_dhcp = {
	.kind = OBS_DHCP,
	.type = "dhcp",
	.write = write_dhcp,
};
