/*
 * netlogon -- a host tries to authenticate to a domain controller's Netlogon again and again.
 *
 * A member of a domain sets up its secure channel with one call of NetrServerAuthenticate, and again when it
 * starts anew. Zerologon (CVE-2020-1472) sends credentials of zeros until the controller's cipher happens to
 * agree, one time in 256. From `min_calls` to one server in a window it is told, from `convict` on it convicts,
 * once each. Only calls that were seen to be answered convict: anybody can write a call with another's address,
 * but the answer goes to whom it belongs, who never had such a conversation. What does not say whether there was
 * an answer, as EVE, convicts nobody.
 *
 * Bounds: MAX_SERVERS servers a window; others are not counted.
 *
 * Not told apart: a member whose password no longer fits and that tries on and on; the convicting number is
 * far above what that reaches.
 *
 * Source: detections §8 row 21.
 */
#include "detectors/detector.h"

#include "daemon/transactions/dce_rpc.h"

enum { MAX_SERVERS = 64 };

static const double CONFIDENCE = 0.9;

struct config {
	uint32_t min_calls, convict;
};

static const struct config_item config_items[] = {
	CONFIG_U32(struct config, min_calls, 2, 10000, 20, "calls",
		"Calls to authenticate to one server's Netlogon, in one window, that are told."),
	CONFIG_U32(struct config, convict, 0, 100000, 50, "calls",
		"Calls that were answered and are a conviction; 0: none is."),
	CONFIG_END,
};

static const struct evidence_kind bruteforce = {
	.name = "NETLOGON_BRUTEFORCE",
	.signature_id = 5200304,
	.technique = "T1210",
	.unit = "calls",
	.title = "Netlogon brute force",
	.may_convict = true,
};

struct server {
	struct addr addr; /* the key */
	uint32_t calls, answered;
	bool is_told, is_convicted;
};

static const struct arena_map_shape server_shape = {
	.item_size = sizeof(struct server),
	.key_size = offsetof(struct server, calls),
	.capacity = MAX_SERVERS,
};

struct state {
	struct arena_map servers;
};

static void
report(struct detect *d, const struct server *s, const struct obs_talk *talk)
{
	const struct config *cfg = d->config;
	char server[ADDR_TEXT_MAX];

	evidence_raise(d,
		&(struct finding){
			.kind = &bruteforce,
			.threat = THREAT_HIGH,
			.confidence = CONFIDENCE,
			.role = EVIDENCE_ATTACKER,
			.decisive = s->is_convicted,
			.about = &s->addr,
			.port = talk->resp_port,
			.ip_proto = talk->ip_proto,
			.observed = s->calls,
			.threshold = s->is_convicted ? cfg->convict : cfg->min_calls,
			.object = addr_format(&s->addr, server),
			.uids = &talk->uid,
			.uid_count = 1,
		},
		"tried %u times to authenticate to the Netlogon service of %s", s->calls, server);
}

static bool
wants(const struct site *site, const struct observation *o)
{
	static const char call[] = "NetrServerAuthenticate"; /* 2 and 3 are such, too */
	const struct obs_dce_rpc *rpc = o->dce_rpc;

	(void)site;
	return o->role == ROLE_CLIENT && rpc->operation != NULL && rpc->endpoint != NULL &&
	       strncmp(rpc->operation, call, sizeof(call) - 1) == 0 &&
	       strcmp(rpc->endpoint, "netlogon") == 0;
}

static void
observe(struct detect *d, const struct observation *o)
{
	const struct config *cfg = d->config;
	struct state *state = d->window_state;
	struct server *s = arena_map_get(
		&state->servers, &server_shape, d->memory, d->hash_key, &o->talk->resp);

	if (s == NULL)
		return;
	s->calls++;
	s->answered += o->dce_rpc->rtt_ns != TRANSACTION_UNSET;
	bool convicts = cfg->convict > 0 && s->answered >= cfg->convict;
	if (s->is_convicted || (s->is_told && !convicts) ||
		(s->calls < cfg->min_calls && !convicts))
		return;
	s->is_told = true;
	s->is_convicted = convicts;
	report(d, s, o->talk);
}

const struct detector detector_netlogon = {
	.name = "netlogon",
	.summary =
		"A host tries to authenticate to a domain controller's Netlogon again and again.",
	.subscribes = OBS_BIT(OBS_DCE_RPC),
	.config_size = sizeof(struct config),
	.config = config_items,
	.window_state_size = sizeof(struct state),
	.kinds = (const struct evidence_kind *const[]){ &bruteforce, NULL },
	.wants = wants,
	.observe = observe,
};
