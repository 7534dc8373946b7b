/*
 * encode_zeek_conn_tsv -- Zeek's conn.log, tab-separated, with the fields of Zeek 8, and behind them those of
 * its policy protocols/conn/mac-logging.
 *
 * One line for each conversation that ended; interim ones have none, as in Zeek.
 *
 * Source: docs.zeek.org, base/protocols/conn; and the logs of Zeek 8 over the test captures.
 */
#include "daemon/base/time_text.h"
#include "exporters/exporter.h"
#include "exporters/zeek_conn.h"
#include "exporters/zeek_tsv.h"

static void
tsv_header(void *state, const struct run_info *run, struct strbuf *out)
{
	(void)state;
	(void)run;
	zeek_tsv_header(out, "conn",
		"\tts\tuid\tid.orig_h\tid.orig_p\tid.resp_h\tid.resp_p\tproto\tservice"
		"\tduration\torig_bytes\tresp_bytes\tconn_state\tlocal_orig\tlocal_resp"
		"\tmissed_bytes\thistory\torig_pkts\torig_ip_bytes\tresp_pkts\tresp_ip_bytes"
		"\ttunnel_parents\tip_proto\torig_l2_addr\tresp_l2_addr",
		"\ttime\tstring\taddr\tport\taddr\tport\tenum\tstring"
		"\tinterval\tcount\tcount\tstring\tbool\tbool"
		"\tcount\tstring\tcount\tcount\tcount\tcount"
		"\tset[string]\tcount\tstring\tstring");
}

static void
put_amounts(struct strbuf *out, const struct obs_flow *f)
{
	uint64_t duration_us = zeek_conn_duration_us(f);

	if (duration_us == 0) {
		strbuf_bytes(out, "-\t-\t-\t", 6);
		return;
	}
	zeek_tsv_time(out, duration_us * NS_PER_US);
	zeek_tsv_count(out, f->orig_total.payload_bytes);
	zeek_tsv_count(out, f->resp_total.payload_bytes);
}

static void
put_local(struct strbuf *out, const struct addr *a)
{
	strbuf_bytes(out, zeek_conn_is_local(a) ? "T\t" : "F\t", 2);
}

/* A set: the conversations outside of both directions. */
static void
put_parents(struct strbuf *out, const struct obs_outside *o)
{
	bool both = o != NULL && o->uids[1].text[0] != '\0';

	if (both) {
		strbuf_text(out, o->uids[0].text);
		strbuf_char(out, ',');
	}
	zeek_tsv_text(out, o == NULL ? "" : o->uids[both].text);
}

static void
put_mac(struct strbuf *out, bool is_known, const struct mac *mac)
{
	char text[MAC_TEXT_MAX];

	strbuf_text(out, is_known ? mac_format(mac, text) : "-");
}

static void
tsv_encode(void *state, const struct run_info *run, const struct record *r, struct strbuf *out)
{
	const struct obs_flow *f = r->flow;

	(void)run;
	zeek_tsv_see(state, r);
	if (f->ended == FLOW_END_NONE)
		return;
	zeek_tsv_time(out, f->start_ns);
	zeek_tsv_text(out, f->uid.text);
	zeek_tsv_end(out, &f->orig, f->orig_port);
	zeek_tsv_end(out, &f->resp, f->resp_port);
	zeek_tsv_text(out, zeek_conn_proto(f->ip_proto));
	zeek_tsv_text(out, f->service);
	put_amounts(out, f);
	zeek_tsv_text(out, conn_state_name(f->state));
	put_local(out, &f->orig);
	put_local(out, &f->resp);
	zeek_tsv_count(out, f->orig_total.missed_bytes + f->resp_total.missed_bytes);
	zeek_tsv_text(out, f->history);
	zeek_tsv_count(out, f->orig_total.packets);
	zeek_tsv_count(out, f->orig_total.ip_bytes);
	zeek_tsv_count(out, f->resp_total.packets);
	zeek_tsv_count(out, f->resp_total.ip_bytes);
	put_parents(out, f->outside);
	zeek_tsv_count(out, f->ip_proto);
	put_mac(out, f->has_macs, &f->orig_mac);
	strbuf_char(out, '\t');
	put_mac(out, f->has_macs, &f->resp_mac);
}

const struct encoding encoding_zeek_conn_tsv = {
	.name = "zeek_conn_tsv",
	.summary = "Lines of Zeek's conn.log, tab-separated.",
	.encodes = RECORD_BIT(RECORD_FLOW),
	.state_size = sizeof(struct zeek_tsv_state),
	.encode = tsv_encode,
	.header = tsv_header,
	.footer = zeek_tsv_footer,
};
