/* dns.c -- the fields of a DNS transaction. */
#include "daemon/transactions/dns.h"

#include "daemon/observation.h"

static const struct transaction_field fields[] = {
	FIELD_ROW_ENUM(struct obs_dns, proto, "proto"),
	FIELD_ROW_COUNT(struct obs_dns, trans_id, "trans_id"),
	FIELD_ROW_INTERVAL(struct obs_dns, rtt_ns, "rtt"),
	FIELD_ROW_TEXT(struct obs_dns, query, "query"),
	FIELD_ROW_COUNT(struct obs_dns, query_class, "qclass"),
	FIELD_ROW_TEXT(struct obs_dns, class_name, "qclass_name"),
	FIELD_ROW_COUNT(struct obs_dns, query_type, "qtype"),
	FIELD_ROW_TEXT(struct obs_dns, type_name, "qtype_name"),
	FIELD_ROW_COUNT(struct obs_dns, rcode, "rcode"),
	FIELD_ROW_TEXT(struct obs_dns, rcode_name, "rcode_name"),
	FIELD_ROW_TRUTH(struct obs_dns, authoritative, "AA"),
	FIELD_ROW_TRUTH(struct obs_dns, truncated, "TC"),
	FIELD_ROW_TRUTH(struct obs_dns, recursion_desired, "RD"),
	FIELD_ROW_TRUTH(struct obs_dns, recursion_available, "RA"),
	FIELD_ROW_COUNT(struct obs_dns, z, "Z"),
	FIELD_ROW_TEXTS(struct obs_dns, texts, "answers", "vector[string]"),
	FIELD_ROW_INTERVALS(struct obs_dns, ttls, "TTLs"),
	FIELD_ROW_TRUTH(struct obs_dns, rejected, "rejected"),
	FIELD_ROW_TEXTS(struct obs_dns, types, "answer_types", "vector[string]"),
	FIELD_END,
};

const struct transaction_kind transaction_dns = {
	.kind = OBS_DNS,
	.log = "dns",
	.has_ends = true,
	.size = sizeof(struct obs_dns),
	.fields = fields,
};
