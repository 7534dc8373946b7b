/* proto_state.h -- a parser's memory before its first call, with rubbish where nobody promised zeros. */
#pragma once

#include "daemon/proto/proto.h"

#include <string.h>

/* state  protocol->state_size bytes */
static inline void
proto_state_prepare(const struct protocol *protocol, void *state)
{
	memset(state, 0xa5, protocol->state_size);
	memset(state, 0,
		protocol->state_zeroed > 0 ? protocol->state_zeroed : protocol->state_size);
}
