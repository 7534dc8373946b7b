/*
 * link.c -- which link layer a frame has: the numbers of capture files, their decoders, their names.
 *
 * link_ether.c is the one that matters; link_cooked.c, link_nflog.c and link_wifi.c stand in for it,
 * link_carrier.c, link_mpls.c and ppp.c come between it and IP.
 *
 * Source: the link type pages of tcpdump.org.
 */
#include "daemon/decode/decode.h"
#include "daemon/decode/layers.h"

void
link_decode(uint16_t link, struct part *rest, struct packet *p)
{
	switch (link) {
	case LINK_ETHERNET:
		ethernet_decode(rest, p);
		break;
	case LINK_RAW:
	case LINK_RAW_BSD:
	case LINK_RAW_OPENBSD:
	case LINK_IPV4:
	case LINK_IPV6:
		ip_decode(rest, p);
		break;
	case LINK_NULL:
	case LINK_LOOP:
		loopback_decode(rest, p);
		break;
	case LINK_LINUX_SLL:
		sll_decode(rest, p);
		break;
	case LINK_LINUX_SLL2:
		sll2_decode(rest, p);
		break;
	case LINK_NFLOG:
		nflog_decode(rest, p);
		break;
	case LINK_WIFI:
		wifi_decode(rest, p);
		break;
	case LINK_RADIOTAP:
		radiotap_decode(rest, p);
		break;
	case LINK_PPP:
	case LINK_PPP_SERIAL:
		ppp_decode(rest, p);
		break;
	case LINK_PPP_ETHER:
		pppoe_decode(rest, p);
		break;
	default:
		packet_note(p, ANOMALY_LINK_UNKNOWN);
		break;
	}
}

const char *
decode_link_name(uint16_t link)
{
	static const struct {
		uint16_t link;
		const char *name;
	} names[] = {
		{ LINK_NULL, "NULL" },
		{ LINK_ETHERNET, "EN10MB" },
		{ LINK_PPP, "PPP" },
		{ LINK_RAW_BSD, "RAW" },
		{ LINK_RAW_OPENBSD, "RAW" },
		{ LINK_PPP_SERIAL, "PPP_SERIAL" },
		{ LINK_PPP_ETHER, "PPP_ETHER" },
		{ LINK_RAW, "RAW" },
		{ LINK_WIFI, "IEEE802_11" },
		{ LINK_LOOP, "LOOP" },
		{ LINK_LINUX_SLL, "LINUX_SLL" },
		{ LINK_RADIOTAP, "IEEE802_11_RADIO" },
		{ LINK_IPV4, "IPV4" },
		{ LINK_IPV6, "IPV6" },
		{ LINK_NFLOG, "NFLOG" },
		{ LINK_LINUX_SLL2, "LINUX_SLL2" },
	};

	for (size_t i = 0; i < sizeof(names) / sizeof(names[0]); i++)
		if (names[i].link == link)
			return names[i].name;
	return NULL;
}
