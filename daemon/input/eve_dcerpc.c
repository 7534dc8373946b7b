/* eve_dcerpc.c -- EVE's dcerpc event: a remote call over TCP or UDP. */
#include "daemon/input/eve.h"
#include "daemon/input/eve_call.h"

static const struct transaction_field fields[] = {
	FIELD_ROW_TEXT(struct eve_call, request, "dcerpc.request"),
	FIELD_ROW_TEXT(struct eve_call, uuid, "dcerpc.interfaces.uuid"),
	FIELD_ROW_COUNT(struct eve_call, operation, "dcerpc.req.opnum"),
	FIELD_END,
};

static int
tell_dcerpc(struct input_stream *s)
{
	return eve_tell_call(s, eve_beside(s));
}

const struct eve_reader eve_reader_dcerpc = {
	.type = "dcerpc",
	.beside = fields,
	.beside_size = sizeof(struct eve_call),
	.tell = tell_dcerpc,
};
