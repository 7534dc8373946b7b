/*
 * capture_live.h -- packets of one network interface, for as long as the sensor runs.
 *
 * The interface may go down, be removed, get another name and come back: it is picked up again by
 * its configured name, or, while nothing has that name, under the name that it was given. What came
 * in between is a gap, told from the last moment that was surely captured to the first that is again.
 *
 * Nothing here asks for privileges or the time: who calls raises CAP_NET_RAW around
 * capture_live_open() and capture_live_reopen(), and passes the monotonic clock in. It logs when an
 * interface is lost and when it is back, rate-limited.
 */
#pragma once

#include "daemon/loop/capture/capture_counters.h"
#include "daemon/loop/capture/capture_filter.h"
#include "daemon/loop/capture/capture_gap.h"
#include "daemon/loop/capture/link_watch.h"

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

struct capture_live_plan {
	const char *name;    /* as ip(8) shows it, or "any"; copied */
	uint16_t number;     /* frame.interface */
	uint64_t ring_bytes; /* at most 2^31 - 1 */
	uint32_t snaplen;
	bool promiscuous;
	bool wait;          /* not being there at the start, or down, is no error */
	const char *filter; /* NULL: everything; borrowed for the capture's life */
};

/* frame: its bytes are in the ring and valid for the call; ts_ns is the kernel's stamp. */
typedef void (*capture_frame_fn)(void *context, const struct frame *frame);

struct capture_live;

/*
 * Begin to capture.
 *
 * ret_error  on failure one line: interface, what is wrong, what to do
 * returns    0, and with `wait` also when it cannot be opened yet; -ENODEV no such interface;
 *            -ENETDOWN it is down; -EPERM no permission; -EINVAL its link type is none that decode()
 *            follows, or the filter does not compile for it; -ENOMEM; -EIO libpcap's reason
 */
int capture_live_open(const struct capture_live_plan *plan, uint64_t now_ns,
	struct capture_live **ret_capture, char *ret_error, size_t error_size);

/* Readable when packets wait; -1 while there is none. */
int capture_live_fd(const struct capture_live *c);

/* How often it was opened: another number means another descriptor, though it may be called the same. */
uint64_t capture_live_opened(const struct capture_live *c);

enum capture_state capture_live_state(const struct capture_live *c);

/*
 * Hand out up to `most` frames, those that pass the filter to `take`.
 *
 * returns  frames taken from the ring, >= 0, those filtered among them; fewer than `most`: it is empty;
 *          -ENETDOWN, -ENODEV: nothing is open, it may have been closed in this call
 * cost     two system calls when the ring is empty, none otherwise
 */
int capture_live_dispatch(
	struct capture_live *c, int most, uint64_t now_ns, capture_frame_fn take, void *context);

/*
 * Hear of a change that link_watch tells.
 *
 * returns  true if it concerns this interface, so that capture_live_look() is due now. Frames that are
 *          still in the ring of one that is gone can be dispatched before that
 */
bool capture_live_hear(struct capture_live *c, const struct link_event *e, uint64_t now_ns);

/*
 * Compare with what the kernel says of the interface. Once a second or so, and when heard of a change.
 *
 * returns  true if capture_live_reopen() would do something
 * errors   none; may close
 */
bool capture_live_look(struct capture_live *c, uint64_t now_ns);

/*
 * Look, and open what is there to be opened. Needs CAP_NET_RAW.
 *
 * returns  true if it captures now
 */
bool capture_live_reopen(struct capture_live *c, uint64_t now_ns);

/*
 * Compile another filter for the link type that is open; while nothing is open it compiles later.
 *
 * text        NULL: everything passes; borrowed for the filter's life
 * ret_filter  for capture_live_filter(), else for capture_filter_done()
 * ret_error   on failure libpcap's complaint
 * returns     0, -EINVAL or -ENOMEM
 */
int capture_live_compile(const struct capture_live *c, const char *text,
	struct capture_filter *ret_filter, char *ret_error, size_t error_size);

/* Let frames pass by this filter from now on; it is taken over. */
void capture_live_filter(struct capture_live *c, const struct capture_filter *filter);

/* Take the gap that has ended since the last call: capture_gaps_take(). */
bool capture_live_gap(struct capture_live *c, struct capture_gap *ret_gap);

/* Read the counters. Asks the kernel: at least once in a minute, so that its 32 bits do not wrap. */
void capture_live_counters(struct capture_live *c, struct capture_counters *ret_counters);

/* Receive nothing any more, and keep what is in the ring: the first half of an end without loss. */
void capture_live_deafen(struct capture_live *c);

/*
 * The second half: hand out what is in the ring until it is empty or `until_ns` is past, then close.
 * A gap that is still open ends now. Counters and gap can be read after it.
 *
 * cost  waits up to CAPTURE_BLOCK_MS for the kernel to give up the block that is being filled
 */
void capture_live_finish(
	struct capture_live *c, uint64_t until_ns, capture_frame_fn take, void *context);

/* Close and free. Accepts NULL. */
void capture_live_close(struct capture_live *c);
