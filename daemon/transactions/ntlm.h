/* ntlm.h -- a log-in by NTLM, whatever carried it. */
#pragma once

#include "daemon/transactions/transaction.h"

enum { NTLM_TEXT_MAX = 96 }; /* of each text, the NUL included; what is longer is cut */

struct obs_ntlm {
	/* Of the client, NULL when it left them empty: */
	const char *user, *host, *domain;
	/* Of the server: */
	const char *server_nb_name, *server_dns_name, *server_tree_name;
	enum truth success;
};
