/*
 * flow_words.h -- the words of flow logs (TCP flags, states) in our terms.
 *
 * source  behaviour §4.4; the manual of ra(1) for Argus' words; Zeek's connection states
 */
#pragma once

#include "daemon/input/flow_pair.h"
#include "daemon/transactions/transaction_read.h"

/* How a conversation went. `established` is not always what the state alone would say. */
struct flow_words {
	enum conn_state state;
	enum flow_end_reason ended;
	bool established;
};

/* TCP flags as letters anywhere in a text: "...AP.SF", "FSRPA"; returns TCP_* bits */
uint8_t flow_words_flags(struct text_view letters);

/*
 * The state of a conversation of TCP by the flags that either side sent.
 *
 * both_are_seen  what one side does not show it did not send: no router sees only half of it
 */
enum conn_state flow_words_tcp_state(
	const struct flow_sent *orig, const struct flow_sent *resp, bool both_are_seen);

/*
 * Of what both directions carried.
 *
 * established  TCP: whoever opened it has sent SYN and ACK, or, when nothing is known of him, the other
 *              has; a conversation that began before it was looked at is, if anybody acknowledged anything
 */
struct flow_words flow_words_of_sent(
	uint8_t ip_proto, const struct flow_sent *orig, const struct flow_sent *resp);

/*
 * Of Argus' state: "SPA_SRPA", "CON", "URP".
 *
 * established  to the letter of behaviour §4.4
 * packets      of both directions
 * turned       the flags of the other side stand first
 */
struct flow_words flow_words_of_argus(
	struct text_view word, uint8_t ip_proto, uint64_t packets, bool turned);
