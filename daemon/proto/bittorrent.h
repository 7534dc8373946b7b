/* bittorrent.h -- what the peers of BitTorrent and the nodes of its table have in common. */
#pragma once

#include "daemon/proto/proto.h"

enum { BITTORRENT_ID_BYTES = 20 };

/*
 * Tell that somebody spoke.
 *
 * info_hash, peer_id  BITTORRENT_ID_BYTES each; short: not told
 */
void bittorrent_tell(const struct proto_call *call, const char *action, struct cursor info_hash,
	struct cursor peer_id);
