/*
 * site.c -- what is known about all hosts of the place together.
 *
 * Names (site_hear.c), cards, claims, devices, networks and gateways are files of their own; here is decided what
 * each observation tells
 * them. A card says something about an address when it sent the packet: the card that a packet is sent
 * *to* is what its sender believes, and that may be a lie. Cards are learned when conversations begin and
 * while they go on, never per packet. The gateway's card sends as everybody outside, so only its ARP counts.
 */
#include "daemon/site/site.h"

#include "daemon/base/time_text.h"
#include "daemon/knowledge/geo.h"
#include "daemon/knowledge/oui.h"
#include "daemon/knowledge/public_suffix.h"
#include "daemon/observation.h"
#include "daemon/site/site_claims.h"
#include "daemon/site/site_device.h"
#include "daemon/site/site_hear.h"
#include "daemon/site/site_names.h"
#include "daemon/site/site_network.h"
#include "daemon/transactions/nd.h"

#include <stdlib.h>
#include <string.h>

enum { MAC_ADDRESSES_MAX = 3 };

enum { CLAIM_ONLY, ARP_REQUEST, ARP_REPLY };

struct site {
	struct site_names names;
	struct site_claims claims;
	struct site_devices devices;
	struct site_network network;
	struct geo *geo;
	struct public_suffix *suffixes;
	const struct oui *vendors;
	const struct intel *intel; /* NULL: none */
};

struct site *
site_new(const struct site_plan *plan, const struct hash_key *hash_key)
{
	struct site *s = calloc(1, sizeof(*s));

	if (s == NULL)
		return NULL;
	s->geo = plan->geo;
	s->suffixes = plan->suffixes;
	s->vendors = plan->vendors;
	if (site_names_init(&s->names, plan->names, hash_key) == 0 &&
		site_claims_init(&s->claims, plan->macs, hash_key) == 0 &&
		site_devices_init(&s->devices, plan->macs, hash_key) == 0)
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
	site_claims_done(&s->claims);
	site_devices_done(&s->devices);
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
	return table_bytes_per_item(sizeof(struct site_claim_entry)) +
	       table_bytes_per_item(sizeof(struct site_device));
}

void
site_add_local(struct site *s, const struct cidr *net)
{
	site_network_add(&s->network, net);
}

/* A card that has just become the gateway had an address before: that is the gateway's own. */
static void
learn_gateway(struct site *s, uint16_t interface, const struct mac *mac, uint64_t now_ns)
{
	if (!mac_is_card(mac) || !site_network_carried(&s->network, interface, mac, now_ns))
		return;
	struct site_mac *bears = &site_devices_route(&s->devices, mac, now_ns)->bears;
	if (bears->by_arp)
		site_network_name_gateway(&s->network, mac, &bears->v4);
	*bears = (struct site_mac){ 0 };
}

static void
learn_arp(struct site *s, const struct obs_arp *arp, uint64_t now_ns)
{
	if (!mac_is_card(&arp->sender_mac) || !addr_is_scannable(&arp->sender))
		return;
	site_network_see(&s->network, &arp->sender);
	site_claims_arp(&s->claims, arp, now_ns);
	struct site_device *sender =
		site_devices_see(&s->devices, &arp->sender_mac, &arp->sender, now_ns);
	if (site_network_is_gateway_mac(&s->network, &arp->sender_mac))
		site_network_name_gateway(&s->network, &arp->sender_mac, &arp->sender);
	else
		site_mac_see(&sender->bears, &arp->sender, /* by_arp= */ true, now_ns);
}

/* Somebody bears the address, and it is the link's own: neighbours are never routed. */
static bool
is_borne(const struct addr *a)
{
	return !addr_is_unspecified(a) && !addr_is_multicast(a) && !addr_is_loopback(a);
}

/*
 * A router of IPv6 says what lies behind it. Whoever says so gets no gateway's rights by it: it is told as a router, and
 * its networks are ours only where nobody told us which are.
 */
static void
learn_router(struct site *s, const struct obs_nd *nd, uint64_t now_ns)
{
	site_devices_route(&s->devices, &nd->card, now_ns);
	for (size_t i = 0; i < nd->prefix_count; i++)
		if (nd->prefix[i].on_link)
			site_network_announced(&s->network, &nd->prefix[i].net,
				now_ns + nd->prefix[i].valid_s * (uint64_t)NS_PER_S, now_ns);
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
	site_devices_see(&s->devices, &nd->card, &said.sender, now_ns);
	if (nd->icmp_type == ND_ROUTER_ADVERT && nd->lifetime > 0)
		learn_router(s, nd, now_ns);
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
	struct site_device *sender =
		site_devices_see(&s->devices, &f->orig_mac, &f->orig, o->ts_ns);
	site_mac_see(&sender->bears, &f->orig, /* by_arp= */ false, o->ts_ns);
	site_claims_packet(&s->claims, &f->orig, &f->orig_mac, o->ts_ns);
}

/* What was said gives addresses names; a device whose address has a new one has news. */
static void
learn_name(struct site *s, const struct observation *o)
{
	const struct addr *named = site_hear(&s->names, o);
	const struct site_claim *claim = named == NULL ? NULL : site_claims_find(&s->claims, named);

	if (claim != NULL)
		site_devices_name(&s->devices, &claim->now.mac, o->ts_ns);
}

void
site_learn(struct site *s, const struct observation *o)
{
	if (o->kind == OBS_ARP)
		learn_arp(s, o->arp, o->ts_ns);
	else if (o->kind == OBS_ND)
		learn_nd(s, o->nd, o->ts_ns);
	else if (observation_is_flow(o))
		learn_flow(s, o);
	else
		learn_name(s, o);
}

const struct site_device *
site_device_news(struct site *s, uint64_t before_ns)
{
	return site_devices_news(&s->devices, before_ns);
}

const struct site_device *
site_device_latest(const struct site *s, const struct site_device *after)
{
	return site_devices_latest(&s->devices, after);
}

uint64_t
site_device_count(const struct site *s)
{
	return table_count(&s->devices.table);
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
	const struct site_device *known = site_devices_find(&s->devices, mac);

	if (known == NULL || !known->bears.has_v4 || known->bears.others >= MAC_ADDRESSES_MAX - 1 ||
		addr_is_link_local(&known->bears.v4))
		return NULL;
	return &known->bears.v4;
}

const struct site_claim *
site_claim_of(const struct site *s, const struct addr *a)
{
	return site_claims_find(&s->claims, a);
}

const char *
site_vendor_of(const struct site *s, const struct addr *a)
{
	const struct site_claim *claim = s->vendors == NULL ? NULL : site_claim_of(s, a);
	const struct mac *card = claim == NULL ? NULL : &claim->now.mac;

	if (card == NULL || site_is_gateway_mac(s, card) || site_mac_owner(s, card) == NULL)
		return NULL;
	return oui_vendor(s->vendors, card);
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

struct text_view
site_registrable(const struct site *s, const char *name)
{
	return s->suffixes == NULL ? (struct text_view){ name, 0 }
				   : public_suffix_registrable(s->suffixes, name);
}

void
site_set_intel(struct site *s, const struct intel *i)
{
	s->intel = i;
}

bool
site_has_intel(const struct site *s)
{
	return s->intel != NULL;
}

const struct intel_hit *
site_intel_addr(
	const struct site *s, enum list_category c, const struct addr *a, struct intel_found *room)
{
	return s->intel == NULL ? NULL : intel_find_addr(s->intel, c, a, room);
}

const struct intel_hit *
site_intel_name(const struct site *s, enum list_category c, const char *name,
	struct intel_found *room, bool *ret_is_parent)
{
	return s->intel == NULL
		       ? NULL
		       : intel_find_name(s->intel, c, name, strlen(name), room, ret_is_parent);
}

const struct intel_hit *
site_intel_digest(const struct site *s, enum list_category c, enum intel_digest kind,
	const char *text, struct intel_found *room)
{
	return s->intel == NULL ? NULL : intel_find_digest(s->intel, c, kind, text, room);
}

const struct intel_hit *
site_intel_asn(
	const struct site *s, enum list_category c, const struct addr *a, struct intel_found *room)
{
	uint32_t asn = s->intel == NULL ? 0 : site_asn(s, a, NULL);

	return asn == 0 ? NULL : intel_find_asn(s->intel, c, asn, room);
}

bool
site_listed(const struct site *s, enum list_category c, const char *name, const struct addr *a)
{
	struct intel_found room;

	if (name != NULL &&
		(listed_name(c, name) || site_intel_name(s, c, name, &room, NULL) != NULL))
		return true;
	return a != NULL && (listed_addr(c, a) || site_intel_addr(s, c, a, &room) != NULL);
}

uint32_t
site_asn(const struct site *s, const struct addr *a, const char **ret_org)
{
	if (s->geo != NULL)
		return geo_asn(s->geo, a, ret_org);
	if (ret_org != NULL)
		*ret_org = NULL;
	return 0;
}

const char *
site_country(const struct site *s, const struct addr *a)
{
	return s->geo == NULL ? NULL : geo_country(s->geo, a);
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

	stats.macs = table_count(&s->claims.table) + table_count(&s->devices.table);
	stats.macs_capacity = table_capacity(&s->claims.table) + table_capacity(&s->devices.table);
	stats.macs_evicted = s->claims.evicted + s->devices.evicted;
	return stats;
}
