#include "daemon/loop/capture/capture_link.h"

#include "daemon/base/strbuf.h"
#include "daemon/decode/decode.h"

#include <pcap/pcap.h>

enum {
	LINK_ATM_RFC1483 = 100,
	LINK_RAW = 101,
	LINK_SLIP_BSDOS = 102,
	LINK_PPP_BSDOS = 103,
	LINK_ATM_CLIP = 106,
	LINK_NUMBERS = 1024, /* they are given out in order, and have not reached 300 */
};

uint16_t
capture_link_of(uint32_t field)
{
	uint16_t link = (uint16_t)field; /* above it: FCS length and "additional information" */

	/* Files of before LINKTYPE_RAW hold the DLT_RAW of their system: 14 on OpenBSD. */
	return link == DLT_RAW || link == 14 ? LINK_RAW : link;
}

int
capture_link_dlt(uint16_t link)
{
	/* The two numberings differ where systems gave one DLT_ number to several things. */
	switch (link) {
	case LINK_RAW:
		return DLT_RAW;
	case LINK_ATM_RFC1483:
		return DLT_ATM_RFC1483;
	case LINK_SLIP_BSDOS:
		return DLT_SLIP_BSDOS;
	case LINK_PPP_BSDOS:
		return DLT_PPP_BSDOS;
	case LINK_ATM_CLIP:
		return DLT_ATM_CLIP;
	default:
		return link;
	}
}

const char *
capture_link_name(uint16_t link)
{
	const char *name = pcap_datalink_val_to_name(capture_link_dlt(link));

	return name != NULL ? name : "a number without a name";
}

void
capture_link_refuse(const char *name, uint16_t link, char *ret_error, size_t error_size)
{
	struct strbuf b;
	const char *separator = "";

	strbuf_init(&b, ret_error, error_size);
	strbuf_printf(&b, "%s: link type %u (%s) is not supported: leave it out; supported are ",
		name, link, capture_link_name(link));
	for (uint32_t i = 0; i < LINK_NUMBERS; i++) {
		const char *known = decode_link_name((uint16_t)i);
		if (known == NULL || capture_link_of(i) != i)
			continue;
		strbuf_printf(&b, "%s%s", separator, known);
		separator = ", ";
	}
}
