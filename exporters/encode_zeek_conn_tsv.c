/*
 * encode_zeek_conn_tsv -- Zeek's conn.log, tab-separated, with the fields of Zeek 8.
 *
 * One line for each conversation that ended; interim ones have none, as in Zeek. `#open` is left
 * out and the time at `#close` is packet time: the same capture gives the same file. There are no
 * `tunnel_parents`: a flow does not know that it was inside another.
 *
 * Source: docs.zeek.org, base/protocols/conn; and the logs of Zeek 8 over the test captures.
 */
#include "daemon/base/time_text.h"
#include "exporters/exporter.h"
#include "exporters/zeek_conn.h"

struct state {
	uint64_t last_ns; /* packet time of the newest record */
};

static void
tsv_header(void *state, const struct run_info *run, struct strbuf *out)
{
	(void)state;
	(void)run;
	strbuf_text(out,
		"#separator \\x09\n"
		"#set_separator\t,\n"
		"#empty_field\t(empty)\n"
		"#unset_field\t-\n"
		"#path\tconn\n"
		"#fields\tts\tuid\tid.orig_h\tid.orig_p\tid.resp_h\tid.resp_p\tproto\tservice"
		"\tduration\torig_bytes\tresp_bytes\tconn_state\tlocal_orig\tlocal_resp"
		"\tmissed_bytes\thistory\torig_pkts\torig_ip_bytes\tresp_pkts\tresp_ip_bytes"
		"\ttunnel_parents\tip_proto\n"
		"#types\ttime\tstring\taddr\tport\taddr\tport\tenum\tstring"
		"\tinterval\tcount\tcount\tstring\tbool\tbool"
		"\tcount\tstring\tcount\tcount\tcount\tcount"
		"\tset[string]\tcount\n");
}

/* "#close<TAB>2026-11-24-02-00-00" */
static void
tsv_footer(void *state, const struct run_info *run, struct strbuf *out)
{
	const struct state *s = state;
	char text[48];
	struct strbuf time;

	(void)run;
	strbuf_init(&time, text, sizeof(text));
	time_text_iso(&time, s->last_ns, "");
	text[10] = text[13] = text[16] = '-';
	strbuf_text(out, "#close\t");
	strbuf_bytes(out, text, sizeof("2026-11-24-02-00-00") - 1);
	strbuf_char(out, '\n');
}

/* Also what would end the field, or be taken for "unset", is written as Zeek escapes it. */
static void
put_escaped(struct strbuf *out, unsigned char c)
{
	static const char hex[] = "0123456789abcdef";
	const char text[] = { '\\', 'x', hex[c >> 4], hex[c & 15] };

	strbuf_bytes(out, text, sizeof(text));
}

static void
put_text(struct strbuf *out, const char *text)
{
	if (text[0] == '\0') {
		strbuf_char(out, '-');
		return;
	}
	if (text[0] == '-' && text[1] == '\0') {
		put_escaped(out, '-');
		return;
	}
	for (; *text != '\0'; text++) {
		unsigned char c = (unsigned char)*text;

		if (c < 0x20 || c >= 0x7f || c == '\\')
			put_escaped(out, c);
		else
			strbuf_char(out, *text);
	}
}

static void
put_end(struct strbuf *out, const struct addr *a, uint16_t port)
{
	char text[ADDR_TEXT_MAX];

	strbuf_text(out, addr_format(a, text));
	strbuf_char(out, '\t');
	strbuf_u64(out, port);
	strbuf_char(out, '\t');
}

static void
put_count(struct strbuf *out, uint64_t value)
{
	strbuf_u64(out, value);
	strbuf_char(out, '\t');
}

static void
put_amounts(struct strbuf *out, const struct obs_flow *f)
{
	uint64_t duration_us = zeek_conn_duration_us(f);

	if (duration_us == 0) {
		strbuf_bytes(out, "-\t-\t-\t", 6);
		return;
	}
	time_text_epoch(out, duration_us * NS_PER_US);
	strbuf_char(out, '\t');
	put_count(out, f->orig_total.payload_bytes);
	put_count(out, f->resp_total.payload_bytes);
}

static void
put_local(struct strbuf *out, const struct addr *a)
{
	strbuf_bytes(out, zeek_conn_is_local(a) ? "T\t" : "F\t", 2);
}

static void
tsv_encode(void *state, const struct run_info *run, const struct record *r, struct strbuf *out)
{
	struct state *s = state;
	const struct obs_flow *f = r->flow;

	(void)run;
	s->last_ns = r->ts_ns > s->last_ns ? r->ts_ns : s->last_ns;
	if (f->ended == FLOW_END_NONE)
		return;
	time_text_epoch(out, f->start_ns);
	strbuf_char(out, '\t');
	strbuf_text(out, f->uid.text);
	strbuf_char(out, '\t');
	put_end(out, &f->orig, f->orig_port);
	put_end(out, &f->resp, f->resp_port);
	strbuf_text(out, zeek_conn_proto(f->ip_proto));
	strbuf_char(out, '\t');
	put_text(out, f->service);
	strbuf_char(out, '\t');
	put_amounts(out, f);
	strbuf_text(out, conn_state_name(f->state));
	strbuf_char(out, '\t');
	put_local(out, &f->orig);
	put_local(out, &f->resp);
	put_count(out, f->orig_total.missed_bytes + f->resp_total.missed_bytes);
	put_text(out, f->history);
	strbuf_char(out, '\t');
	put_count(out, f->orig_total.packets);
	put_count(out, f->orig_total.ip_bytes);
	put_count(out, f->resp_total.packets);
	put_count(out, f->resp_total.ip_bytes);
	strbuf_bytes(out, "-\t", 2);
	strbuf_u64(out, f->ip_proto);
}

const struct encoding encoding_zeek_conn_tsv = {
	.name = "zeek_conn_tsv",
	.summary = "Lines of Zeek's conn.log, tab-separated.",
	.encodes = RECORD_BIT(RECORD_FLOW),
	.state_size = sizeof(struct state),
	.encode = tsv_encode,
	.header = tsv_header,
	.footer = tsv_footer,
};
