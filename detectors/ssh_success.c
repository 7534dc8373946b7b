/*
 * ssh_success -- somebody was let in by SSH.
 *
 * The parser saw it by the sizes of what went to and fro, or could not tell, and the conversation carried
 * more than `min_bytes`: keys and refusals are smaller. Worth knowing beside guesses, and nothing alone;
 * hence information, once for each server and window.
 *
 * Bounds: the peers of a window, and the last SESSIONS sessions that are known to have been refused.
 *
 * Not told apart, where the outcome is not known: many refusals in one session, which are long as well.
 *
 * Source: detections §1.7, §2.2.7.
 */
#include "detectors/detector.h"

#include "daemon/transactions/ssh.h"

#include <stdio.h>

enum { SESSIONS = 4, SSH_BYTES = 4290 };

struct config {
	uint64_t min_bytes;
};

static const struct config_item config_items[] = {
	CONFIG_SIZE(struct config, min_bytes, 1, 1048576, SSH_BYTES,
		"An SSH session of more bytes let somebody in, when its outcome is not known."),
	CONFIG_END,
};

static const struct evidence_kind success = {
	.name = "SSH_SUCCESSFUL",
	.signature_id = 5200356,
	.technique = "T1021.004",
	.unit = "bytes",
	.title = "SSH session that let somebody in",
};

struct state {
	uint64_t refused[SESSIONS]; /* ids of conversations */
	uint32_t next;
};

static void
report(struct detect *d, const struct obs_talk *talk, uint64_t bytes)
{
	const struct config *cfg = d->config;
	char server[ADDR_TEXT_MAX];
	char size[sizeof(": 18446744073709551615 bytes went to and fro")] = "";

	if (!detect_first_of_peer(d, &talk->resp))
		return;
	if (bytes > 0)
		(void)snprintf(size, sizeof(size), ": %llu bytes went to and fro",
			(unsigned long long)bytes);
	evidence_raise(d,
		&(struct finding){
			.kind = &success,
			.threat = THREAT_INFO,
			.confidence = 0.8,
			.role = EVIDENCE_ATTACKER,
			.about = &talk->resp,
			.port = talk->resp_port,
			.ip_proto = IPPROTO_TCP,
			.observed = bytes,
			.threshold = bytes > 0 ? cfg->min_bytes : 0,
			.object = addr_format(&talk->resp, server),
			.uids = &talk->uid,
			.uid_count = 1,
		},
		"logged in by SSH at %s port %u/tcp%s", server, talk->resp_port, size);
}

static bool
was_refused(const struct state *s, uint64_t id)
{
	for (size_t i = 0; i < SESSIONS; i++)
		if (s->refused[i] == id)
			return true;
	return false;
}

static void
observe(struct detect *d, const struct observation *o)
{
	const struct config *cfg = d->config;
	struct state *s = d->window_state;

	if (o->kind == OBS_SSH) {
		if (o->ssh->auth_success == TRUTH_YES)
			report(d, o->talk, 0);
		else
			s->refused[s->next++ % SESSIONS] = o->talk->id;
		return;
	}
	const struct obs_flow *f = o->flow;
	uint64_t bytes = f->orig_total.payload_bytes + f->resp_total.payload_bytes;
	if (bytes > cfg->min_bytes && !was_refused(s, f->id))
		report(d,
			&(struct obs_talk){
				.uid = f->uid, .resp = f->resp, .resp_port = f->resp_port },
			bytes);
}

static bool
wants(const struct site *site, const struct observation *o)
{
	(void)site;
	if (o->role != ROLE_CLIENT)
		return false;
	if (o->kind == OBS_SSH)
		return o->ssh->auth_success != TRUTH_UNKNOWN;
	return o->flow->ip_proto == IPPROTO_TCP && strstr(o->flow->service, "ssh") != NULL;
}

const struct detector detector_ssh_success = {
	.name = "ssh_success",
	.summary = "Somebody was let in by SSH.",
	.subscribes = OBS_BIT(OBS_SSH) | OBS_BIT(OBS_FLOW_END),
	.config_size = sizeof(struct config),
	.config = config_items,
	.window_state_size = sizeof(struct state),
	.kinds = (const struct evidence_kind *const[]){ &success, NULL },
	.wants = wants,
	.observe = observe,
};
