/* quic.h -- how a QUIC connection began. */
#pragma once

#include "daemon/transactions/transaction.h"

struct obs_quic {
	const char *
		version; /* "1", "quicv2", "draft-29", "mvfst (faceb001)", "Q046", "unknown-10010000" */
	/* Connection ids in hexadecimal; "" is one without bytes, NULL one that nobody named. */
	const char *client_initial_dcid;
	const char *client_scid;
	const char *server_scid;
	const char *server_name;     /* SNI; NULL: none, or the hello was not read */
	const char *client_protocol; /* the first of ALPN that the client offers; NULL likewise */
	/*
	 * A letter for each packet, the server's in lower case: Initial, Zero-RTT, Handshake, Retry, 'O' an
	 * ordinary one, 'U' of a version that cannot be read, 'S' a hello, 'C' the connection is closed.
	 */
	const char *history;
	const char *ja4; /* of the client's hello; NULL when it was not read whole */
	const char *ja3;
};
