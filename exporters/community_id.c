/*
 * SHA-1 over seed, the smaller end's address, the larger one's, protocol, a zero and the ports in
 * the same order; then base64. An ICMP message without an answering type has a direction that its
 * code does not mirror, so its ends are left as they were (Zeek, and the baseline of the
 * specification). Other protocols have no ports in it.
 */
#include "exporters/community_id.h"

#include "daemon/base/log.h"

#include <errno.h>
#include <netinet/in.h>
#include <openssl/evp.h>
#include <string.h>

enum { SHA1_BYTES = 20, TEXT_LENGTH = 2 + 28 };

int
community_id_init(struct community_id *c)
{
	*c = (struct community_id){ 0 };
	c->sha1 = EVP_MD_fetch(NULL, "SHA1", NULL);
	if (c->sha1 == NULL) {
		log_warnx("output",
			"libcrypto gives no SHA-1: no memory left, or its settings forbid it");
		return -ENOSYS;
	}
	c->context = EVP_MD_CTX_new();
	return c->context != NULL ? 0 : -ENOMEM;
}

void
community_id_done(struct community_id *c)
{
	EVP_MD_CTX_free(c->context);
	EVP_MD_free(c->sha1);
	*c = (struct community_id){ 0 };
}

/* RFC 792, 950, 1256: request and answer. */
static bool
icmp_has_answer(uint16_t type)
{
	switch (type) {
	case 0: /* echo */
	case 8:
	case 9: /* router */
	case 10:
	case 13: /* timestamp */
	case 14:
	case 15: /* information */
	case 16:
	case 17: /* address mask */
	case 18:
		return true;
	default:
		return false;
	}
}

/* RFC 4443, 2710, 4861, 4620, 6275. */
static bool
icmp6_has_answer(uint16_t type)
{
	switch (type) {
	case 128: /* echo */
	case 129:
	case 130: /* multicast listener */
	case 131:
	case 133: /* router */
	case 134:
	case 135: /* neighbour */
	case 136:
	case 139: /* node information */
	case 140:
	case 144: /* home agent address discovery */
	case 145:
		return true;
	default:
		return false;
	}
}

bool
community_id_is_one_way(uint8_t ip_proto, uint16_t icmp_type)
{
	return (ip_proto == IPPROTO_ICMP && !icmp_has_answer(icmp_type)) ||
	       (ip_proto == IPPROTO_ICMPV6 && !icmp6_has_answer(icmp_type));
}

static bool
has_ports(uint8_t ip_proto)
{
	return ip_proto == IPPROTO_TCP || ip_proto == IPPROTO_UDP || ip_proto == IPPROTO_SCTP ||
	       ip_proto == IPPROTO_ICMP || ip_proto == IPPROTO_ICMPV6;
}

static size_t
put_addr(uint8_t *at, const struct addr *a, bool v4)
{
	size_t skip = v4 ? 12 : 0;

	memcpy(at, a->byte + skip, sizeof(a->byte) - skip);
	return sizeof(a->byte) - skip;
}

static size_t
put_port(uint8_t *at, uint16_t port)
{
	at[0] = (uint8_t)(port >> 8);
	at[1] = (uint8_t)port;
	return 2;
}

static void
base64_put(char *out, const uint8_t in[SHA1_BYTES])
{
	static const char digits[] =
		"ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789+/";
	uint8_t padded[SHA1_BYTES + 1] = { 0 };

	memcpy(padded, in, SHA1_BYTES);
	for (size_t i = 0; i < sizeof(padded); i += 3) {
		uint32_t bits =
			(uint32_t)padded[i] << 16 | (uint32_t)padded[i + 1] << 8 | padded[i + 2];

		for (unsigned shift = 24; shift > 0; shift -= 6)
			*out++ = digits[bits >> (shift - 6) & 63];
	}
	out[-1] = '='; /* 20 bytes leave one place over */
}

size_t
community_id_text(struct community_id *c, const struct addr *a, const struct addr *b,
	uint16_t a_port, uint16_t b_port, uint8_t ip_proto, char ret_text[COMMUNITY_ID_MAX])
{
	uint8_t input[2 + 16 + 16 + 2 + 4] = { 0 };
	uint8_t digest[EVP_MAX_MD_SIZE];
	bool v4 = addr_is_v4(a) && addr_is_v4(b);
	int order = memcmp(a->byte, b->byte, sizeof(a->byte));
	size_t length = 2; /* the seed */

	if ((order > 0 || (order == 0 && a_port > b_port)) &&
		!community_id_is_one_way(ip_proto, a_port)) {
		const struct addr *swap = a;
		uint16_t swap_port = a_port;

		a = b;
		b = swap;
		a_port = b_port;
		b_port = swap_port;
	}
	length += put_addr(input + length, a, v4);
	length += put_addr(input + length, b, v4);
	input[length] = ip_proto;
	length += 2;
	if (has_ports(ip_proto)) {
		length += put_port(input + length, a_port);
		length += put_port(input + length, b_port);
	}
	ret_text[0] = '\0';
	if (EVP_DigestInit_ex2(c->context, c->sha1, NULL) != 1 ||
		EVP_DigestUpdate(c->context, input, length) != 1 ||
		EVP_DigestFinal_ex(c->context, digest, NULL) != 1)
		return 0;
	ret_text[0] = '1';
	ret_text[1] = ':';
	base64_put(ret_text + 2, digest);
	ret_text[TEXT_LENGTH] = '\0';
	return TEXT_LENGTH;
}
