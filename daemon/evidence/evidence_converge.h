/*
 * evidence_converge.h -- several oddities that meet at one peer convict together.
 *
 * Most of what malware does is done by ordinary programs as well, now and then: a certificate that nobody
 * signed, a name that was never asked for, a strange port. None of it may raise an alert, and no sum of
 * it over many peers may either. But that one peer is odd in `alert.converge` different ways (enum
 * evidence_aspect) within a window is what the benign corpora never show.
 */
#pragma once

#include "daemon/base/strbuf.h"
#include "daemon/evidence/evidence.h"

#include <stdint.h>

/* What such a peer is told as: CONVERGING_EVIDENCE. */
extern const struct evidence_kind evidence_converging;

/*
 * In how many ways is a peer odd, by the attacker's findings of a window that are about it?
 *
 * Findings over a detector's cap are not known here.
 *
 * returns  0 .. ASPECT_COUNT - 1
 * cost     a walk over the window's notes, for each finding that has an aspect
 */
uint32_t evidence_aspects(const struct evidence_ledger *l, const struct addr *peer);

/*
 * Is it due to be told? The aspects reach `rule->converge`, and it was not told yet in this window.
 *
 * r  the finding that was weighed last
 */
bool evidence_converges(const struct evidence_ledger *l, const struct evidence_rule *rule,
	const struct record_evidence *r);

/* Append the sentence: "3 kinds of evidence meet at 192.0.2.1: Self-signed certificate, ..." */
void evidence_converge_text(
	const struct evidence_ledger *l, const struct addr *peer, struct strbuf *out);
