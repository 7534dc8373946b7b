/* proto_state.h -- a parser's memory before its first call, with rubbish where nobody promised zeros. */
#pragma once

#include "daemon/proto/proto.h"

#include <string.h>

/* state  protocol->state_size bytes */
static inline void
proto_state_prepare(const struct protocol *protocol, void *state)
{
	memset(state, 0xa5, protocol->state_size);
	memset(state, 0, proto_state_zeroed(protocol));
}

/* As if nothing had been said for a while since: what the parser does not keep is gone. */
static inline void
proto_state_rest(const struct protocol *protocol, void *state)
{
	size_t kept = protocol->keeps == NULL ? 0 : protocol->keeps(state);
	uint8_t *bytes = state;

	if (kept == 0 || kept >= protocol->state_size)
		return;
	memset(bytes + kept, 0xa5, protocol->state_size - kept);
	if (kept < proto_state_zeroed(protocol))
		memset(bytes + kept, 0, proto_state_zeroed(protocol) - kept);
}
