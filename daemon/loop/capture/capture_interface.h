/* capture_interface.h -- a pcapng interface description: link type, and what its time stamps mean. */
#pragma once

#include "daemon/base/cursor.h"

#include <stdbool.h>
#include <stdint.h>

/* How an interface's time stamps become ns. */
enum capture_scale {
	CAPTURE_SCALE_UP,     /* times `factor` */
	CAPTURE_SCALE_DOWN,   /* divided by `factor` */
	CAPTURE_SCALE_BINARY, /* 2^-`exponent` seconds */
};

struct capture_interface {
	uint16_t link;
	uint16_t number;    /* frame.interface; given by the section's reader */
	struct cursor name; /* in the body that was read, and valid as long; empty: none */
	bool followed;      /* decode() knows the link type */
	uint8_t exponent;
	enum capture_scale scale;
	uint32_t snap_bytes; /* 0: no limit */
	uint64_t factor;     /* > 0 */
	int64_t offset_ns;
};

/*
 * Read the body of an interface description block. Options that make no sense are as if absent.
 *
 * ret_interface  all but `number`
 * returns        false if it is too short
 * source         draft-ietf-opsawg-pcapng sections 3.5 and 4.2
 */
bool capture_interface_read(
	struct cursor body, bool big_endian, struct capture_interface *ret_interface);

/* A packet's time stamp as ns since the epoch: rounded down, and kept in 1970 .. 2262. */
uint64_t capture_interface_ns(const struct capture_interface *i, uint64_t ticks);
