/* conn_state.h -- how far a conversation came, in Zeek's words, and why it ended. */
#pragma once

#include <stdbool.h>
#include <stdint.h>

/* Zeek's connection states (docs.zeek.org, base/protocols/conn), in the order of its table. */
enum conn_state {
	CONN_S0,
	CONN_S1,
	CONN_SF,
	CONN_REJ,
	CONN_S2,
	CONN_S3,
	CONN_RSTO,
	CONN_RSTR,
	CONN_RSTOS0,
	CONN_RSTRH,
	CONN_SH,
	CONN_SHR,
	CONN_OTH,
	CONN_STATE_COUNT,
};

enum flow_end_reason {
	FLOW_END_NONE,    /* not an end */
	FLOW_END_CLOSED,  /* FIN or RST, and the linger after it */
	FLOW_END_TIMEOUT, /* silent for its class's time-out */
	FLOW_END_REUSED,  /* the same ports opened a new conversation */
	FLOW_END_EVICTED, /* the table was full */
	FLOW_END_CAPTURE, /* the capture ended first */
	FLOW_END_REASON_COUNT,
};

/* Zeek's text: "S0", "SF", ... */
const char *conn_state_name(enum conn_state s);

/* The state of that name. returns false, and nothing is written, when there is none. */
bool conn_state_of_name(const char *name, enum conn_state *ret_state);
/* "closed", "timeout", ... as `flow.reason` in EVE has it where it has a word. */
const char *flow_end_reason_name(enum flow_end_reason r);

/*
 * Did the two sides really talk? (behaviour §4.4: S1 S2 S3 SF RSTO OTH, and RSTR with more than
 * three packets.)
 */
bool conn_state_established(enum conn_state s, uint64_t packets);
