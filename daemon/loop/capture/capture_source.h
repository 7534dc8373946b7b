/*
 * capture_source.h -- one input of a reading: its bytes, its format's state, its frames ahead.
 *
 * The formats (capture_pcap.c, capture_pcapng.c) are state machines over `input.bytes`: their
 * read() hands out what lies there whole and never fills, so that frames already handed out stay
 * where they are. capture_file.c decides when to fill, merges and counts.
 */
#pragma once

#include "daemon/decode/frame.h"
#include "daemon/input/capture_input.h"
#include "daemon/loop/capture/capture_file.h"
#include "daemon/loop/capture/capture_interface.h"
#include "daemon/loop/capture/capture_names.h"

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

enum { CAPTURE_INTERFACES_MAX = 1024 };

struct capture_pcap {
	uint16_t link;
	uint16_t number;       /* frame.interface */
	uint32_t header_bytes; /* of a record */
	uint32_t fraction_ns;  /* 1000 or 1 */
};

struct capture_pcapng {
	struct capture_interface *interfaces; /* CAPTURE_INTERFACES_MAX, of the current section */
	uint32_t interface_count;
	uint64_t last_ns; /* for simple packets, which have no time */
	uint64_t
		skip_bytes; /* still to be passed over of a block that is larger than any we read */
	bool in_section;
};

struct capture_source {
	struct capture_input input;
	/*
	 * Hand out frames that lie whole in input.bytes, and consume them. Fewer than `room` says
	 * that the rest needs a fill, or, if `complaint` is set, that it makes no sense.
	 */
	size_t (*read)(struct capture_source *s, struct frame *ret_frames, size_t room);
	bool big_endian;
	bool ended;
	bool used_up;                /* nothing whole is left in input.bytes: a fill is due */
	const char *complaint;       /* static; the record at the cursor is corrupt */
	uint64_t record_offset;      /* where the block of `skip_bytes` began */
	uint64_t unknown_link;       /* frames */
	struct capture_names *names; /* the reader's, to number interfaces over all inputs */
	struct capture_pcap pcap;
	struct capture_pcapng pcapng;

	/* The merge's. */
	struct frame queue[CAPTURE_BATCH_MAX]; /* read, not yet handed out */
	uint32_t queue_at, queue_count;
};

/* Is the first word of a file this format's? */
bool capture_pcap_recognise(struct cursor first);
bool capture_pcapng_recognise(struct cursor first);

/*
 * Read the head of a file that was recognised: pcap's file header; pcapng's blocks up to the first
 * packet.
 *
 * returns  0; -EINVAL and one line if there is no head, or no interface that decode() follows;
 *          -ENOMEM
 * owns     pcapng: `interfaces`, freed by capture_pcapng_done()
 */
int capture_pcap_open(struct capture_source *s, char *ret_error, size_t error_size);
int capture_pcapng_open(struct capture_source *s, char *ret_error, size_t error_size);

/* Accepts a zeroed struct. */
void capture_pcapng_done(struct capture_source *s);

/* A 32-bit word in the file's byte order. */
static inline uint32_t
capture_u32(const struct capture_source *s, struct cursor *c)
{
	return s->big_endian ? cursor_be32(c) : cursor_le32(c);
}
