/*
 * features.h -- the feature dictionaries of a window (behaviour §4), derived from its tuples.
 *
 * Slips keeps, for each role, protocol and state, dictionaries of the peers' addresses and of the
 * destination and source ports, each with flows, packets, bytes and an inner map. They are all sums
 * over the tuples of the window; here they are worked out when an exporter asks.
 */
#pragma once

#include "daemon/base/arena.h"
#include "daemon/tuples/tuples.h"

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

enum feature_index {
	FEATURE_PEERS, /* DstIPsClient..., SrcIPsServer...: by the other side's address */
	FEATURE_DESTINATION_PORTS, /* DstPorts...: by the responder's port */
	FEATURE_SOURCE_PORTS,      /* SrcPorts...: by the originator's port; no inner map */
};

/* One dictionary: which of them. */
struct feature_name {
	enum feature_index index;
	uint8_t role; /* enum obs_role */
	uint8_t ip_proto;
	bool established;
};

/* An entry of an inner map: packets by destination port (FEATURE_PEERS) or by peer. */
struct feature_part {
	struct addr peer;
	uint16_t port;
	uint64_t packets; /* of both sides */
	uint64_t orig_packets;
	uint64_t first_ns; /* start of the first flow */
};

struct feature {
	struct addr peer; /* FEATURE_PEERS */
	uint16_t port;    /* else */
	uint64_t flows, packets, bytes;
	uint64_t first_ns;                /* start of the first flow; 0 for source ports */
	const struct feature_part *parts; /* in order of first sight */
	size_t part_count;
};

/*
 * Work one dictionary out.
 *
 * t             of a window
 * memory        where the result lies
 * ret_features  array in order of first sight; valid as long as `memory`
 * returns       entries, >= 0; 0 too when memory refused
 * cost          O(tuples + entries log entries)
 */
size_t features_derive(const struct tuples *t, const struct feature_name *which,
	struct arena *memory, const struct feature **ret_features);

enum { FEATURE_NAME_MAX = 48 };

/*
 * Write the name that Slips 0.7.0 gives a dictionary: "DstPortsClientTCPEstablished".
 *
 * ret_text  FEATURE_NAME_MAX bytes, NUL-terminated
 */
char *feature_name_format(const struct feature_name *which, char ret_text[FEATURE_NAME_MAX]);
