/* eve_call.h -- a remote call, in EVE's event of its own or in SMB's. */
#pragma once

#include "daemon/input/input_stream.h"

struct eve_call {
	const char *request; /* "REQUEST"; others make no call */
	const char *uuid;    /* of the interface */
	uint64_t operation;  /* unset: not told */
};

/* Item 0 tells the call. returns as input_format.line(): 0 for a message that makes none */
int eve_tell_call(struct input_stream *s, const struct eve_call *call);
