#include "daemon/input/eve_call.h"

#include "daemon/base/strbuf.h"
#include "daemon/input/eve.h"
#include "daemon/proto/dce_rpc_names.h"
#include "daemon/transactions/dce_rpc.h"

#include <string.h>

/* Something without a name here is called by its number. */
static const char *
unknown(struct input_stream *s, const char *what)
{
	size_t size = strlen(what) + sizeof("unknown-");
	char *text = eve_text(s, size);
	struct strbuf b;

	if (text == NULL)
		return NULL;
	strbuf_init(&b, text, size);
	strbuf_text(&b, "unknown-");
	strbuf_text(&b, what);
	return text;
}

static const char *
operation_of(struct input_stream *s, const struct dce_rpc_interface *interface, uint64_t number)
{
	char digits[sizeof("65535")];
	const char *name;
	struct strbuf b;

	if (number > UINT16_MAX)
		return NULL;
	name = dce_rpc_operation_name(interface, (uint16_t)number);
	if (name != NULL)
		return name;
	strbuf_init(&b, digits, sizeof(digits));
	strbuf_u64(&b, number);
	return unknown(s, digits);
}

int
eve_tell_call(struct input_stream *s, const struct eve_call *call)
{
	if (call->request == NULL || strcmp(call->request, "REQUEST") != 0)
		return input_stream_skip(s);
	struct obs_dce_rpc *d = eve_become(s, transaction_kind_of(OBS_DCE_RPC));
	const struct dce_rpc_interface *interface =
		call->uuid == NULL ? NULL : dce_rpc_interface_of_text(call->uuid);
	if (interface != NULL)
		d->endpoint = interface->name;
	else if (call->uuid != NULL)
		d->endpoint = unknown(s, call->uuid);
	d->operation = operation_of(s, interface, call->operation);
	return eve_tell(s);
}
