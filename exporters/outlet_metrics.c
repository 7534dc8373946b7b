#include "exporters/outlet_metrics.h"

#include "exporters/outlets.h"

#define DROPPED "Records that did not leave, by the reason why."
#define DROPPED_ROW(reason_, index_)                                                 \
	METRIC_ROW("output_dropped_total", METRIC_COUNTER, "reason=\"" reason_ "\"", \
		struct outlet_stats, dropped[index_], DROPPED)

const struct metric outlet_metric_rows[] = {
	METRIC_ROW("output_events_total", METRIC_COUNTER, NULL, struct outlet_stats, written,
		"Records that left."),
	DROPPED_ROW("too_long", OUTLET_DROP_TOO_LONG),
	DROPPED_ROW("full", OUTLET_DROP_FULL),
	DROPPED_ROW("reserved", OUTLET_DROP_RESERVED),
	DROPPED_ROW("failed", OUTLET_DROP_FAILED),
	METRIC_ROW("output_queue_length", METRIC_GAUGE, NULL, struct outlet_stats, queued_records,
		"Records that wait for a disk or a peer."),
	METRIC_ROW("output_queue_bytes", METRIC_GAUGE, NULL, struct outlet_stats, queued_bytes,
		"Bytes of the records that wait."),
	METRIC_ROW("output_last_success_timestamp_seconds", METRIC_GAUGE, NULL, struct outlet_stats,
		last_success_s, "When the last record left; 0 before the first."),
	METRIC_END,
};
