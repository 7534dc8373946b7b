/*
 * unknown_port -- a host goes to a port at which no ordinary program listens.
 *
 * Who sets up a server of his own for a program that he controls has no reason to keep to the usual ports,
 * and one not to: what watches 80 and 443 does not watch them. A port is known when it has a name or is usual
 * (port_names.h), or when a protocol of its own was recognised there, which is also how FTP's data is told.
 * TLS and HTTP carry anything, so they excuse no port. Each port of a peer is told once, at the low level
 * when the two sides talked, as information when they did not, and again when they do after all.
 *
 * From `many_peers` peers on, the host is in a peer-to-peer network: that is marked for other detectors, its
 * attempts are not told any more and its conversations are information. A port scanner's are no news either.
 *
 * One strange port proves nothing, so the first few of a window count and the rest are information. It is
 * evidence about the peer when that is on the Internet: on neighbours, devices have their odd doors, so there
 * the finding is about none and its object names it.
 *
 * Silent where nobody would have recognised a protocol, as in NetFlow, and where TCP was not seen from its
 * beginning, since then who asked whom is a guess. What devices send to neighbours over UDP without an answer
 * are announcements, many of them to all hosts of a network.
 *
 * Bounds: MAX_DOORS ports of peers a window; past them nothing new is told.
 *
 * Not told apart: media of calls and games, whose ports are agreed upon in a conversation that we cannot read.
 *
 * Source: detections §1.2; A33.
 */
#include "detectors/detector.h"

#include "daemon/knowledge/port_names.h"

#include <stdio.h>

enum { MAX_DOORS = 128, MAX_PEERS = 64 };

static const double CONFIDENCE = 0.5;

struct config {
	bool attempts;
	uint32_t many_peers;
};

static const struct config_item config_items[] = {
	CONFIG_BOOL(struct config, attempts, true,
		"Mention also attempts at unknown ports that nobody answered."),
	CONFIG_U32(struct config, many_peers, 2, MAX_PEERS, 6, "hosts",
		"Peers with unknown ports in one window from which on a host is taken for one of a peer-to-peer network."),
	CONFIG_END,
};

static const struct evidence_kind unknown = {
	.name = "UNKNOWN_PORT",
	.signature_id = 5200300,
	.technique = "T1571",
	.unit = "connections",
	.title = "Connection to an unknown port",
	.aspect = ASPECT_PORT,
};

/* The key of what is known of one port of a peer, and the latter. */
struct door {
	struct addr addr;
	uint64_t port; /* and its protocol above it */
	bool was_tried, was_open;
};

static const struct arena_map_shape door_shape = {
	.item_size = sizeof(struct door),
	.key_size = offsetof(struct door, was_tried),
	.capacity = MAX_DOORS,
};

struct state {
	struct arena_map doors;
	struct addr_set peers;
	uint8_t told;
};

static const char *
proto_name(const struct obs_flow *f)
{
	return f->ip_proto == IPPROTO_TCP ? "tcp" : "udp";
}

static void
report(struct detect *d, struct state *s, const struct obs_flow *f)
{
	char peer[ADDR_TEXT_MAX];
	char object[ADDR_TEXT_MAX + sizeof(" 65535/tcp")];
	bool is_quiet = !f->established || detect_marked(d, MARK_PEER_TO_PEER);
	const struct finding finding = {
		.kind = &unknown,
		.threat = is_quiet ? THREAT_INFO : weak_level(&s->told, THREAT_LOW),
		.confidence = CONFIDENCE,
		.role = EVIDENCE_ATTACKER,
		.about = is_on_internet(d->site, &f->resp) ? &f->resp : NULL,
		.port = f->resp_port,
		.ip_proto = f->ip_proto,
		.observed = 1,
		.threshold = 1,
		.object = object,
		.uids = &f->uid,
		.uid_count = 1,
	};

	addr_format(&f->resp, peer);
	(void)snprintf(object, sizeof(object), "%s %u/%s", peer, f->resp_port, proto_name(f));
	if (!f->established)
		evidence_raise(d, &finding, "tried to connect to %s at the unknown port %u/%s",
			peer, f->resp_port, proto_name(f));
	else
		evidence_raise(d, &finding, "connected to %s at the unknown port %u/%s%s%s", peer,
			f->resp_port, proto_name(f), f->service[0] == '\0' ? "" : " and spoke ",
			f->service);
}

/* Is anything said there that only one kind of server understands? */
static bool
is_excused(const char *service)
{
	return service[0] != '\0' && strcmp(service, "ssl") != 0 && strcmp(service, "http") != 0;
}

/* Is it sure which of the two ports was asked for, and that somebody was? */
static bool
is_asked_for(const struct site *site, const struct obs_flow *f)
{
	if (f->ip_proto == IPPROTO_TCP)
		return f->history[0] == '\0' || strpbrk(f->history, "Sh") != NULL;
	return !port_is_known(f->orig_port, f->ip_proto) && !is_answer_to_search(f) &&
	       (f->established || is_on_internet(site, &f->resp));
}

static bool
wants(const struct site *site, const struct observation *o)
{
	const struct obs_flow *f = o->flow;

	return o->role == ROLE_CLIENT && f->service_known && f->resp_port != 0 &&
	       (f->ip_proto == IPPROTO_TCP || f->ip_proto == IPPROTO_UDP) &&
	       !port_is_known(f->resp_port, f->ip_proto) && addr_is_host(&f->resp) &&
	       !is_excused(f->service) && is_asked_for(site, f);
}

/* Is there something to tell of a door that was not told before? It is remembered from then on. */
static bool
is_news(struct detect *d, struct state *s, const struct obs_flow *f)
{
	const struct door key = {
		.addr = f->resp,
		.port = f->resp_port | (uint64_t)f->ip_proto << 16,
	};
	struct door *door = arena_map_get(&s->doors, &door_shape, d->memory, d->hash_key, &key);

	if (door == NULL || door->was_open || (door->was_tried && !f->established))
		return false;
	door->was_tried = true;
	door->was_open = f->established;
	return true;
}

static void
observe(struct detect *d, const struct observation *o)
{
	const struct config *cfg = d->config;
	const struct obs_flow *f = o->flow;
	struct state *s = d->window_state;

	if (detect_marked(d, MARK_PORT_SCANNER) || attempt_was_cut_short(f))
		return;
	(void)addr_set_add(&s->peers, d->memory, &f->resp, cfg->many_peers);
	if (s->peers.count >= cfg->many_peers)
		detect_mark(d, MARK_PEER_TO_PEER);
	if (!f->established && (!cfg->attempts || detect_marked(d, MARK_PEER_TO_PEER)))
		return;
	if (is_news(d, s, f))
		report(d, s, f);
}

const struct detector detector_unknown_port = {
	.name = "unknown_port",
	.summary = "A host goes to a port at which no ordinary program listens.",
	.subscribes = OBS_BIT(OBS_FLOW_INTERIM) | OBS_BIT(OBS_FLOW_END),
	.config_size = sizeof(struct config),
	.config = config_items,
	.window_state_size = sizeof(struct state),
	.kinds = (const struct evidence_kind *const[]){ &unknown, NULL },
	.wants = wants,
	.observe = observe,
};
