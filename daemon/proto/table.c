/* table.c -- the protocol parsers, in the order they are asked. Edit protocols.def, not this file. */
#include "daemon/proto/proto.h"

#include <assert.h>

#define PROTOCOL(name) extern const struct protocol protocol_##name;
#include "protocols_list.h"
#undef PROTOCOL

#define PROTOCOL(name) &protocol_##name,
const struct protocol *const protocols[] = {
#include "protocols_list.h"
};
#undef PROTOCOL

const size_t protocol_count = sizeof(protocols) / sizeof(protocols[0]);

static_assert(sizeof(protocols) / sizeof(protocols[0]) <= PROTOCOLS_MAX,
	"a flow has a number for each, and dispatch.h a bit and one behind them");
