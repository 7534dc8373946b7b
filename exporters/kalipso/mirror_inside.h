/*
 * mirror_inside.h -- what the parts of a mirror share. Who uses one reads mirror.h.
 */
#pragma once

#include "daemon/base/table.h"
#include "exporters/kalipso/mirror.h"

/* An address, and who has still to be told. */
struct mirror_entry {
	struct mirror_address address; /* first: its address is the key */
	TAILQ_ENTRY(mirror_entry) age; /* the one that was told longest ago first */
	struct {
		TAILQ_ENTRY(mirror_entry) next; /* if `queued` */
		bool queued;
		bool there; /* it may be */
	} due[MIRROR_TARGETS_MAX];
};

/* The windows of a host: the key is its address. */
struct mirror_host {
	struct addr addr;
	TAILQ_HEAD(mirror_host_windows, mirror_window) windows;
};

struct mirror_window_key {
	struct addr host;
	int64_t number;
};

/* Keys that are gone, the oldest first. */
struct mirror_ring {
	struct mirror_window_key *keys; /* of an address number is 0 */
	uint32_t capacity, first, count;
};

struct mirror_target {
	TAILQ_HEAD(, mirror_window) windows;
	TAILQ_HEAD(, mirror_entry) addresses;
	struct mirror_ring gone, gone_addresses;
	struct mirror_line *finding; /* the next; NULL: it has had them all */
};

struct mirror {
	struct mirror_plan plan;
	struct table windows, hosts, addresses;
	TAILQ_HEAD(, mirror_window) ages;
	TAILQ_HEAD(, mirror_entry) address_ages;
	TAILQ_HEAD(mirror_findings, mirror_line) findings;
	uint64_t finding_count; /* ever */
	uint64_t now_ns;
	struct mirror_target targets[MIRROR_TARGETS_MAX];
	uint64_t allocated; /* of lines and tuples, as malloc sees it */
	struct mirror_stats stats;
	uint8_t *scratch; /* WINDOW_PIECE_MAX: a record, or a piece of a window */
	struct window_unpacking unpacking;
	const struct mirror_window *unpacked; /* whose tuples are in it; NULL: of none */
};
