#include "daemon/input/flow_exporters.h"

#include "daemon/base/time_text.h"

enum {
	SILENT_S = 3600,
	BACK_MS = 10000, /* an uptime that goes back further is another run */
	WRAP_MS = 3600 * 1000,
	LATE_MOST = 1024,       /* numbers by which a datagram that was overtaken is behind */
	GAP_MOST = 1000 * 1000, /* a larger one is another count */
};

static bool
is_allowed(const struct flow_exporters *e, const struct addr *from)
{
	for (size_t i = 0; i < e->allowed_count; i++)
		if (cidr_contains(&e->allowed[i], from))
			return true;
	return e->allowed_count == 0;
}

static bool
is_silent(const struct flow_exporter *x, uint64_t now_ns)
{
	return now_ns > x->heard_ns && now_ns - x->heard_ns >= SILENT_S * NS_PER_S;
}

/* returns a place for a new one, or NULL */
static struct flow_exporter *
place_for(struct flow_exporters *e, const struct addr *from, uint64_t now_ns)
{
	struct flow_exporter *place = NULL;
	unsigned domains = 0;

	for (unsigned i = 0; i < FLOW_EXPORTERS_MAX; i++) {
		struct flow_exporter *x = &e->exporter[i];
		bool is_free = !x->is_used || is_silent(x, now_ns);
		if (is_free && place == NULL)
			place = x;
		domains += !is_free && addr_equal(&x->from, from);
	}
	return domains < FLOW_DOMAINS_MAX ? place : NULL;
}

struct flow_exporter *
flow_exporters_find(struct flow_exporters *e, const struct addr *from, uint32_t domain,
	enum flow_protocol protocol, uint64_t now_ns)
{
	struct flow_exporter *x = NULL;

	for (unsigned i = 0; i < FLOW_EXPORTERS_MAX && x == NULL; i++) {
		struct flow_exporter *of = &e->exporter[i];
		if (of->is_used && of->domain == domain && of->protocol == protocol &&
			addr_equal(&of->from, from))
			x = of;
	}
	if (x == NULL && is_allowed(e, from)) {
		x = place_for(e, from, now_ns);
		if (x != NULL)
			*x = (struct flow_exporter){ .from = *from,
				.domain = domain,
				.protocol = protocol,
				.is_used = true };
	}
	if (x == NULL)
		e->refused++;
	else
		x->heard_ns = now_ns;
	return x;
}

/* Has the exporter's clock been set to zero? It also begins anew by itself, after 49.7 days. */
static bool
has_restarted(const struct flow_exporter *x, uint32_t uptime_ms)
{
	bool wraps = x->uptime_ms > UINT32_MAX - WRAP_MS && uptime_ms < WRAP_MS;

	return uptime_ms < x->uptime_ms && !wraps && x->uptime_ms - uptime_ms > BACK_MS;
}

/* The number that is due, by the way of counting that fits; if both or none do, by that of before. */
static uint32_t
number_due(struct flow_exporter *x, const struct flow_number *n)
{
	uint32_t before = x->number + x->count;
	uint32_t with_it = x->number + n->flows;

	if ((n->number == before) != (n->number == with_it))
		x->counts_itself = n->number == with_it;
	return x->counts_itself ? with_it : before;
}

bool
flow_exporters_number(
	struct flow_exporters *e, struct flow_exporter *x, const struct flow_number *n)
{
	uint32_t due = number_due(x, n);
	uint32_t ahead = n->number - due;
	uint32_t behind = due - n->number;
	bool restarted = x->has_number && has_restarted(x, n->uptime_ms);

	if (x->has_number && !restarted && ahead != 0 && behind <= LATE_MOST) {
		/* It was overtaken by the next one, and taken for lost. */
		e->lost -= e->lost < n->count ? e->lost : n->count;
		return false;
	}
	if (x->has_number && !restarted && ahead > GAP_MOST)
		restarted = true;
	if (x->has_number && !restarted)
		e->lost += ahead;
	e->restarts += restarted;
	x->has_number = true;
	x->number = n->number;
	x->count = n->count;
	x->uptime_ms = n->uptime_ms;
	return restarted;
}

void
flow_exporter_sampler(struct flow_exporter *x, uint64_t id, uint32_t rate)
{
	for (unsigned i = 0; i < FLOW_SAMPLERS_MAX; i++)
		if (x->samplers[i].rate != 0 && x->samplers[i].id == id) {
			x->samplers[i].rate = rate;
			return;
		}
	x->samplers[x->next_sampler] = (struct flow_sampler){ .id = id, .rate = rate };
	x->next_sampler = (x->next_sampler + 1) % FLOW_SAMPLERS_MAX;
}

uint32_t
flow_exporter_rate(const struct flow_exporter *x, bool has_id, uint64_t id)
{
	for (unsigned i = 0; has_id && i < FLOW_SAMPLERS_MAX; i++)
		if (x->samplers[i].rate != 0 && x->samplers[i].id == id)
			return x->samplers[i].rate;
	return x->rate == 0 ? 1 : x->rate;
}
