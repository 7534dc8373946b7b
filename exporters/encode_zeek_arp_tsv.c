/*
 * encode_zeek_arp_tsv -- arp.log, tab-separated: a line for each request and reply of ARP.
 *
 * Zeek has no such log by itself; the columns are those of the script that users of Slips know: who sent the frame to
 * whom, whose addresses the sender claims (orig), and whom it means (resp).
 */
#include "exporters/exporter.h"
#include "exporters/zeek_arp.h"
#include "exporters/zeek_tsv.h"

static void
tsv_header(void *state, const struct run_info *run, struct strbuf *out)
{
	(void)state;
	(void)run;
	zeek_tsv_header(out, "arp",
		"\tts\toperation\tsrc_mac\tdst_mac\torig_h\tresp_h\torig_hw\tresp_hw",
		"\ttime\tstring\tstring\tstring\taddr\taddr\tstring\tstring");
}

static void
put_mac(struct strbuf *out, const struct mac *mac)
{
	char text[MAC_TEXT_MAX];

	zeek_tsv_text(out, mac_format(mac, text));
}

static void
put_addr(struct strbuf *out, const struct addr *a)
{
	char text[ADDR_TEXT_MAX];

	zeek_tsv_text(out, addr_format(a, text));
}

static void
tsv_encode(void *state, const struct run_info *run, const struct record *r, struct strbuf *out)
{
	const struct obs_arp *a = r->arp;
	const char *operation = zeek_arp_operation(a->operation);
	char text[MAC_TEXT_MAX];

	(void)run;
	zeek_tsv_see(state, r);
	if (operation == NULL)
		return;
	zeek_tsv_time(out, r->ts_ns);
	zeek_tsv_text(out, operation);
	put_mac(out, &a->eth_src);
	put_mac(out, &a->eth_dst);
	put_addr(out, &a->sender);
	put_addr(out, &a->target);
	put_mac(out, &a->sender_mac);
	strbuf_text(out, mac_format(&a->target_mac, text));
}

const struct encoding encoding_zeek_arp_tsv = {
	.name = "zeek_arp_tsv",
	.summary = "Lines of arp.log, tab-separated.",
	.encodes = RECORD_BIT(RECORD_ARP),
	.state_size = sizeof(struct zeek_tsv_state),
	.encode = tsv_encode,
	.header = tsv_header,
	.footer = zeek_tsv_footer,
};
