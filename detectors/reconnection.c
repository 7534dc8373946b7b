/*
 * reconnection -- a host does not take no for an answer.
 *
 * Two counts inside one window. A service that refuses (state REJ): the fifth attempt on the same
 * address and port. Telnet, on 23 or 2323 of one address: the fourth attempt that was not
 * established, answered or not, since that is how the bots of small devices go on. Attempts on the
 * telnet ports belong to the second count only, so that one knock is never told twice. Each count
 * is reported when it is reached and then with each tenfold. A scanner that knocks once on each
 * door gets nowhere near either.
 *
 * One attempt is one call of connect(). Its SYN is sent again from the same port after 1, 2, 4, ...
 * up to 64 seconds (RFC 6298 §5.5; Windows also repeats it after a reset), and a flow that has
 * ended meanwhile begins anew with it. So a flow from the same port within RETRANSMIT_NS of the
 * last one is the same attempt, unless it carried data: a SYN that is sent again does not.
 *
 * What the end of the capture or a full flow table cut short within its first five seconds is not
 * counted: the answer may have been on its way.
 *
 * Bounds: MAX_DOORS addresses and ports a window. Past it, or without memory, new ones do not count.
 *
 * Source: detections §1.3, whose 5, 10, 15 and 4, 8, 12 are on our scale 5, 50, 500 and 4, 40, 400.
 */
#include "detectors/detector.h"

#include <stdio.h>
#include <string.h>

enum { MAX_DOORS = 512, TELNET_PORT = 23, TELNET_OTHER_PORT = 2323 };

#define RETRANSMIT_NS (64 * NS_PER_S)

struct config {
	uint32_t min_refused;
	uint32_t min_telnet;
};

static const struct config_item config_items[] = {
	CONFIG_U32(struct config, min_refused, 2, 10000, 5, "attempts",
		"Refused attempts on the same port of the same host that are worth a mention."),
	CONFIG_U32(struct config, min_telnet, 2, 10000, 4, "attempts",
		"Failed telnet attempts on the same host that are worth a mention."),
	CONFIG_END,
};

static const struct evidence_kind reconnections = {
	.name = "MULTIPLE_RECONNECTION_ATTEMPTS",
	.signature_id = 5200008,
	.technique = "T1008",
	.unit = "attempts",
	.title = "Multiple reconnection attempts",
};

struct door_key {
	struct addr addr;
	uint16_t port; /* 0: both telnet ports */
	uint8_t pad[6];
};

struct door {
	struct door_key key;
	uint64_t attempts;
	uint64_t next_report;
	uint64_t last_ns;   /* of the last attempt */
	uint16_t last_port; /* where it came from */
};

static const struct arena_map_shape door_shape = {
	.item_size = sizeof(struct door),
	.key_size = sizeof(struct door_key),
	.capacity = MAX_DOORS,
};

struct state {
	struct arena_map doors;
};

static bool
is_telnet(const struct obs_flow *f)
{
	return f->resp_port == TELNET_PORT || f->resp_port == TELNET_OTHER_PORT;
}

/* Is it the last attempt's SYN once more? */
static bool
is_retransmission(const struct door *door, const struct obs_flow *f)
{
	return door->attempts > 0 && door->last_port == f->orig_port &&
	       f->orig_total.payload_bytes == 0 && f->start_ns <= door->last_ns + RETRANSMIT_NS;
}

static void
report(struct detect *d, const struct door *door, const struct obs_flow *f, uint32_t minimum)
{
	bool telnet = door->key.port == 0;
	char where[EVIDENCE_OBJECT_MAX];

	(void)addr_format(&f->resp, where);
	if (!telnet)
		(void)snprintf(where + strlen(where), sizeof(where) - strlen(where), " port %u/tcp",
			f->resp_port);
	evidence_raise(d,
		&(struct finding){
			.kind = &reconnections,
			.threat = THREAT_MEDIUM,
			.confidence = 0.5,
			.role = EVIDENCE_ATTACKER,
			.about = &f->resp,
			.port = f->resp_port,
			.ip_proto = f->ip_proto,
			.observed = door->attempts,
			.threshold = minimum,
			.object = where,
			.uids = &f->uid,
			.uid_count = 1,
		},
		"tried %s %s %llu times %s", telnet ? "telnet to" : "to connect to", where,
		(unsigned long long)door->attempts, telnet ? "in vain" : "and was refused");
}

static bool
wants(const struct site *site, const struct observation *o)
{
	const struct obs_flow *f = o->flow;

	(void)site;
	return o->role == ROLE_CLIENT && f->ip_proto == IPPROTO_TCP && !attempt_was_cut_short(f) &&
	       (is_telnet(f) ? !f->established : f->state == CONN_REJ);
}

static void
observe(struct detect *d, const struct observation *o)
{
	const struct config *cfg = d->config;
	const struct obs_flow *f = o->flow;
	struct state *s = d->window_state;
	bool telnet = is_telnet(f);
	uint32_t minimum = telnet ? cfg->min_telnet : cfg->min_refused;
	struct door_key key = { .addr = f->resp, .port = telnet ? 0 : f->resp_port };

	struct door *door = arena_map_get(&s->doors, &door_shape, d->memory, d->hash_key, &key);
	if (door == NULL)
		return;
	bool again = is_retransmission(door, f);
	door->last_port = f->orig_port;
	door->last_ns = f->last_ns;
	if (again)
		return;
	door->attempts++;
	if (report_due(&door->next_report, minimum, door->attempts))
		report(d, door, f, minimum);
}

const struct detector detector_reconnection = {
	.name = "reconnection",
	.summary = "A host does not take no for an answer.",
	.subscribes = OBS_BIT(OBS_FLOW_END),
	.config_size = sizeof(struct config),
	.config = config_items,
	.window_state_size = sizeof(struct state),
	.kinds = (const struct evidence_kind *const[]){ &reconnections, NULL },
	.wants = wants,
	.observe = observe,
};
