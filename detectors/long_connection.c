/*
 * long_connection -- a conversation that outlives what people and their programs normally keep open.
 *
 * A conversation is told once when it is `min_duration` old, and once more for each tenfold. It has
 * no state: an observation knows how old the conversation was at the one before, so that whatever
 * was passed in between is due now. Observations come every `flow.interim` and at the end.
 *
 * Nobody talks with multicast or broadcast: such flows are streams of announcements without an end.
 *
 * Source: detections §1.3.
 */
#include "detectors/detector.h"

#include <stdio.h>

#define MIN_DURATION NS_PER_S /* so young that nobody may ask for it */

struct config {
	uint64_t min_duration;
};

static const struct config_item config_items[] = {
	CONFIG_DURATION(struct config, min_duration, MIN_DURATION, 2592000 * NS_PER_S,
		1500 * NS_PER_S, "Age from which a conversation is worth a mention."),
	CONFIG_END,
};

static const struct evidence_kind long_lived = {
	.name = "LONG_CONNECTION",
	.signature_id = 5200007,
	.technique = "T1071",
	.unit = "s",
	.title = "Long connection",
};

/* Did an age of `min_ns`, or of a tenfold of it, fall between `before_ns` and `now_ns`? */
static bool
age_due(uint64_t min_ns, uint64_t before_ns, uint64_t now_ns)
{
	uint64_t due_ns = min_ns;

	while (due_ns <= before_ns && due_ns <= UINT64_MAX / 10)
		due_ns *= 10;
	return before_ns < due_ns && due_ns <= now_ns;
}

/* A day is certain; below it to two decimals. */
static double
confidence_of(uint64_t seconds)
{
	const uint64_t day = 86400;
	uint64_t percent = (seconds * 100 + day / 2) / day;

	return seconds >= day ? 1.0 : (double)percent / 100.0;
}

static bool
is_for_everyone(const struct addr *a)
{
	return addr_is_multicast(a) || addr_is_broadcast(a);
}

static void
report(struct detect *d, const struct obs_flow *f, uint64_t age_ns)
{
	const struct config *cfg = d->config;
	bool has_port = f->ip_proto == IPPROTO_TCP || f->ip_proto == IPPROTO_UDP;
	const char *protocol = f->ip_proto == IPPROTO_TCP ? "tcp" : "udp";
	char peer[ADDR_TEXT_MAX];
	char port[sizeof(" port 65535/tcp")] = "";
	char object[EVIDENCE_OBJECT_MAX];
	char age[32];
	struct strbuf age_text;

	(void)addr_format(&f->resp, peer);
	if (has_port)
		(void)snprintf(port, sizeof(port), " port %u/%s", f->resp_port, protocol);
	(void)snprintf(object, sizeof(object), "%s%s", peer, port);
	strbuf_init(&age_text, age, sizeof(age));
	time_text_length(&age_text, age_ns);
	evidence_raise(d,
		&(struct finding){
			.kind = &long_lived,
			.threat = THREAT_LOW,
			.confidence = confidence_of(age_ns / NS_PER_S),
			.role = EVIDENCE_ATTACKER,
			.about = &f->resp,
			.port = f->resp_port,
			.ip_proto = f->ip_proto,
			.observed = age_ns / NS_PER_S,
			.threshold = cfg->min_duration / NS_PER_S,
			.object = object,
			.uids = &f->uid,
			.uid_count = 1,
		},
		"kept a connection to %s open for %s", object, age);
}

static bool
wants(const struct site *site, const struct observation *o)
{
	const struct obs_flow *f = o->flow;

	(void)site;
	return o->role == ROLE_CLIENT && f->last_ns >= f->start_ns &&
	       f->last_ns - f->start_ns >= MIN_DURATION && f->previous_ns >= f->start_ns &&
	       !is_for_everyone(&f->orig) && !is_for_everyone(&f->resp);
}

static void
observe(struct detect *d, const struct observation *o)
{
	const struct config *cfg = d->config;
	const struct obs_flow *f = o->flow;

	uint64_t age_ns = f->last_ns - f->start_ns;
	if (age_due(cfg->min_duration, f->previous_ns - f->start_ns, age_ns))
		report(d, f, age_ns);
}

const struct detector detector_long_connection = {
	.name = "long_connection",
	.summary = "A conversation stays open for unusually long.",
	.subscribes = OBS_BIT(OBS_FLOW_INTERIM) | OBS_BIT(OBS_FLOW_END),
	.config_size = sizeof(struct config),
	.config = config_items,
	.kinds = (const struct evidence_kind *const[]){ &long_lived, NULL },
	.wants = wants,
	.observe = observe,
};
