/* time_text.h -- packet time as text, always UTC. */
#pragma once

#include "daemon/base/strbuf.h"

#include <stdint.h>

enum { NS_PER_US = 1000, NS_PER_MS = 1000000 };
#define NS_PER_S UINT64_C(1000000000)

/*
 * Append an ISO 8601 time with microseconds, e.g. "2026-11-24T02:00:00.123456" followed by `zone`.
 *
 * ns      since the epoch, any value
 * zone    appended as it is: "+0000" (EVE), "Z" (people)
 * cost    about 40 ns; no libc time function
 */
void time_text_iso(struct strbuf *b, uint64_t ns, const char *zone);

/* Append seconds since the epoch with six decimals, e.g. "1664054597.930525" (Zeek). */
void time_text_epoch(struct strbuf *b, uint64_t ns);

/*
 * Append a length of time as people say it: "850 ms", "42 s", "25 min", "3 h 20 min", "2 days 4 h".
 * Cut, not rounded: never more than it was.
 */
void time_text_length(struct strbuf *b, uint64_t ns);
