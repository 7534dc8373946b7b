/*
 * The flow event: by far the most frequent one, so it is written straight through, without a
 * look-up that its record does not answer.
 *
 * Byte counts are of IP packets: Suricata counts the link header as well, which a flow does not
 * know. The state is told from Zeek's, in Suricata's three words: `new` is unanswered, `established`
 * is going on, `closed` ended by FIN or RST.
 */
#include "exporters/eve_flow.h"

#include "daemon/base/json.h"
#include "daemon/base/time_text.h"
#include "daemon/observation.h"
#include "exporters/community_id.h"
#include "exporters/eve_json.h"
#include "exporters/service_name.h"

#include <netinet/in.h>
#include <string.h>

static bool
is_icmp(uint8_t ip_proto)
{
	return ip_proto == IPPROTO_ICMP || ip_proto == IPPROTO_ICMPV6;
}

static void
write_ends(struct json *j, const struct obs_flow *f)
{
	bool ports = !is_icmp(f->ip_proto) && (f->orig_port != 0 || f->resp_port != 0);

	json_key_addr(j, "src_ip", &f->orig);
	if (ports)
		json_key_u64(j, "src_port", f->orig_port);
	json_key_addr(j, "dest_ip", &f->resp);
	if (ports)
		json_key_u64(j, "dest_port", f->resp_port);
	eve_key_ip_version(j, &f->orig);
	eve_key_proto(j, f->ip_proto);
	if (!is_icmp(f->ip_proto))
		return;
	json_key_u64(j, "icmp_type", f->orig_port);
	if (community_id_is_one_way(f->ip_proto, f->orig_port))
		json_key_u64(j, "icmp_code", f->resp_port);
	else if (f->resp_total.packets > 0)
		json_key_u64(j, "response_icmp_type", f->resp_port);
}

static void
write_link(struct json *j, const struct obs_flow *f)
{
	char text[MAC_TEXT_MAX];

	json_key(j, "ether");
	json_object_begin(j);
	json_key_text(j, "src_mac", mac_format(&f->orig_mac, text));
	json_key_text(j, "dest_mac", mac_format(&f->resp_mac, text));
	json_object_end(j);
}

static void
write_vlan(struct json *j, const struct obs_flow *f)
{
	json_key(j, "vlan");
	json_array_begin(j);
	json_u64(j, f->vlan);
	if (f->inner_vlan != 0)
		json_u64(j, f->inner_vlan);
	json_array_end(j);
}

/* Suricata's object for what came out of another packet. */
static void
write_outside(struct json *j, const struct obs_outside *o)
{
	json_key(j, "tunnel");
	json_object_begin(j);
	json_key_addr(j, "src_ip", &o->src);
	json_key_addr(j, "dest_ip", &o->dst);
	eve_key_proto(j, o->ip_proto);
	json_key_u64(j, "depth", o->depth);
	json_object_end(j);
}

/* The rest of it, for which Suricata has no word. */
static void
write_own_outside(struct json *j, const struct obs_outside *o)
{
	json_key(j, "tunnel");
	json_object_begin(j);
	json_key_text(j, "kind", tunnel_name(o->kind));
	if (o->id != 0)
		json_key_u64(j, "id", o->id);
	json_key(j, "uids");
	json_array_begin(j);
	for (unsigned i = 0; i < 2 && o->uids[i].text[0] != '\0'; i++)
		json_text(j, o->uids[i].text);
	json_array_end(j);
	json_object_end(j);
}

static const char *
flow_state(const struct obs_flow *f)
{
	switch (f->state) {
	case CONN_S0:
		return "new";
	case CONN_OTH: /* seen from the middle on */
		return f->orig_total.packets > 0 && f->resp_total.packets > 0 ? "established"
									      : "new";
	case CONN_S1:
	case CONN_S2:
	case CONN_S3:
		return "established";
	case CONN_SF: /* without TCP: both have spoken */
		return f->ip_proto == IPPROTO_TCP ? "closed" : "established";
	default:
		return "closed";
	}
}

static void
write_counters(struct json *j, const struct obs_flow *f)
{
	uint64_t length_ns = f->last_ns > f->start_ns ? f->last_ns - f->start_ns : 0;

	json_key(j, "flow");
	json_object_begin(j);
	json_key_u64(j, "pkts_toserver", f->orig_total.packets);
	json_key_u64(j, "pkts_toclient", f->resp_total.packets);
	json_key_u64(j, "bytes_toserver", f->orig_total.ip_bytes);
	json_key_u64(j, "bytes_toclient", f->resp_total.ip_bytes);
	eve_key_time(j, "start", f->start_ns);
	eve_key_time(j, "end", f->last_ns);
	json_key_u64(j, "age", length_ns / NS_PER_S);
	json_key_text(j, "state", flow_state(f));
	json_key_text(j, "reason", flow_end_reason_name(f->ended));
	json_object_end(j);
}

/* All interfaces that saw it, if they are several; a list with some left out would be wrong. */
static void
write_observed_on(struct json *j, const struct interface_names *names, uint32_t observed_on)
{
	if ((observed_on & (observed_on - 1)) == 0)
		return;
	for (uint32_t left = observed_on; left != 0; left &= left - 1)
		if (eve_interface_name(names, (unsigned)__builtin_ctz(left))[0] == '\0')
			return;
	json_key(j, "observed_on");
	json_array_begin(j);
	for (uint32_t left = observed_on; left != 0; left &= left - 1)
		json_text(j, eve_interface_name(names, (unsigned)__builtin_ctz(left)));
	json_array_end(j);
}

/* What Suricata has no word for. */
static void
write_own(struct json *j, const struct interface_names *names, const struct obs_flow *f)
{
	json_key(j, "naiad");
	json_object_begin(j);
	json_key_text(j, "kind", "flow");
	json_key_text(j, "uid", f->uid.text);
	json_key_text(j, "conn_state", conn_state_name(f->state));
	json_key_text(j, "history", f->history);
	json_key_u64(j, "payload_toserver", f->orig_total.payload_bytes);
	json_key_u64(j, "payload_toclient", f->resp_total.payload_bytes);
	json_key_u64(j, "missed_bytes", f->orig_total.missed_bytes + f->resp_total.missed_bytes);
	if (f->label[0] != '\0')
		json_key_text(j, "label", f->label);
	if (f->ignored_by != NULL)
		json_key_text(j, "ignored_by", f->ignored_by);
	write_observed_on(j, names, f->observed_on);
	if (f->outside != NULL)
		write_own_outside(j, f->outside);
	json_object_end(j);
}

void
eve_tunnel(struct json *j, const struct interface_names *names, const struct obs_tunnel *t)
{
	const struct obs_flow *f = t->flow;

	json_key_u64(j, "flow_id", f->id);
	eve_key_interface(j, names, f->interface);
	json_key_text(j, "event_type", "tunnel");
	write_ends(j, f);
	if (f->outside != NULL)
		write_outside(j, f->outside);
	json_key(j, "naiad");
	json_object_begin(j);
	json_key_text(j, "kind", "tunnel");
	json_key_text(j, "action", t->closed ? "close" : "discover");
	json_key_text(j, "tunnel_kind", tunnel_name(t->kind));
	if (t->id != 0)
		json_key_u64(j, "id", t->id);
	json_key_text(j, "uid", f->uid.text);
	json_object_end(j);
}

/* Services have Zeek's names; where Suricata has another one, that is read by who reads EVE. */
static const char *
app_proto(const char *services)
{
	const char *service = service_name(services);

	if (strcmp(service, "ssl") == 0)
		return "tls";
	return strcmp(service, "krb") == 0 ? "krb5" : service;
}

void
eve_flow(struct json *j, struct community_id *c, const struct interface_names *names,
	const struct obs_flow *f)
{
	char id[COMMUNITY_ID_MAX];
	size_t id_length;

	json_key_u64(j, "flow_id", f->id);
	eve_key_interface(j, names, f->interface);
	json_key_text(j, "event_type", "flow");
	if (f->vlan != 0 || f->inner_vlan != 0)
		write_vlan(j, f);
	write_ends(j, f);
	if (f->service[0] != '\0')
		json_key_text(j, "app_proto", app_proto(f->service));
	else if (f->service_known && f->orig_total.payload_bytes > 0 &&
		 f->resp_total.payload_bytes > 0)
		json_key_text(j, "app_proto", "failed");
	id_length = community_id_text(
		c, &f->orig, &f->resp, f->orig_port, f->resp_port, f->ip_proto, id);
	if (id_length > 0) {
		json_key(j, "community_id");
		json_bytes(j, id, id_length);
	}
	if (f->has_macs)
		write_link(j, f);
	if (f->outside != NULL)
		write_outside(j, f->outside);
	write_counters(j, f);
	write_own(j, names, f);
}
