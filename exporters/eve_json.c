#include "exporters/eve_json.h"

#include "daemon/base/time_text.h"

#include <netinet/in.h>

void
eve_key_time(struct json *j, const char *key, uint64_t ns)
{
	char text[48];
	struct strbuf b;

	strbuf_init(&b, text, sizeof(text));
	time_text_iso(&b, ns, "+0000");
	json_key(j, key);
	json_bytes(j, b.text, b.length);
}

const char *
eve_interface_name(const struct interface_names *names, unsigned interface)
{
	return names == NULL || interface >= INTERFACES_MAX ? "" : names->text[interface];
}

void
eve_key_interface(struct json *j, const struct interface_names *names, unsigned interface)
{
	const char *name = eve_interface_name(names, interface);

	if (name[0] != '\0')
		json_key_text(j, "in_iface", name);
}

void
eve_key_ip_version(struct json *j, const struct addr *a)
{
	json_key_u64(j, "ip_v", addr_is_v4(a) ? 4 : 6);
}

static const char *
proto_name(uint8_t ip_proto)
{
	switch (ip_proto) {
	case IPPROTO_TCP:
		return "TCP";
	case IPPROTO_UDP:
		return "UDP";
	case IPPROTO_ICMP:
		return "ICMP";
	case IPPROTO_ICMPV6:
		return "IPv6-ICMP";
	case IPPROTO_IGMP:
		return "IGMP";
	case IPPROTO_GRE:
		return "GRE";
	case IPPROTO_ESP:
		return "ESP";
	case IPPROTO_AH:
		return "AH";
	case IPPROTO_SCTP:
		return "SCTP";
	default:
		return NULL;
	}
}

void
eve_key_proto(struct json *j, uint8_t ip_proto)
{
	const char *name = proto_name(ip_proto);
	char text[4];
	struct strbuf b;

	if (name == NULL) {
		strbuf_init(&b, text, sizeof(text));
		strbuf_u64_padded(&b, ip_proto, 3);
		name = b.text;
	}
	json_key_text(j, "proto", name);
}

void
eve_key_text(struct json *j, const char *key, const char *text)
{
	if (text != NULL)
		json_key_text(j, key, text);
}

void
eve_key_texts(struct json *j, const char *key, const struct text_list *list)
{
	if (list->count == 0)
		return;
	json_key(j, key);
	json_array_begin(j);
	for (size_t i = 0; i < list->count; i++)
		json_text(j, list->at[i]);
	json_array_end(j);
}
