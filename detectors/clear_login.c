/*
 * clear_login -- somebody logs in where the whole network can read it.
 *
 * Telnet, rlogin, rsh, FTP, POP3 and IMAP without TLS. Who listens has the account; no harm is done yet, so
 * it is a mention, once for each server, protocol and outcome in a window.
 *
 * Bounds: KINDS_MAX of these a window; past them, or without memory, new ones are not told.
 *
 * Not told apart: log-ins whose password goes as a hash (APOP, CRAM-MD5), and anonymous FTP.
 *
 * Source: detections §1.7.
 */
#include "detectors/detector.h"

#include "daemon/base/strbuf.h"
#include "daemon/base/text_safe.h"
#include "daemon/transactions/login.h"

#include <stdio.h>

enum { KINDS_MAX = 256, USER_MAX = 64 };

static const struct config_item config_items[] = {
	CONFIG_END, /* nothing to set: it is on or off */
};

static const struct evidence_kind clear = {
	.name = "LOGIN",
	.signature_id = 5200355,
	.technique = "T1078",
	.unit = "log-ins",
	.title = "Log-in in clear text",
};

static const char *const protocols[] = { "telnet", "rlogin", "rsh", "ftp", "pop3", "imap" };

enum { PROTOCOLS = sizeof(protocols) / sizeof(protocols[0]) };

static const char *const outcomes[] = { [TRUTH_UNKNOWN] = "perhaps logged in",
	[TRUTH_NO] = "failed to log in",
	[TRUTH_YES] = "logged in" };

struct told {
	struct addr server; /* the key, with what was told of it */
	uint64_t what;
};

static const struct arena_map_shape told_shape = {
	.item_size = sizeof(struct told),
	.key_size = sizeof(struct told),
	.capacity = KINDS_MAX,
};

struct state {
	struct arena_map told;
};

/* returns PROTOCOLS when it is none of those in clear text */
static unsigned
protocol_of(const struct obs_login *login)
{
	unsigned i = 0;

	while (i < PROTOCOLS &&
		(login->protocol == NULL || strcmp(login->protocol, protocols[i]) != 0))
		i++;
	return i;
}

static bool
wants(const struct site *site, const struct observation *o)
{
	(void)site;
	return o->role == ROLE_CLIENT && protocol_of(o->login) < PROTOCOLS;
}

static void
observe(struct detect *d, const struct observation *o)
{
	const struct obs_login *login = o->login;
	const struct obs_talk *talk = o->talk;
	struct state *s = d->window_state;
	const char *protocol = protocols[protocol_of(login)];
	const struct told key = {
		.server = talk->resp,
		.what = protocol_of(login) * (TRUTH_YES + 1U) + login->success,
	};
	uint32_t before = s->told.count;
	char server[ADDR_TEXT_MAX];
	char object[EVIDENCE_OBJECT_MAX];
	char user[USER_MAX + sizeof("...")];
	struct strbuf name;

	if (arena_map_get(&s->told, &told_shape, d->memory, d->hash_key, &key) == NULL ||
		s->told.count == before)
		return;
	strbuf_init(&name, user, sizeof(user));
	if (login->user != NULL)
		text_safe(&name, login->user, USER_MAX);
	(void)snprintf(object, sizeof(object), "%s %s", addr_format(&talk->resp, server), protocol);
	evidence_raise(d,
		&(struct finding){
			.kind = &clear,
			.threat = THREAT_INFO,
			.confidence = 1,
			.role = EVIDENCE_ATTACKER,
			.about = &talk->resp,
			.port = talk->resp_port,
			.ip_proto = talk->ip_proto,
			.observed = 1,
			.threshold = 1,
			.object = object,
			.uids = &talk->uid,
			.uid_count = 1,
		},
		"%s in clear text by %s at %s%s%s%s", outcomes[login->success], protocol, server,
		login->user != NULL ? " as \"" : "", user, login->user != NULL ? "\"" : "");
}

const struct detector detector_clear_login = {
	.name = "clear_login",
	.summary = "Somebody logs in where the whole network can read it.",
	.subscribes = OBS_BIT(OBS_LOGIN),
	.config = config_items,
	.window_state_size = sizeof(struct state),
	.kinds = (const struct evidence_kind *const[]){ &clear, NULL },
	.wants = wants,
	.observe = observe,
};
