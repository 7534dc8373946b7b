/* bittorrent.h -- a peer of BitTorrent spoke, or a node of its distributed table asked something. */
#pragma once

#include "daemon/transactions/transaction.h"

struct obs_bittorrent {
	const char *action;    /* "handshake", or a query: "ping", "find_node", "get_peers" ... */
	const char *info_hash; /* of what it is about, 40 hexadecimal digits; NULL: none */
	const char *peer_id;   /* of who speaks, 40 hexadecimal digits; NULL: not told */
	const char
		*client; /* the program, as its first letters in the peer's id say; NULL: unknown */
};
