/*
 * eve_alert.c -- EVE's alert event: what a rule of Suricata's found.
 *
 * Our own findings have the same form, and are passed over: read back they would accuse whom we accused
 * already. The source is who sent the packet; `direction` says whether that is who opened the conversation.
 */
#include "daemon/input/eve.h"
#include "daemon/observation.h"
#include "daemon/transactions/alert.h"

#include <string.h>

struct eve_alert {
	const char *direction;     /* "to_server", "to_client"; NULL before Suricata 7 */
	struct addr flow_src_addr; /* who opened the conversation; unset before Suricata 7 */
	uint64_t flow_src_port;
};

static const struct transaction_field fields[] = {
	FIELD_ROW_TEXT(struct eve_alert, direction, "direction"),
	FIELD_ROW_ADDR(struct eve_alert, flow_src_addr, "flow.src_ip"),
	FIELD_ROW_COUNT(struct eve_alert, flow_src_port, "flow.src_port"),
	FIELD_END,
};

static const struct transaction_alias columns[] = {
	{ "alert.signature", "signature" },
	{ "alert.category", "category" },
	{ "alert.severity", "severity" },
	{ "alert.signature_id", "sid" },
	{ "alert.action", "action" },
	{ NULL, NULL },
};

static bool
is_turned(const struct eve_head *h, const struct eve_alert *v)
{
	if (v->direction != NULL)
		return strcmp(v->direction, "to_client") == 0;
	return addr_equal(&v->flow_src_addr, &h->dest) && v->flow_src_port == h->dest_port;
}

static int
tell_alert(struct input_stream *s)
{
	const struct eve_head *h = eve_head(s);
	struct obs_alert *a = eve_said(s);
	int r;

	if (eve_is_ours(s) || (h->src_ip == NULL && h->dest_ip == NULL))
		return input_stream_skip(s);
	a->source = "suricata";
	r = eve_talk(s, is_turned(h, eve_beside(s)));
	if (r < 0)
		return r;
	input_item_said(&s->items[0], OBS_ALERT);
	return 1;
}

const struct eve_reader eve_reader_alert = {
	.type = "alert",
	.said = &transaction_alert,
	.columns = columns,
	.beside = fields,
	.beside_size = sizeof(struct eve_alert),
	.tell = tell_alert,
};
