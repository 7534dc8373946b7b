/* zeek_notice.c -- notice.log: what Zeek's own scripts found worth a notice, as an alert of another sensor. */
#include "daemon/input/zeek_other.h"
#include "daemon/input/zeek_state.h"
#include "daemon/transactions/alert.h"

#include <netinet/in.h>
#include <string.h>

const struct transaction_field zeek_notice_fields[] = {
	FIELD_ROW_ENUM(struct zeek_notice, proto, "proto"),
	FIELD_ROW_ENUM(struct zeek_notice, note, "note"),
	FIELD_ROW_TEXT(struct zeek_notice, message, "msg"),
	FIELD_ROW_ADDR(struct zeek_notice, src, "src"),
	FIELD_ROW_ADDR(struct zeek_notice, dst, "dst"),
	FIELD_ROW_PORT(struct zeek_notice, port, "p"),
	FIELD_ROW_NEVER("fuid", "string"),
	FIELD_ROW_NEVER("file_mime_type", "string"),
	FIELD_ROW_NEVER("file_desc", "string"),
	FIELD_ROW_NEVER("sub", "string"),
	FIELD_ROW_NEVER("n", "count"),
	FIELD_ROW_NEVER("peer_descr", "string"),
	FIELD_ROW_NEVER("actions", "set[enum]"),
	FIELD_ROW_NEVER("email_dest", "set[string]"),
	FIELD_ROW_NEVER("suppress_for", "interval"),
	FIELD_ROW_NEVER("dropped", "bool"),
	FIELD_ROW_NEVER("remote_location.country_code", "string"),
	FIELD_ROW_NEVER("remote_location.region", "string"),
	FIELD_ROW_NEVER("remote_location.city", "string"),
	FIELD_ROW_NEVER("remote_location.latitude", "double"),
	FIELD_ROW_NEVER("remote_location.longitude", "double"),
	FIELD_END,
};

static uint8_t
ip_proto_of(const char *proto)
{
	if (proto != NULL && strcmp(proto, "udp") == 0)
		return IPPROTO_UDP;
	return proto != NULL && strcmp(proto, "icmp") == 0 ? IPPROTO_ICMP : IPPROTO_TCP;
}

int
zeek_notice_tell(struct zeek *z, struct input_stream *s, struct input_item *item)
{
	struct zeek_notice n;
	struct obs_alert *alert = (void *)item->said.room.said;

	(void)s;
	memcpy(&n, item->said.room.said, sizeof(n));
	zeek_talk(z, item, ip_proto_of(n.proto));
	/* A scan's notice is about a host and no conversation. */
	if (!addr_is_unspecified(&n.src))
		item->talk.orig = n.src;
	if (!addr_is_unspecified(&n.dst))
		item->talk.resp = n.dst;
	if (item->talk.resp_port == 0)
		item->talk.resp_port = n.port;
	if (addr_is_unspecified(&item->talk.orig) && addr_is_unspecified(&item->talk.resp))
		return 0; /* about Zeek itself: packets that it lost */
	*alert = (struct obs_alert){
		.source = "zeek",
		.signature = n.message,
		.category = n.note,
		.severity = TRANSACTION_UNSET,
		.sid = TRANSACTION_UNSET,
	};
	input_item_said(item, OBS_ALERT);
	item->o.ts_ns = zeek_ends(z)->ts_ns;
	return 1;
}
