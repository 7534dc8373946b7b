/* kerberos.c -- the fields of a ticket's exchange. */
#include "daemon/transactions/kerberos.h"

#include "daemon/observation.h"

static const struct transaction_field fields[] = {
	FIELD_ROW_TEXT(struct obs_kerberos, request_type, "request_type"),
	FIELD_ROW_TEXT(struct obs_kerberos, client, "client"),
	FIELD_ROW_TEXT(struct obs_kerberos, service, "service"),
	FIELD_ROW_TRUTH(struct obs_kerberos, success, "success"),
	FIELD_ROW_TEXT(struct obs_kerberos, error_message, "error_msg"),
	FIELD_ROW_TIME(struct obs_kerberos, from_ns, "from"),
	FIELD_ROW_TIME(struct obs_kerberos, till_ns, "till"),
	FIELD_ROW_TEXT(struct obs_kerberos, cipher, "cipher"),
	FIELD_ROW_TRUTH(struct obs_kerberos, forwardable, "forwardable"),
	FIELD_ROW_TRUTH(struct obs_kerberos, renewable, "renewable"),
	FIELD_ROW_NEVER("client_cert_subject", "string"),
	FIELD_ROW_NEVER("client_cert_fuid", "string"),
	FIELD_ROW_NEVER("server_cert_subject", "string"),
	FIELD_ROW_NEVER("server_cert_fuid", "string"),
	FIELD_END,
};

const struct transaction_kind transaction_kerberos = {
	.kind = OBS_KERBEROS,
	.log = "kerberos",
	.has_ends = true,
	.size = sizeof(struct obs_kerberos),
	.fields = fields,
};
