/* dhcp.c -- the fields of a DHCP exchange. */
#include "daemon/transactions/dhcp.h"

#include "daemon/observation.h"

static const struct transaction_field fields[] = {
	FIELD_ROW_ADDR(struct obs_dhcp, client_addr, "client_addr"),
	FIELD_ROW_ADDR(struct obs_dhcp, server_addr, "server_addr"),
	FIELD_ROW_TEXT(struct obs_dhcp, mac, "mac"),
	FIELD_ROW_TEXT(struct obs_dhcp, host_name, "host_name"),
	FIELD_ROW_TEXT(struct obs_dhcp, client_fqdn, "client_fqdn"),
	FIELD_ROW_TEXT(struct obs_dhcp, domain, "domain"),
	FIELD_ROW_ADDR(struct obs_dhcp, requested_addr, "requested_addr"),
	FIELD_ROW_ADDR(struct obs_dhcp, assigned_addr, "assigned_addr"),
	FIELD_ROW_INTERVAL(struct obs_dhcp, lease_time, "lease_time"),
	FIELD_ROW_TEXT(struct obs_dhcp, client_message, "client_message"),
	FIELD_ROW_TEXT(struct obs_dhcp, server_message, "server_message"),
	FIELD_ROW_TEXTS(struct obs_dhcp, msg_types, "msg_types", "vector[string]"),
	FIELD_ROW_INTERVAL(struct obs_dhcp, duration, "duration"),
	/* Zeek's end here. */
	FIELD_ROW_TEXT(struct obs_dhcp, vendor_class, "vendor_class"),
	FIELD_ROW_TEXT(struct obs_dhcp, param_list, "param_list"),
	FIELD_ROW_ADDR(struct obs_dhcp, giaddr, "giaddr"),
	FIELD_ROW_ADDR(struct obs_dhcp, subnet_mask, "subnet_mask"),
	FIELD_ROW_TEXTS(struct obs_dhcp, routers, "routers", "vector[addr]"),
	FIELD_ROW_TEXTS(struct obs_dhcp, dns_servers, "dns_servers", "vector[addr]"),
	FIELD_ROW_COUNT(struct obs_dhcp, xid, "xid"),
	FIELD_ROW_COUNT(struct obs_dhcp, version, "version"),
	FIELD_END,
};

const struct transaction_kind transaction_dhcp = {
	.kind = OBS_DHCP,
	.log = "dhcp",
	.has_uids = true,
	.size = sizeof(struct obs_dhcp),
	.fields = fields,
};
