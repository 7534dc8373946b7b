/*
 * timeline_json.h -- a timeline's entry as the generations of Kalipso read it (behaviour §7.2, §7.3).
 *
 * The order of the members is part of the form: they are shown in it.
 */
#pragma once

#include "daemon/base/strbuf.h"
#include "daemon/record/record.h"

/* Append one object in the form of 2020; nothing for protocols that timelines do not tell. */
void timeline_json_2020(struct strbuf *out, const struct record_timeline *t);

/* The same as the first generation read it: what HTTP said is an entry of its own, */
void timeline_json_talk(struct strbuf *out, const struct record_timeline *t);
/* which this appends; nothing of other conversations. It has no time: so it is shown below the line before it. */
void timeline_json_talk_http(struct strbuf *out, const struct record_timeline *t);

/* The same in the form of the last generation. */
void timeline_json_last(struct strbuf *out, const struct record_timeline *t);
