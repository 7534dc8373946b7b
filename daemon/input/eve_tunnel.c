/* eve_tunnel.c -- our own tunnel event: a conversation turned out to carry packets, or such a one ended. */
#include "daemon/input/eve.h"

#include <string.h>

struct eve_tunnel {
	const char *action, *kind;
	uint64_t id;
};

static const struct transaction_field fields[] = {
	FIELD_ROW_TEXT(struct eve_tunnel, action, "naiad.action"),
	FIELD_ROW_TEXT(struct eve_tunnel, kind, "naiad.tunnel_kind"),
	FIELD_ROW_COUNT(struct eve_tunnel, id, "naiad.id"),
	FIELD_END,
};

static bool
find_kind(const char *name, enum tunnel_kind *ret_kind)
{
	for (enum tunnel_kind k = TUNNEL_NONE + 1; name != NULL && k < TUNNEL_KIND_COUNT; k++)
		if (strcmp(tunnel_name(k), name) == 0) {
			*ret_kind = k;
			return true;
		}
	return false;
}

/* Of the conversation only the ends are told. */
static void
fill_flow(struct input_item *item)
{
	struct obs_flow *f = &item->flow;

	input_item_ends(item);
	f->start_ns = item->o.ts_ns;
	f->last_ns = item->o.ts_ns;
	f->state = CONN_OTH;
	input_item_flow(item);
}

static int
tell_tunnel(struct input_stream *s)
{
	const struct eve_tunnel *v = eve_beside(s);
	struct input_item *item = &s->items[0];
	struct obs_tunnel *t = &item->tunnel;
	int r;

	if (!find_kind(v->kind, &t->kind)) {
		s->unknown++;
		return input_stream_skip(s);
	}
	r = eve_talk(s, /* turned= */ false);
	if (r < 0)
		return r;
	fill_flow(item);
	t->closed = v->action != NULL && strcmp(v->action, "close") == 0;
	t->id = v->id == TRANSACTION_UNSET ? 0 : (uint32_t)v->id;
	t->flow = &item->flow;
	item->o.kind = OBS_TUNNEL;
	item->o.tunnel = t;
	return 1;
}

const struct eve_reader eve_reader_tunnel = {
	.type = "tunnel",
	.beside = fields,
	.beside_size = sizeof(struct eve_tunnel),
	.tell = tell_tunnel,
};
