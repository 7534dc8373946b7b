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

/*
 * In what way a finding is odd about its other party. One oddity is an accident; several different ones
 * that meet at one peer are not.
 */
enum evidence_aspect {
	ASPECT_NONE,     /* says nothing about a single peer */
	ASPECT_NAME,     /* how it was found: never resolved, by its address, by dynamic DNS */
	ASPECT_CERT,     /* what it shows for itself */
	ASPECT_PORT,     /* where it listens */
	ASPECT_PROTOCOL, /* what is spoken there, or is not */
	ASPECT_CONTENT,  /* what is fetched or carried there */
	ASPECT_CLIENT,   /* what the program that talks to it says it is, or how it asks */
	ASPECT_HABIT,    /* how often and how regularly */
	ASPECT_LIST,     /* somebody's list has it */
	ASPECT_COUNT,
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
	enum evidence_aspect aspect; /* of what it says about its other party */
};

/* "info" .. "critical" */
const char *threat_name(enum threat t);
/* 0, 0.2, 0.5, 0.8, 1 (detections §0.3) */
double threat_value(enum threat t);
/* returns false when `name` is none of the five */
bool threat_parse(const char *name, enum threat *ret_threat);
