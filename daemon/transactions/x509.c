/* x509.c -- the fields of a certificate: Zeek's x509.log, and SHA-1 behind it. */
#include "daemon/transactions/x509.h"

#include "daemon/observation.h"

static const struct transaction_field fields[] = {
	FIELD_ROW_TEXT(struct obs_x509, fingerprint, "fingerprint"),
	FIELD_ROW_COUNT(struct obs_x509, version, "certificate.version"),
	FIELD_ROW_TEXT(struct obs_x509, serial, "certificate.serial"),
	FIELD_ROW_TEXT(struct obs_x509, subject, "certificate.subject"),
	FIELD_ROW_TEXT(struct obs_x509, issuer, "certificate.issuer"),
	FIELD_ROW_TIME(struct obs_x509, not_before_ns, "certificate.not_valid_before"),
	FIELD_ROW_TIME(struct obs_x509, not_after_ns, "certificate.not_valid_after"),
	FIELD_ROW_TEXT(struct obs_x509, key_algorithm, "certificate.key_alg"),
	FIELD_ROW_TEXT(struct obs_x509, signature_algorithm, "certificate.sig_alg"),
	FIELD_ROW_TEXT(struct obs_x509, key_type, "certificate.key_type"),
	FIELD_ROW_COUNT(struct obs_x509, key_bits, "certificate.key_length"),
	FIELD_ROW_TEXT(struct obs_x509, exponent, "certificate.exponent"),
	FIELD_ROW_TEXT(struct obs_x509, curve, "certificate.curve"),
	FIELD_ROW_TEXTS(struct obs_x509, names, "san.dns", "vector[string]"),
	FIELD_ROW_TEXTS(struct obs_x509, uris, "san.uri", "vector[string]"),
	FIELD_ROW_TEXTS(struct obs_x509, emails, "san.email", "vector[string]"),
	FIELD_ROW_TEXTS(struct obs_x509, addresses, "san.ip", "vector[addr]"),
	FIELD_ROW_TRUTH(struct obs_x509, is_authority, "basic_constraints.ca"),
	FIELD_ROW_COUNT(struct obs_x509, path_length, "basic_constraints.path_len"),
	FIELD_ROW_TRUTH(struct obs_x509, is_host, "host_cert"),
	FIELD_ROW_TRUTH(struct obs_x509, is_client, "client_cert"),
	FIELD_ROW_TEXT(struct obs_x509, sha1, "sha1"),
	FIELD_END,
};

const struct transaction_kind transaction_x509 = {
	.kind = OBS_X509,
	.log = "x509",
	.has_ends = false,
	.size = sizeof(struct obs_x509),
	.fields = fields,
};
