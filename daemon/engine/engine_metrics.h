/*
 * engine_metrics.h -- what an engine counts, as rows for whoever shows numbers.
 *
 * The rows are constant; what they point into is filled when somebody asks, so that a number on a
 * page costs the packet path nothing but the counter. Labels are closed lists (states, levels,
 * reasons, tables), names of detectors and memory areas, and the names of interfaces.
 */
#pragma once

#include "daemon/base/metric.h"
#include "daemon/engine/interface_names.h"

#include <stddef.h>

struct engine;
struct engine_metrics;

/* The rows: of the engine, of each interface, of each detector, of each area of memory. */
extern const struct metric engine_metric_rows[];
extern const struct metric engine_metric_interface_rows[];
extern const struct metric engine_metric_detector_rows[];
extern const struct metric engine_metric_area_rows[];

/* Make what one engine's numbers are read into. The engine is borrowed. returns NULL when memory is out */
struct engine_metrics *engine_metrics_new(const struct engine *e);
void engine_metrics_free(struct engine_metrics *m);

/* How many sources there are at most. */
size_t engine_metrics_most(const struct engine_metrics *m);

/*
 * Read the numbers as they stand.
 *
 * names        of the interfaces; those that have none, and those that brought nothing, are left
 *              out unless they did: they are "other" then. May be NULL
 * ret_sources  room for engine_metrics_most(); valid until the next call. Sources with the same rows
 *              stand together
 * returns      how many
 */
size_t engine_metrics_collect(struct engine_metrics *m, const struct interface_names *names,
	struct metric_source *ret_sources);
