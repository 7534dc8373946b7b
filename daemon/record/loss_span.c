#include "daemon/record/loss_span.h"

#include "daemon/base/time_text.h"

#define MINUTE_NS (60 * NS_PER_S)
#define HOUR_NS   (60 * MINUTE_NS)

static void
tell(struct loss_span *s, const char *reason, const char *interface, uint64_t now_ns,
	const struct record_sink *sink)
{
	const struct record_loss_span span = {
		.reason = reason,
		.interface = interface,
		.from_ns = s->from_ns,
		.to_ns = s->to_ns,
		.count = s->count,
	};

	s->is_untold = false;
	s->told_ns = now_ns;
	if ((sink->wanted & RECORD_BIT(RECORD_LOSS_SPAN)) != 0)
		sink->write(sink->context,
			&(struct record){
				.kind = RECORD_LOSS_SPAN, .ts_ns = s->to_ns, .loss_span = &span });
}

static bool
goes_on(const struct loss_span *s, uint64_t now_ns)
{
	return s->count > 0 && now_ns - s->to_ns <= MINUTE_NS && now_ns - s->from_ns <= HOUR_NS;
}

void
loss_spans_look(struct loss_span *spans, const struct record_loss *counts, size_t count,
	const char *interface, uint64_t since_ns, uint64_t now_ns, const struct record_sink *sink)
{
	if (since_ns == 0)
		since_ns = now_ns;
	if (now_ns < since_ns)
		now_ns = since_ns;
	for (size_t i = 0; i < count; i++) {
		struct loss_span *s = &spans[i];
		uint64_t moved = counts[i].count - s->seen;

		s->seen = counts[i].count;
		if (s->is_untold && (now_ns - s->told_ns >= MINUTE_NS || !goes_on(s, now_ns)))
			tell(s, counts[i].reason, interface, now_ns, sink);
		if (moved == 0)
			continue;
		if (!goes_on(s, now_ns))
			*s = (struct loss_span){
				.seen = s->seen, .from_ns = since_ns, .told_ns = now_ns
			};
		s->count += moved;
		s->to_ns = now_ns;
		s->is_untold = true;
	}
}

void
loss_spans_end(struct loss_span *spans, const struct record_loss *counts, size_t count,
	const char *interface, const struct record_sink *sink)
{
	for (size_t i = 0; i < count; i++)
		if (spans[i].is_untold)
			tell(&spans[i], counts[i].reason, interface, spans[i].to_ns, sink);
}
