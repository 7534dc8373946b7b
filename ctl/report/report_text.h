/* report_text.h -- numbers, times and addresses as the report writes them, in all its formats. */
#pragma once

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

/* A short text by value: `report_count(n).text` lives as long as the statement that it stands in. */
struct report_text {
	char text[96];
};

struct report_text report_count(
	uint64_t n); /* "12 345": the blank is a narrow one that does not break */
struct report_text report_bytes(uint64_t n); /* "1.4 MiB" */
struct report_text report_time(uint64_t ns); /* "2026-11-24 07:57:24 UTC"; "not known" of 0 */
struct report_text report_clock(uint64_t ns, bool with_date); /* "07:57:24", "11-24 07:57:24" */
struct report_text report_length(uint64_t ns);                /* "25 min" */
struct report_text report_seconds(double s);                  /* "60.0 s", "1 h 2 min" */
struct report_text report_percent(double part);               /* "12 %" of 0.12 */

/* "1 host", "3 hosts". */
struct report_text report_plural(uint64_t n, const char *one, const char *many);

/*
 * Write an address, name or link so that nobody's mail or terminal makes a link of it: "203[.]0[.]113[.]5",
 * "2001[:]db8[:][:]1", "hxxp[:]//bad[.]example". What is cut ends in "...".
 */
void report_defang(const char *text, char *room, size_t size);

/* The level that a value of source_level() reaches: "critical" .. "info". */
const char *report_threat_class(double value);

/* What a reason of a loss means, as a sentence: of those not named here, that packets were not fully read. */
const char *report_loss_meaning(const char *reason);
/* Is traffic missing, whosever it was, while something is lost for this reason? */
bool report_loss_is_blind(const char *reason);

/* Words that the report explains, in the order of the alphabet; the last has no word. */
struct report_word {
	const char *word, *meaning;
};
extern const struct report_word report_glossary[];
