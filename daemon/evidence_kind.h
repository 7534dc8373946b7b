/* evidence_kind.h -- what kinds of findings there are made of: names, levels, roles. */
#pragma once

#include <stdbool.h>
#include <stdint.h>

enum threat {
	THREAT_INFO,
	THREAT_LOW,
	THREAT_MEDIUM,
	THREAT_HIGH,
	THREAT_CRITICAL,
	THREAT_COUNT,
};

/* On whose account a finding goes. Only an attacker's findings add up to an alert. */
enum evidence_role {
	EVIDENCE_ATTACKER,
	EVIDENCE_VICTIM,
};

enum { EVIDENCE_TEXT_MAX = 256, EVIDENCE_OBJECT_MAX = 64, EVIDENCE_UIDS_MAX = 8 };

/* One kind of finding. Declared static const next to the code that raises it. */
struct evidence_kind {
	const char *name;      /* the public name in every output: HORIZONTAL_PORT_SCAN */
	uint32_t signature_id; /* EVE's: unique over all kinds, never reused */
	const char *technique; /* MITRE ATT&CK id with a row in attack.c, or "" */
	const char *unit;      /* of `observed` and `threshold`: "hosts", "s" */
	const char *title;     /* one phrase: "Horizontal port scan" */
	bool may_convict; /* a finding of it may be decisive: it never is on the benign corpora */
};

/* "info" .. "critical" */
const char *threat_name(enum threat t);
/* 0, 0.2, 0.5, 0.8, 1 (detections §0.3) */
double threat_value(enum threat t);
/* returns false when `name` is none of the five */
bool threat_parse(const char *name, enum threat *ret_threat);
