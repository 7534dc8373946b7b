/*
 * eve_anomaly.c -- EVE's anomaly event: something odd, if it is one of ours (daemon/weird.def).
 *
 * Suricata has hundreds of other names, which nobody follows; gaps in a capture and jumps of its clock are no
 * business of hosts.
 */
#include "daemon/input/eve.h"

#include <string.h>

struct eve_anomaly {
	const char *type, *event;
};

static const struct transaction_field fields[] = {
	FIELD_ROW_TEXT(struct eve_anomaly, type, "anomaly.type"),
	FIELD_ROW_TEXT(struct eve_anomaly, event, "anomaly.event"),
	FIELD_END,
};

static bool
find_weird(const char *event, enum weird *ret_kind)
{
	for (enum weird w = 0; event != NULL && w < WEIRD_COUNT; w++)
		if (strcmp(weird_name(w), event) == 0) {
			*ret_kind = w;
			return true;
		}
	return false;
}

static int
tell_anomaly(struct input_stream *s)
{
	const struct eve_anomaly *v = eve_beside(s);
	const struct eve_head *h = eve_head(s);
	struct input_item *item = &s->items[0];
	struct obs_weird *w = &item->weird;
	int r;

	if (v->type != NULL && strcmp(v->type, "capture") == 0)
		return input_stream_skip(s);
	if (!find_weird(v->event, &w->kind)) {
		s->unknown++;
		return input_stream_skip(s);
	}
	r = eve_talk(s, /* turned= */ false);
	if (r < 0)
		return r;
	w->src = h->src;
	w->dst = h->dest;
	w->src_port = h->src_port;
	w->dst_port = h->dest_port;
	w->ip_proto = eve_of(s)->ip_proto;
	if (h->uid != NULL || h->flow_id != NULL) {
		w->id = item->talk.id;
		w->uid = item->talk.uid;
	}
	item->o.kind = OBS_WEIRD;
	item->o.weird = w;
	return 1;
}

const struct eve_reader eve_reader_anomaly = {
	.type = "anomaly",
	.beside = fields,
	.beside_size = sizeof(struct eve_anomaly),
	.tell = tell_anomaly,
};
