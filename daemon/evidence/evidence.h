/*
 * evidence.h -- what was found on one host in one window, and when it becomes an alert.
 *
 * The ledger of a window keeps the id and the weight of each finding. Two rules add them up. Ours:
 * a subject (kind and other party, or kind and port) counts once, at its highest level times
 * confidence; an alert when the sum reaches the threshold, or at once on a decisive finding; then
 * the sum starts again. That of Slips: every finding counts (behaviour §8.3).
 */
#pragma once

#include "daemon/base/addr.h"
#include "daemon/base/arena.h"
#include "daemon/evidence_kind.h"
#include "daemon/record/record.h"
#include "daemon/settings/settings.h"

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

/* What a window remembers of one finding. */
struct evidence_note {
	struct evidence_note *next; /* in order of raising */
	char id[UUID_TEXT_MAX];
	bool alerted; /* part of an earlier alert */
	bool attacker;
	enum threat threat;
	double weight; /* level times confidence */
	const struct evidence_kind *kind;
	const char *text; /* its sentence, in the window's arena; "" without memory for it */
	/* By which it is known again after a restart. */
	bool earlier; /* told before it */
	uint8_t ip_proto;
	struct addr about;  /* all zero if there is none */
	const char *object; /* as `text` */
	uint64_t observed;
	/* By which it is weighed again when the whitelist has changed. */
	const char *detector; /* its name, which is static */
	uint16_t port;
	bool decisive;
	bool silenced; /* a rule says that it counts for nothing */
};

/* What was already added for one subject. */
struct evidence_subject {
	struct evidence_subject *next;
	const struct evidence_kind *kind;
	struct addr about; /* all zero if the subject is a port */
	uint16_t port;
	uint8_t ip_proto;
	bool convicted; /* a decisive finding on it has already alerted */
	double weight;
};

/* How much a detector has raised in a window; most raise nothing in most of them. */
struct evidence_share {
	struct evidence_share *next;
	uint32_t detector; /* its place in the plan */
	uint32_t findings; /* kept or not */
};

struct evidence_ledger {
	struct evidence_note *first, *last;
	struct evidence_subject *subjects;
	uint64_t count;                     /* kept */
	uint64_t suppressed;                /* over a detector's cap */
	uint64_t lost;                      /* no memory */
	uint64_t silenced;                  /* kept of those that are no evidence */
	struct evidence_share *by_detector; /* of those that raised something, in that order */
	uint32_t most;                      /* kept of each, from the first on; 0 before it */
	double sum;
};

/* The alert rule, worked out once from the settings. */
struct evidence_rule {
	enum alert_rule rule;
	double threshold;  /* of a window's sum */
	uint32_t converge; /* aspects of one peer that convict; 0: none does */
};

/* threshold = (alert.threshold, or 0.05, or 0.25 with the rule of Slips) x width in minutes */
struct evidence_rule evidence_rule_of(const struct settings *s);

enum evidence_verdict {
	EVIDENCE_ADDED, /* changed the sum */
	EVIDENCE_NOTED, /* kept, but the sum stays as it is */
	EVIDENCE_ALERT, /* changed the sum, and an alert is due */
};

/*
 * How much the detector has raised.
 *
 * memory   the window's arena; NULL: only look
 * returns  NULL without memory, or when it raised nothing and `memory` is NULL
 */
struct evidence_share *evidence_share_of(
	struct evidence_ledger *l, struct arena *memory, uint32_t detector);

/*
 * What was added for a subject, the other party if there is one, else the port; made at the first call.
 *
 * about    all zero: there is no other party
 * returns  NULL without memory
 */
struct evidence_subject *evidence_subject(struct evidence_ledger *l, struct arena *memory,
	const struct evidence_kind *kind, const struct addr *about, uint16_t port,
	uint8_t ip_proto);

/*
 * Note a finding and weigh it. What the whitelist silenced is noted, and weighs nothing.
 *
 * memory   the window's arena
 * r        complete but for `counted` and `sum`, which are written here; `text` and `id` are copied
 * errors   without memory it is counted in `lost` and is EVIDENCE_NOTED
 */
enum evidence_verdict evidence_weigh(struct evidence_ledger *l, struct arena *memory,
	const struct evidence_rule *rule, struct record_evidence *r);

/*
 * Add a note behind the others.
 *
 * note     copied, its texts too
 * returns  the copy, or NULL without memory
 */
struct evidence_note *evidence_note_add(
	struct evidence_ledger *l, struct arena *memory, const struct evidence_note *note);

/*
 * Was this told before a restart? Detectors count anew after one, and reach again what they had
 * reached: it is news only when more was observed than what was told.
 *
 * returns  the note that says as much or more about the same subject, or NULL
 */
const struct evidence_note *evidence_told_earlier(
	const struct evidence_ledger *l, const struct record_evidence *r);

/*
 * Write down the alert that evidence_weigh() said is due, and start the sum again.
 *
 * ret_ids    room for RECORD_ALERT_EVIDENCE_MAX ids; ret_alert->evidence points there
 * ret_alert  all but `id`, `host` and `window`
 */
void evidence_alert(struct evidence_ledger *l, const struct evidence_rule *rule, bool decisive,
	char ret_ids[][UUID_TEXT_MAX], struct record_alert *ret_alert);
