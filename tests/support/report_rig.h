/* report_rig.h -- a source that says what a test wants, and a look at whether a page is well-formed. */
#pragma once

#include "viewer/source/source_kind.h"

#include <stdbool.h>

/* Lists of a source, whole; what is NULL has no rows. */
struct report_rig {
	struct source source;
	const struct source_profile *profiles;
	size_t profile_count;
	const struct source_evidence *evidence;
	size_t evidence_count;
	const struct source_alert *alerts;
	size_t alert_count;
	const struct source_flow *flows; /* of every window of the first host */
	size_t flow_count;
	const struct source_entry *entries; /* the same */
	size_t entry_count;
	const struct source_tuple *tuples; /* the same */
	size_t tuple_count;
	const struct source_device *devices;
	size_t device_count;
	const struct source_loss *losses;
	size_t loss_count;
	const struct source_loss_span *loss_spans;
	size_t loss_span_count;
	const struct source_address *address; /* of all that is asked for */
	const struct source_run *run;
	const char *trouble; /* of the evidence; NULL: none */
	int64_t mute_window; /* of which no flows are told */
};

/* Set up `rig->source`; the lists come after. */
void report_rig_init(struct report_rig *rig);

/* Evidence of which nothing is NULL. */
struct source_evidence report_rig_evidence(const char *host, const char *kind);

/*
 * Is a text well-formed XML, as far as a page goes: every element closed in its turn, attributes quoted, '<' and '&' only
 * as markup, only characters that XML knows? On false the place is printed.
 */
bool report_rig_is_xml(const char *text);

/* How often one text stands in another. */
size_t report_rig_count(const char *text, const char *part);
