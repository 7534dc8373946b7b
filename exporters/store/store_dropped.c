#include "exporters/store/store_dropped.h"

#include "exporters/store/store_record.h"

static void
span_write(void *context, const struct record *r)
{
	store_loss_span_write(context, r->loss_span);
}

void
store_dropped_see(struct store_dropped *d, uint64_t ns)
{
	if (ns > d->now_ns)
		d->now_ns = ns;
}

void
store_dropped_write(struct store_dropped *d, struct store *s, uint64_t count, bool is_last)
{
	const struct record_loss lost = { "store_dropped", count };
	const struct record_sink sink = {
		.wanted = RECORD_BIT(RECORD_LOSS_SPAN), .context = s, .write = span_write
	};

	d->span = d->kept; /* what was written after that is not on the disk */
	if ((count == d->count && !d->span.is_untold) || !store_begin(s))
		return;
	store_loss_write(s, lost.reason, count);
	loss_spans_look(&d->span, &lost, 1, "", d->whole_ns, d->now_ns, &sink);
	if (is_last)
		loss_spans_end(&d->span, &lost, 1, "", &sink);
}

void
store_dropped_whole(struct store_dropped *d, uint64_t count)
{
	d->count = count;
	d->kept = d->span;
	d->whole_ns = d->now_ns;
}
