/* bittorrent.c -- the fields of what a peer of BitTorrent says. */
#include "daemon/transactions/bittorrent.h"

#include "daemon/observation.h"

static const struct transaction_field fields[] = {
	FIELD_ROW_TEXT(struct obs_bittorrent, action, "action"),
	FIELD_ROW_TEXT(struct obs_bittorrent, info_hash, "info_hash"),
	FIELD_ROW_TEXT(struct obs_bittorrent, peer_id, "peer_id"),
	FIELD_ROW_TEXT(struct obs_bittorrent, client, "client"),
	FIELD_END,
};

const struct transaction_kind transaction_bittorrent = {
	.kind = OBS_BITTORRENT,
	.log = NULL,
	.has_ends = true,
	.size = sizeof(struct obs_bittorrent),
	.fields = fields,
};
