/*
 * login_guessing -- a host fails to log in faster than one who mistypes, or as many users.
 *
 * Failures at one service of one server fill a bucket from which one leaks away each `leak`. At `capacity`
 * it is a mention, and again at each tenfold; more than `convict` are no mistake, and convict. When
 * `min_users` different users failed there, each with a few passwords, it is spraying: nobody is locked out
 * by that, and nobody but an attacker has so many names.
 *
 * A failure is what the server said (FTP, POP3, IMAP, telnet, rlogin, rsh, Redis, MQTT, SOCKS, MySQL, NTLM
 * in whatever carries it, Kerberos), an answer of HTTP's 401 or 403 to a user's name, and an RDP session
 * that ended within `rdp_session`, since nobody has seen a desktop by then. SSH and SMTP have detectors of
 * their own. By UDP, as Kerberos may go, nobody is convicted: one can ask with another's address, and is
 * refused in its name. Nor by HTTP, where a program asks on and on with what a person typed last year. That
 * Kerberos wants proof of who asks is no failure, and an anonymous NTLM log-in no user.
 *
 * Bounds: BUCKETS_MAX services of servers and USERS_MAX users of them a window; past either, or without
 * memory, new ones do not count.
 *
 * Not told apart: a program with an outdated password that asks more often than once each `leak`; a host
 * through which many people log in, like a gateway of terminals.
 *
 * Source: detections §8 item 21 (CrowdSec's buckets).
 */
#include "detectors/detector.h"

#include "daemon/base/leaky_bucket.h"
#include "daemon/transactions/http.h"
#include "daemon/transactions/kerberos.h"
#include "daemon/transactions/login.h"
#include "daemon/transactions/mysql.h"
#include "daemon/transactions/ntlm.h"

#include <stdio.h>

enum { BUCKETS_MAX = 256, USERS_MAX = 1024, USER_BYTES = 192 };

struct config {
	uint32_t capacity;
	uint32_t convict;
	uint32_t min_users;
	uint64_t leak;
	uint64_t rdp_session;
};

static const struct config_item config_items[] = {
	CONFIG_U32(struct config, capacity, 2, 10000, 5, "attempts",
		"Failed log-ins at one service, less those that have leaked away, that are worth a mention."),
	CONFIG_U32(struct config, convict, 2, 1000000, 50, "attempts",
		"Failed log-ins at one service, less those that have leaked away, that convict."),
	CONFIG_U32(struct config, min_users, 2, USERS_MAX, 5, "users",
		"Users as whom a host failed to log in at one service that are password spraying."),
	CONFIG_DURATION(struct config, leak, NS_PER_S, 600 * NS_PER_S, 10 * NS_PER_S,
		"Time in which one failed log-in is forgotten."),
	CONFIG_DURATION(struct config, rdp_session, NS_PER_S / 10, 60 * NS_PER_S, 3 * NS_PER_S,
		"A remote desktop session that ends sooner is a failed log-in."),
	CONFIG_END,
};

static const struct evidence_kind guessing = {
	.name = "LOGIN_GUESSING",
	.signature_id = 5200351,
	.technique = "T1110.001",
	.unit = "attempts",
	.title = "Password guessing",
	.may_convict = true,
};

static const struct evidence_kind spraying = {
	.name = "PASSWORD_SPRAYING",
	.signature_id = 5200352,
	.technique = "T1110.003",
	.unit = "users",
	.title = "Password spraying",
	.may_convict = true,
};

enum service {
	SERVICE_NONE,
	SERVICE_FTP,
	SERVICE_POP3,
	SERVICE_IMAP,
	SERVICE_TELNET,
	SERVICE_RLOGIN,
	SERVICE_RSH,
	SERVICE_REDIS,
	SERVICE_MQTT,
	SERVICE_SOCKS,
	SERVICE_OF_LOGIN_COUNT, /* those above are told by OBS_LOGIN alone */
	SERVICE_HTTP,
	SERVICE_KERBEROS,
	SERVICE_MYSQL,
	SERVICE_NTLM,
	SERVICE_RDP,
	SERVICE_COUNT,
};

static const char *const service_names[SERVICE_COUNT] = {
	[SERVICE_NONE] = "",
	[SERVICE_FTP] = "ftp",
	[SERVICE_POP3] = "pop3",
	[SERVICE_IMAP] = "imap",
	[SERVICE_TELNET] = "telnet",
	[SERVICE_RLOGIN] = "rlogin",
	[SERVICE_RSH] = "rsh",
	[SERVICE_REDIS] = "redis",
	[SERVICE_MQTT] = "mqtt",
	[SERVICE_SOCKS] = "socks",
	[SERVICE_OF_LOGIN_COUNT] = "",
	[SERVICE_HTTP] = "http",
	[SERVICE_KERBEROS] = "kerberos",
	[SERVICE_MYSQL] = "mysql",
	[SERVICE_NTLM] = "ntlm",
	[SERVICE_RDP] = "rdp",
};

struct bucket {
	struct addr server; /* the key, with the next two */
	uint64_t service;
	uint64_t ip_proto;
	struct leaky_bucket level;
	uint64_t failures;
	uint64_t users; /* that are different */
	uint64_t next_level, next_users, next_conviction;
};

static const struct arena_map_shape bucket_shape = {
	.item_size = sizeof(struct bucket),
	.key_size = offsetof(struct bucket, level),
	.capacity = BUCKETS_MAX,
};

/* A user at a service, as a hash. */
static const struct arena_map_shape user_shape = {
	.item_size = sizeof(uint64_t),
	.key_size = sizeof(uint64_t),
	.capacity = USERS_MAX,
};

struct state {
	struct arena_map buckets, users;
};

/* Who failed where; all zero: nobody did. */
struct failure {
	enum service service;
	const char *user; /* NULL: not known */
};

static enum service
service_of_login(const struct obs_login *login)
{
	if (login->success != TRUTH_NO || login->protocol == NULL)
		return SERVICE_NONE;
	for (enum service s = SERVICE_FTP; s < SERVICE_OF_LOGIN_COUNT; s++)
		if (strcmp(login->protocol, service_names[s]) == 0)
			return s;
	return SERVICE_NONE;
}

/* A ticket for tickets was asked for in vain, and not only to hear how to prove who asks. */
static bool
kerberos_failed(const struct obs_kerberos *k)
{
	return k->success == TRUTH_NO && k->request_type != NULL &&
	       strcmp(k->request_type, "AS") == 0 && k->client != NULL &&
	       (k->error_message == NULL ||
		       (strcmp(k->error_message, "KDC_ERR_PREAUTH_REQUIRED") != 0 &&
			       strcmp(k->error_message, "KRB_ERR_RESPONSE_TOO_BIG") != 0));
}

static bool
mysql_failed(const struct obs_mysql *m)
{
	return m->success == TRUTH_NO && m->command != NULL && strcmp(m->command, "login") == 0;
}

static bool
rdp_ended(const struct obs_flow *f)
{
	return f->ip_proto == IPPROTO_TCP &&
	       (f->state == CONN_SF || f->state == CONN_RSTO || f->state == CONN_RSTR) &&
	       strstr(f->service, "rdp") != NULL;
}

static struct failure
failure_of(const struct observation *o)
{
	switch (o->kind) {
	case OBS_LOGIN:
		return (struct failure){ service_of_login(o->login), o->login->user };
	case OBS_HTTP:
		if ((o->http->status_code == 401 || o->http->status_code == 403) &&
			o->http->username != NULL)
			return (struct failure){ SERVICE_HTTP, o->http->username };
		break;
	case OBS_KERBEROS:
		if (kerberos_failed(o->kerberos))
			return (struct failure){ SERVICE_KERBEROS, o->kerberos->client };
		break;
	case OBS_MYSQL:
		if (mysql_failed(o->mysql))
			return (struct failure){ SERVICE_MYSQL, o->mysql->arg };
		break;
	case OBS_NTLM:
		if (o->ntlm->success == TRUTH_NO && o->ntlm->user != NULL)
			return (struct failure){ SERVICE_NTLM, o->ntlm->user };
		break;
	case OBS_FLOW_END:
		if (rdp_ended(o->flow))
			return (struct failure){ SERVICE_RDP, NULL };
		break;
	default:
		break;
	}
	return (struct failure){ SERVICE_NONE, NULL };
}

/* Has this user not failed there before? What is longer than all names are is cut. */
static bool
is_new_user(struct detect *d, const struct bucket *b, const char *user)
{
	struct {
		struct addr server;
		uint64_t service;
		char user[USER_BYTES];
	} key = { .server = b->server, .service = b->service };
	struct state *s = d->window_state;
	uint32_t before = s->users.count;

	if (user == NULL)
		return false;
	memcpy(key.user, user, strnlen(user, sizeof(key.user)));
	uint64_t hash = hash_words(d->hash_key, &key, sizeof(key) / sizeof(uint64_t));
	return arena_map_get(&s->users, &user_shape, d->memory, d->hash_key, &hash) != NULL &&
	       s->users.count > before;
}

static void
report(struct detect *d, const struct bucket *b, uint64_t level, const struct obs_talk *talk)
{
	const struct config *cfg = d->config;
	bool sprays = b->users >= cfg->min_users;
	bool convicts =
		level >= cfg->convict && b->ip_proto != IPPROTO_UDP && b->service != SERVICE_HTTP;
	char server[ADDR_TEXT_MAX];
	char object[EVIDENCE_OBJECT_MAX];
	char as[sizeof(", as 18446744073709551615 users")] = "";

	(void)snprintf(object, sizeof(object), "%s %s", addr_format(&b->server, server),
		service_names[b->service]);
	if (sprays)
		(void)snprintf(as, sizeof(as), ", as %llu users", (unsigned long long)b->users);
	evidence_raise(d,
		&(struct finding){
			.kind = sprays ? &spraying : &guessing,
			.threat = convicts ? THREAT_HIGH : THREAT_MEDIUM,
			.confidence = 0.8,
			.role = EVIDENCE_ATTACKER,
			.decisive = convicts,
			.about = &b->server,
			.port = talk->resp_port,
			.ip_proto = talk->ip_proto,
			.observed = sprays ? b->users : b->failures,
			.threshold = sprays ? cfg->min_users : cfg->capacity,
			.object = object,
			.uids = &talk->uid,
			.uid_count = 1,
		},
		"failed %llu times to log in by %s at %s%s", (unsigned long long)b->failures,
		service_names[b->service], server, as);
}

static void
count(struct detect *d, const struct failure *failed, const struct obs_talk *talk, uint64_t now_ns)
{
	const struct config *cfg = d->config;
	struct state *s = d->window_state;
	const struct bucket key = {
		.server = talk->resp, .service = failed->service, .ip_proto = talk->ip_proto
	};
	struct bucket *b = arena_map_get(&s->buckets, &bucket_shape, d->memory, d->hash_key, &key);

	if (b == NULL)
		return;
	uint64_t level = leaky_bucket_add(&b->level, now_ns, cfg->leak);
	b->failures++;
	b->users += is_new_user(d, b, failed->user);
	bool is_level_due = report_due(&b->next_level, cfg->capacity, level);
	bool are_users_due = report_due(&b->next_users, cfg->min_users, b->users);
	bool is_conviction_due = report_due(&b->next_conviction, cfg->convict, level);
	if (is_level_due || are_users_due || is_conviction_due)
		report(d, b, level, talk);
}

static bool
wants(const struct site *site, const struct observation *o)
{
	(void)site;
	return o->role == ROLE_CLIENT && failure_of(o).service != SERVICE_NONE;
}

static void
observe(struct detect *d, const struct observation *o)
{
	const struct config *cfg = d->config;
	const struct failure failed = failure_of(o);

	if (o->kind != OBS_FLOW_END) {
		count(d, &failed, o->talk, o->ts_ns);
		return;
	}
	const struct obs_flow *f = o->flow;
	if (f->last_ns - f->start_ns < cfg->rdp_session)
		count(d, &failed,
			&(struct obs_talk){ .uid = f->uid,
				.resp = f->resp,
				.resp_port = f->resp_port,
				.ip_proto = f->ip_proto },
			o->ts_ns);
}

const struct detector detector_login_guessing = {
	.name = "login_guessing",
	.summary = "A host fails to log in faster than one who mistypes, or as many users.",
	.subscribes = OBS_BIT(OBS_LOGIN) | OBS_BIT(OBS_HTTP) | OBS_BIT(OBS_KERBEROS) |
		      OBS_BIT(OBS_MYSQL) | OBS_BIT(OBS_NTLM) | OBS_BIT(OBS_FLOW_END),
	.config_size = sizeof(struct config),
	.config = config_items,
	.window_state_size = sizeof(struct state),
	.kinds = (const struct evidence_kind *const[]){ &guessing, &spraying, NULL },
	.wants = wants,
	.observe = observe,
};
