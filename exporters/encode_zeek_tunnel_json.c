/* encode_zeek_tunnel_json -- Zeek's tunnel.log as JSON lines (its policy/tuning/json-logs). */
#include "daemon/base/time_text.h"
#include "exporters/exporter.h"
#include "exporters/zeek_json.h"
#include "exporters/zeek_tunnel.h"

static void
json_encode(void *state, const struct run_info *run, const struct record *r, struct strbuf *out)
{
	const struct obs_tunnel *t = r->tunnel;
	struct json j;

	(void)state;
	(void)run;
	json_init(&j, out);
	json_object_begin(&j);
	zeek_json_us(&j, "ts", r->ts_ns / NS_PER_US);
	json_key_text(&j, "uid", t->flow->uid.text);
	zeek_json_end(&j, "id.orig_h", "id.orig_p", &t->flow->orig, t->flow->orig_port);
	zeek_json_end(&j, "id.resp_h", "id.resp_p", &t->flow->resp, t->flow->resp_port);
	json_key_text(&j, "tunnel_type", zeek_tunnel_type(t->kind));
	json_key_text(&j, "action", zeek_tunnel_action(t->closed));
	json_object_end(&j);
}

const struct encoding encoding_zeek_tunnel_json = {
	.name = "zeek_tunnel_json",
	.summary = "Lines of Zeek's tunnel.log, as JSON.",
	.encodes = RECORD_BIT(RECORD_TUNNEL),
	.encode = json_encode,
};
