#include "exporters/timeline_entry.h"

#include "daemon/base/time_text.h"
#include "daemon/knowledge/port_names.h"

#include <netinet/in.h>

enum { ICMP_KINDS = 5, UNITS = 4, ANY_CODE = 256 };

struct icmp_kind {
	uint16_t type, code;
};

/* The first that fits counts (RFC 792, RFC 4443). */
static const struct {
	struct icmp_kind v4, v6;
	const char *text;
} icmp_kinds[ICMP_KINDS] = {
	{ { 8, ANY_CODE }, { 128, ANY_CODE }, "PING echo" },
	{ { 11, ANY_CODE }, { 3, ANY_CODE }, "ICMP Time Exceeded in Transit" },
	{ { 3, 3 }, { 1, 4 }, "ICMP Port Unreachable" },
	{ { 3, 1 }, { 1, 3 }, "ICMP Host Unreachable" },
	{ { 3, ANY_CODE }, { 1, ANY_CODE }, "ICMP Destination Net Unreachable" },
};

struct timeline_entry
timeline_entry_of(const struct record_timeline *t)
{
	const struct obs_flow *f = t->flow;
	bool client = t->role == ROLE_CLIENT;
	struct timeline_entry e = {
		.record = t,
		.flow = f,
		.is_client = client,
		.sent = (client ? &f->orig_total : &f->resp_total)->payload_bytes,
		.received = (client ? &f->resp_total : &f->orig_total)->payload_bytes,
		.name = port_name(f->resp_port, f->ip_proto),
	};

	(void)addr_format(client ? &f->resp : &f->orig, e.peer);
	return e;
}

bool
timeline_has_ports(const struct timeline_entry *e)
{
	return e->flow->ip_proto == IPPROTO_TCP || e->flow->ip_proto == IPPROTO_UDP;
}

bool
timeline_tells(const struct timeline_entry *e)
{
	return timeline_has_ports(e) || e->flow->ip_proto == IPPROTO_ICMP ||
	       e->flow->ip_proto == IPPROTO_ICMPV6 || e->flow->ip_proto == IPPROTO_IGMP;
}

const char *
timeline_message(const struct timeline_entry *e)
{
	const struct obs_flow *f = e->flow;

	if (f->ip_proto == IPPROTO_IGMP)
		return "IGMP";
	for (unsigned i = 0; i < ICMP_KINDS; i++) {
		const struct icmp_kind *k =
			f->ip_proto == IPPROTO_ICMP ? &icmp_kinds[i].v4 : &icmp_kinds[i].v6;
		if (f->orig_port == k->type && (k->code == ANY_CODE || f->resp_port == k->code))
			return icmp_kinds[i].text;
	}
	return NULL;
}

void
timeline_time(struct strbuf *out, uint64_t ns)
{
	char text[40];
	struct strbuf time;

	strbuf_init(&time, text, sizeof(text));
	time_text_iso(&time, ns, "");
	text[4] = text[7] = '/';
	text[10] = ' ';
	strbuf_text(out, text);
}

void
timeline_bytes(struct strbuf *out, uint64_t bytes)
{
	static const char *const units[UNITS] = { "b", "Kb", "Mb", "Gb" };
	double value = (double)bytes;
	unsigned unit = 0;

	while (value >= 1024 && unit < UNITS - 1) {
		value /= 1024;
		unit++;
	}
	strbuf_double(out, value, 2);
	strbuf_text(out, units[unit]);
}
