/*
 * capture_counters.h -- what became of every packet of a live interface, also across reopening.
 *
 *   offered = analysed + filtered + dropped_kernel + dropped_interface + dropped_here + waiting
 *
 * holds at every reading, and nothing in it is worked out from the rest but `waiting`: `offered` and
 * the kernel's drops come from the kernel, the others are counted one by one. `waiting` is what is in
 * the ring at that moment, and 0 after the interface is finished.
 */
#pragma once

#include "daemon/base/metric.h"
#include "daemon/decode/frame.h"

#include <stdbool.h>
#include <stdint.h>

struct capture_counters {
	uint64_t offered;
	uint64_t analysed;
	uint64_t filtered;          /* refused by the filter */
	uint64_t dropped_kernel;    /* the ring was full */
	uint64_t dropped_interface; /* by the card or its driver; no socket saw them */
	uint64_t dropped_here;      /* still in the ring when it was closed */
	uint64_t waiting;
	uint64_t bytes; /* on the wire, of those analysed and filtered */
	uint64_t last_packet_ns;
	uint64_t is_up; /* 1: capturing */
	uint64_t gaps;  /* times that it was blind and saw again */
	uint64_t clock_clamped;
	uint64_t clock_steps_forward;
	uint64_t clock_steps_back;
};

/* Ends in METRIC_END; `owner` is a struct capture_counters. */
extern const struct metric capture_counters_metrics[];

/* Add one interface's to a sum. */
void capture_counters_add(struct capture_counters *sum, const struct capture_counters *c);

/* The counters of one interface with what their sources, which are shorter or start anew, said last. */
struct capture_tally {
	struct capture_counters told;
	uint32_t received_last; /* of the open handle */
	uint32_t dropped_last;
	uint64_t missed_last; /* of the interface */
};

/* A new handle counts from 0. missed: what the interface says at this moment. */
void capture_tally_open(struct capture_tally *t, uint64_t missed);

/* One packet was taken from the ring. */
void capture_tally_frame(struct capture_tally *t, const struct frame *f, bool passed);

/*
 * What libpcap says of the open handle.
 *
 * received  ps_recv: every packet that the socket was given, ps_drop among them
 * dropped   ps_drop; both wrap after 2^32: ask before that many have come (5 minutes at 10 Gbit/s)
 * source    libpcap 1.10.3 pcap-linux.c pcap_stats_linux(): the kernel adds tp_drops to tp_packets;
 *           and seen on Linux 6.18: of 1 000 000 frames 804 038 were dropped, and ps_recv was 1 000 000
 */
void capture_tally_kernel(struct capture_tally *t, uint32_t received, uint32_t dropped);

/* What the interface says that it missed, since it exists. Less than before: it was reset. */
void capture_tally_missed(struct capture_tally *t, uint64_t missed);

/* The handle is about to be closed, after a last capture_tally_kernel(): what waits in it is lost. */
void capture_tally_close(struct capture_tally *t);
