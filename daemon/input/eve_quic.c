/* eve_quic.c -- EVE's quic event: how a connection began. */
#include "daemon/input/eve.h"
#include "daemon/observation.h"
#include "daemon/transactions/quic.h"

static const struct transaction_alias columns[] = {
	{ "quic.version", "version" },
	{ "quic.sni", "server_name" },
	{ "quic.ja3.hash", "ja3" },
	{ "quic.ja4", "ja4" },
	{ NULL, NULL },
};

const struct eve_reader eve_reader_quic = {
	.type = "quic",
	.said = &transaction_quic,
	.columns = columns,
};
