/*
 * letters.h -- a flow as one symbol: how regular, how long, how big, how long after the last.
 *
 * The behavioural letters of the Stratosphere project as Slips 0.7.0 computes them (behaviour §5,
 * the S20 rule). A symbol is kept as a code, because what people read sizes by payload bytes and
 * what models read sizes by IP bytes.
 */
#pragma once

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

enum letter_period {
	PERIOD_NONE,       /* no data yet: a digit */
	PERIOD_STRONG,     /* a .. i */
	PERIOD_WEAK,       /* A .. I */
	PERIOD_WEAK_NON,   /* r .. z */
	PERIOD_STRONG_NON, /* R .. Z */
};

enum letter_gap {
	GAP_NONE, /* no symbol: the first flow, or more than an hour */
	GAP_5S,   /* '.' */
	GAP_60S,  /* ',' */
	GAP_5MIN, /* '+' */
	GAP_1H,   /* '*' */
};

struct letter {
	uint8_t period;           /* enum letter_period */
	uint8_t duration : 2;     /* 0 <= 0.1 s, 1 <= 10 s, 2 longer */
	uint8_t payload_size : 2; /* 0 <= 250 B, 1 <= 1100 B, 2 larger: payload bytes of both sides */
	uint8_t ip_size : 2;      /* the same classes over IP bytes */
	uint8_t gap;              /* enum letter_gap */
	uint8_t hours;            /* '0's in front: whole hours since the last flow, at most 255 */
};

/* What a tuple remembers between flows. Zeroed is "none yet". */
struct letter_state {
	uint64_t last_ns;
	uint64_t last_but_one_ns;
	uint8_t seen; /* 0, 1, 2 or more flows */
};

/*
 * The symbol of the next flow of a tuple, and the state after it.
 *
 * start_ns       of the flow; may be before the last one's
 * duration_ns    of the flow
 * payload_bytes  of both sides
 * ip_bytes       of both sides
 * source         behaviour §5
 */
struct letter letter_next(struct letter_state *s, uint64_t start_ns, uint64_t duration_ns,
	uint64_t payload_bytes, uint64_t ip_bytes);

enum { LETTER_TEXT_MAX = 258 };

/*
 * Write a symbol as people know it: zeros, letter, gap sign ("00a", "e*").
 *
 * by_ip_bytes  size by IP bytes (models) instead of payload bytes (people, golden data)
 * ret_text     LETTER_TEXT_MAX bytes, NUL-terminated
 * returns      its length
 */
size_t letter_text(const struct letter *l, bool by_ip_bytes, char ret_text[LETTER_TEXT_MAX]);
