/*
 * pcapng: a file of blocks, each with its length before and behind (draft-ietf-opsawg-pcapng). A
 * section header sets the byte order and forgets the interfaces; an interface description gives
 * link type and time resolution; packets name their interface. Every other block is passed over.
 *
 * Bounds: CAPTURE_INTERFACES_MAX interfaces a section; packets of later ones count as of unknown
 * link. Blocks that we read are at most CAPTURE_RECORD_MAX long, those we pass over any length.
 * A block whose two lengths differ is damage, and the input ends there: no later one could be
 * trusted to be in place.
 */
#include "daemon/loop/capture/capture_source.h"

#include "daemon/base/log.h"
#include "daemon/loop/capture/capture_link.h"

#include <errno.h>
#include <stdio.h>
#include <stdlib.h>

/* Section 11.1, and the Packet Block of appendix A, obsolete since 2004 and still about. */
#define BLOCK_SECTION UINT32_C(0x0a0d0d0a)
enum {
	BLOCK_INTERFACE = 1,
	BLOCK_PACKET_OBSOLETE = 2,
	BLOCK_PACKET_SIMPLE = 3,
	BLOCK_PACKET = 6,
};
#define BYTE_ORDER_MAGIC UINT32_C(0x1a2b3c4d)

enum {
	BLOCK_FRAMING = 12, /* type, length before, length behind */
};

struct block {
	uint32_t type;
	struct cursor body;
	struct cursor rest; /* of the input, behind it */
};

static bool
is_packet(uint32_t type)
{
	return type == BLOCK_PACKET || type == BLOCK_PACKET_SIMPLE || type == BLOCK_PACKET_OBSOLETE;
}

static bool
is_read(uint32_t type)
{
	return is_packet(type) || type == BLOCK_INTERFACE || type == BLOCK_SECTION;
}

static uint16_t
u16(const struct capture_source *s, struct cursor *c)
{
	return s->big_endian ? cursor_be16(c) : cursor_le16(c);
}

/* A section's type reads the same either way; its length only once its byte order is known. */
static bool
learn_byte_order(struct capture_source *s, struct cursor at_length)
{
	(void)cursor_take(&at_length, 4);
	struct cursor again = at_length;
	bool little = cursor_le32(&at_length) == BYTE_ORDER_MAGIC;
	bool big = cursor_be32(&again) == BYTE_ORDER_MAGIC;

	if (again.short_read)
		return false;
	if (!little && !big)
		s->complaint = "a section without a byte order";
	else
		s->big_endian = big;
	return little || big;
}

/* Pass over what is left of a block that was too large to look at. */
static bool
skip_rest(struct capture_source *s)
{
	s->pcapng.skip_bytes -= capture_input_skip(&s->input, s->pcapng.skip_bytes);
	return s->pcapng.skip_bytes == 0;
}

enum peek {
	PEEK_STARVED, /* not whole, or `complaint` is set */
	PEEK_SKIPPED, /* a large block of no interest; ask again */
	PEEK_BLOCK,
};

/* Look at the next block. Consumes nothing but large ones of no interest. */
static enum peek
peek_block(struct capture_source *s, struct block *b)
{
	if (s->pcapng.skip_bytes > 0 && !skip_rest(s))
		return PEEK_STARVED;

	struct cursor c = s->input.bytes;
	b->type = capture_u32(s, &c);
	if (b->type == BLOCK_SECTION && !c.short_read && !learn_byte_order(s, c))
		return PEEK_STARVED;
	uint32_t length = capture_u32(s, &c);
	if (c.short_read)
		return PEEK_STARVED;
	if (length < BLOCK_FRAMING || length % 4 != 0) {
		s->complaint = "a block of a length that cannot be";
		return PEEK_STARVED;
	}
	if (length > CAPTURE_RECORD_MAX && is_read(b->type)) {
		s->complaint = "a packet or interface block of more than 320 KiB";
		return PEEK_STARVED;
	}
	if (length > CAPTURE_RECORD_MAX) {
		s->record_offset = capture_input_offset(&s->input);
		s->pcapng.skip_bytes = length;
		return PEEK_SKIPPED;
	}
	b->body = cursor_sub(&c, length - BLOCK_FRAMING);
	uint32_t behind = capture_u32(s, &c);
	if (c.short_read)
		return PEEK_STARVED;
	if (behind != length) {
		s->complaint = "a block whose two lengths differ";
		return PEEK_STARVED;
	}
	b->rest = c;
	return PEEK_BLOCK;
}

/* Section 4.1. What is not version 1 may have blocks of any other form. */
static bool
read_section(struct capture_source *s, struct cursor body)
{
	(void)cursor_take(&body, 4);
	uint16_t major = u16(s, &body);

	if (body.short_read || major != 1) {
		s->complaint = "a section of a version other than 1";
		return false;
	}
	s->pcapng.interface_count = 0;
	s->pcapng.in_section = true;
	return true;
}

/* Section 4.2. */
static bool
read_interface(struct capture_source *s, struct cursor body)
{
	struct capture_pcapng *ng = &s->pcapng;
	struct capture_interface described;

	if (ng->interface_count == CAPTURE_INTERFACES_MAX)
		return true;
	if (!capture_interface_read(body, s->big_endian, &described)) {
		s->complaint = "an interface block that is too short";
		return false;
	}

	described.number = capture_names_number(s->names, described.name, ng->interface_count);
	described.name = (struct cursor){ 0 };
	ng->interfaces[ng->interface_count++] = described;
	return true;
}

/* What the three kinds of packet block say, before it is known of which interface. */
struct told {
	uint32_t interface;
	uint32_t captured;
	uint32_t wire;
	uint64_t ticks;
	bool has_ticks;
};

/* Sections 4.3 and 4.4, appendix A. */
static struct told
read_packet_head(const struct capture_source *s, uint32_t type, struct cursor *c)
{
	struct told t = { .has_ticks = type != BLOCK_PACKET_SIMPLE };

	if (type == BLOCK_PACKET_SIMPLE) {
		t.wire = capture_u32(s, c);
		size_t there = cursor_left(c);
		uint32_t snap =
			s->pcapng.interface_count > 0 ? s->pcapng.interfaces[0].snap_bytes : 0;
		t.captured = t.wire < there ? t.wire : (uint32_t)there;
		if (snap > 0 && t.captured > snap)
			t.captured = snap;
		return t;
	}
	if (type == BLOCK_PACKET) {
		t.interface = capture_u32(s, c);
	} else {
		t.interface = u16(s, c);
		(void)cursor_take(c, 2); /* drops */
	}
	t.ticks = (uint64_t)capture_u32(s, c) << 32;
	t.ticks |= capture_u32(s, c);
	t.captured = capture_u32(s, c);
	t.wire = capture_u32(s, c);
	return t;
}

/* A packet is left out; say so for the first. */
static void
leave_out(struct capture_source *s, uint32_t interface)
{
	const struct capture_pcapng *ng = &s->pcapng;

	if (s->unknown_link++ > 0)
		return;
	if (interface >= ng->interface_count)
		log_warnx("capture",
			"%s: a packet of interface %u, which is not described: counted and left out",
			s->input.name, interface);
	else
		log_warnx("capture",
			"%s: interface %u has link type %u (%s), which is not supported: its "
			"packets are counted and left out",
			s->input.name, interface, ng->interfaces[interface].link,
			capture_link_name(ng->interfaces[interface].link));
}

/* returns true if `f` was written: a packet that is sound, of an interface that we follow. */
static bool
read_packet(struct capture_source *s, const struct block *b, struct frame *f)
{
	struct cursor c = b->body;
	struct told t = read_packet_head(s, b->type, &c);
	const uint8_t *bytes = cursor_take(&c, t.captured);

	if (c.short_read || t.captured > CAPTURE_FRAME_MAX) {
		s->complaint = "a packet longer than its block, or than 256 KiB";
		return false;
	}
	if (t.interface >= s->pcapng.interface_count ||
		!s->pcapng.interfaces[t.interface].followed) {
		leave_out(s, t.interface);
		return false;
	}
	const struct capture_interface *i = &s->pcapng.interfaces[t.interface];
	if (t.has_ticks)
		s->pcapng.last_ns = capture_interface_ns(i, t.ticks);
	f->ts_ns = s->pcapng.last_ns;
	f->bytes = bytes;
	f->captured = t.captured;
	f->wire = t.wire;
	f->link = i->link;
	f->interface = i->number;
	return true;
}

/* A block that is no packet. returns false if `complaint` was set. */
static bool
read_other(struct capture_source *s, const struct block *b)
{
	if (b->type == BLOCK_SECTION)
		return read_section(s, b->body);
	if (b->type == BLOCK_INTERFACE)
		return read_interface(s, b->body);
	return true;
}

static size_t
read_frames(struct capture_source *s, struct frame *ret_frames, size_t room)
{
	struct block b;
	enum peek p;
	size_t n = 0;

	while (n < room && s->complaint == NULL && (p = peek_block(s, &b)) != PEEK_STARVED) {
		if (p == PEEK_SKIPPED)
			continue;
		if (!is_packet(b.type))
			(void)read_other(s, &b);
		else if (read_packet(s, &b, &ret_frames[n]))
			n++;
		if (s->complaint == NULL)
			s->input.bytes = b.rest;
	}
	return n;
}

bool
capture_pcapng_recognise(struct cursor first)
{
	return cursor_be32(&first) == BLOCK_SECTION;
}

/* Everything up to the first packet, which is left where it is. */
static bool
read_head(struct capture_source *s)
{
	for (;;) {
		struct block b;
		enum peek p = peek_block(s, &b);
		if (p == PEEK_BLOCK && is_packet(b.type))
			return true;
		if (p == PEEK_BLOCK && read_other(s, &b))
			s->input.bytes = b.rest;
		if (s->complaint != NULL)
			return false;
		if (p == PEEK_STARVED && !capture_input_fill(&s->input))
			return false;
	}
}

int
capture_pcapng_open(struct capture_source *s, char *ret_error, size_t error_size)
{
	struct capture_pcapng *ng = &s->pcapng;

	ng->interfaces = calloc(CAPTURE_INTERFACES_MAX, sizeof(*ng->interfaces));
	if (ng->interfaces == NULL) {
		(void)snprintf(ret_error, error_size, "%s: out of memory", s->input.name);
		return -ENOMEM;
	}
	s->read = read_frames;
	bool has_packets = read_head(s);
	if (!ng->in_section) {
		(void)snprintf(ret_error, error_size, "%s: not a whole capture: its head has %s",
			s->input.name,
			s->complaint != NULL ? s->complaint : "no whole section header");
		return -EINVAL;
	}
	if (!has_packets)
		return 0; /* nothing in it, or damage, which the first read reports */
	for (uint32_t i = 0; i < ng->interface_count; i++)
		if (ng->interfaces[i].followed)
			return 0;
	if (ng->interface_count > 0)
		capture_link_refuse(s->input.name, ng->interfaces[0].link, ret_error, error_size);
	else
		(void)snprintf(ret_error, error_size,
			"%s: not a sound capture: a packet comes before any interface",
			s->input.name);
	return -EINVAL;
}

void
capture_pcapng_done(struct capture_source *s)
{
	free(s->pcapng.interfaces);
	s->pcapng.interfaces = NULL;
}
