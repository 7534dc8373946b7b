#include "daemon/loop/capture/capture_counters.h"

#define ROW(name_, type_, label_, member_, help_) \
	METRIC_ROW(name_, type_, label_, struct capture_counters, member_, help_)
#define DROPPED "Packets that came and were not looked at."
#define STEPS   "Times that the clock of the packets was set by more than 10 s."

const struct metric capture_counters_metrics[] = {
	ROW("packets_received_total", METRIC_COUNTER, NULL, offered,
		"Packets that came, those dropped among them."),
	ROW("packets_analysed_total", METRIC_COUNTER, NULL, analysed,
		"Packets that were looked at."),
	ROW("packets_filtered_total", METRIC_COUNTER, NULL, filtered,
		"Packets that capture.filter left out."),
	ROW("packets_dropped_total", METRIC_COUNTER, "where=\"kernel\"", dropped_kernel, DROPPED),
	ROW("packets_dropped_total", METRIC_COUNTER, "where=\"nic\"", dropped_interface, DROPPED),
	ROW("packets_dropped_total", METRIC_COUNTER, "where=\"queue\"", dropped_here, DROPPED),
	ROW("packets_waiting", METRIC_GAUGE, NULL, waiting, "Packets in the ring, not yet read."),
	ROW("bytes_received_total", METRIC_COUNTER, NULL, bytes,
		"Bytes on the wire of packets that were analysed or filtered."),
	METRIC_ROW_IN(METRIC_NS, "interface_last_packet_timestamp_seconds", METRIC_GAUGE, NULL,
		struct capture_counters, last_packet_ns,
		"When the last packet came; 0 before the first."),
	ROW("interface_up", METRIC_GAUGE, NULL, is_up, "1 while packets are captured on it."),
	ROW("capture_gaps_total", METRIC_COUNTER, NULL, gaps,
		"Times that the interface was down or gone and came back."),
	ROW("packet_times_clamped_total", METRIC_COUNTER, NULL, clock_clamped,
		"Time stamps that were not believed."),
	ROW("packet_clock_steps_total", METRIC_COUNTER, "direction=\"forward\"",
		clock_steps_forward, STEPS),
	ROW("packet_clock_steps_total", METRIC_COUNTER, "direction=\"back\"", clock_steps_back,
		STEPS),
	METRIC_END,
};

void
capture_counters_add(struct capture_counters *sum, const struct capture_counters *c)
{
	sum->offered += c->offered;
	sum->analysed += c->analysed;
	sum->filtered += c->filtered;
	sum->dropped_kernel += c->dropped_kernel;
	sum->dropped_interface += c->dropped_interface;
	sum->dropped_here += c->dropped_here;
	sum->waiting += c->waiting;
	sum->bytes += c->bytes;
	if (c->last_packet_ns > sum->last_packet_ns)
		sum->last_packet_ns = c->last_packet_ns;
	sum->is_up += c->is_up;
	sum->gaps += c->gaps;
	sum->clock_clamped += c->clock_clamped;
	sum->clock_steps_forward += c->clock_steps_forward;
	sum->clock_steps_back += c->clock_steps_back;
}

void
capture_tally_open(struct capture_tally *t, uint64_t missed)
{
	t->received_last = 0;
	t->dropped_last = 0;
	t->missed_last = missed;
}

void
capture_tally_frame(struct capture_tally *t, const struct frame *f, bool passed)
{
	t->told.analysed += passed;
	t->told.filtered += !passed;
	t->told.bytes += f->wire;
	t->told.last_packet_ns = f->ts_ns;
}

void
capture_tally_kernel(struct capture_tally *t, uint32_t received, uint32_t dropped)
{
	struct capture_counters *c = &t->told;

	c->offered += (uint32_t)(received - t->received_last);
	c->dropped_kernel += (uint32_t)(dropped - t->dropped_last);
	t->received_last = received;
	t->dropped_last = dropped;
	c->waiting = c->offered - c->analysed - c->filtered - c->dropped_kernel -
		     c->dropped_interface - c->dropped_here;
}

void
capture_tally_missed(struct capture_tally *t, uint64_t missed)
{
	if (missed > t->missed_last) {
		t->told.offered += missed - t->missed_last;
		t->told.dropped_interface += missed - t->missed_last;
	}
	t->missed_last = missed;
}

void
capture_tally_close(struct capture_tally *t)
{
	t->told.dropped_here += t->told.waiting;
	t->told.waiting = 0;
}
