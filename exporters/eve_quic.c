/* eve_quic.c -- EVE's quic event. */
#include "daemon/transactions/quic.h"

#include "exporters/eve_event.h"

static void
write_quic(struct json *j, const struct observation *o)
{
	const struct obs_quic *q = o->quic;

	json_key_text(j, "version", q->version);
	if (q->server_name != NULL)
		json_key_text(j, "sni", q->server_name);
	if (q->ja3 != NULL) {
		json_key(j, "ja3");
		json_object_begin(j);
		json_key_text(j, "hash", q->ja3);
		json_object_end(j);
	}
	if (q->ja4 != NULL)
		json_key_text(j, "ja4", q->ja4);
}

const struct eve_event eve_event_quic = {
	.kind = OBS_QUIC,
	.type = "quic",
	.write = write_quic,
};
