/*
 * pcap: a file header of 24 bytes, then records of 16 and the frame. The magic number tells byte
 * order and resolution (draft-ietf-opsawg-pcap section 4; the "modified" one, with 8 more bytes a
 * record, is of Linux kernels around 1999).
 *
 * Nothing marks where a record begins, so after a length that cannot be there is no way back in:
 * the input ends there.
 */
#include "daemon/loop/capture/capture_source.h"

#include "daemon/base/time_text.h"
#include "daemon/decode/decode.h"
#include "daemon/loop/capture/capture_link.h"

#include <errno.h>
#include <stdio.h>

enum { FILE_HEADER_BYTES = 24, RECORD_BYTES = 16, RECORD_MODIFIED_BYTES = 24 };

struct variant {
	uint32_t magic; /* read in the file's own byte order */
	uint32_t header_bytes;
	uint32_t fraction_ns;
};

static const struct variant variants[] = {
	{ UINT32_C(0xa1b2c3d4), RECORD_BYTES, NS_PER_US },
	{ UINT32_C(0xa1b23c4d), RECORD_BYTES, 1 },
	{ UINT32_C(0xa1b2cd34), RECORD_MODIFIED_BYTES, NS_PER_US },
};

static const struct variant *
variant_of(uint32_t magic)
{
	for (size_t i = 0; i < sizeof(variants) / sizeof(variants[0]); i++)
		if (variants[i].magic == magic)
			return &variants[i];
	return NULL;
}

static const struct variant *
recognise(struct cursor first, bool *ret_big_endian)
{
	struct cursor again = first;
	const struct variant *little = variant_of(cursor_le32(&first));
	const struct variant *big = variant_of(cursor_be32(&again));

	*ret_big_endian = big != NULL;
	return big != NULL ? big : little;
}

bool
capture_pcap_recognise(struct cursor first)
{
	bool big_endian;

	return recognise(first, &big_endian) != NULL;
}

/* One record, if it is there whole. */
static inline bool
read_record(struct capture_source *s, struct cursor *c, struct frame *f)
{
	struct cursor header = cursor_sub(c, s->pcap.header_bytes);
	uint64_t seconds = capture_u32(s, &header);
	uint64_t fraction = capture_u32(s, &header);
	uint32_t captured = capture_u32(s, &header);
	uint32_t wire = capture_u32(s, &header);

	if (captured > CAPTURE_FRAME_MAX) {
		s->complaint = "a frame of more than 256 KiB";
		return false;
	}
	f->bytes = cursor_take(c, captured);
	f->ts_ns = seconds * NS_PER_S + fraction * s->pcap.fraction_ns;
	f->captured = captured;
	f->wire = wire;
	f->link = s->pcap.link;
	f->interface = s->pcap.number;
	return !c->short_read;
}

static size_t
read_frames(struct capture_source *s, struct frame *ret_frames, size_t room)
{
	struct cursor whole = s->input.bytes;
	struct cursor c = whole;
	size_t n = 0;

	while (n < room && read_record(s, &c, &ret_frames[n])) {
		whole = c;
		n++;
	}
	s->input.bytes = whole;
	return n;
}

int
capture_pcap_open(struct capture_source *s, char *ret_error, size_t error_size)
{
	/* A pipe may give the header in pieces. */
	while (cursor_left(&s->input.bytes) < FILE_HEADER_BYTES && capture_input_fill(&s->input))
		;
	struct cursor *c = &s->input.bytes;
	size_t have = cursor_left(c);
	const struct variant *v = recognise(*c, &s->big_endian);
	(void)cursor_take(
		c, FILE_HEADER_BYTES - 4); /* magic, version, zone, accuracy, snap length */
	uint32_t link = capture_u32(s, c);
	if (c->short_read) {
		(void)snprintf(ret_error, error_size,
			"%s: not a whole capture: it ends inside its file header (%zu of %d bytes)",
			s->input.name, have, FILE_HEADER_BYTES);
		return -EINVAL;
	}
	s->pcap = (struct capture_pcap){
		.link = capture_link_of(link),
		.header_bytes = v->header_bytes,
		.fraction_ns = v->fraction_ns,
	};
	if (decode_link_name(s->pcap.link) == NULL) {
		capture_link_refuse(s->input.name, s->pcap.link, ret_error, error_size);
		return -EINVAL;
	}
	s->pcap.number = capture_names_number(s->names, (struct cursor){ 0 }, 0);
	s->read = read_frames;
	return 0;
}
