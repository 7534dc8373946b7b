/*
 * ssh_guessing -- a host guesses passwords at an SSH server.
 *
 * SSH is encrypted, so that an attempt is a session that did not lead anywhere: the parser saw it refused,
 * or the two agreed on keys and the session then ended before it had carried what a user's session does
 * (`max_bytes`). A session that let somebody in counts nothing, and neither does one without keys: that is
 * how monitors look whether a server is there. What neither side ended, the end of the capture may have.
 *
 * Told for each server and port at `min_attempts` and then each time that the attempts above have doubled
 * (9, 10, 12, 16, 24, 40 ...), with a confidence that grows; programs that guess are known by their banner.
 * `convict_attempts` are more than anybody mistypes, and convict. nmap's script has 47
 * sessions at one server in twelve seconds.
 *
 * Bounds: CAMPAIGNS_MAX servers' ports a window, and the last SESSIONS sessions whose end is waited for;
 * past them, or without memory, attempts are not counted.
 *
 * Not told apart: a program that tries an outdated password again and again, and one that guesses.
 *
 * Source: detections §1.7, §2.13.
 */
#include "detectors/detector.h"

#include "daemon/base/ascii.h"
#include "daemon/transactions/ssh.h"

#include <stdio.h>

enum { CAMPAIGNS_MAX = 256, SESSIONS = 32, SSH_BYTES = 4290 };

static const double CONFIDENCE_FIRST = 0.5, CONFIDENCE_GROWTH = 0.4, CONFIDENCE_GUESS_MOST = 0.99;

struct config {
	uint32_t min_attempts;
	uint32_t convict_attempts;
	uint64_t max_bytes;
};

static const struct config_item config_items[] = {
	CONFIG_U32(struct config, min_attempts, 2, 10000, 9, "attempts",
		"Failed attempts to log in to one SSH server that are worth a mention."),
	CONFIG_U32(struct config, convict_attempts, 2, 1000000, 30, "attempts",
		"Failed attempts to log in to one SSH server that convict."),
	CONFIG_SIZE(struct config, max_bytes, 1, 1048576, SSH_BYTES,
		"An SSH session of so many bytes or fewer let nobody in, when its outcome is not known."),
	CONFIG_END,
};

static const struct evidence_kind guessing = {
	.name = "PASSWORD_GUESSING",
	.signature_id = 5200350,
	.technique = "T1110.001",
	.unit = "attempts",
	.title = "Password guessing by SSH",
	.may_convict = true,
};

/* How a banner names a program, in lower case, and how much surer that makes us. */
struct program {
	const char *name;
	double bonus;
};

/* Libraries that guessing programs are made with come before what people use. */
static const struct program programs[] = {
	{ "libssh", 0.1 },
	{ "paramiko", 0.1 },
	{ "hydra", 0.1 },
	{ "medusa", 0.1 },
	{ "ncrack", 0.1 },
	{ "net::ssh", 0.1 },
	{ "net-ssh", 0.1 },
	{ "asyncssh", 0.1 },
	{ "jsch", 0.1 },
	{ "sshj", 0.1 },
	{ "openssh", 0.05 },
	{ "putty", 0.05 },
	{ "dropbear", 0.05 },
	{ "winscp", 0.05 },
};

struct campaign {
	struct addr server; /* the key, with the port */
	uint64_t port;
	uint64_t attempts;
	uint64_t told;                 /* attempts at the last report */
	const struct program *program; /* NULL: not known */
};

static const struct arena_map_shape campaign_shape = {
	.item_size = sizeof(struct campaign),
	.key_size = offsetof(struct campaign, attempts),
	.capacity = CAMPAIGNS_MAX,
};

/* A session whose end will tell: all zero is none. */
struct session {
	uint64_t id;
	const struct program *program;
};

struct sessions {
	struct session at[SESSIONS];
	uint32_t next;
};

struct state {
	struct arena_map campaigns;
	struct sessions *waiting; /* NULL until there is one */
};

/* returns NULL when it is none that is known, or there is no banner */
static const struct program *
program_of(const char *banner)
{
	for (size_t i = 0; banner != NULL && i < sizeof(programs) / sizeof(programs[0]); i++)
		if (ascii_holds(banner, programs[i].name))
			return &programs[i];
	return NULL;
}

/* How often were so many attempts told? Once at the least number, again at 2, 4, 8 ... above the one before it. */
static unsigned
reports_of(uint64_t attempts, uint32_t least)
{
	unsigned reports = 0;

	for (uint64_t above = attempts >= least ? attempts - least + 1 : 0; above > 0; above /= 2)
		reports++;
	return reports;
}

static double
confidence_of(const struct config *cfg, const struct campaign *c)
{
	if (c->attempts >= cfg->convict_attempts)
		return 1;
	double share = (double)(c->attempts - cfg->min_attempts) /
		       (double)(cfg->convict_attempts - cfg->min_attempts);
	double confidence = CONFIDENCE_FIRST + CONFIDENCE_GROWTH * share +
			    (c->program != NULL ? c->program->bonus : 0);
	return confidence < CONFIDENCE_GUESS_MOST ? confidence : CONFIDENCE_GUESS_MOST;
}

static void
report(struct detect *d, const struct campaign *c, const struct flow_uid *uid)
{
	const struct config *cfg = d->config;
	char where[EVIDENCE_OBJECT_MAX];
	char server[ADDR_TEXT_MAX];

	(void)snprintf(where, sizeof(where), "%s port %u/tcp", addr_format(&c->server, server),
		(unsigned)c->port);
	evidence_raise(d,
		&(struct finding){
			.kind = &guessing,
			.threat = THREAT_MEDIUM,
			.confidence = confidence_of(cfg, c),
			.role = EVIDENCE_ATTACKER,
			.decisive = c->attempts >= cfg->convict_attempts,
			.about = &c->server,
			.port = (uint16_t)c->port,
			.ip_proto = IPPROTO_TCP,
			.observed = c->attempts,
			.threshold = cfg->min_attempts,
			.object = where,
			.uids = uid,
			.uid_count = 1,
		},
		"failed %llu times to log in by SSH at %s%s%s", (unsigned long long)c->attempts,
		where, c->program != NULL ? ", by a program that calls itself " : "",
		c->program != NULL ? c->program->name : "");
}

static void
count(struct detect *d, const struct campaign *key, uint64_t attempts, const struct flow_uid *uid)
{
	const struct config *cfg = d->config;
	struct state *s = d->window_state;
	struct campaign *c =
		arena_map_get(&s->campaigns, &campaign_shape, d->memory, d->hash_key, key);

	if (c == NULL)
		return;
	c->attempts += attempts;
	if (key->program != NULL)
		c->program = key->program;
	bool convicts = c->attempts >= cfg->convict_attempts && c->told < cfg->convict_attempts;
	if (c->attempts < cfg->min_attempts ||
		(!convicts && reports_of(c->attempts, cfg->min_attempts) ==
				      reports_of(c->told, cfg->min_attempts)))
		return;
	c->told = c->attempts;
	report(d, c, uid);
}

/* Its size is known when it ends. */
static void
await_end(struct detect *d, uint64_t id, const struct program *program)
{
	struct state *s = d->window_state;

	if (s->waiting == NULL)
		s->waiting = arena_alloc(d->memory, sizeof(*s->waiting));
	if (s->waiting == NULL)
		return;
	s->waiting->at[s->waiting->next++ % SESSIONS] =
		(struct session){ .id = id, .program = program };
}

static void
observe_session(struct detect *d, const struct observation *o)
{
	const struct obs_ssh *ssh = o->ssh;
	const struct obs_talk *talk = o->talk;
	const struct program *program = program_of(ssh->client);

	if (ssh->auth_success == TRUTH_UNKNOWN) {
		await_end(d, talk->id, program);
		return;
	}
	bool is_counted = ssh->auth_attempts > 0 && ssh->auth_attempts != TRANSACTION_UNSET;
	count(d,
		&(struct campaign){
			.server = talk->resp, .port = talk->resp_port, .program = program },
		is_counted ? ssh->auth_attempts : 1, &talk->uid);
}

static void
observe_end(struct detect *d, const struct obs_flow *f)
{
	const struct config *cfg = d->config;
	struct sessions *waiting = ((struct state *)d->window_state)->waiting;

	if (waiting == NULL ||
		f->orig_total.payload_bytes + f->resp_total.payload_bytes > cfg->max_bytes)
		return;
	for (size_t i = 0; i < SESSIONS; i++) {
		struct session *at = &waiting->at[i];
		if (at->id != f->id)
			continue;
		at->id = 0;
		count(d,
			&(struct campaign){
				.server = f->resp, .port = f->resp_port, .program = at->program },
			1, &f->uid);
		return;
	}
}

/* Did one of the two end it? Where the capture ends or the flow table is full, it may have gone on. */
static bool
is_over(const struct obs_flow *f)
{
	return f->state == CONN_SF || f->state == CONN_RSTO || f->state == CONN_RSTR;
}

static bool
wants(const struct site *site, const struct observation *o)
{
	(void)site;
	if (o->role != ROLE_CLIENT)
		return false;
	if (o->kind == OBS_SSH)
		return o->ssh->auth_success == TRUTH_NO ||
		       (o->ssh->auth_success == TRUTH_UNKNOWN && o->ssh->kex_alg != NULL);
	return o->flow->ip_proto == IPPROTO_TCP && is_over(o->flow) &&
	       strstr(o->flow->service, "ssh") != NULL;
}

static void
observe(struct detect *d, const struct observation *o)
{
	if (o->kind == OBS_SSH)
		observe_session(d, o);
	else
		observe_end(d, o->flow);
}

const struct detector detector_ssh_guessing = {
	.name = "ssh_guessing",
	.summary = "A host guesses passwords at an SSH server.",
	.subscribes = OBS_BIT(OBS_SSH) | OBS_BIT(OBS_FLOW_END),
	.config_size = sizeof(struct config),
	.config = config_items,
	.window_state_size = sizeof(struct state),
	.kinds = (const struct evidence_kind *const[]){ &guessing, NULL },
	.wants = wants,
	.observe = observe,
};
