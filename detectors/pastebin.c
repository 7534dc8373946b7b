/*
 * pastebin -- one host fetched a text from a site where anybody leaves one.
 *
 * Malware reads its orders and its next stage there, where no owner of a server can be asked; so do people who
 * help each other. Hence information, once a server and window: a body of `min_bytes` to a GET of a site of the list
 * paste, or an encrypted conversation with one whose answers come to as many. Of the latter the handshake is part,
 * so most visits are told.
 *
 * Bounds: PENDING_MAX encrypted conversations whose size is waited for, the oldest goes first; the window's peers.
 *
 * Not seen: encrypted conversations that end in a later window than they began, and sites that hide their name
 * from the handshake.
 *
 * Source: detections §1.5 (PASTEBIN_DOWNLOAD), A10: names of a list in place of a part of any name of the server.
 */
#include "detectors/detector.h"

#include "daemon/base/web_address.h"
#include "daemon/transactions/http.h"
#include "daemon/transactions/quic.h"
#include "daemon/transactions/tls.h"
#include "detectors/dns_name.h"

enum { PENDING_MAX = 8 };

#define GIB (UINT64_C(1) << 30)

struct config {
	uint64_t min_bytes;
};

static const struct config_item config_items[] = {
	CONFIG_SIZE(struct config, min_bytes, 1, GIB, 701,
		"Smallest answer of a site of pastes that is worth a mention."),
	CONFIG_END,
};

static const struct evidence_kind download = {
	.name = "PASTEBIN_DOWNLOAD",
	.signature_id = 5200256,
	.technique = "T1102.001",
	.unit = "bytes",
	.title = "Download from a site of pastes",
};

/* An encrypted conversation with a site of pastes. id 0: none. */
struct pending {
	uint64_t id;
	char name[NAME_TOLD_MAX + 1];
};

struct state {
	struct pending *pending; /* PENDING_MAX of them, or NULL */
	uint64_t count;          /* that there were */
};

/* Is it a site of the list? */
static bool
is_paste(const struct site *site, struct text_view name)
{
	char text[DNS_NAME_MAX];

	if (name.length == 0 || name.length >= sizeof(text))
		return false;
	memcpy(text, name.at, name.length);
	text[name.length] = '\0';
	return site_listed(site, LIST_PASTE, text, NULL);
}

/* The name by which a server was called when the conversation was encrypted; NULL: by none. */
static const char *
server_name_of(const struct observation *o)
{
	return o->kind == OBS_TLS ? o->tls->server_name : o->quic->server_name;
}

static bool
wants_request(const struct site *site, const struct obs_http *http)
{
	return http->method != NULL && strcmp(http->method, "GET") == 0 && http->host != NULL &&
	       http->response_body_len != 0 && http->response_body_len != TRANSACTION_UNSET &&
	       is_paste(site, web_host(http->host));
}

static bool
is_encrypted(const struct obs_flow *f)
{
	return f->service[0] != '\0' &&
	       (strstr(f->service, "ssl") != NULL || strstr(f->service, "quic") != NULL);
}

static bool
wants(const struct site *site, const struct observation *o)
{
	if (o->role != ROLE_CLIENT)
		return false;
	if (observation_is_flow(o))
		return is_encrypted(o->flow);
	if (o->kind == OBS_HTTP)
		return wants_request(site, o->http);
	const char *name = server_name_of(o);
	return name != NULL && is_paste(site, (struct text_view){ name, strlen(name) });
}

/* Where a finding was made: what requests and conversations have in common. */
struct place {
	const struct addr *server;
	uint16_t port;
	uint8_t ip_proto;
	const struct flow_uid *uid;
};

static void
report(struct detect *d, const struct place *p, uint64_t bytes, const char *name)
{
	const struct config *cfg = d->config;
	char peer[ADDR_TEXT_MAX];

	if (bytes < cfg->min_bytes || !detect_first_of_peer(d, p->server))
		return;
	evidence_raise(d,
		&(struct finding){
			.kind = &download,
			.threat = THREAT_INFO,
			.confidence = 1,
			.role = EVIDENCE_ATTACKER,
			.about = p->server,
			.port = p->port,
			.ip_proto = p->ip_proto,
			.observed = bytes,
			.threshold = cfg->min_bytes,
			.object = name,
			.uids = p->uid,
			.uid_count = 1,
		},
		"fetched %llu bytes from %s, a site of pastes, at %s", (unsigned long long)bytes,
		name, addr_format(p->server, peer));
}

static void
observe_request(struct detect *d, const struct observation *o)
{
	const struct obs_talk *talk = o->talk;
	char name[NAME_TOLD_MAX + 1];

	report(d, &(struct place){ &talk->resp, talk->resp_port, talk->ip_proto, &talk->uid },
		o->http->response_body_len, name_tell(name, web_host(o->http->host)));
}

/* Wait for its size. */
static void
observe_handshake(struct detect *d, const struct observation *o)
{
	struct state *s = d->window_state;
	const char *name = server_name_of(o);

	if (s->pending == NULL)
		s->pending = arena_alloc(d->memory, PENDING_MAX * sizeof(*s->pending));
	if (s->pending == NULL)
		return;
	struct pending *p = &s->pending[s->count++ % PENDING_MAX];
	p->id = o->talk->id;
	(void)name_tell(p->name, (struct text_view){ name, strlen(name) });
}

static void
observe_flow(struct detect *d, const struct obs_flow *f)
{
	const struct state *s = d->window_state;

	for (size_t i = 0; s->pending != NULL && i < PENDING_MAX; i++)
		if (s->pending[i].id == f->id && f->id != 0)
			report(d, &(struct place){ &f->resp, f->resp_port, f->ip_proto, &f->uid },
				f->resp_total.payload_bytes, s->pending[i].name);
}

static void
observe(struct detect *d, const struct observation *o)
{
	if (o->kind == OBS_HTTP)
		observe_request(d, o);
	else if (observation_is_flow(o))
		observe_flow(d, o->flow);
	else
		observe_handshake(d, o);
}

const struct detector detector_pastebin = {
	.name = "pastebin",
	.summary = "A text was fetched from a site where anybody leaves one.",
	.subscribes = OBS_BIT(OBS_FLOW_INTERIM) | OBS_BIT(OBS_FLOW_END) | OBS_BIT(OBS_HTTP) |
		      OBS_BIT(OBS_TLS) | OBS_BIT(OBS_QUIC),
	.config_size = sizeof(struct config),
	.config = config_items,
	.window_state_size = sizeof(struct state),
	.kinds = (const struct evidence_kind *const[]){ &download, NULL },
	.wants = wants,
	.observe = observe,
};
