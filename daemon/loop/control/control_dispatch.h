/* control_dispatch.h -- from a line of the control socket to the command that it names. */
#pragma once

#include "daemon/loop/control/control_peer.h"
#include "daemon/loop/control/control_reply.h"
#include "daemon/loop/control/control_request.h"

#include <stdbool.h>
#include <stddef.h>

/* What changes something is for root and the sensor's own user only, and is logged. */
enum control_effect {
	CONTROL_LOOKS,
	CONTROL_CHANGES,
	CONTROL_CHANGES_IF_TOLD, /* with arguments; without them it looks */
};

struct control_command {
	const char *name;
	const char *summary;
	enum control_effect effect;
	/*
	 * Write one value to reply->json.
	 * returns  0, or < 0 after control_reply_refuse()
	 */
	int (*run)(void *context, const struct control_request *q, struct control_reply *reply);
};

/*
 * Answer one line.
 *
 * commands   up to name == NULL; run with `context`
 * line       without its line feed
 * reply      complete afterwards, well or not
 * ret_name   the command, or NULL if it is not known
 * returns    0; -EACCES the peer may not ask for that; -EINVAL anything else that went wrong
 */
int control_dispatch(const struct control_command *commands, void *context,
	const struct control_peer *peer, const char *line, size_t length,
	struct control_reply *reply, const char **ret_name);
