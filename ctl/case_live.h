/* case_live.h -- answers of a sensor, as the rows that a run has. */
#pragma once

#include "ctl/case_members.h"

#include <jansson.h>

/*
 * The events of the answer to "evidence", in the form of a source's rows, in the arena.
 *
 * returns  how many lie at *ret
 */
size_t case_live_evidence(
	const json_t *data, struct arena *memory, const struct source_evidence **ret);

/* Of the answer to "alerts", likewise; with the steps of those whose findings are all among these. */
size_t case_live_alerts(const json_t *data, const struct source_evidence *rows, size_t count,
	struct arena *memory, const struct case_alert **ret);

/* Of the answer to "devices": lines of devices.json. */
size_t case_live_devices(
	const json_t *data, struct arena *memory, const struct source_device **ret);
