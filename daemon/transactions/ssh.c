/* ssh.c -- the fields of an SSH session. */
#include "daemon/transactions/ssh.h"

#include "daemon/observation.h"

static const struct transaction_field fields[] = {
	FIELD_ROW_COUNT(struct obs_ssh, version, "version"),
	FIELD_ROW_TRUTH(struct obs_ssh, auth_success, "auth_success"),
	FIELD_ROW_COUNT(struct obs_ssh, auth_attempts, "auth_attempts"),
	FIELD_ROW_ENUM(struct obs_ssh, direction, "direction"),
	FIELD_ROW_TEXT(struct obs_ssh, client, "client"),
	FIELD_ROW_TEXT(struct obs_ssh, server, "server"),
	FIELD_ROW_TEXT(struct obs_ssh, cipher_alg, "cipher_alg"),
	FIELD_ROW_TEXT(struct obs_ssh, mac_alg, "mac_alg"),
	FIELD_ROW_TEXT(struct obs_ssh, compression_alg, "compression_alg"),
	FIELD_ROW_TEXT(struct obs_ssh, kex_alg, "kex_alg"),
	FIELD_ROW_TEXT(struct obs_ssh, host_key_alg, "host_key_alg"),
	FIELD_ROW_TEXT(struct obs_ssh, host_key, "host_key"),
	FIELD_ROW_TEXT(struct obs_ssh, hassh, "hassh"),
	FIELD_ROW_TEXT(struct obs_ssh, hasshserver, "hasshserver"),
	FIELD_END,
};

const struct transaction_kind transaction_ssh = {
	.kind = OBS_SSH,
	.log = "ssh",
	.has_ends = true,
	.size = sizeof(struct obs_ssh),
	.fields = fields,
};
