/*
 * encode_zeek_tunnel_tsv -- Zeek's tunnel.log, tab-separated, with the fields of Zeek 8.
 *
 * A line when a conversation turns out to be a tunnel, and one when it ends.
 *
 * Source: docs.zeek.org, base/frameworks/tunnels; and the logs of Zeek 8 over the test captures.
 */
#include "exporters/exporter.h"
#include "exporters/zeek_tsv.h"
#include "exporters/zeek_tunnel.h"

static void
tsv_header(void *state, const struct run_info *run, struct strbuf *out)
{
	(void)state;
	(void)run;
	zeek_tsv_header(out, "tunnel",
		"\tts\tuid\tid.orig_h\tid.orig_p\tid.resp_h\tid.resp_p\ttunnel_type\taction",
		"\ttime\tstring\taddr\tport\taddr\tport\tenum\tenum");
}

static void
tsv_encode(void *state, const struct run_info *run, const struct record *r, struct strbuf *out)
{
	const struct obs_tunnel *t = r->tunnel;

	(void)run;
	zeek_tsv_see(state, r);
	zeek_tsv_time(out, r->ts_ns);
	zeek_tsv_text(out, t->flow->uid.text);
	zeek_tsv_end(out, &t->flow->orig, t->flow->orig_port);
	zeek_tsv_end(out, &t->flow->resp, t->flow->resp_port);
	zeek_tsv_text(out, zeek_tunnel_type(t->kind));
	strbuf_text(out, zeek_tunnel_action(t->closed));
}

const struct encoding encoding_zeek_tunnel_tsv = {
	.name = "zeek_tunnel_tsv",
	.summary = "Lines of Zeek's tunnel.log, tab-separated.",
	.encodes = RECORD_BIT(RECORD_TUNNEL),
	.state_size = sizeof(struct zeek_tsv_state),
	.encode = tsv_encode,
	.header = tsv_header,
	.footer = zeek_tsv_footer,
};
