/* case_rows.h -- findings for tests of naiadctl: with all texts there, as a source gives them. */
#pragma once

#include "viewer/source/source.h"

/* "10.0.0.1", window 1, counted; what differs is set by the test. */
static inline struct source_evidence
case_row(const char *id, const char *level, double confidence, double sum)
{
	return (struct source_evidence){
		.id = id,
		.window = { "10.0.0.1", 1 },
		.ts_ns = UINT64_C(1796083200000000000), /* 2026-12-01 */
		.kind = "A_SCAN",
		.title = "A scan",
		.threat = level,
		.confidence = confidence,
		.text = "scanned",
		.about = "",
		.about_place = "",
		.port = "",
		.technique = "",
		.detector = "scan",
		.role = "attacker",
		.source = "",
		.twin = "",
		.silenced_by = "",
		.unit = "",
		.counted = true,
		.sum = sum,
	};
}
