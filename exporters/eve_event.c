/* eve_event.c -- the list of events. Edit eve_events.def, not this file. */
#include "exporters/eve_event.h"

#include "exporters/community_id.h"
#include "exporters/eve_json.h"

#define EVE_EVENT(name) extern const struct eve_event eve_event_##name;
#include "eve_events_list.h"
#undef EVE_EVENT

#define EVE_EVENT(name) &eve_event_##name,
const struct eve_event *const eve_events[] = {
#include "eve_events_list.h"
};
#undef EVE_EVENT

const size_t eve_event_count = sizeof(eve_events) / sizeof(eve_events[0]);

const struct eve_event *
eve_event_of(unsigned kind)
{
	for (size_t i = 0; i < eve_event_count; i++)
		if (eve_events[i]->kind == kind)
			return eve_events[i];
	return NULL;
}

static void
key_community_id(struct json *j, struct community_id *c, const struct obs_talk *t)
{
	char id[COMMUNITY_ID_MAX];
	size_t length = community_id_text(
		c, &t->orig, &t->resp, t->orig_port, t->resp_port, t->ip_proto, id);

	if (length == 0)
		return;
	json_key(j, "community_id");
	json_bytes(j, id, length);
}

void
eve_transaction(struct json *j, struct community_id *c, const struct interface_names *names,
	const struct eve_event *event, const struct observation *o)
{
	const struct obs_talk *t = o->talk;

	json_key_u64(j, "flow_id", t->id);
	eve_key_interface(j, names, o->interface);
	json_key_text(j, "event_type", event->type);
	json_key_addr(j, "src_ip", &t->orig);
	json_key_u64(j, "src_port", t->orig_port);
	json_key_addr(j, "dest_ip", &t->resp);
	json_key_u64(j, "dest_port", t->resp_port);
	eve_key_ip_version(j, &t->orig);
	eve_key_proto(j, t->ip_proto);
	key_community_id(j, c, t);
	if (event->depth != NULL)
		json_key_u64(j, "tx_id", event->depth(o) - 1);
	json_key(j, event->type);
	json_object_begin(j);
	event->write(j, o);
	json_object_end(j);
	if (event->write_beside != NULL)
		event->write_beside(j, o);
	json_key(j, "naiad");
	json_object_begin(j);
	json_key_text(j, "kind", "transaction");
	json_key_text(j, "uid", t->uid.text);
	if (event->write_own != NULL)
		event->write_own(j, o);
	json_object_end(j);
}
