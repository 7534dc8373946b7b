/*
 * dns_own_name.c -- what DNS messages say of the names of hosts nearby.
 *
 * Multicast DNS (RFC 6762) and LLMNR (RFC 4795): the A and AAAA records of an answer, additional ones too.
 * NetBIOS (RFC 1002): the addresses of an NB record, in an answer or a registration, and the names that a
 * status response lists, which are its sender's. Names of groups are nobody's own. Who says it may lie: the
 * sender is told beside the address.
 *
 * Bounds: RECORDS_MAX records looked at, NAMES_MAX names told of each message.
 */
#include "daemon/proto/dns_own_name.h"

#include "daemon/proto/dns_name.h"
#include "daemon/transactions/name.h"

enum {
	RECORDS_MAX = 64,
	NAMES_MAX = 8,
	OPCODE_REGISTRATION = 5 << 11, /* RFC 1002 section 4.2.1.1 */
	OPCODE_REFRESH = 8 << 11,
	OPCODE_REFRESH_TOO = 9 << 11, /* what Windows sends */
	GROUP = 0x8000,               /* NB_FLAGS and NAME_FLAGS */
	SERVICE_WORKSTATION = 0x00,
	SERVICE_FILES = 0x20,
};

/* What is told of one message. */
struct teller {
	struct proto_call *call;
	const char *by;
	unsigned told;
};

static void
tell(struct teller *t, const struct addr *who, const char *name)
{
	struct obs_name said = { .addr = *who, .sender = t->call->src, .name = name, .by = t->by };

	if (t->told++ >= NAMES_MAX || name[0] == '\0' || addr_is_multicast(who) ||
		addr_is_unspecified(who))
		return;
	t->call->emit(t->call->context, &(struct observation){ .kind = OBS_NAME,
						.ts_ns = t->call->ts_ns,
						.interface = t->call->interface,
						.name = &said });
}

static bool
is_hosts_own(uint8_t service, uint16_t flags)
{
	return (flags & GROUP) == 0 && (service == SERVICE_WORKSTATION || service == SERVICE_FILES);
}

/* NB: two bytes of flags and an address, several times. */
static void
tell_netbios(struct teller *t, const struct dns_record *r, const char *owner)
{
	struct cursor data = r->data;
	char name[NETBIOS_NAME_MAX];
	uint8_t service;

	if (!dns_name_netbios(owner, name, &service))
		return;
	while (cursor_left(&data) >= 6) {
		uint16_t flags = cursor_be16(&data);
		struct addr who = addr_from_v4(cursor_take(&data, 4));
		if (is_hosts_own(service, flags))
			tell(t, &who, name);
	}
}

/* NBSTAT: how many, then 16 bytes of a name and two of flags each. */
static void
tell_status(struct teller *t, const struct dns_record *r)
{
	struct cursor data = r->data;
	char name[NETBIOS_NAME_MAX];
	uint8_t service;

	for (unsigned left = cursor_u8(&data); left > 0; left--) {
		const uint8_t *bytes = cursor_take(&data, 16);
		uint16_t flags = cursor_be16(&data);
		if (data.short_read)
			break;
		dns_name_netbios_plain(bytes, name, &service);
		if (service == SERVICE_WORKSTATION && is_hosts_own(service, flags))
			tell(t, &t->call->src, name);
	}
}

static void
tell_record(struct teller *t, struct cursor message, const struct dns_record *r, bool is_near)
{
	char owner[DNS_NAME_MAX];
	struct addr who;

	if (r->type != DNS_NB && r->type != DNS_NBSTAT && !is_near)
		return;
	if (!dns_record_owner(message, r, owner))
		return;
	if (r->type == DNS_NB)
		tell_netbios(t, r, owner);
	else if (r->type == DNS_NBSTAT && t->call->src_port == 137)
		tell_status(t, r);
	else if ((r->type == DNS_A || r->type == DNS_AAAA) && dns_record_addresses(r, &who, 1) == 1)
		tell(t, &who, owner);
}

void
dns_own_names(struct proto_call *call, struct cursor message, struct cursor c,
	const struct dns_header *h, const struct dns_question *question)
{
	enum dns_way way = dns_way_of(call);
	uint16_t opcode = h->flags & DNS_OPCODE;
	bool is_registration = (h->flags & DNS_RESPONSE) == 0 && question->is_there &&
			       question->type == DNS_NB &&
			       (opcode == OPCODE_REGISTRATION || opcode == OPCODE_REFRESH ||
				       opcode == OPCODE_REFRESH_TOO);
	bool is_answer = (h->flags & DNS_RESPONSE) != 0 && opcode == 0;
	struct teller t = { .call = call,
		.by = way == DNS_MULTICAST    ? "mdns"
		      : way == DNS_LINK_LOCAL ? "llmnr"
					      : "nbns" };
	unsigned records = (unsigned)h->answers + h->authority + h->additional;
	struct dns_record r;

	if (!is_registration && !is_answer)
		return;
	for (unsigned i = 0; i < records && i < RECORDS_MAX && t.told < NAMES_MAX; i++) {
		if (!dns_record_read(message, &c, &r))
			break;
		tell_record(&t, message, &r, way != DNS_SERVERS);
	}
}
