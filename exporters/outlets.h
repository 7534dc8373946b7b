/*
 * outlets.h -- the running outlets together: one sink for the engine's records.
 *
 * Opens each exporter that its settings ask for, encodes a record once per encoding in use, and
 * hands it to every outlet that wants it.
 */
#pragma once

#include "exporters/exporter.h"

struct outlets;

/*
 * Open what the settings ask for.
 *
 * configs      one section per exporter, in the order of `exporters[]`; borrowed
 * run          borrowed for the outlets' life
 * ret_outlets  written on success
 * returns      0, or -errno of the first that failed to open (already logged); all are closed again
 */
int outlets_open(const void *const *configs, const struct run_info *run, struct event_base *base,
	struct outlets **ret_outlets);

/* The sink to give to the engine; valid until outlets_close(). */
struct record_sink outlets_sink(struct outlets *o);

/* SIGHUP: reopen what a log rotator may have moved. */
void outlets_reopen(struct outlets *o);

/* Was an alert raised that holds evidence of `level` or higher? For --fail-on. */
bool outlets_alert_reached(const struct outlets *o, enum threat level);

/* Close all, in the order of `exporters[]`. returns 0, or the first -errno. Accepts NULL. */
int outlets_close(struct outlets *o);
