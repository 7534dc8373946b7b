#include "daemon/loop/capture/capture_gap.h"

void
capture_gaps_lose(struct capture_gaps *g, enum capture_state reason)
{
	if (!g->is_blind)
		g->open = (struct capture_gap){ .from_ns = g->sure_ns };
	if (reason > g->open.reason)
		g->open.reason = reason;
	g->is_blind = true;
}

uint64_t
capture_gaps_regain(struct capture_gaps *g, uint64_t now_ns)
{
	g->sure_ns = now_ns;
	if (!g->is_blind)
		return 0;
	uint64_t blind_ns = now_ns - g->open.from_ns;
	if (!g->has_ended)
		g->ended = g->open;
	if (g->open.reason > g->ended.reason)
		g->ended.reason = g->open.reason;
	g->ended.to_ns = now_ns;
	g->has_ended = true;
	g->is_blind = false;
	g->count++;
	return blind_ns;
}

bool
capture_gaps_take(struct capture_gaps *g, struct capture_gap *ret_gap)
{
	if (!g->has_ended)
		return false;
	g->has_ended = false;
	*ret_gap = g->ended;
	return true;
}
