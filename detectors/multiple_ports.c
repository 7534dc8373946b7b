/*
 * multiple_ports -- one host has conversations on several nameless ports of one other.
 *
 * Kept are the peers with which TCP was established on ports that belong to no service: no parser
 * recognised what was spoken, and the number has no name that people would know (`named`). Distinct ports
 * are counted for each peer, told at `min_ports` and then at each tenfold, as information.
 *
 * Bounds: MAX_PEERS peers and MAX_DOORS of their ports a window; past either, counts stand still. The first
 * LISTED ports of a peer are named in the sentence.
 *
 * Not told apart: services that hand out ports, as FTP, RPC and peer-to-peer programs do.
 *
 * Source: detections §1.3; A3 (counted for each peer).
 */
#include "detectors/detector.h"

#include "daemon/base/strbuf.h"

#include <stdlib.h>

enum { MAX_PEERS = 256, MAX_DOORS = 1024, LISTED = 8 };

struct config {
	uint32_t min_ports;
};

static const struct config_item config_items[] = {
	CONFIG_U32(struct config, min_ports, 2, MAX_DOORS, 2, "ports",
		"Distinct nameless ports of one peer, with established connections, that are worth a mention."),
	CONFIG_END,
};

static const struct evidence_kind multiple = {
	.name = "CONNECTION_TO_MULTIPLE_PORTS",
	.signature_id = 5200027,
	.technique = "T1571",
	.unit = "ports",
	.title = "Connections to several unknown ports of one host",
};

/* TCP ports with a name that a reader of logs knows; in order. */
static const uint16_t named[] = { 7, 9, 13, 19, 20, 21, 22, 23, 25, 37, 43, 49, 53, 70, 79, 80, 88,
	102, 104, 109, 110, 111, 113, 119, 135, 137, 138, 139, 143, 161, 162, 177, 179, 194, 389,
	427, 443, 444, 445, 464, 465, 502, 512, 513, 514, 515, 530, 543, 544, 548, 554, 563, 587,
	593, 631, 636, 646, 666, 749, 754, 853, 873, 902, 989, 990, 992, 993, 995, 1080, 1194, 1352,
	1433, 1434, 1494, 1521, 1720, 1723, 1812, 1883, 1935, 2000, 2049, 2082, 2083, 2086, 2087,
	2181, 2222, 2375, 2376, 2379, 2404, 3000, 3128, 3260, 3268, 3269, 3306, 3389, 3478, 3690,
	4369, 4444, 4500, 4786, 4840, 5000, 5044, 5060, 5061, 5190, 5222, 5223, 5228, 5269, 5355,
	5357, 5432, 5601, 5666, 5671, 5672, 5683, 5900, 5938, 5984, 5985, 5986, 6000, 6379, 6443,
	6514, 6667, 6697, 7000, 7680, 8000, 8008, 8009, 8080, 8081, 8086, 8088, 8140, 8443, 8530,
	8531, 8554, 8834, 8883, 8888, 9000, 9042, 9090, 9092, 9100, 9200, 9300, 9418, 9443, 10000,
	10050, 10051, 11211, 20000, 27017, 44818 };

struct peer {
	struct addr addr; /* the key */
	uint32_t ports;
	uint16_t first[LISTED];
	uint64_t next_report;
};

struct door {
	struct addr addr; /* the key, with the port */
	uint64_t port;
};

static const struct arena_map_shape peer_shape = {
	.item_size = sizeof(struct peer),
	.key_size = sizeof(struct addr),
	.capacity = MAX_PEERS,
};

static const struct arena_map_shape door_shape = {
	.item_size = sizeof(struct door),
	.key_size = sizeof(struct door),
	.capacity = MAX_DOORS,
};

struct state {
	struct arena_map peers, doors;
};

static int
order(const void *a, const void *b)
{
	return *(const uint16_t *)a - *(const uint16_t *)b;
}

static bool
is_nameless(const struct obs_flow *f)
{
	return f->service[0] == '\0' &&
	       bsearch(&f->resp_port, named, sizeof(named) / sizeof(named[0]), sizeof(named[0]),
		       order) == NULL;
}

static bool
is_new_door(struct detect *d, struct state *s, const struct obs_flow *f)
{
	const struct door key = { .addr = f->resp, .port = f->resp_port };
	uint32_t before = s->doors.count;

	return arena_map_get(&s->doors, &door_shape, d->memory, d->hash_key, &key) != NULL &&
	       s->doors.count > before;
}

static void
report(struct detect *d, const struct peer *peer, const struct obs_flow *f)
{
	const struct config *cfg = d->config;
	char text[ADDR_TEXT_MAX];
	char list[LISTED * sizeof("65535, ") + sizeof(" and others")];
	struct strbuf ports;

	strbuf_init(&ports, list, sizeof(list));
	for (uint32_t i = 0; i < peer->ports && i < LISTED; i++)
		strbuf_printf(&ports, "%s%u", i == 0 ? "" : ", ", peer->first[i]);
	if (peer->ports > LISTED)
		strbuf_printf(&ports, " and others");
	evidence_raise(d,
		&(struct finding){
			.kind = &multiple,
			.threat = THREAT_INFO,
			.confidence = 0.5,
			.role = EVIDENCE_ATTACKER,
			.about = &f->resp,
			.ip_proto = IPPROTO_TCP,
			.observed = peer->ports,
			.threshold = cfg->min_ports,
			.object = addr_format(&f->resp, text),
			.uids = &f->uid,
			.uid_count = 1,
		},
		"established connections to %u unknown ports of %s: %s", peer->ports, text, list);
}

static bool
wants(const struct site *site, const struct observation *o)
{
	const struct obs_flow *f = o->flow;

	(void)site;
	return o->role == ROLE_CLIENT && f->ip_proto == IPPROTO_TCP && f->established &&
	       is_nameless(f);
}

static void
observe(struct detect *d, const struct observation *o)
{
	const struct config *cfg = d->config;
	const struct obs_flow *f = o->flow;
	struct state *s = d->window_state;

	struct peer *peer = arena_map_get(&s->peers, &peer_shape, d->memory, d->hash_key, &f->resp);
	if (peer == NULL || !is_new_door(d, s, f))
		return;
	if (peer->ports < LISTED)
		peer->first[peer->ports] = f->resp_port;
	peer->ports++;
	if (report_due(&peer->next_report, cfg->min_ports, peer->ports))
		report(d, peer, f);
}

const struct detector detector_multiple_ports = {
	.name = "multiple_ports",
	.summary = "One host has conversations on several nameless ports of one other.",
	.subscribes = OBS_BIT(OBS_FLOW_INTERIM) | OBS_BIT(OBS_FLOW_END),
	.config_size = sizeof(struct config),
	.config = config_items,
	.window_state_size = sizeof(struct state),
	.kinds = (const struct evidence_kind *const[]){ &multiple, NULL },
	.wants = wants,
	.observe = observe,
};
