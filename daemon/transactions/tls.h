/* tls.h -- a handshake of TLS, SSL or DTLS: told once, when it is done or its flow ends. */
#pragma once

#include "daemon/transactions/transaction.h"

struct obs_tls {
	const char *version; /* "TLSv13", "DTLSv12", "SSLv3"; NULL: the server has not answered */
	const char *cipher;  /* IANA's name, or "unknown-1234" */
	const char *curve;   /* IANA's name of the group by which keys were agreed */
	const char *server_name;
	enum truth resumed;
	const char *last_alert;
	const char *next_protocol; /* the application's, as the server chose it */
	enum truth established;    /* both sides speak encrypted */
	const char *history;       /* a letter for each message, upper case the client's */
	struct text_list server_chain,
		client_chain;    /* SHA-256 of certificates, the host's own first */
	enum truth name_matches; /* is server_name in the server's certificate? */
	const char
		*validation; /* "ok", or what is wrong with the server's chain; NULL: not asked */
	const char *ja3, *ja3s, *ja4;
	struct text_list offered_protocols;
	/* Of the server's own certificate. */
	const char *subject, *issuer; /* as struct obs_x509 has them */
	const char *serial, *sha1;
	uint64_t not_before_ns, not_after_ns;
};
