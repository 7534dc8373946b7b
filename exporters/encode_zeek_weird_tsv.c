/*
 * encode_zeek_weird_tsv -- Zeek's weird.log, tab-separated, with the fields of Zeek 8.
 *
 * The names are ours. A fragment belongs to no connection yet and has no uid; `addl` is how many of the
 * kind were not written since the last one that was.
 *
 * Source: docs.zeek.org, base/frameworks/notice/weird; and the logs of Zeek 8 over the test captures.
 */
#include "exporters/exporter.h"
#include "exporters/zeek_tsv.h"

static void
tsv_header(void *state, const struct run_info *run, struct strbuf *out)
{
	(void)state;
	(void)run;
	zeek_tsv_header(out, "weird",
		"\tts\tuid\tid.orig_h\tid.orig_p\tid.resp_h\tid.resp_p\tname\taddl\tnotice\tpeer"
		"\tsource",
		"\ttime\tstring\taddr\tport\taddr\tport\tstring\tstring\tbool\tstring\tstring");
}

static void
tsv_encode(void *state, const struct run_info *run, const struct record *r, struct strbuf *out)
{
	const struct obs_weird *w = &r->weird->weird;

	zeek_tsv_see(state, r);
	zeek_tsv_time(out, r->ts_ns);
	zeek_tsv_text(out, w->uid.text);
	zeek_tsv_end(out, &w->src, w->src_port);
	zeek_tsv_end(out, &w->dst, w->dst_port);
	zeek_tsv_text(out, weird_name(w->kind));
	if (r->weird->swallowed > 0)
		zeek_tsv_count(out, r->weird->swallowed);
	else
		zeek_tsv_text(out, "");
	zeek_tsv_text(out, "F");
	zeek_tsv_text(out, run->sensor);
	strbuf_char(out, '-');
}

const struct encoding encoding_zeek_weird_tsv = {
	.name = "zeek_weird_tsv",
	.summary = "Lines of Zeek's weird.log, tab-separated.",
	.encodes = RECORD_BIT(RECORD_WEIRD),
	.state_size = sizeof(struct zeek_tsv_state),
	.encode = tsv_encode,
	.header = tsv_header,
	.footer = zeek_tsv_footer,
};
