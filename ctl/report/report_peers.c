#include "ctl/report/report_parts.h"

#include "ctl/report/report_text.h"
#include "viewer/source/source_sum.h"

#include <stdlib.h>
#include <string.h>

/* A picture spans all that is known of a host; a moment alone is given a second. */
static void
stretch(struct report_host *h, const struct report_talks *t)
{
	uint64_t from = t->count > 0 ? t->rows[0].start_ns : 0;
	uint64_t to = t->count > 0 ? t->rows[t->count - 1].start_ns : 0;

	for (size_t i = 0; i < h->evidence_count; i++) {
		uint64_t at = h->evidence[i]->ts_ns;

		from = from == 0 || at < from ? at : from;
		to = at > to ? at : to;
	}
	h->from_ns = from;
	h->to_ns = from == 0                          ? 0
		   : to < from + UINT64_C(1000000000) ? from + UINT64_C(1000000000)
						      : to;
}

static struct report_bucket *
bucket_at(struct report_host *h, uint64_t ns)
{
	double part = (double)(ns - h->from_ns) / (double)(h->to_ns - h->from_ns);
	size_t i = (size_t)(part * REPORT_BUCKETS);

	return &h->buckets[i < REPORT_BUCKETS ? i : REPORT_BUCKETS - 1];
}

void
report_buckets_fill(struct report_host *h, const struct report_talks *t)
{
	stretch(h, t);
	if (h->from_ns == 0)
		return;
	for (size_t i = 0; i < t->count; i++) {
		struct report_bucket *b = bucket_at(h, t->rows[i].start_ns);

		b->talks++;
		b->sent += t->rows[i].sent;
		b->received += t->rows[i].received;
	}
	for (size_t i = 0; i < h->evidence_count; i++) {
		struct report_bucket *b = bucket_at(h, h->evidence[i]->ts_ns);
		double threat = source_level(h->evidence[i]->threat);

		b->evidence++;
		b->worst = threat > b->worst ? threat : b->worst;
	}
}

void
report_buckets_blind(struct report_host *h, const struct source_loss_span *spans, size_t count)
{
	for (size_t i = 0; i < count && h->from_ns != 0; i++) {
		const struct source_loss_span *span = &spans[i];
		uint64_t from = span->from_ns > h->from_ns ? span->from_ns : h->from_ns;
		uint64_t to = span->to_ns < h->to_ns ? span->to_ns : h->to_ns;

		if (!report_loss_is_blind(span->reason) || from > to)
			continue;
		for (struct report_bucket *b = bucket_at(h, from); b <= bucket_at(h, to); b++)
			b->is_blind = true;
	}
}

static int
by_peer(const void *a, const void *b)
{
	return strcmp(((const struct report_talk *)a)->peer, ((const struct report_talk *)b)->peer);
}

static int
by_bytes(const void *a, const void *b)
{
	const struct report_peer *one = a;
	const struct report_peer *other = b;
	uint64_t mine = one->sent + one->received;
	uint64_t its = other->sent + other->received;

	if (mine != its)
		return mine > its ? -1 : 1;
	if (one->talks != other->talks)
		return one->talks > other->talks ? -1 : 1;
	return strcmp(one->address, other->address);
}

/* What is known of an address beside what it did. */
static void
name_peer(struct report_peer *p, struct source *s, struct arena *keep)
{
	struct source_address a;

	p->address = report_keep(keep, p->address);
	p->name = p->country = p->org = "";
	if (!source_address(s, p->address, keep, &a))
		return;
	p->name = a.name_count > 0          ? a.names[0]
		  : a.server_name_count > 0 ? a.server_names[0]
					    : a.reverse;
	p->country = a.country;
	p->org = a.org;
	p->is_private = a.is_private;
}

void
report_peers_fill(
	struct report_host *h, struct source *s, const struct report_talks *t, struct arena *keep)
{
	struct report_list all = { .memory = keep, .row_size = sizeof(struct report_peer) };
	struct report_peer *peer = NULL;

	if (t->count == 0)
		return;
	struct report_talk *sorted = malloc(t->count * sizeof(*sorted));
	if (sorted == NULL)
		return;
	memcpy(sorted, t->rows, t->count * sizeof(*sorted));
	qsort(sorted, t->count, sizeof(*sorted), by_peer);
	for (size_t i = 0; i < t->count; i++) {
		if (peer == NULL || strcmp(peer->address, sorted[i].peer) != 0)
			peer = report_list_add(&all);
		if (peer == NULL)
			break;
		peer->address = sorted[i].peer;
		peer->talks++;
		peer->answered += sorted[i].answered ? 1 : 0;
		peer->sent += sorted[i].sent;
		peer->received += sorted[i].received;
	}
	free(sorted);
	if (all.count == 0)
		return;
	qsort(all.rows, all.count, sizeof(struct report_peer), by_bytes);
	h->peers = all.rows;
	h->peer_total = all.count;
	h->peer_count = all.count < REPORT_PEERS_MAX ? all.count : REPORT_PEERS_MAX;
	for (size_t i = 0; i < h->peer_count; i++)
		name_peer((struct report_peer *)all.rows + i, s, keep);
}
