/* nd.c -- the fields of a neighbour discovery message. */
#include "daemon/transactions/nd.h"

#include "daemon/observation.h"

static const struct transaction_field fields[] = {
	FIELD_ROW_TEXT(struct obs_nd, type, "type"),
	FIELD_ROW_ADDR(struct obs_nd, sender, "sender"),
	FIELD_ROW_ADDR(struct obs_nd, receiver, "receiver"),
	FIELD_ROW_ADDR(struct obs_nd, target, "target"),
	FIELD_ROW_TEXT(struct obs_nd, mac, "mac"),
	FIELD_ROW_TRUTH(struct obs_nd, router, "router"),
	FIELD_ROW_TRUTH(struct obs_nd, solicited, "solicited"),
	FIELD_ROW_TRUTH(struct obs_nd, override, "override"),
	FIELD_ROW_TRUTH(struct obs_nd, managed, "managed"),
	FIELD_ROW_TRUTH(struct obs_nd, other_config, "other_config"),
	FIELD_ROW_INTERVAL(struct obs_nd, lifetime, "lifetime"),
	FIELD_ROW_TEXTS(struct obs_nd, prefixes, "prefixes", "vector[subnet]"),
	FIELD_ROW_TEXTS(struct obs_nd, dns_servers, "dns_servers", "vector[addr]"),
	FIELD_ROW_COUNT(struct obs_nd, mtu, "mtu"),
	FIELD_END,
};

const struct transaction_kind transaction_nd = {
	.kind = OBS_ND,
	.log = NULL,
	.has_ends = true,
	.size = sizeof(struct obs_nd),
	.fields = fields,
};
