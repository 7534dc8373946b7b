/*
 * ssh_auth.h -- was a client of SSH let in? By how much is said in turn, without reading it.
 *
 * Behind the new keys the two take turns: the client asks for the log-in service and is told that it may
 * have it, then it asks to be let in until it is (RFC 4252, RFC 4253 section 10). Whatever the cipher, these
 * answers have sizes of their own: ACCEPT is 17 bytes before padding and MAC, SUCCESS is 1, which makes it
 * 16 bytes less on the wire for blocks of 8 and of 16; FAILURE names the methods that can go on, the
 * same each time, and comes first in answer to the method "none", which is no attempt.
 *
 * A turn is all that a side says until the other speaks, so it does not matter how it was cut. Who pads
 * at random, or says more than an answer in a turn, is not decided: then nothing is told.
 */
#pragma once

#include "daemon/transactions/transaction.h"

#include <stdbool.h>
#include <stdint.h>

/* All zero is the beginning: the new keys are in use. */
struct ssh_auth {
	uint32_t turn;     /* bytes that the server said since the client spoke */
	uint32_t accept;   /* of the turn that gave the service; 0: it has not come */
	uint32_t failure;  /* of the turn that answered the first request */
	uint16_t turns;    /* of the server */
	uint16_t attempts; /* that were seen to succeed or fail */
	bool is_asked;     /* the client has spoken */
	enum truth success;
};

/* The client says something. */
void ssh_auth_client(struct ssh_auth *a);
/* The server says `bytes`. */
void ssh_auth_server(struct ssh_auth *a, uint32_t bytes);
/* Nobody will say more. A client that was let in speaks on: a turn that looks like it is a part of one. */
void ssh_auth_end(struct ssh_auth *a);
/* Something was said that nobody heard: how it came out is not known. */
void ssh_auth_gap(struct ssh_auth *a);

/* Is there nothing more to find out? Success, or so many turns or bytes that it will never be known. */
bool ssh_auth_is_over(const struct ssh_auth *a);
