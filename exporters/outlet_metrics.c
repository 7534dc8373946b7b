#include "exporters/outlet_metrics.h"

#include "exporters/outlets.h"

#define DROPPED "Records that did not leave, by the reason why."
#define DROPPED_ROW(reason_, index_)                                                 \
	METRIC_ROW("output_dropped_total", METRIC_COUNTER, "reason=\"" reason_ "\"", \
		struct outlet_stats, dropped[index_], DROPPED)
#define FORGOTTEN "What was kept to be shown, and made room for what is newer."
#define FORGOTTEN_ROW(what_, index_)                                               \
	METRIC_ROW("output_forgotten_total", METRIC_COUNTER, "what=\"" what_ "\"", \
		struct outlet_stats, forgotten[index_], FORGOTTEN)

const struct metric outlet_metric_rows[] = {
	METRIC_ROW("output_events_total", METRIC_COUNTER, NULL, struct outlet_stats, written,
		"Records that left."),
	DROPPED_ROW("too_long", OUTLET_DROP_TOO_LONG),
	DROPPED_ROW("full", OUTLET_DROP_FULL),
	DROPPED_ROW("reserved", OUTLET_DROP_RESERVED),
	DROPPED_ROW("failed", OUTLET_DROP_FAILED),
	FORGOTTEN_ROW("windows", OUTLET_FORGOT_WINDOWS),
	FORGOTTEN_ROW("lines", OUTLET_FORGOT_LINES),
	FORGOTTEN_ROW("addresses", OUTLET_FORGOT_ADDRESSES),
	METRIC_ROW("output_left_out_total", METRIC_COUNTER, NULL, struct outlet_stats, left_out,
		"Rows, lines and findings over a cap, counted again each time their window is written."),
	METRIC_ROW("output_queue_length", METRIC_GAUGE, NULL, struct outlet_stats, queued_records,
		"Records that wait for a disk or a peer."),
	METRIC_ROW("output_queue_bytes", METRIC_GAUGE, NULL, struct outlet_stats, queued_bytes,
		"Bytes of the records that wait."),
	METRIC_ROW("output_last_success_timestamp_seconds", METRIC_GAUGE, NULL, struct outlet_stats,
		last_success_s, "When the last record left; 0 before the first."),
	METRIC_END,
};
