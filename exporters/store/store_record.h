/*
 * store_record.h -- records as rows: findings, conversations and what was said in them, timelines, devices,
 * addresses; and what a run came to.
 *
 * Each writes its rows, or as many as there were until something failed (struct store_statements).
 */
#pragma once

#include "daemon/record/record.h"
#include "exporters/store/store_window.h"

#include <stddef.h>
#include <stdint.h>

/*
 * Write one record of any kind but a window.
 *
 * line, length  its line of eve.json; a kind that is kept as such (transactions, tunnels, jumps, gaps, oddities)
 *               is not written without
 */
void store_record(struct store_windows *w, const struct record *r, const char *line, size_t length);

/* Write when something was lost: over what was written with the same beginning. */
void store_loss_span_write(struct store *s, const struct record_loss_span *span);

/* Write how much was lost in this run, by what: over what was written of it before. */
void store_loss_write(struct store *s, const char *reason, uint64_t count);
