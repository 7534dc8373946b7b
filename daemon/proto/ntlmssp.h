/*
 * ntlmssp.h -- the messages of an NTLM log-in (MS-NLMP section 2.2), whatever carries them.
 *
 * The server's challenge and the client's answer are read; what is secret in them is not kept.
 */
#pragma once

#include "daemon/proto/proto.h"
#include "daemon/transactions/ntlm.h"

/* One log-in. Zeroed is the beginning of one. */
struct ntlmssp {
	bool is_pending; /* the client has answered; the outcome is not known */
	uint64_t began_ns;
	char user[NTLM_TEXT_MAX], host[NTLM_TEXT_MAX], domain[NTLM_TEXT_MAX];
	char server_nb_name[NTLM_TEXT_MAX], server_dns_name[NTLM_TEXT_MAX],
		server_tree_name[NTLM_TEXT_MAX];
};

/*
 * Read the message that is somewhere in a blob, if there is one (SPNEGO is stepped over).
 *
 * returns  false when there is none
 */
bool ntlmssp_read(struct ntlmssp *n, const struct proto_call *call, struct cursor blob);

/* Tell a pending log-in, as NTLM and as log-in to `protocol`, and begin anew. */
void ntlmssp_tell(
	struct ntlmssp *n, const struct proto_call *call, const char *protocol, enum truth success);
