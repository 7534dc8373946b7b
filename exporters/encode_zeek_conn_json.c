/*
 * encode_zeek_conn_json -- Zeek's conn.log as JSON lines (its policy/tuning/json-logs): names with
 * dots, times as seconds since the epoch, what is unset left out.
 */
#include "daemon/base/time_text.h"
#include "exporters/exporter.h"
#include "exporters/zeek_conn.h"
#include "exporters/zeek_json.h"

static void
key_amounts(struct json *j, const struct obs_flow *f)
{
	uint64_t duration_us = zeek_conn_duration_us(f);

	if (duration_us == 0)
		return;
	zeek_json_us(j, "duration", duration_us);
	json_key_u64(j, "orig_bytes", f->orig_total.payload_bytes);
	json_key_u64(j, "resp_bytes", f->resp_total.payload_bytes);
}

static void
key_parents(struct json *j, const struct obs_outside *o)
{
	json_key(j, "tunnel_parents");
	json_array_begin(j);
	for (unsigned i = 0; i < 2 && o->uids[i].text[0] != '\0'; i++)
		json_text(j, o->uids[i].text);
	json_array_end(j);
}

static void
json_encode(void *state, const struct run_info *run, const struct record *r, struct strbuf *out)
{
	const struct obs_flow *f = r->flow;
	char mac[MAC_TEXT_MAX];
	struct json j;

	(void)state;
	(void)run;
	if (f->ended == FLOW_END_NONE)
		return;
	json_init(&j, out);
	json_object_begin(&j);
	zeek_json_us(&j, "ts", f->start_ns / NS_PER_US);
	json_key_text(&j, "uid", f->uid.text);
	zeek_json_end(&j, "id.orig_h", "id.orig_p", &f->orig, f->orig_port);
	zeek_json_end(&j, "id.resp_h", "id.resp_p", &f->resp, f->resp_port);
	json_key_text(&j, "proto", zeek_conn_proto(f->ip_proto));
	if (f->service[0] != '\0')
		json_key_text(&j, "service", f->service);
	key_amounts(&j, f);
	json_key_text(&j, "conn_state", conn_state_name(f->state));
	json_key_bool(&j, "local_orig", zeek_conn_is_local(&f->orig));
	json_key_bool(&j, "local_resp", zeek_conn_is_local(&f->resp));
	json_key_u64(&j, "missed_bytes", f->orig_total.missed_bytes + f->resp_total.missed_bytes);
	if (f->history[0] != '\0')
		json_key_text(&j, "history", f->history);
	json_key_u64(&j, "orig_pkts", f->orig_total.packets);
	json_key_u64(&j, "orig_ip_bytes", f->orig_total.ip_bytes);
	json_key_u64(&j, "resp_pkts", f->resp_total.packets);
	json_key_u64(&j, "resp_ip_bytes", f->resp_total.ip_bytes);
	if (f->outside != NULL)
		key_parents(&j, f->outside);
	json_key_u64(&j, "ip_proto", f->ip_proto);
	if (f->has_macs) {
		json_key_text(&j, "orig_l2_addr", mac_format(&f->orig_mac, mac));
		json_key_text(&j, "resp_l2_addr", mac_format(&f->resp_mac, mac));
	}
	json_object_end(&j);
}

const struct encoding encoding_zeek_conn_json = {
	.name = "zeek_conn_json",
	.summary = "Lines of Zeek's conn.log, as JSON.",
	.encodes = RECORD_BIT(RECORD_FLOW),
	.encode = json_encode,
};
