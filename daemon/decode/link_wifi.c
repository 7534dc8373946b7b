/*
 * link_wifi.c -- 802.11 as a monitor interface sees it, with or without radiotap before it.
 *
 * Data frames are followed to LLC and SNAP: with four addresses, QoS, HT control. What is not followed
 * is PACKET_OTHER: management and control, frames that are protected (nearly all today: their content
 * is visible on the wired side only), what the radio received with a wrong FCS, mesh headers, and
 * fragments but the first. Of an A-MSDU the first frame is followed; further ones are noted, not read.
 *
 * Sources: IEEE 802.11-2020 section 9.2 and 9.3.2; radiotap.org.
 */
#include "daemon/decode/layers.h"

enum radiotap {
	RADIOTAP_MIN = 8,
	RADIOTAP_WORDS_MAX = 16, /* one, and one for each antenna */
	RADIOTAP_TSFT = 1 << 0,
	RADIOTAP_FLAGS = 1 << 1,
	RADIOTAP_MORE = 1 << 7, /* in a word's last byte: another one follows */
};

/* Radiotap's flags, as far as they change how the frame is read. */
enum radio_flag {
	RADIO_FCS = 0x10,     /* the frame ends with its checksum */
	RADIO_PADDED = 0x20,  /* the body starts at a multiple of 4 */
	RADIO_BAD_FCS = 0x40, /* received with errors */
	RADIO_SWAPPED =
		0x80, /* ours, where radiotap has what is of no use: numbers are big-endian */
};

enum frame_control {
	CONTROL_VERSION = 0x03, /* always 0 */
	CONTROL_VERSION_TYPE = 0x0f,
	CONTROL_DATA = 0x08, /* version 0, type 2 */
	CONTROL_QOS = 0x80,
	CONTROL_NO_DATA = 0x40,
	FLAG_TO_DS = 0x01,
	FLAG_FROM_DS = 0x02,
	FLAG_PROTECTED = 0x40,
	FLAG_ORDER = 0x80, /* in QoS frames: HT control is there */
};

enum {
	WIFI_HEADER = 24,
	FCS = 4,
	FRAGMENT_MASK = 0x000f,
	QOS_AMSDU = 0x0080,
	AMSDU_HEADER = 14,
};

/* The flags field, which the time before it (aligned to 8) may move; 0 where there is none. */
static uint8_t
radiotap_flags(struct cursor header)
{
	unsigned words = 0;
	uint8_t more = 0;

	cursor_be32(&header); /* version, padding, length */
	uint8_t present = 0;
	do {
		uint32_t word = cursor_le32(&header);
		if (words == 0)
			present = (uint8_t)word;
		more = (uint8_t)(word >> 24) & RADIOTAP_MORE;
	} while (++words < RADIOTAP_WORDS_MAX && more != 0);
	if (more != 0 || (present & RADIOTAP_FLAGS) == 0)
		return 0;
	if ((present & RADIOTAP_TSFT) != 0)
		cursor_take(&header, words % 2 == 0 ? 4 + 8 : 8);
	return cursor_u8(&header);
}

/* Who sent it to whom: which of the addresses that is, depends on the direction (table 9-30). */
static void
addresses_decode(uint8_t flags, struct cursor header, struct cursor *fourth, struct packet *p)
{
	const uint8_t *address[4];

	for (unsigned i = 0; i < 3; i++)
		address[i] = cursor_take(&header, MAC_BYTES);
	address[3] = cursor_left(fourth) > 0 ? cursor_take(fourth, MAC_BYTES) : address[2];
	p->dst_mac = mac_from((flags & FLAG_TO_DS) != 0 ? address[2] : address[0]);
	p->src_mac = mac_from((flags & FLAG_FROM_DS) != 0 ? address[3] : address[1]);
	p->has_mac = true;
}

/* The first of the frames that one A-MSDU carries (section 9.3.2.2.2). */
static void
amsdu_decode(struct part *rest, struct packet *p)
{
	struct cursor header = cursor_sub(&rest->bytes, AMSDU_HEADER);

	if (header.short_read) {
		packet_note(p, ANOMALY_LINK_SHORT);
		return;
	}
	p->dst_mac = mac_from(cursor_take(&header, MAC_BYTES));
	p->src_mac = mac_from(cursor_take(&header, MAC_BYTES));
	uint32_t length = cursor_be16(&header);
	if (part_bytes(rest) >= length + AMSDU_HEADER)
		packet_note(p, ANOMALY_LINK_AGGREGATE);
	part_bound(rest, length);
	llc_decode(rest, p);
}

static uint16_t
wifi_u16(struct cursor *c, uint8_t radio)
{
	return (radio & RADIO_SWAPPED) != 0 ? cursor_be16(c) : cursor_le16(c);
}

static void
data_decode(uint8_t control, uint8_t flags, uint8_t radio, struct part *rest, struct packet *p)
{
	bool has_fourth = (flags & FLAG_TO_DS) != 0 && (flags & FLAG_FROM_DS) != 0;
	bool has_qos = (control & CONTROL_QOS) != 0;
	bool has_ht = has_qos && (flags & FLAG_ORDER) != 0;
	bool padded = (radio & RADIO_PADDED) != 0;
	struct cursor header = cursor_sub(&rest->bytes, WIFI_HEADER - 2);
	struct cursor fourth = cursor_sub(&rest->bytes, has_fourth ? MAC_BYTES : 0);
	uint16_t qos = has_qos ? wifi_u16(&rest->bytes, radio) : 0;

	cursor_take(&rest->bytes, has_ht ? 4 : 0);
	/* 24 bytes and 4 of HT control keep to multiples of 4; six and two do not. */
	cursor_take(&rest->bytes, padded && has_fourth != has_qos ? 2 : 0);
	if (rest->bytes.short_read) {
		packet_note(p, ANOMALY_LINK_SHORT);
		return;
	}
	cursor_be16(&header); /* duration */
	addresses_decode(flags, header, &fourth, p);
	cursor_take(&header, (size_t)3 * MAC_BYTES);
	if ((wifi_u16(&header, radio) & FRAGMENT_MASK) != 0)
		return;
	if ((qos & QOS_AMSDU) != 0)
		amsdu_decode(rest, p);
	else
		llc_decode(rest, p);
}

static void
wifi_body_decode(uint8_t control, uint8_t flags, uint8_t radio, struct part *rest, struct packet *p)
{
	if (rest->bytes.short_read)
		packet_note(p, ANOMALY_LINK_SHORT);
	else if ((control & CONTROL_VERSION_TYPE) == CONTROL_DATA &&
		 (control & CONTROL_NO_DATA) == 0 && (flags & FLAG_PROTECTED) == 0)
		data_decode(control, flags, radio, rest, p);
}

static void
wifi_frame_decode(uint8_t radio, struct part *rest, struct packet *p)
{
	uint8_t control = cursor_u8(&rest->bytes);
	uint8_t flags = cursor_u8(&rest->bytes);

	wifi_body_decode(control, flags, radio, rest, p);
}

void
wifi_decode(struct part *rest, struct packet *p)
{
	wifi_frame_decode(0, rest, p);
}

void
wifi_swapped_decode(struct part *rest, struct packet *p)
{
	struct cursor look = rest->bytes;
	uint8_t flags = cursor_u8(&look);
	uint8_t control = cursor_u8(&look);

	if ((flags & CONTROL_VERSION) == 0) {
		wifi_frame_decode(0, rest, p);
		return;
	}
	rest->bytes = look;
	wifi_body_decode(control, flags, RADIO_SWAPPED, rest, p);
}

void
radiotap_decode(struct part *rest, struct packet *p)
{
	struct cursor look = rest->bytes;
	uint8_t version = cursor_u8(&look);
	cursor_u8(&look); /* padding */
	uint16_t length = cursor_le16(&look);
	struct cursor header = cursor_sub(&rest->bytes, length);

	if (look.short_read || header.short_read || length < RADIOTAP_MIN) {
		packet_note(p, ANOMALY_LINK_SHORT);
		return;
	}
	uint8_t radio = radiotap_flags(header) & (uint8_t)~RADIO_SWAPPED;
	if (version != 0 || (radio & RADIO_BAD_FCS) != 0)
		return;
	if ((radio & RADIO_FCS) != 0 && part_bytes(rest) >= FCS)
		part_bound(rest, part_bytes(rest) - FCS);
	wifi_frame_decode(radio, rest, p);
}
