/* dns.c -- the fields of a DNS transaction. */
#include "daemon/transactions/dns.h"

#include "daemon/observation.h"

static const struct transaction_field fields[] = {
	FIELD_ROW_TEXT(struct obs_dns, query, "query"),
	FIELD_END,
};

const struct transaction_kind transaction_dns = {
	.kind = OBS_DNS,
	.log = "dns",
	.has_ends = true,
	.size = sizeof(struct obs_dns),
	.fields = fields,
};
