/* capture_filter.h -- a BPF filter over frames of any link type: compiled once for each of them. */
#pragma once

#include "daemon/decode/frame.h"

#include <pcap/pcap.h>
#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

enum { CAPTURE_FILTER_LINKS_MAX = 32 };

struct capture_filter_program {
	uint16_t link;
	bool usable; /* compiled */
	struct bpf_program bpf;
};

struct capture_filter {
	const char *text; /* borrowed; NULL lets everything pass */
	unsigned count;
	struct capture_filter_program programs[CAPTURE_FILTER_LINKS_MAX];
};

/*
 * Compile the filter for one more link type. Again for the same one is fine.
 *
 * ret_error  `error_size` bytes; libpcap's complaint on failure
 * returns    0; -EINVAL if the filter does not compile for it; -ENOMEM
 * cost       allocates; not for the packet path
 */
int capture_filter_add(struct capture_filter *f, uint16_t link, char *ret_error, size_t error_size);

/*
 * Does the filter let a frame pass? One of a link type for which it does not compile never passes.
 *
 * cost  the BPF program; compiles it when a link type turns up for the first time
 */
bool capture_filter_match(struct capture_filter *f, const struct frame *frame);

/* Free the programs. Accepts a zeroed struct. */
void capture_filter_done(struct capture_filter *f);
