/* irc.h -- what a user of IRC does: takes a name, joins a channel, is sent a file. */
#pragma once

#include "daemon/transactions/transaction.h"

enum { IRC_TEXT_MAX = 512 }; /* bytes of a message with the NUL (RFC 2812 section 2.3) */

struct obs_irc {
	const char *nick;          /* by then; NULL: none was told */
	const char *user;          /* the same */
	const char *command;       /* NICK USER JOIN DCC */
	const char *value;         /* the new name, the user, the channel, whom a file is for */
	const char *addl;          /* USER: mode, unused, real name */
	const char *dcc_file_name; /* DCC SEND */
	uint64_t dcc_file_size;    /* as the sender tells it */
};
