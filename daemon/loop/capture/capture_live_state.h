/* capture_live_state.h -- one live interface from inside, for capture_live.c and capture_live_link.c. */
#pragma once

#include "daemon/base/limiter.h"
#include "daemon/loop/capture/capture_handle.h"
#include "daemon/loop/capture/capture_live.h"

struct capture_live {
	struct capture_live_plan plan;
	char configured[LINK_NAME_MAX];
	char name[LINK_NAME_MAX]; /* as it is called now */
	bool is_any;
	int links;   /* for link_state_ask() */
	int ifindex; /* 0: not known, or "any" */
	struct capture_handle handle;
	uint64_t opened;
	struct capture_filter filter;
	struct capture_tally tally;

	enum capture_state state;
	struct capture_gaps gaps;
	struct limiter limiter;
	int said_error; /* why it cannot be opened; said once */

	capture_frame_fn take; /* of the call in progress */
	void *context;
};

/* Ask libpcap for its counters. */
void capture_live_count(struct capture_live *c);

/* Close the handle, if there is one; what was in its ring is dropped, counted. */
void capture_live_shut(struct capture_live *c);

/* It captures nothing from now on, for that reason. */
void capture_live_lose(struct capture_live *c, enum capture_state state, uint64_t now_ns);

/*
 * The interface to capture on: the one of the configured name, else the one that had it.
 *
 * returns  0; -ENODEV if there is none; -errno if it cannot be asked
 */
int capture_live_find(struct capture_live *c, struct link_state *ret_link);
