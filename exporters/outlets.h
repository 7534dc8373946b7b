/*
 * outlets.h -- the running outlets together: one sink for the engine's records.
 *
 * Opens each exporter that its settings ask for, encodes a record once per encoding in use, and
 * hands it to every outlet that wants it.
 */
#pragma once

#include "exporters/exporter.h"

struct outlets;

/* How old `now` of an outlet may be, and so how late what waits for time is noticed. */
enum { OUTLETS_TICK_MS = 100, OUTLET_NAME_MAX = 24 };

/* What one outlet did so far. Plain values: it may be sent to another process. */
struct outlet_stats {
	char name[OUTLET_NAME_MAX];
	uint64_t written;
	uint64_t dropped[OUTLET_DROP_COUNT];
	uint64_t forgotten[OUTLET_FORGOT_COUNT];
	uint64_t left_out;
	uint64_t queued_records, queued_bytes;
	uint64_t last_success_s; /* wall clock, since the epoch; 0: nothing has left yet */
};

/*
 * Open what the settings ask for.
 *
 * configs      one section per exporter, in the order of `exporters[]`; borrowed
 * run          borrowed for the outlets' life
 * base         live: the outlets add their events, a timer of OUTLETS_TICK_MS among them; over
 *              files NULL
 * ret_outlets  written on success
 * returns      0, or -errno of the first that failed to open (already logged); all are closed again
 */
int outlets_open(const void *const *configs, const struct run_info *run, struct event_base *base,
	struct outlets **ret_outlets);

/* Bytes of memory.limit that the outlets which these settings ask for may fill together. */
uint64_t outlets_memory(const void *const *configs, const struct run_info *run);

/* The sink to give to the engine; valid until outlets_close(). */
struct record_sink outlets_sink(struct outlets *o);

/* SIGHUP: reopen what a log rotator may have moved. */
void outlets_reopen(struct outlets *o);

/* Let time pass: what is due is written out, looked at or tried again. The timer does this live. */
void outlets_tick(struct outlets *o, struct outlet_time now);

/* Over files: who looks on is to see what was written so far. */
void outlets_show(struct outlets *o);

/*
 * What each open outlet did, in the order of `exporters[]`.
 *
 * returns  how many were written to `ret`, at most `room`
 */
size_t outlets_stats(const struct outlets *o, struct outlet_stats ret[], size_t room);

/* Was an alert raised that holds evidence of `level` or higher? For --fail-on. */
bool outlets_alert_reached(const struct outlets *o, enum threat level);

/* Close all, in the order of `exporters[]`. returns 0, or the first -errno. Accepts NULL. */
int outlets_close(struct outlets *o);
