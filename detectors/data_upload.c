/*
 * data_upload -- one host sends very much to one other.
 *
 * Two measures: what one conversation has sent since its start (`min_connection`), and what all
 * conversations with a peer have sent in this window (`min_window`), each told when it is reached and then
 * at each tenfold, while the conversations go on. For the sender it is information: backups do so every
 * night. The receiver is told as well when it is a host that we watch: twin evidence, at the high level,
 * but never to its account, since a server for backups is not an attacker (detections A39).
 *
 * The gateway, multicast, broadcast, link-local and reserved addresses are no receivers.
 *
 * Bounds: MAX_PEERS peers a window; past them the sums of further ones are not kept, single conversations
 * still are. What an observation adds below MIN_PIECE is not summed up, so that ordinary requests cost no
 * memory: it would take 30,000 of them in an hour.
 *
 * Source: detections §1.3; A4 (a sum for each window).
 */
#include "detectors/detector.h"

enum { MAX_PEERS = 512, MIN_PIECE = 16 * 1024 };

#define MB UINT64_C(1000000)
#define TB (MB * MB)

struct config {
	uint64_t min_connection;
	uint64_t min_window;
};

static const struct config_item config_items[] = {
	CONFIG_SIZE(struct config, min_connection, MB, TB, 100 * MB,
		"Payload sent in one conversation that is worth a mention."),
	CONFIG_SIZE(struct config, min_window, MB, TB, 500 * MB,
		"Payload sent to one host in one window that is worth a mention."),
	CONFIG_END,
};

static const struct evidence_kind upload = {
	.name = "DATA_UPLOAD",
	.signature_id = 5200028,
	.technique = "T1048",
	.unit = "bytes",
	.title = "Large data upload",
};

struct peer {
	struct addr addr; /* the key */
	uint64_t bytes;
	uint64_t next_report;
};

static const struct arena_map_shape peer_shape = {
	.item_size = sizeof(struct peer),
	.key_size = sizeof(struct addr),
	.capacity = MAX_PEERS,
};

struct state {
	struct arena_map peers;
};

static void
report(struct detect *d, const struct obs_flow *f, uint64_t bytes, uint64_t least, const char *how)
{
	char peer[ADDR_TEXT_MAX];
	char object[EVIDENCE_OBJECT_MAX];
	char host[ADDR_TEXT_MAX];
	struct strbuf object_text;
	struct finding finding = {
		.kind = &upload,
		.threat = THREAT_INFO,
		.confidence = 0.6,
		.role = EVIDENCE_ATTACKER,
		.about = &f->resp,
		.port = f->resp_port,
		.ip_proto = f->ip_proto,
		.observed = bytes,
		.threshold = least,
		.object = object,
		.uids = &f->uid,
		.uid_count = 1,
	};

	strbuf_init(&object_text, object, sizeof(object));
	strbuf_printf(&object_text, "%s %s", addr_format(&f->resp, peer), how);
	evidence_raise(
		d, &finding, "sent %llu MB to %s %s", (unsigned long long)(bytes / MB), peer, how);
	finding.threat = THREAT_HIGH;
	finding.role = EVIDENCE_VICTIM;
	evidence_raise_twin(d, &finding, "was sent %llu MB by %s %s",
		(unsigned long long)(bytes / MB), addr_format(d->host, host), how);
}

/* Did a sum of `least`, or of a tenfold of it, fall between `before` and `now`? */
static bool
passed(uint64_t least, uint64_t before, uint64_t now)
{
	uint64_t due = least;

	while (due <= before && due <= UINT64_MAX / 10)
		due *= 10;
	return before < due && due <= now;
}

static bool
wants(const struct site *site, const struct observation *o)
{
	const struct obs_flow *f = o->flow;

	return o->role == ROLE_CLIENT && f->orig_delta.payload_bytes >= MIN_PIECE &&
	       f->orig_delta.payload_bytes <= f->orig_total.payload_bytes &&
	       addr_is_scannable(&f->resp) && !site_is_gateway(site, &f->resp);
}

static void
observe(struct detect *d, const struct observation *o)
{
	const struct config *cfg = d->config;
	const struct obs_flow *f = o->flow;
	struct state *s = d->window_state;
	uint64_t total = f->orig_total.payload_bytes;
	uint64_t piece = f->orig_delta.payload_bytes;

	if (passed(cfg->min_connection, total - piece, total))
		report(d, f, total, cfg->min_connection, "in one connection");
	struct peer *peer = arena_map_get(&s->peers, &peer_shape, d->memory, d->hash_key, &f->resp);
	if (peer == NULL)
		return;
	peer->bytes += piece;
	if (report_due(&peer->next_report, cfg->min_window, peer->bytes))
		report(d, f, peer->bytes, cfg->min_window, "in one window");
}

const struct detector detector_data_upload = {
	.name = "data_upload",
	.summary = "One host sends very much to one other.",
	.subscribes = OBS_BIT(OBS_FLOW_INTERIM) | OBS_BIT(OBS_FLOW_END),
	.config_size = sizeof(struct config),
	.config = config_items,
	.window_state_size = sizeof(struct state),
	.kinds = (const struct evidence_kind *const[]){ &upload, NULL },
	.wants = wants,
	.observe = observe,
};
