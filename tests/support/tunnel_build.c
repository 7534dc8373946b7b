#include "tests/support/tunnel_build.h"

#include <assert.h>
#include <netinet/in.h>
#include <stdlib.h>
#include <string.h>

enum {
	PROTO_IPIP = 4,
	PROTO_IP6 = 41,
	PROTO_GRE = 47,
	PROTO_ETHERIP = 97,
	PROTO_MPLS = 137,
	PROTO_ETHERNET = 143
};

#define HEAD(bytes_)       .head = (bytes_), .head_bytes = sizeof(bytes_) - 1
#define LENGTH(at_, from_) .has_length = true, .length_at = (at_), .length_counts_from = (from_)
/* To the access point; then LLC, SNAP and IPv4. */
#define WIFI_ADDRESSES    "\0\0\x02\0\0\0\0\x01\x02\x11\x22\x33\x44\x55\x02\x66\x77\x88\x99\xaa"
#define WIFI_SNAP         "\xaa\xaa\x03\0\0\0\x08\0"
#define WIFI_HEAD         "\x08\x01" WIFI_ADDRESSES "\x10\0" WIFI_SNAP
#define WIFI_SWAPPED_HEAD "\x01\x08" WIFI_ADDRESSES "\0\x10" WIFI_SNAP
#define AYIYA_HEAD         \
	"\x40\x50\x11\x29" \
	"time"             \
	"0123456789abcdef" \
	"0123456789abcdefghij"

const struct tunnel_form tunnel_forms[] = {
	{ "4in", TUNNEL_IP, INNER_IP4, PROTO_IPIP, HEAD("") },
	{ "6in", TUNNEL_IP, INNER_IP6, PROTO_IP6, HEAD("") },
	{ "gre4", TUNNEL_GRE, INNER_IP4, PROTO_GRE, HEAD("\0\0\x08\0") },
	{ "gre6", TUNNEL_GRE, INNER_IP6, PROTO_GRE, HEAD("\0\0\x86\xdd") },
	{ "gre_key", TUNNEL_GRE, INNER_IP4, PROTO_GRE, .id = 0x01020304,
		HEAD("\x20\0\x08\0\1\2\3\4") },
	{ "gre_all", TUNNEL_GRE, INNER_IP4, PROTO_GRE, .id = 0x0a0b0c0d,
		HEAD("\xb0\0\x08\0\x12\x34\0\0\x0a\x0b\x0c\x0d\0\0\0\1") },
	{ "gre_bridge", TUNNEL_GRE, INNER_ETHERNET, PROTO_GRE, HEAD("\0\0\x65\x58") },
	{ "gre_ppp", TUNNEL_GRE, INNER_IP6, PROTO_GRE, HEAD("\0\0\x88\x0b\0\x57") },
	{ "gre_mpls", TUNNEL_GRE, INNER_IP, PROTO_GRE,
		HEAD("\0\0\x88\x47\0\x01\0\x40\0\x02\x01\x40") },
	{ "wccp1", TUNNEL_GRE, INNER_IP4, PROTO_GRE, HEAD("\0\0\x88\x3e") },
	{ "wccp2", TUNNEL_GRE, INNER_IP4, PROTO_GRE, HEAD("\0\0\x88\x3e\0\1\2\3") },
	{ "pptp", TUNNEL_PPTP, INNER_IP4, PROTO_GRE, .id = 0x1234,
		HEAD("\x30\x01\x88\x0b\0\0\x12\x34\0\0\0\1\x21"), LENGTH(4, 12) },
	{ "pptp_ack", TUNNEL_PPTP, INNER_IP6, PROTO_GRE, .id = 0x1234,
		HEAD("\x30\x81\x88\x0b\0\0\x12\x34\0\0\0\1\0\0\0\2\0\x57"), LENGTH(4, 16) },
	{ "erspan1", TUNNEL_ERSPAN, INNER_ETHERNET, PROTO_GRE, HEAD("\0\0\x88\xbe") },
	{ "erspan2", TUNNEL_ERSPAN, INNER_ETHERNET, PROTO_GRE, .id = 0x3aa,
		HEAD("\x10\0\x88\xbe\0\0\0\1\x10\x64\xf3\xaa\0\0\0\0") },
	{ "erspan3", TUNNEL_ERSPAN, INNER_ETHERNET, PROTO_GRE, .id = 0x155,
		HEAD("\x10\0\x22\xeb\0\0\0\1\x20\x64\x01\x55\1\2\3\4\0\0\0\0") },
	{ "erspan3_sub", TUNNEL_ERSPAN, INNER_IP, PROTO_GRE, .id = 0x155,
		HEAD("\x10\0\x22\xeb\0\0\0\1\x20\x64\x01\x55\1\2\3\4\0\0\x08\x01subhead!") },
	{ "etherip", TUNNEL_ETHERIP, INNER_ETHERNET, PROTO_ETHERIP, HEAD("\x30\0") },
	{ "ethernet", TUNNEL_ETHERIP, INNER_ETHERNET, PROTO_ETHERNET, HEAD("") },
	{ "mpls_ip", TUNNEL_MPLS, INNER_IP, PROTO_MPLS, .id = 0x12345, HEAD("\x12\x34\x51\x40") },
	{ "mpls_udp", TUNNEL_MPLS, INNER_IP, IPPROTO_UDP, 6635, 16, HEAD("\0\x01\x01\x40") },
	{ "teredo", TUNNEL_TEREDO, INNER_IP6, IPPROTO_UDP, 3544, 0, HEAD("") },
	{ "teredo_auth", TUNNEL_TEREDO, INNER_IP6, IPPROTO_UDP, 0, 0,
		HEAD("\0\1\2\3idaut12345678\0") },
	{ "teredo_origin", TUNNEL_TEREDO, INNER_IP6, IPPROTO_UDP, 0, 0, HEAD("\0\0portip") },
	{ "teredo_both", TUNNEL_TEREDO, INNER_IP6, IPPROTO_UDP, 0, 0,
		HEAD("\0\1\0\0\x31\x32\x33\x34\x35\x36\x37\x38\0\0\0portip") },
	{ "vxlan", TUNNEL_VXLAN, INNER_ETHERNET, IPPROTO_UDP, 4789, 0xabcdef,
		HEAD("\x08\0\0\0\xab\xcd\xef\0") },
	{ "vxlan_linux", TUNNEL_VXLAN, INNER_ETHERNET, IPPROTO_UDP, 8472, 1,
		HEAD("\x88\x01\0\x07\0\0\1\xff") },
	{ "gpe_ip", TUNNEL_VXLAN, INNER_IP, IPPROTO_UDP, 4790, 5, HEAD("\x0c\0\0\1\0\0\5\0") },
	{ "gpe_ethernet", TUNNEL_VXLAN, INNER_ETHERNET, IPPROTO_UDP, 4790, 5,
		HEAD("\x0c\0\0\3\0\0\5\0") },
	{ "gpe_plain", TUNNEL_VXLAN, INNER_ETHERNET, IPPROTO_UDP, 4790, 5,
		HEAD("\x08\0\0\0\0\0\5\0") },
	{ "geneve", TUNNEL_GENEVE, INNER_ETHERNET, IPPROTO_UDP, 6081, 9,
		HEAD("\0\0\x65\x58\0\0\x09\0") },
	{ "geneve_ip", TUNNEL_GENEVE, INNER_IP4, IPPROTO_UDP, 6081, 9,
		HEAD("\x02\x40\x08\0\0\0\x09\0optional") },
	{ "geneve_ip6", TUNNEL_GENEVE, INNER_IP6, IPPROTO_UDP, 6081, 9,
		HEAD("\0\0\x86\xdd\0\0\x09\0") },
	{ "gtp", TUNNEL_GTP, INNER_IP, IPPROTO_UDP, 2152, 0xdeadbeef,
		HEAD("\x30\xff\0\0\xde\xad\xbe\xef"), LENGTH(2, 8) },
	{ "gtp_sequence", TUNNEL_GTP, INNER_IP, IPPROTO_UDP, 2152, 7,
		HEAD("\x32\xff\0\0\0\0\0\x07\0\1\0\0"), LENGTH(2, 8) },
	{ "gtp_extensions", TUNNEL_GTP, INNER_IP, IPPROTO_UDP, 2152, 7,
		HEAD("\x36\xff\0\0\0\0\0\x07\0\1\0\x85\1\1\2\xc0\2\1\2\3\4\5\6\0"), LENGTH(2, 8) },
	{ "l2tp", TUNNEL_L2TP, INNER_IP4, IPPROTO_UDP, 1701, 0x00050006,
		HEAD("\0\2\0\5\0\6\xff\x03\0\x21") },
	{ "l2tp_all", TUNNEL_L2TP, INNER_IP6, IPPROTO_UDP, 1701, 0x00050006,
		HEAD("\x4a\2\0\0\0\5\0\6\0\1\0\2\0\3pad\x57"), LENGTH(2, 0) },
	{ "tzsp", TUNNEL_TZSP, INNER_ETHERNET, IPPROTO_UDP, 37008, 0, HEAD("\1\0\0\1\1") },
	{ "tzsp_tags", TUNNEL_TZSP, INNER_ETHERNET, IPPROTO_UDP, 37008, 0,
		HEAD("\1\1\0\1\0\x0a\1\xff\0\x14\3abc\1") },
	{ "tzsp_wifi", TUNNEL_TZSP, INNER_IP4, IPPROTO_UDP, 37008, 0,
		HEAD("\1\0\0\x12\1" WIFI_HEAD) },
	{ "capwap", TUNNEL_CAPWAP, INNER_ETHERNET, IPPROTO_UDP, 5247, 0,
		HEAD("\0\x10\x02\0\0\0\0\0") },
	{ "capwap_wifi", TUNNEL_CAPWAP, INNER_IP4, IPPROTO_UDP, 5247, 0,
		HEAD("\0\x18\x03\x20\0\0\0\0more" WIFI_HEAD) },
	{ "capwap_swapped", TUNNEL_CAPWAP, INNER_IP4, IPPROTO_UDP, 5247, 0,
		HEAD("\0\x20\x03\x20\0\0\0\0radiomac" WIFI_SWAPPED_HEAD) },
	{ "ayiya", TUNNEL_AYIYA, INNER_IP6, IPPROTO_UDP, 5072, 0, HEAD(AYIYA_HEAD) },
};

const size_t tunnel_form_count = sizeof(tunnel_forms) / sizeof(tunnel_forms[0]);

const struct tunnel_form *
tunnel_form(const char *name)
{
	for (size_t i = 0; i < tunnel_form_count; i++)
		if (strcmp(tunnel_forms[i].name, name) == 0)
			return &tunnel_forms[i];
	assert(0 && "a form of this name");
	return NULL;
}

bool
tunnel_form_takes(const struct tunnel_form *f, bool six)
{
	return f->inner != (six ? INNER_IP4 : INNER_IP6);
}

size_t
tunnel_build(uint8_t *ret_buf, const struct build *outer, const struct tunnel_form *f,
	const void *inside, size_t inside_bytes)
{
	struct build b = *outer;
	size_t bytes = f->head_bytes + inside_bytes;
	uint8_t *payload = malloc(bytes > 0 ? bytes : 1);

	assert(payload != NULL);
	memcpy(payload, f->head, f->head_bytes);
	memcpy(payload + f->head_bytes, inside, inside_bytes);
	if (f->has_length) {
		size_t length = bytes - f->length_counts_from;
		payload[f->length_at] = (uint8_t)(length >> 8);
		payload[f->length_at + 1] = (uint8_t)length;
	}
	b.ip_proto = f->ip_proto;
	b.payload = payload;
	b.payload_bytes = bytes;
	if (f->port != 0)
		b.dst_port = f->port;
	size_t length = f->ip_proto == IPPROTO_UDP ? build_udp(ret_buf, &b) : build_ip(ret_buf, &b);
	free(payload);
	return length;
}
