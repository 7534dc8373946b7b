/* capture_handle.h -- libpcap on one interface, opened as the sensor wants it. Private to capture_live and capture_set. */
#pragma once

#include <pcap/pcap.h>
#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

/* How long the kernel keeps a block of the ring that is not full. */
enum { CAPTURE_BLOCK_MS = 100 };

struct capture_handle_plan {
	const char *name; /* of a network interface, or "any" */
	uint64_t ring_bytes;
	uint32_t snaplen;
	bool promiscuous;
};

struct capture_handle {
	pcap_t *pcap; /* NULL: closed */
	uint16_t link;
	uint32_t fraction_ns; /* what a time stamp's fraction counts: 1, or 1000 */
};

/*
 * Open it, not blocking, without a filter of libpcap's.
 *
 * ret_error  on failure one line
 * returns    0; -ENODEV, -ENETDOWN, -EPERM, -ENOMEM; -EINVAL link type that decode() does not follow;
 *            -EIO for what libpcap says otherwise
 * owns       closed by capture_handle_close()
 */
int capture_handle_open(const struct capture_handle_plan *plan, struct capture_handle *ret_handle,
	char *ret_error, size_t error_size);

/* Accepts a closed one. */
void capture_handle_close(struct capture_handle *h);
