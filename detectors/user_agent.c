/*
 * user_agent -- a user agent names a tool for attacks, or is an attack itself.
 *
 * Scanners and some malware say what they are. Their names are looked for as whole words in any case: "pb" in the middle
 * of another word is nothing (A41). A medium level, once a server. "${jndi:" is what makes Log4j load a program from
 * elsewhere, and nothing else: high, wherever in the agent it stands.
 *
 * Bounds: the window's peers; MAX_LOOKUPS servers that were sent a look-up.
 *
 * Not seen: tools that lie, look-ups that are written in pieces, and agents inside of TLS.
 *
 * Source: detections §1.5 (SUSPICIOUS_USER_AGENT), A41.
 */
#include "detectors/detector.h"

#include "daemon/base/strbuf.h"
#include "daemon/base/text_safe.h"
#include "daemon/transactions/http.h"

#include <ctype.h>
#include <strings.h>

enum { MAX_LOOKUPS = 64, AGENT_SHOWN = 100, AGENT_TEXT_MAX = 112, AGENT_READ_MAX = 1024 };

static const struct evidence_kind suspicious = {
	.name = "SUSPICIOUS_USER_AGENT",
	.signature_id = 5200203,
	.technique = "T1071.001",
	.unit = "requests",
	.title = "Suspicious user agent",
	.aspect = ASPECT_CLIENT,
};

static const char lookup[] = "${jndi:";

struct state {
	struct addr_set looked_up; /* servers that were sent one */
	uint8_t told;              /* of tools */
};

static bool
is_word_byte(char c)
{
	return isalnum((unsigned char)c) || c == '_';
}

static bool
is_tool(const char *at)
{
	static const char *const names[] = { "sqlmap", "nikto", "masscan", "zgrab", "nmap",
		"wpscan", "gobuster", "dirbuster", "nuclei", "charon; inferno", "httpsend",
		"chm_msdn", "tesseract" };

	for (size_t i = 0; i < sizeof(names) / sizeof(*names); i++) {
		if ((at[0] | 0x20) != names[i][0]) /* most words begin as no tool does */
			continue;
		size_t length = strlen(names[i]);
		if (strncasecmp(at, names[i], length) == 0 && !is_word_byte(at[length]))
			return true;
	}
	return false;
}

enum verdict { ORDINARY, TOOL, LOOKUP };

static enum verdict
judge(const char *agent)
{
	enum verdict v = ORDINARY;

	for (size_t i = 0; i < AGENT_READ_MAX && agent[i] != '\0'; i++) {
		if (agent[i] == '$' && strncasecmp(agent + i, lookup, sizeof(lookup) - 1) == 0)
			return LOOKUP;
		if (is_word_byte(agent[i]) && (i == 0 || !is_word_byte(agent[i - 1])) &&
			is_tool(agent + i))
			v = TOOL;
	}
	return v;
}

static bool
wants(const struct site *site, const struct observation *o)
{
	(void)site;
	return o->role == ROLE_CLIENT && o->http->user_agent != NULL &&
	       judge(o->http->user_agent) != ORDINARY;
}

static void
report(struct detect *d, const struct observation *o, enum threat threat, double confidence)
{
	const struct obs_talk *talk = o->talk;
	char agent[AGENT_TEXT_MAX];
	char peer[ADDR_TEXT_MAX];
	struct strbuf b;

	strbuf_init(&b, agent, sizeof(agent));
	text_safe(&b, o->http->user_agent, AGENT_SHOWN);
	evidence_raise(d,
		&(struct finding){
			.kind = &suspicious,
			.threat = threat,
			.confidence = confidence,
			.role = EVIDENCE_ATTACKER,
			.about = &talk->resp,
			.port = talk->resp_port,
			.ip_proto = talk->ip_proto,
			.observed = 1,
			.threshold = 1,
			.object = addr_format(&talk->resp, peer),
			.uids = &talk->uid,
			.uid_count = 1,
		},
		"called itself \"%s\" at %s port %u/tcp", agent, peer, talk->resp_port);
}

static void
observe(struct detect *d, const struct observation *o)
{
	struct state *s = d->window_state;

	if (judge(o->http->user_agent) == LOOKUP) {
		if (addr_set_add(&s->looked_up, d->memory, &o->talk->resp, MAX_LOOKUPS))
			report(d, o, THREAT_HIGH, 0.9);
	} else if (detect_first_of_peer(d, &o->talk->resp)) {
		report(d, o, weak_level(&s->told, THREAT_MEDIUM), 0.8);
	}
}

const struct detector detector_user_agent = {
	.name = "user_agent",
	.summary = "A user agent names a tool for attacks, or is an attack.",
	.subscribes = OBS_BIT(OBS_HTTP),
	.window_state_size = sizeof(struct state),
	.kinds = (const struct evidence_kind *const[]){ &suspicious, NULL },
	.wants = wants,
	.observe = observe,
};
