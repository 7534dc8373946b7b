/* outlet_metrics.h -- what an outlet tells Prometheus: rows over struct outlet_stats. */
#pragma once

#include "daemon/base/metric.h"

/* Ends in METRIC_END. The outlet's name is the label `output` of its source. */
extern const struct metric outlet_metric_rows[];
