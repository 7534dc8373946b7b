/* encode_zeek_weird_json -- Zeek's weird.log as JSON lines (its policy/tuning/json-logs). */
#include "daemon/base/time_text.h"
#include "exporters/exporter.h"
#include "exporters/zeek_json.h"

static void
json_encode(void *state, const struct run_info *run, const struct record *r, struct strbuf *out)
{
	const struct obs_weird *w = &r->weird->weird;
	char text[24];
	struct strbuf swallowed;
	struct json j;

	(void)state;
	strbuf_init(&swallowed, text, sizeof(text));
	strbuf_u64(&swallowed, r->weird->swallowed);
	json_init(&j, out);
	json_object_begin(&j);
	zeek_json_us(&j, "ts", r->ts_ns / NS_PER_US);
	if (w->uid.text[0] != '\0')
		json_key_text(&j, "uid", w->uid.text);
	zeek_json_end(&j, "id.orig_h", "id.orig_p", &w->src, w->src_port);
	zeek_json_end(&j, "id.resp_h", "id.resp_p", &w->dst, w->dst_port);
	json_key_text(&j, "name", weird_name(w->kind));
	if (r->weird->swallowed > 0)
		json_key_text(&j, "addl", text); /* a string, as in Zeek */
	json_key_bool(&j, "notice", false);
	json_key_text(&j, "peer", run->sensor);
	json_object_end(&j);
}

const struct encoding encoding_zeek_weird_json = {
	.name = "zeek_weird_json",
	.summary = "Lines of Zeek's weird.log, as JSON.",
	.encodes = RECORD_BIT(RECORD_WEIRD),
	.encode = json_encode,
};
