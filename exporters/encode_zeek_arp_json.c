/* encode_zeek_arp_json -- arp.log as JSON lines; encode_zeek_arp_tsv.c says whose columns they are. */
#include "daemon/base/time_text.h"
#include "exporters/exporter.h"
#include "exporters/zeek_arp.h"
#include "exporters/zeek_json.h"

static void
key_mac(struct json *j, const char *key, const struct mac *mac)
{
	char text[MAC_TEXT_MAX];

	json_key_text(j, key, mac_format(mac, text));
}

static void
json_encode(void *state, const struct run_info *run, const struct record *r, struct strbuf *out)
{
	const struct obs_arp *a = r->arp;
	const char *operation = zeek_arp_operation(a->operation);
	struct json j;

	(void)state;
	(void)run;
	if (operation == NULL)
		return;
	json_init(&j, out);
	json_object_begin(&j);
	zeek_json_us(&j, "ts", r->ts_ns / NS_PER_US);
	json_key_text(&j, "operation", operation);
	key_mac(&j, "src_mac", &a->eth_src);
	key_mac(&j, "dst_mac", &a->eth_dst);
	json_key_addr(&j, "orig_h", &a->sender);
	json_key_addr(&j, "resp_h", &a->target);
	key_mac(&j, "orig_hw", &a->sender_mac);
	key_mac(&j, "resp_hw", &a->target_mac);
	json_object_end(&j);
}

const struct encoding encoding_zeek_arp_json = {
	.name = "zeek_arp_json",
	.summary = "Lines of arp.log, as JSON.",
	.encodes = RECORD_BIT(RECORD_ARP),
	.encode = json_encode,
};
