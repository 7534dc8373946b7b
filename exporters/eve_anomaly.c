/*
 * The anomaly events: what is odd about the capture, under a type of our own, and what is odd about the
 * traffic, as Suricata tells of what its decoders and its stream engine find.
 */
#include "exporters/eve_anomaly.h"

#include "daemon/base/json.h"
#include "daemon/record/record.h"
#include "exporters/eve_json.h"

/* The schema's own kind of event for what is odd about the capture; leaves our object open. */
static void
anomaly_begin(struct json *j, const char *event, uint64_t from_ns, uint64_t to_ns)
{
	json_key_text(j, "event_type", "anomaly");
	json_key(j, "anomaly");
	json_object_begin(j);
	json_key_text(j, "type", "capture");
	json_key_text(j, "event", event);
	json_object_end(j);
	json_key(j, "naiad");
	json_object_begin(j);
	json_key_text(j, "kind", event);
	eve_key_time(j, "from", from_ns);
	eve_key_time(j, "to", to_ns);
}

void
eve_clock_jump(struct json *j, const struct record_clock_jump *jump)
{
	anomaly_begin(j, "clock_jump", jump->from_ns, jump->to_ns);
	json_object_end(j);
}

void
eve_capture_gap(struct json *j, const struct record_capture_gap *gap)
{
	json_key_text(j, "in_iface", gap->interface);
	anomaly_begin(j, "capture_gap", gap->from_ns, gap->to_ns);
	json_key_text(j, "interface", gap->interface);
	json_key_text(j, "reason", gap->reason);
	json_object_end(j);
}

void
eve_weird(struct json *j, const struct interface_names *names, const struct record_weird *r)
{
	const struct obs_weird *w = &r->weird;
	bool has_ports = w->src_port != 0 || w->dst_port != 0;

	if (w->id != 0)
		json_key_u64(j, "flow_id", w->id);
	eve_key_interface(j, names, r->interface);
	json_key_text(j, "event_type", "anomaly");
	json_key_addr(j, "src_ip", &w->src);
	if (has_ports)
		json_key_u64(j, "src_port", w->src_port);
	json_key_addr(j, "dest_ip", &w->dst);
	if (has_ports)
		json_key_u64(j, "dest_port", w->dst_port);
	eve_key_ip_version(j, &w->src);
	eve_key_proto(j, w->ip_proto);
	json_key(j, "anomaly");
	json_object_begin(j);
	json_key_text(j, "type", weird_type(w->kind));
	json_key_text(j, "event", weird_name(w->kind));
	json_object_end(j);
	json_key(j, "naiad");
	json_object_begin(j);
	json_key_text(j, "kind", "weird");
	json_key_text(j, "text", weird_sentence(w->kind));
	json_key_u64(j, "swallowed", r->swallowed);
	if (w->uid.text[0] != '\0')
		json_key_text(j, "uid", w->uid.text);
	json_object_end(j);
}
