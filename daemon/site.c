/*
 * site.c -- what is known about all hosts of the place together.
 *
 * Names: DNS answers of servers say what addresses are called, and that they were asked for. Answers by multicast
 * DNS are not learned: a host that announces its neighbours' addresses must not make them look resolved. What a host
 * says of its own address is a name, but nobody's answer; what it says of others' is not believed, but for the
 * server that it talks to (SNI, HTTP's Host): that is kept as the client's word.
 *
 * Names, cards, claims, networks and gateways are files of their own; here is decided what each observation tells
 * them. A card says something about an address when it sent the packet: the card that a packet is sent
 * *to* is what its sender believes, and that may be a lie. Cards are learned when conversations begin and
 * while they go on, never per packet. The gateway's card sends as everybody outside, so only its ARP counts.
 */
#include "daemon/site.h"

#include "daemon/base/time_text.h"
#include "daemon/observation.h"
#include "daemon/site_claims.h"
#include "daemon/site_macs.h"
#include "daemon/site_names.h"
#include "daemon/site_network.h"
#include "daemon/transactions/dhcp.h"
#include "daemon/transactions/dns.h"
#include "daemon/transactions/http.h"
#include "daemon/transactions/name.h"
#include "daemon/transactions/nd.h"
#include "daemon/transactions/quic.h"
#include "daemon/transactions/tls.h"

#include <stdlib.h>
#include <string.h>
#include <strings.h>

enum { MAC_ADDRESSES_MAX = 3, HOST_MAX = 256 };

#define CONFIRM_NS (3600 * (uint64_t)NS_PER_S)

enum { CLAIM_ONLY, ARP_REQUEST, ARP_REPLY };

struct site {
	struct site_names names;
	struct site_macs macs;
	struct site_claims claims;
	struct site_network network;
};

struct site *
site_new(const struct site_plan *plan, const struct hash_key *hash_key)
{
	struct site *s = calloc(1, sizeof(*s));

	if (s == NULL)
		return NULL;
	if (site_names_init(&s->names, plan->names, hash_key) == 0 &&
		site_macs_init(&s->macs, plan->macs, hash_key) == 0 &&
		site_claims_init(&s->claims, plan->macs, hash_key) == 0)
		return s;
	site_free(s);
	return NULL;
}

void
site_free(struct site *s)
{
	if (s == NULL)
		return;
	site_names_done(&s->names);
	site_macs_done(&s->macs);
	site_claims_done(&s->claims);
	free(s);
}

uint64_t
site_name_bytes(void)
{
	return site_names_bytes();
}

uint64_t
site_mac_bytes(void)
{
	return table_bytes_per_item(sizeof(struct site_mac)) +
	       table_bytes_per_item(sizeof(struct site_claim_entry));
}

void
site_add_local(struct site *s, const struct cidr *net)
{
	site_network_add(&s->network, net);
}

static void
learn_answer(struct site *s, const struct obs_dns *dns, uint64_t now_ns)
{
	if (!dns_is_answered(dns) || addr_is_multicast(&dns->client))
		return;
	for (size_t i = 0; i < dns->answer_count; i++)
		if (dns->answers[i].name == NULL) /* else it came by multicast DNS */
			site_names_learn(&s->names, &dns->answers[i].addr, dns->query,
				SITE_NAME_DNS, &dns->server, now_ns);
}

static enum site_name_source
source_of(const char *by)
{
	for (enum site_name_source i = SITE_NAME_MDNS; i < SITE_NAME_SSDP; i++)
		if (strcmp(by, site_name_source_name(i)) == 0)
			return i;
	return SITE_NAME_SSDP;
}

static void
learn_own_name(struct site *s, const struct obs_name *name, uint64_t now_ns)
{
	if (addr_equal(&name->addr, &name->sender))
		site_names_learn(&s->names, &name->addr, name->name, source_of(name->by),
			&name->sender, now_ns);
}

/* Of a long name its end is kept. */
static bool
is_called(const char *known, const char *name)
{
	size_t kept = strlen(known);
	size_t whole = strlen(name);

	return (kept == whole || (kept < whole && kept == SITE_NAME_MAX - 1)) &&
	       strcasecmp(name + (whole - kept), known) == 0;
}

/*
 * A client says whom it believes to talk to. That is its word alone, and malware lies: it takes no other
 * name's place, and is confirmed once an hour.
 */
static void
learn_clients_word(
	struct site *s, const struct observation *o, const char *name, enum site_name_source source)
{
	struct site_name known[SITE_NAMES_OF_ADDRESS];
	const struct addr *server = &o->talk->resp;
	uint32_t count = site_names_of(&s->names, server, o->ts_ns, known);
	uint32_t i = 0;

	while (i < count && !is_called(known[i].text, name))
		i++;
	bool is_known = i < count;
	bool is_worth_it = is_known ? !site_name_is_believed(known[i].source) &&
					      o->ts_ns >= known[i].seen_ns + CONFIRM_NS
				    : count < SITE_NAMES_OF_ADDRESS;
	if (is_worth_it)
		site_names_learn(&s->names, server, name, source, &o->talk->orig, o->ts_ns);
}

static void
learn_server_name(struct site *s, const struct observation *o, const char *name)
{
	if (name != NULL)
		learn_clients_word(s, o, name, SITE_NAME_TLS);
}

/* The host of a request, without its port; a proxy is asked for others', and an address is no name. */
static void
learn_http_host(struct site *s, const struct observation *o)
{
	const char *host = o->http->host;
	char name[HOST_MAX];
	struct addr a;

	if (host == NULL || o->http->uri == NULL || o->http->uri[0] != '/')
		return;
	size_t length = strcspn(host, ":");
	if (length == 0 || length >= sizeof(name) || host[0] == '[')
		return;
	memcpy(name, host, length);
	name[length] = '\0';
	if (!addr_parse(name, &a))
		learn_clients_word(s, o, name, SITE_NAME_HTTP);
}

/*
 * What a client calls itself, once it has an address: the one that a server gave it in the same conversation,
 * else the one that it has already; a relay's is not its own. One that it only asks for may be somebody else's.
 */
static void
learn_client(struct site *s, const struct obs_dhcp *dhcp, uint64_t now_ns)
{
	bool is_given = !addr_is_unspecified(&dhcp->assigned_addr);
	bool is_relayed = !addr_is_unspecified(&dhcp->giaddr);
	const struct addr *client = is_given ? &dhcp->assigned_addr : &dhcp->client_addr;

	if (dhcp->host_name != NULL && (is_given || !is_relayed) && addr_is_scannable(client))
		site_names_learn(
			&s->names, client, dhcp->host_name, SITE_NAME_DHCP, client, now_ns);
}

/* A card that has just become the gateway had an address before: that is the gateway's own. */
static void
learn_gateway(struct site *s, uint16_t interface, const struct mac *mac, uint64_t now_ns)
{
	const struct site_mac *known;

	if (!mac_is_card(mac) || !site_network_carried(&s->network, interface, mac, now_ns))
		return;
	known = site_macs_find(&s->macs, mac);
	if (known != NULL && known->by_arp)
		site_network_name_gateway(&s->network, mac, &known->v4);
	site_macs_forget(&s->macs, mac);
}

static void
learn_arp(struct site *s, const struct obs_arp *arp, uint64_t now_ns)
{
	if (!mac_is_card(&arp->sender_mac) || !addr_is_scannable(&arp->sender))
		return;
	site_network_see(&s->network, &arp->sender);
	site_claims_arp(&s->claims, arp, now_ns);
	if (site_network_is_gateway_mac(&s->network, &arp->sender_mac))
		site_network_name_gateway(&s->network, &arp->sender_mac, &arp->sender);
	else
		site_macs_see(&s->macs, &arp->sender_mac, &arp->sender, /* by_arp= */ true, now_ns);
}

/* Somebody bears the address, and it is the link's own: neighbours are never routed. */
static bool
is_borne(const struct addr *a)
{
	return !addr_is_unspecified(a) && !addr_is_multicast(a) && !addr_is_loopback(a);
}

/*
 * A neighbour says which card it has. A solicitation is as a request by ARP, an advertisement as a reply;
 * one that does not override changes nothing at hosts that know another card. A router that says so of
 * itself neither asks nor answers. What a redirect says is about somebody else.
 */
static void
learn_nd(struct site *s, const struct obs_nd *nd, uint64_t now_ns)
{
	bool is_answer = nd->icmp_type == ND_NEIGHBOR_ADVERT;
	bool is_question = nd->icmp_type == ND_NEIGHBOR_SOLICIT;
	const struct obs_arp said = {
		.operation = is_answer     ? ARP_REPLY
			     : is_question ? ARP_REQUEST
					   : CLAIM_ONLY,
		.sender_mac = nd->card,
		.sender = is_answer ? nd->target : nd->sender,
		.target = is_answer ? nd->receiver : nd->target,
	};

	if (nd->icmp_type == ND_REDIRECT || !mac_is_card(&nd->card) || !is_borne(&said.sender))
		return;
	if (nd->override == TRUTH_NO)
		site_claims_packet(&s->claims, &said.sender, &nd->card, now_ns);
	else
		site_claims_arp(&s->claims, &said, now_ns);
}

/* Which card brought this conversation from the outside, or took it there? NULL if it stayed inside. */
static const struct mac *
carrier_of(const struct site *s, const struct obs_flow *f)
{
	if (!addr_is_v4(&f->orig))
		return NULL;
	if (addr_is_private(&f->orig))
		return addr_is_public(&f->resp) && !site_is_local(s, &f->resp) ? &f->resp_mac
									       : NULL;
	return addr_is_public(&f->orig) && !site_is_local(s, &f->orig) ? &f->orig_mac : NULL;
}

static bool
is_own_address(const struct site *s, const struct addr *a)
{
	return addr_is_private(a) || addr_is_link_local(a) || site_is_local(s, a);
}

static void
learn_flow(struct site *s, const struct observation *o)
{
	const struct obs_flow *f = o->flow;

	site_network_see(&s->network, &f->orig);
	if (!f->has_macs || o->kind == OBS_FLOW_END ||
		(o->kind == OBS_FLOW_INTERIM && f->orig_delta.packets == 0))
		return;
	const struct mac *carrier = carrier_of(s, f);
	if (carrier != NULL)
		learn_gateway(s, o->interface, carrier, o->ts_ns);
	if (!mac_is_card(&f->orig_mac) || !is_own_address(s, &f->orig) ||
		site_network_is_gateway_mac(&s->network, &f->orig_mac))
		return;
	site_macs_see(&s->macs, &f->orig_mac, &f->orig, /* by_arp= */ false, o->ts_ns);
	site_claims_packet(&s->claims, &f->orig, &f->orig_mac, o->ts_ns);
}

void
site_learn(struct site *s, const struct observation *o)
{
	if (o->kind == OBS_DNS)
		learn_answer(s, o->dns, o->ts_ns);
	else if (o->kind == OBS_NAME)
		learn_own_name(s, o->name, o->ts_ns);
	else if (o->kind == OBS_TLS)
		learn_server_name(s, o, o->tls->server_name);
	else if (o->kind == OBS_QUIC)
		learn_server_name(s, o, o->quic->server_name);
	else if (o->kind == OBS_HTTP)
		learn_http_host(s, o);
	else if (o->kind == OBS_DHCP)
		learn_client(s, o->dhcp, o->ts_ns);
	else if (o->kind == OBS_ARP)
		learn_arp(s, o->arp, o->ts_ns);
	else if (o->kind == OBS_ND)
		learn_nd(s, o->nd, o->ts_ns);
	else if (o->kind <= OBS_FLOW_END)
		learn_flow(s, o);
}

bool
site_is_resolved(const struct site *s, const struct addr *a, uint64_t now_ns)
{
	return site_names_is_resolved(&s->names, a, now_ns);
}

uint32_t
site_name_of(const struct site *s, const struct addr *a, uint64_t now_ns,
	struct site_name ret_names[SITE_NAMES_OF_ADDRESS])
{
	return site_names_of(&s->names, a, now_ns, ret_names);
}

const struct addr *
site_mac_owner(const struct site *s, const struct mac *mac)
{
	const struct site_mac *known = site_macs_find(&s->macs, mac);

	if (known == NULL || !known->has_v4 || known->others >= MAC_ADDRESSES_MAX - 1 ||
		addr_is_link_local(&known->v4))
		return NULL;
	return &known->v4;
}

const struct site_claim *
site_claim_of(const struct site *s, const struct addr *a)
{
	return site_claims_find(&s->claims, a);
}

bool
site_is_local(const struct site *s, const struct addr *a)
{
	return site_network_is_local(&s->network, a);
}

const struct cidr *
site_local_network(const struct site *s)
{
	return s->network.local_count == 0 ? NULL : &s->network.local[0];
}

bool
site_is_gateway(const struct site *s, const struct addr *a)
{
	return site_network_is_gateway(&s->network, a);
}

bool
site_is_gateway_mac(const struct site *s, const struct mac *mac)
{
	return site_network_is_gateway_mac(&s->network, mac);
}

uint32_t
site_save(const struct site *s, struct blob *b)
{
	return site_names_save(&s->names, b);
}

bool
site_restore(struct site *s, struct cursor names, uint64_t now_ns, uint32_t *ret_count)
{
	return site_names_restore(&s->names, names, now_ns, ret_count);
}

bool
site_place_is_learned(const struct site *s)
{
	return site_network_is_learned(&s->network);
}

void
site_place_save(const struct site *s, struct blob *b)
{
	site_network_save(&s->network, b);
}

bool
site_place_restore(struct site *s, struct cursor place, uint64_t now_ns)
{
	return site_network_restore(&s->network, place, now_ns);
}

struct site_stats
site_stats(const struct site *s)
{
	struct site_stats stats = {
		.names_learned = s->names.learned,
		.names_evicted = s->names.evicted,
		.names = table_count(&s->names.table),
		.names_capacity = table_capacity(&s->names.table),
	};

	stats.macs = table_count(&s->macs.table) + table_count(&s->claims.table);
	stats.macs_capacity = table_capacity(&s->macs.table) + table_capacity(&s->claims.table);
	stats.macs_evicted = s->macs.evicted + s->claims.evicted;
	return stats;
}
