#include "daemon/tuples/features.h"

#include "daemon/observation.h"

#include <netinet/in.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

/* A tuple that belongs to the dictionary, and its place in the order of first sight. */
struct member {
	const struct tuple *tuple;
	size_t order;
	bool by_port;
};

static bool
belongs(const struct tuple *t, const struct feature_name *which)
{
	const struct tuple_sums *s = &t->sums[which->established];

	return t->role == which->role && t->ip_proto == which->ip_proto &&
	       (s->flows > 0 || s->packets > 0);
}

static int
compare_key(const struct member *a, const struct member *b)
{
	if (a->by_port)
		return (a->tuple->port > b->tuple->port) - (a->tuple->port < b->tuple->port);
	return memcmp(a->tuple->peer.byte, b->tuple->peer.byte, sizeof(a->tuple->peer.byte));
}

static int
compare_members(const void *a, const void *b)
{
	const struct member *x = a;
	const struct member *y = b;
	int key = compare_key(x, y);

	return key != 0 ? key : (x->order > y->order) - (x->order < y->order);
}

/* A group of members with one key, and the order of its first. */
struct group {
	size_t first, count, order;
};

static int
compare_groups(const void *a, const void *b)
{
	const struct group *x = a;
	const struct group *y = b;

	return (x->order > y->order) - (x->order < y->order);
}

static size_t
members_collect(
	const struct tuples *t, const struct feature_name *which, struct member *ret_members)
{
	size_t count = 0;

	for (const struct tuple *i = t->first; i != NULL; i = i->next) {
		if (!belongs(i, which))
			continue;
		ret_members[count] = (struct member){ .tuple = i,
			.order = count,
			.by_port = which->index == FEATURE_DESTINATION_PORTS };
		count++;
	}
	qsort(ret_members, count, sizeof(*ret_members), compare_members);
	return count;
}

static size_t
groups_collect(const struct member *members, size_t count, struct group *ret_groups)
{
	size_t groups = 0;

	for (size_t i = 0; i < count; i++) {
		if (i > 0 && compare_key(&members[i - 1], &members[i]) == 0) {
			ret_groups[groups - 1].count++;
			continue;
		}
		ret_groups[groups++] =
			(struct group){ .first = i, .count = 1, .order = members[i].order };
	}
	qsort(ret_groups, groups, sizeof(*ret_groups), compare_groups);
	return groups;
}

static void
feature_fill(const struct member *members, const struct group *g, bool established,
	struct feature_part *parts, struct feature *ret_feature)
{
	const struct tuple *head = members[g->first].tuple;

	*ret_feature = (struct feature){ .peer = head->peer,
		.port = head->port,
		.first_ns = head->first_ns,
		.parts = parts,
		.part_count = g->count };
	for (size_t i = 0; i < g->count; i++) {
		const struct tuple *t = members[g->first + i].tuple;
		const struct tuple_sums *s = &t->sums[established];
		ret_feature->flows += s->flows;
		ret_feature->packets += s->packets;
		ret_feature->bytes += s->bytes;
		parts[i] = (struct feature_part){ .peer = t->peer,
			.port = t->port,
			.packets = s->packets,
			.orig_packets = s->orig_packets,
			.first_ns = t->first_ns };
	}
}

static size_t
derive_from_tuples(const struct tuples *t, const struct feature_name *which, struct arena *memory,
	const struct feature **ret_features)
{
	size_t most = t->count;
	struct member *members = arena_alloc(memory, (most + 1) * sizeof(*members));
	struct group *groups = arena_alloc(memory, (most + 1) * sizeof(*groups));
	struct feature_part *parts = arena_alloc(memory, (most + 1) * sizeof(*parts));
	if (members == NULL || groups == NULL || parts == NULL)
		return 0;
	size_t count = groups_collect(members, members_collect(t, which, members), groups);
	struct feature *features = arena_alloc(memory, (count + 1) * sizeof(*features));
	if (features == NULL)
		return 0;
	for (size_t i = 0; i < count; i++) {
		feature_fill(members, &groups[i], which->established, parts, &features[i]);
		parts += groups[i].count;
	}
	*ret_features = features;
	return count;
}

static size_t
derive_source_ports(const struct tuples *t, const struct feature_name *which, struct arena *memory,
	const struct feature **ret_features)
{
	size_t most = 0;
	size_t count = 0;

	for (const struct source_port *p = t->first_port; p != NULL; p = p->next)
		most++;
	struct feature *features = arena_alloc(memory, (most + 1) * sizeof(*features));
	if (features == NULL)
		return 0;
	for (const struct source_port *p = t->first_port; p != NULL; p = p->next)
		if (p->role == which->role && p->ip_proto == which->ip_proto &&
			p->established == which->established)
			features[count++] = (struct feature){ .port = p->port,
				.flows = p->flows,
				.packets = p->packets,
				.bytes = p->bytes };
	*ret_features = features;
	return count;
}

size_t
features_derive(const struct tuples *t, const struct feature_name *which, struct arena *memory,
	const struct feature **ret_features)
{
	if (which->index == FEATURE_SOURCE_PORTS)
		return derive_source_ports(t, which, memory, ret_features);
	return derive_from_tuples(t, which, memory, ret_features);
}

static const char *
proto_text(uint8_t ip_proto)
{
	switch (ip_proto) {
	case IPPROTO_TCP:
		return "TCP";
	case IPPROTO_UDP:
		return "UDP";
	case IPPROTO_ICMP:
	case IPPROTO_ICMPV6:
		return "ICMP"; /* Zeek, and so Slips, has one word for both */
	case IPPROTO_IGMP:
		return "IGMP";
	default:
		return "OTHER";
	}
}

char *
feature_name_format(const struct feature_name *which, char ret_text[FEATURE_NAME_MAX])
{
	bool server = which->role == ROLE_SERVER;
	const char *what = "SrcPorts";

	if (which->index == FEATURE_PEERS)
		what = server ? "SrcIPs" : "DstIPs";
	else if (which->index == FEATURE_DESTINATION_PORTS)
		what = "DstPorts";
	(void)snprintf(ret_text, FEATURE_NAME_MAX, "%s%s%s%s", what, server ? "Server" : "Client",
		proto_text(which->ip_proto), which->established ? "Established" : "NotEstablished");
	return ret_text;
}
