/*
 * The first gateway of an interface stays one while it carries something: who poisons a host's ARP cache
 * gets that host's packets, but the others' go on by the gateway. It is kept over a restart for the same
 * reason: the first packet after it might be the poisoned host's.
 */
#include "daemon/site/site_network.h"

#include <string.h>

enum { CIDR_BYTES = 17, V4_PREFIX = 96, LINK_PREFIX = 64 };

void
site_network_add(struct site_network *n, const struct cidr *net)
{
	if (n->local_count < SITE_NETWORKS_MAX)
		n->local[n->local_count++] = *net;
}

/* RFC 1918's block that holds `a`. */
static struct cidr
block_of(const struct addr *a)
{
	static const struct {
		uint8_t first, second, bits;
	} blocks[] = { { 10, 0, 8 }, { 172, 16, 12 }, { 192, 168, 16 } };
	struct cidr block = { 0 };

	for (size_t i = 0; i < sizeof(blocks) / sizeof(blocks[0]); i++)
		if (a->byte[12] == blocks[i].first)
			block = (struct cidr){ .base = addr_v4(
						       blocks[i].first, blocks[i].second, 0, 0),
				.prefix_len = (uint8_t)(V4_PREFIX + blocks[i].bits) };
	return block;
}

void
site_network_see(struct site_network *n, const struct addr *a)
{
	if (n->local_count > 0 || !addr_is_v4(a) || !addr_is_private(a))
		return;
	n->local[n->local_count++] = block_of(a);
	n->learned = true;
}

void
site_network_announced(
	struct site_network *n, const struct cidr *net, uint64_t until_ns, uint64_t now_ns)
{
	struct site_announced *place = &n->announced[0];
	bool is_told = n->local_count > 0 && !n->learned;

	if (is_told || until_ns <= now_ns || net->prefix_len < LINK_PREFIX ||
		addr_is_v4(&net->base) || addr_is_multicast(&net->base) ||
		addr_is_link_local(&net->base))
		return;
	for (struct site_announced *a = n->announced; a < n->announced + SITE_ANNOUNCED_MAX; a++) {
		if (a->until_ns > 0 && a->net.prefix_len == net->prefix_len &&
			addr_equal(&a->net.base, &net->base)) {
			place = a;
			break;
		}
		if (a->until_ns < place->until_ns)
			place = a;
	}
	*place = (struct site_announced){ *net, until_ns };
}

/* Long after it ended a network is nobody else's: that it ended is not looked at. */
bool
site_network_is_local(const struct site_network *n, const struct addr *a)
{
	for (uint32_t i = 0; i < n->local_count; i++)
		if (cidr_contains(&n->local[i], a))
			return true;
	for (unsigned i = 0; i < SITE_ANNOUNCED_MAX && !addr_is_v4(a); i++)
		if (n->announced[i].until_ns > 0 && cidr_contains(&n->announced[i].net, a))
			return true;
	return false;
}

bool
site_network_carried(
	struct site_network *n, uint16_t interface, const struct mac *mac, uint64_t now_ns)
{
	struct site_gateway *g = &n->gateways[interface];

	if (mac_equal(&g->mac, mac)) {
		if (now_ns > g->seen_ns)
			g->seen_ns = now_ns;
		return false;
	}
	if (mac_is_card(&g->mac) && now_ns < g->seen_ns + SITE_GATEWAY_VALID_NS)
		return false;
	*g = (struct site_gateway){ .mac = *mac, .seen_ns = now_ns };
	if (n->gateway_end <= interface)
		n->gateway_end = interface + 1U;
	return true;
}

void
site_network_name_gateway(struct site_network *n, const struct mac *mac, const struct addr *a)
{
	for (uint32_t i = 0; i < n->gateway_end; i++) {
		struct site_gateway *g = &n->gateways[i];
		if (g->has_addr || !mac_equal(&g->mac, mac))
			continue;
		g->has_addr = true;
		g->addr = *a;
	}
}

bool
site_network_is_gateway_mac(const struct site_network *n, const struct mac *mac)
{
	for (uint32_t i = 0; i < n->gateway_end; i++)
		if (mac_equal(&n->gateways[i].mac, mac))
			return true;
	return false;
}

bool
site_network_is_gateway(const struct site_network *n, const struct addr *a)
{
	for (uint32_t i = 0; i < n->gateway_end; i++)
		if (n->gateways[i].has_addr && addr_equal(&n->gateways[i].addr, a))
			return true;
	return false;
}

bool
site_network_is_learned(const struct site_network *n)
{
	return n->learned || n->gateway_end > 0;
}

void
site_network_save(const struct site_network *n, struct blob *b)
{
	blob_u8(b, n->learned);
	if (n->learned) {
		blob_bytes(b, &n->local[0].base, sizeof(n->local[0].base));
		blob_u8(b, n->local[0].prefix_len);
	}
	for (uint32_t i = 0; i < n->gateway_end; i++) {
		const struct site_gateway *g = &n->gateways[i];
		if (!mac_is_card(&g->mac))
			continue;
		blob_u8(b, (uint8_t)i);
		blob_bytes(b, &g->mac, sizeof(g->mac));
		blob_u8(b, g->has_addr);
		blob_bytes(b, &g->addr, sizeof(g->addr));
		blob_u64(b, g->seen_ns);
	}
}

static bool
restore_gateway(struct site_network *n, struct cursor *c, uint64_t now_ns)
{
	struct site_gateway g = { 0 };
	uint8_t interface = cursor_u8(c);

	cursor_bytes(c, &g.mac, sizeof(g.mac));
	g.has_addr = cursor_u8(c) != 0;
	cursor_bytes(c, &g.addr, sizeof(g.addr));
	g.seen_ns = cursor_le64(c);
	if (g.seen_ns > now_ns)
		g.seen_ns = now_ns;
	if (c->short_read || interface >= INTERFACES_MAX || !mac_is_card(&g.mac))
		return false;
	n->gateways[interface] = g;
	if (n->gateway_end <= interface)
		n->gateway_end = interface + 1U;
	return true;
}

bool
site_network_restore(struct site_network *n, struct cursor saved, uint64_t now_ns)
{
	struct site_network restored = *n;

	if (cursor_u8(&saved) != 0) {
		struct cidr net = { 0 };
		cursor_bytes(&saved, &net.base, sizeof(net.base));
		net.prefix_len = cursor_u8(&saved);
		if (saved.short_read || !addr_is_v4(&net.base) || !addr_is_private(&net.base) ||
			net.prefix_len != block_of(&net.base).prefix_len)
			return false;
		if (restored.local_count == 0)
			site_network_see(&restored, &net.base);
	}
	while (cursor_left(&saved) > 0)
		if (!restore_gateway(&restored, &saved, now_ns))
			return false;
	if (saved.short_read)
		return false;
	*n = restored;
	return true;
}
