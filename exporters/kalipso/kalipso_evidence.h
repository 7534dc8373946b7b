/*
 * kalipso_evidence.h -- the findings of a window as Kalipso's evidence box reads them (kalipso.md 3.2).
 *
 * What a rule of the whitelist silenced is not shown: the UI has no way to tell it from what counts.
 */
#pragma once

#include "exporters/kalipso/dialect.h"

/* Is there anything to show? */
bool kalipso_has_evidence(struct dialect_target *t, const struct mirror_window *w);

/*
 * A JSON object of what there is. What finds no room is counted.
 *
 * last: {"<id>":"{\"type_detection\":\"dport\",\"detection_info\":\"23\", ...}"}: strings that are JSON.
 */
void kalipso_evidence_last(
	struct dialect_target *t, struct strbuf *out, const struct mirror_window *w);

/*
 * The same as 2020 and the talk read it: {"dport:23:HORIZONTAL_PORT_SCAN":[0.3,"high","scanned ..."]}. Of those
 * with the same key the newest is shown, as Slips had it.
 */
void kalipso_evidence_2020(
	struct dialect_target *t, struct strbuf *out, const struct mirror_window *w);
