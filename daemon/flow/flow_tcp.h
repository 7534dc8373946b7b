/*
 * flow_tcp.h -- the states of a TCP connection, one a side, and Zeek's name for the two together.
 */
#pragma once

#include "daemon/flow/flow_state.h"

#include <stdbool.h>

/*
 * Account a TCP segment of a flow: states, sequence numbers, history, class.
 *
 * side  who sent it; its packets are not yet counted
 */
void flow_tcp_packet(struct flow *f, unsigned side, const struct packet *p);

/* Does the segment open a new connection on the ports of this one? */
bool flow_tcp_reuses(const struct flow *f, const struct packet *p);

/* How long the connection is to be waited for, by its states. */
enum flow_class flow_tcp_class(const struct flow *f);

/* Zeek's state of a TCP flow. */
enum conn_state flow_tcp_state(const struct flow *f);

/*
 * How far a side's windows are to be shifted: not at all when one of the two SYNs did not offer it, and
 * the most that there is when one was not seen.
 */
uint8_t flow_tcp_window_scale(const struct flow *f, unsigned side);
