/*
 * remote_user.h -- how rlogin and rsh begin: texts that end with NUL, one behind the other (RFC 1282).
 *
 * Here is what both have in common: reading them as they come, and telling them from other bytes.
 */
#pragma once

#include "daemon/proto/proto.h"
#include "daemon/transactions/login.h"

#include <stdbool.h>
#include <stdint.h>

enum { REMOTE_TEXTS = 4 };

/* All zero is the beginning. Of each text the first bytes are kept, of the last one none. */
struct remote_user {
	uint8_t count; /* texts that are complete */
	uint8_t length;
	char text[REMOTE_TEXTS - 1][LOGIN_NAME_MAX];
};

/* The client's next byte. returns true when it was the end of the last text */
bool remote_user_byte(struct remote_user *r, uint8_t byte);

/*
 * Do the bytes begin with such texts: a port or nothing, two names, and something printable?
 *
 * has_speed  the last one must be a terminal and its speed: "xterm/38400"
 */
enum proto_guess remote_user_guess(struct cursor first_bytes, bool has_speed);
