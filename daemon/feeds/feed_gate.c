#include "daemon/feeds/feed_gate.h"

#include <assert.h>

enum { V4_AT = 96, V4_BROADEST = V4_AT + 8, V6_BROADEST = 19, SHRUNK_FROM = 100, ADDR_BITS = 128 };

/* Blocks that lists of bogons name as they are. */
static const char *const bogon_texts[] = { "0.0.0.0/8", "10.0.0.0/8", "100.64.0.0/10",
	"127.0.0.0/8", "169.254.0.0/16", "172.16.0.0/12", "192.0.0.0/24", "192.0.2.0/24",
	"192.168.0.0/16", "198.18.0.0/15", "198.51.100.0/24", "203.0.113.0/24", "224.0.0.0/3",
	"224.0.0.0/4", "240.0.0.0/4", "::/8", "fc00::/7", "fe80::/10", "ff00::/8" };

void
feed_gate_init(struct feed_gate *g, const struct cidr *ours, size_t ours_count)
{
	*g = (struct feed_gate){ .ours = ours, .ours_count = ours_count };
	g->bogon_count = sizeof(bogon_texts) / sizeof(bogon_texts[0]);
	static_assert(sizeof(bogon_texts) / sizeof(bogon_texts[0]) <= FEED_GATE_BOGONS, "room");
	for (size_t i = 0; i < g->bogon_count; i++)
		(void)cidr_parse(bogon_texts[i], &g->bogons[i]);
}

static bool
is_equal(const struct cidr *a, const struct cidr *b)
{
	return a->prefix_len == b->prefix_len && addr_equal(&a->base, &b->base);
}

static bool
is_bogon(const struct feed_gate *g, const struct cidr *net)
{
	for (size_t i = 0; i < g->bogon_count; i++)
		if (is_equal(&g->bogons[i], net))
			return true;
	return false;
}

/* `exactly`: it is one of ours; else: it is in or around one. */
static bool
is_ours(const struct feed_gate *g, const struct cidr *net, bool exactly)
{
	for (size_t i = 0; i < g->ours_count; i++) {
		const struct cidr *our = &g->ours[i];
		if (exactly ? is_equal(our, net)
			    : cidr_contains(our, &net->base) || cidr_contains(net, &our->base))
			return true;
	}
	return false;
}

static bool
is_too_broad(const struct cidr *net)
{
	bool is_v4 = net->prefix_len >= V4_AT && addr_is_v4(&net->base);

	return net->prefix_len < (is_v4 ? V4_BROADEST : V6_BROADEST);
}

/* Nobody on the Internet has it. */
static bool
is_nobodys(const struct cidr *net)
{
	return !addr_is_public(&net->base);
}

static enum feed_refusal
check_network(struct feed_gate *g, const struct cidr *net, bool *ret_take)
{
	bool bogon = is_bogon(g, net);

	if (!bogon && is_too_broad(net))
		return FEED_TOO_BROAD;
	if (is_ours(g, net, bogon))
		return FEED_OURS;
	*ret_take = !bogon && !is_nobodys(net);
	return FEED_ACCEPTED;
}

enum feed_refusal
feed_gate_check(struct feed_gate *g, const struct intel_indicator *what, bool *ret_take)
{
	enum feed_refusal refusal = FEED_ACCEPTED;

	*ret_take = true;
	if (what->type == INTEL_NETWORK)
		refusal = check_network(g, &what->network, ret_take);
	else if (what->type == INTEL_NAME && g->is_public_suffix != NULL)
		*ret_take = !g->is_public_suffix(g->user, what->text);
	g->skipped += refusal == FEED_ACCEPTED && !*ret_take;
	return refusal;
}

enum feed_refusal
feed_gate_count(uint64_t count, uint64_t before)
{
	if (count == 0)
		return FEED_EMPTY;
	return before > SHRUNK_FROM && count < before / 2 + before % 2 ? FEED_SHRUNK
								       : FEED_ACCEPTED;
}
