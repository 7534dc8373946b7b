/*
 * Both directions of a conversation have one key: its ends are put in order, by address, then port.
 *
 * ICMP has no ports. Messages that ask and answer are paired by their types (echo request and reply
 * are 8 and 0), so a ping is one flow. All others go one way: their key says type, code and who
 * sent, and a message of the same type in the other direction is another flow. Zeek numbers them in
 * the same way.
 */
#include "daemon/flow/flow_key.h"

#include <netinet/in.h>
#include <string.h>

/* Bits of low_port in the key of an ICMP message that is not answered; high_port is the code. */
enum { ONE_WAY = 0x8000, ONE_WAY_FROM_HIGH = 0x4000 };

struct icmp_pair {
	uint8_t ask, answer;
};

/* RFC 792 (echo, timestamp, information), 950 (mask), 1256 (router discovery). */
static const struct icmp_pair icmp4_pairs[] = {
	{ 8, 0 },
	{ 10, 9 },
	{ 13, 14 },
	{ 15, 16 },
	{ 17, 18 },
};

/* RFC 4443 (echo), 2710 (listeners), 4861 (routers, neighbours), 4620 (node), 6275 (home agents). */
static const struct icmp_pair icmp6_pairs[] = {
	{ 128, 129 },
	{ 130, 131 },
	{ 133, 134 },
	{ 135, 136 },
	{ 139, 140 },
	{ 144, 145 },
};

/* The type that answers, or is answered by, `type`; -1 when there is none. */
static int
icmp_counterpart(const struct icmp_pair *pairs, size_t count, uint8_t type)
{
	for (size_t i = 0; i < count; i++) {
		if (pairs[i].ask == type)
			return pairs[i].answer;
		if (pairs[i].answer == type)
			return pairs[i].ask;
	}
	return -1;
}

int
flow_key_icmp_answer(uint8_t ip_proto, uint8_t type)
{
	return ip_proto == IPPROTO_ICMP ? icmp_counterpart(icmp4_pairs,
						  sizeof(icmp4_pairs) / sizeof(*icmp4_pairs), type)
					: icmp_counterpart(icmp6_pairs,
						  sizeof(icmp6_pairs) / sizeof(*icmp6_pairs), type);
}

static void
key_order(struct flow_key *k, const struct packet *p, uint16_t src_port, uint16_t dst_port)
{
	int order = memcmp(p->src.byte, p->dst.byte, sizeof(p->src.byte));

	if (order < 0 || (order == 0 && src_port <= dst_port)) {
		k->low = p->src;
		k->high = p->dst;
		k->low_port = src_port;
		k->high_port = dst_port;
	} else {
		k->low = p->dst;
		k->high = p->src;
		k->low_port = dst_port;
		k->high_port = src_port;
	}
}

static void
key_icmp(struct flow_key *k, const struct packet *p)
{
	int counterpart = flow_key_icmp_answer(p->ip_proto, p->icmp_type);

	if (counterpart >= 0) {
		key_order(k, p, p->icmp_type, (uint16_t)counterpart);
		return;
	}
	key_order(k, p, 0, 0);
	unsigned from = addr_equal(&p->src, &k->low) ? 0 : ONE_WAY_FROM_HIGH;
	k->low_port = (uint16_t)(ONE_WAY | from | p->icmp_type);
	k->high_port = p->icmp_code;
}

bool
flow_key_make(const struct packet *p, struct flow_key *ret_key)
{
	if (p->kind != PACKET_IP || (p->anomalies & ANOMALY_BIT(ANOMALY_FRAGMENT_LATER)) != 0)
		return false;
	bool needs_ports = p->ip_proto == IPPROTO_TCP || p->ip_proto == IPPROTO_UDP ||
			   flow_key_is_icmp(p->ip_proto);
	if (needs_ports && !p->has_ports)
		return false;

	*ret_key = (struct flow_key){ .ip_proto = p->ip_proto };
	if (flow_key_is_icmp(p->ip_proto))
		key_icmp(ret_key, p);
	else if (p->has_ports)
		key_order(ret_key, p, p->src_port, p->dst_port);
	else
		key_order(ret_key, p, 0, 0);
	return true;
}

/* The four bytes of an address that its being IPv4 leaves open. */
static uint32_t
v4_word(const struct addr *a)
{
	uint32_t word;

	memcpy(&word, a->byte + sizeof(a->byte) - sizeof(word), sizeof(word));
	return word;
}

/* Two words instead of five; the hash tells how many there were, so they never stand for each other. */
uint64_t
flow_key_hash(const struct flow_key *key, const struct hash_key *hash_key)
{
	if (!addr_is_v4(&key->low) || !addr_is_v4(&key->high))
		return hash_words(hash_key, key, sizeof(*key) / sizeof(uint64_t));

	const uint64_t words[2] = {
		(uint64_t)v4_word(&key->low) << 32 | v4_word(&key->high),
		(uint64_t)key->ip_proto << 32 | (uint64_t)key->low_port << 16 | key->high_port,
	};
	return hash_words(hash_key, words, 2);
}

unsigned
flow_key_side(const struct flow_key *key, const struct packet *p)
{
	if (!addr_equal(&p->src, &key->low))
		return 1;
	if (!addr_equal(&key->low, &key->high))
		return 0;
	/* A host that talks to itself. */
	if (flow_key_is_icmp(p->ip_proto))
		return (key->low_port & ONE_WAY) == 0 && p->icmp_type != key->low_port;
	return p->has_ports && p->src_port != key->low_port;
}

void
flow_key_ports(
	const struct flow_key *key, unsigned orig, uint16_t *ret_orig_port, uint16_t *ret_resp_port)
{
	if (flow_key_is_icmp(key->ip_proto) && (key->low_port & ONE_WAY) != 0) {
		*ret_orig_port = key->low_port & UINT8_MAX;
		*ret_resp_port = key->high_port;
		return;
	}
	*ret_orig_port = orig == 0 ? key->low_port : key->high_port;
	*ret_resp_port = orig == 0 ? key->high_port : key->low_port;
}

/* Ports for which Zeek has a parser: a packet from one of them is likely to be an answer. */
static const uint16_t tcp_server_ports[] = { 21, 22, 25, 53, 80, 81, 88, 135, 139, 143, 389, 443,
	445, 502, 563, 585, 587, 614, 631, 636, 989, 990, 992, 993, 995, 1080, 1434, 1883, 2811,
	3128, 3268, 3306, 3389, 5222, 5223, 5269, 6666, 6667, 6668, 6669, 8000, 8080, 8888, 20000 };
static const uint16_t udp_server_ports[] = { 53, 67, 88, 123, 137, 161, 162, 443, 514, 1812, 2123,
	2152, 3544, 4789, 5060, 5072, 5353, 5355, 6081, 20000 };

static bool
is_among(const uint16_t *ports, size_t count, uint16_t port)
{
	size_t low = 0;

	while (count > 0) {
		size_t half = count / 2;
		if (ports[low + half] < port) {
			low += half + 1;
			count -= half + 1;
		} else if (ports[low + half] == port) {
			return true;
		} else {
			count = half;
		}
	}
	return false;
}

static bool
is_tcp_server(uint16_t port)
{
	return is_among(
		tcp_server_ports, sizeof(tcp_server_ports) / sizeof(*tcp_server_ports), port);
}

static bool
is_udp_server(uint16_t port)
{
	return is_among(
		udp_server_ports, sizeof(udp_server_ports) / sizeof(*udp_server_ports), port);
}

static bool
is_dns_port(uint16_t port)
{
	return port == 53 || port == 137 || port == 5353 || port == 5355;
}

/*
 * Between hosts that both ask from the port where they answer only the message tells: the bit in its header
 * (RFC 1035 section 4.1.1). What is announced to a group answers nobody.
 */
static bool
is_dns_answer(const struct packet *p)
{
	struct cursor message = p->payload;

	if (p->src_port != p->dst_port || !is_dns_port(p->src_port) || addr_is_multicast(&p->dst))
		return false;
	(void)cursor_be16(&message);
	bool is_response = (cursor_be16(&message) & 0x8000) != 0;
	return is_response && cursor_take(&message, 8) != NULL;
}

bool
flow_key_looks_answered(const struct packet *p)
{
	if (addr_is_broadcast(&p->dst))
		return false;
	if (p->ip_proto == IPPROTO_UDP)
		return (is_udp_server(p->src_port) && !is_udp_server(p->dst_port)) ||
		       is_dns_answer(p);
	if (p->ip_proto != IPPROTO_TCP || (p->tcp_flags & (TCP_SYN | TCP_ACK)) == TCP_SYN)
		return false;
	if (!is_tcp_server(p->src_port))
		return false;
	/* Both could be servers: the lower port is, unless a SYN-ACK may be a stealth scan. */
	return !is_tcp_server(p->dst_port) ||
	       ((p->tcp_flags & TCP_SYN) == 0 && p->src_port < p->dst_port);
}

bool
flow_key_is_dns(const struct flow_key *key, unsigned orig)
{
	uint16_t port = orig == 0 ? key->high_port : key->low_port;

	return key->ip_proto == IPPROTO_UDP && is_dns_port(port);
}
