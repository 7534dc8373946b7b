/* ntlm.c -- the fields of a log-in by NTLM. */
#include "daemon/transactions/ntlm.h"

#include "daemon/observation.h"

static const struct transaction_field fields[] = {
	FIELD_ROW_TEXT(struct obs_ntlm, user, "username"),
	FIELD_ROW_TEXT(struct obs_ntlm, host, "hostname"),
	FIELD_ROW_TEXT(struct obs_ntlm, domain, "domainname"),
	FIELD_ROW_TEXT(struct obs_ntlm, server_nb_name, "server_nb_computer_name"),
	FIELD_ROW_TEXT(struct obs_ntlm, server_dns_name, "server_dns_computer_name"),
	FIELD_ROW_TEXT(struct obs_ntlm, server_tree_name, "server_tree_name"),
	FIELD_ROW_TRUTH(struct obs_ntlm, success, "success"),
	FIELD_END,
};

const struct transaction_kind transaction_ntlm = {
	.kind = OBS_NTLM,
	.log = "ntlm",
	.has_ends = true,
	.size = sizeof(struct obs_ntlm),
	.fields = fields,
};
