/* tls.c -- the fields of a TLS handshake: Zeek's ssl.log, and behind it what it does not have. */
#include "daemon/transactions/tls.h"

#include "daemon/observation.h"

static const struct transaction_field fields[] = {
	FIELD_ROW_TEXT(struct obs_tls, version, "version"),
	FIELD_ROW_TEXT(struct obs_tls, cipher, "cipher"),
	FIELD_ROW_TEXT(struct obs_tls, curve, "curve"),
	FIELD_ROW_TEXT(struct obs_tls, server_name, "server_name"),
	FIELD_ROW_TRUTH(struct obs_tls, resumed, "resumed"),
	FIELD_ROW_TEXT(struct obs_tls, last_alert, "last_alert"),
	FIELD_ROW_TEXT(struct obs_tls, next_protocol, "next_protocol"),
	FIELD_ROW_TRUTH(struct obs_tls, established, "established"),
	FIELD_ROW_TEXT(struct obs_tls, history, "ssl_history"),
	FIELD_ROW_TEXTS(struct obs_tls, server_chain, "cert_chain_fps", "vector[string]"),
	FIELD_ROW_TEXTS(struct obs_tls, client_chain, "client_cert_chain_fps", "vector[string]"),
	FIELD_ROW_TRUTH(struct obs_tls, name_matches, "sni_matches_cert"),
	FIELD_ROW_TEXT(struct obs_tls, validation, "validation_status"),
	FIELD_ROW_TEXT(struct obs_tls, ja3, "ja3"),
	FIELD_ROW_TEXT(struct obs_tls, ja3s, "ja3s"),
	FIELD_ROW_TEXT(struct obs_tls, ja4, "ja4"),
	FIELD_ROW_TEXTS(struct obs_tls, offered_protocols, "client_alpns", "vector[string]"),
	FIELD_ROW_TEXT(struct obs_tls, subject, "subject"),
	FIELD_ROW_TEXT(struct obs_tls, issuer, "issuer"),
	FIELD_ROW_TEXT(struct obs_tls, serial, "serial"),
	FIELD_ROW_TEXT(struct obs_tls, sha1, "sha1"),
	FIELD_ROW_TIME(struct obs_tls, not_before_ns, "not_valid_before"),
	FIELD_ROW_TIME(struct obs_tls, not_after_ns, "not_valid_after"),
	FIELD_END,
};

const struct transaction_kind transaction_tls = {
	.kind = OBS_TLS,
	.log = "ssl",
	.has_ends = true,
	.size = sizeof(struct obs_tls),
	.fields = fields,
};
