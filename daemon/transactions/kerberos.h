/* kerberos.h -- a ticket was asked for, and given or not. */
#pragma once

#include "daemon/transactions/transaction.h"

enum { KERBEROS_NAME_MAX = 192 }; /* of each text, the NUL included; what is longer is cut */

struct obs_kerberos {
	const char *request_type; /* "AS", "TGS"; NULL: only an error was seen */
	const char *client;       /* name and realm: "lulu/EXAMPLE.COM"; NULL: not told in clear */
	const char *service;      /* "krbtgt/EXAMPLE.COM" */
	enum truth success;
	const char *error_message;         /* the server's own words, else the error's name */
	uint64_t from_ns, till_ns;         /* that the client asks for */
	const char *cipher;                /* of the ticket: what only the service can read */
	enum truth forwardable, renewable; /* whether that was asked for */
};
