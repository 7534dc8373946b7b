/*
 * beacon -- a host calls one other again and again, by the clock and always with the same.
 *
 * A program that waits for orders asks for them: a connection every so often, with a request that is as long
 * as the last one. Two things are measured of the established TCP connections to one port of a peer. How
 * regular they are: how little the time from one to the next strays from its median (by the median of what it
 * strays), or, for those who jitter, how evenly the minutes are filled, whichever is more. How alike they are:
 * the share of those whose request is as long as the median one, within 5 % or 16 bytes. The mean of both, from
 * `min_score` on, after `min_connections` within no less than `min_span`, is told once for each port, with the
 * score as confidence. Both from 0 to 1.
 *
 * It convicts from `convict` connections on when both are high and the peer is on the Internet: hundreds of
 * connections of one length by the clock are a machine that reports to another one, whatever else they are.
 * Between neighbours monitoring does that, and so does, anywhere, who only looks whether a port is open: without
 * a request none convicts.
 *
 * Left out are services that one logs in to, where guessing is as regular, names and time, the gateway, and
 * what members of a domain do with its controller.
 *
 * Bounds: MAX_WATCHED ports of peers a window, from the WATCHED_FROM-th connection on, as a sketch of SEEN
 * counters has them: it may take others' for theirs, and watch a little early. When all are taken the most
 * overdue, that has broken its rhythm, makes room, or the newcomer is not watched. SAMPLES latest
 * connections, and the first MINUTES.
 *
 * Not told apart: what polls for news or mail with a new connection each time.
 *
 * Source: detections §8 rows 1 and 19.
 */
#include "detectors/detector.h"

#include <math.h>

enum {
	SEEN = 128,
	WATCHED_FROM = 3,
	MAX_WATCHED = 12,
	SAMPLES = 32,
	MINUTES = 60,
	ALIKE_PERCENT = 5,
	ALIKE_BYTES = 16,
	OVERDUE = 4, /* times the mean time between connections */
};

static const double CONVICT_REGULARITY = 0.9;
static const double CONVICT_LIKENESS = 0.8;

struct config {
	uint32_t min_connections, convict;
	uint64_t min_span;
	double min_score;
};

static const struct config_item config_items[] = {
	CONFIG_U32(struct config, min_connections, 4, 10000, 8, "connections",
		"Connections to one port of one host in one window, the first two left out, from which on their rhythm is looked at."),
	CONFIG_U32(struct config, convict, 0, 1000000, 200, "connections",
		"Connections by the clock, all of one length, to one host of the Internet in one window that are a conviction; 0: none is."),
	CONFIG_DURATION(struct config, min_span, 60 * NS_PER_S, 86400 * NS_PER_S, 300 * NS_PER_S,
		"Time that the connections span at least."),
	CONFIG_DOUBLE(struct config, min_score, 0.1, 1.0, 0.7, "",
		"Mean of regularity and likeness, from 0 to 1, from which on connections are a beacon."),
	CONFIG_END,
};

static const struct evidence_kind beacon = {
	.name = "BEACON",
	.signature_id = 5200301,
	.technique = "T1071",
	.unit = "connections",
	.title = "Connections by the clock",
	.may_convict = true,
	.aspect = ASPECT_HABIT,
};

struct sample {
	uint32_t at_ms; /* after the first */
	uint32_t bytes; /* of the request */
};

/* One port of a peer. */
struct watched {
	struct addr addr;
	struct watched *next;
	uint64_t first_ns;
	uint32_t connections;
	uint16_t port;
	bool is_told, is_convicted;
	struct sample sample[SAMPLES]; /* the latest, in order of time */
	uint8_t minute[MINUTES];       /* connections, after the first */
};

struct state {
	uint8_t *seen; /* connections, by hash of peer and port */
	struct watched *watched;
	uint32_t count;
};

struct rhythm {
	double regularity, likeness;
	uint32_t gap_ms, bytes; /* the median ones */
};

static uint32_t
least(uint64_t a, uint32_t b)
{
	return a < b ? (uint32_t)a : b;
}

/* The middle one, the lower of two. `values` are in order afterwards. */
static uint32_t
median(uint32_t *values, uint32_t count)
{
	for (uint32_t i = 1; i < count; i++) {
		uint32_t value = values[i];
		uint32_t at = i;

		for (; at > 0 && values[at - 1] > value; at--)
			values[at] = values[at - 1];
		values[at] = value;
	}
	return values[(count - 1) / 2];
}

static uint32_t
distance(uint32_t a, uint32_t b)
{
	return a > b ? a - b : b - a;
}

/* How little the gaps stray from their median. */
static double
steadiness(const struct watched *w, uint32_t samples, uint32_t *ret_gap_ms)
{
	uint32_t gap[SAMPLES] = { 0 };
	uint32_t count = samples - 1;

	for (uint32_t i = 0; i < count; i++)
		gap[i] = w->sample[i + 1].at_ms - w->sample[i].at_ms;
	uint32_t middle = median(gap, count);
	*ret_gap_ms = middle;
	for (uint32_t i = 0; i < count; i++)
		gap[i] = distance(gap[i], middle);
	uint32_t strays = median(gap, count);
	return strays < middle ? 1.0 - (double)strays / middle : 0.0;
}

/* How evenly the minutes from the first connection to the last are filled. */
static double
evenness(const struct watched *w, uint32_t last_ms)
{
	uint32_t minutes = least(last_ms / 60000 + 1, MINUTES);
	uint32_t filled = 0;
	double sum = 0;
	double squares = 0;

	for (uint32_t i = 0; i < minutes; i++) {
		filled += w->minute[i] > 0;
		sum += w->minute[i];
		squares += (double)w->minute[i] * w->minute[i];
	}
	double mean = sum / minutes;
	double strays = sqrt(fmax(squares / minutes - mean * mean, 0));
	return fmax(1.0 - strays / mean, 0) * filled / minutes;
}

/* The share of requests that are as long as the median one. */
static double
likeness(const struct watched *w, uint32_t samples, uint32_t *ret_bytes)
{
	uint32_t bytes[SAMPLES] = { 0 };
	uint32_t alike = 0;

	for (uint32_t i = 0; i < samples; i++)
		bytes[i] = w->sample[i].bytes;
	uint32_t middle = median(bytes, samples);
	*ret_bytes = middle;
	uint64_t margin = (uint64_t)middle * ALIKE_PERCENT / 100;
	if (margin < ALIKE_BYTES)
		margin = ALIKE_BYTES;
	for (uint32_t i = 0; i < samples; i++)
		alike += distance(bytes[i], middle) <= margin;
	return (double)alike / samples;
}

static struct rhythm
rhythm_of(const struct watched *w)
{
	uint32_t samples = least(w->connections, SAMPLES);
	struct rhythm r;

	r.likeness = likeness(w, samples, &r.bytes);
	double steady = steadiness(w, samples, &r.gap_ms);
	r.regularity = fmax(steady, evenness(w, w->sample[samples - 1].at_ms));
	return r;
}

static struct watched *
find(const struct state *s, const struct obs_flow *f)
{
	struct watched *w = s->watched;

	while (w != NULL && (w->port != f->resp_port || !addr_equal(&w->addr, &f->resp)))
		w = w->next;
	return w;
}

/* How late the next connection is, in times of the mean time between those before. */
static double
lateness(const struct watched *w, uint64_t now_ns)
{
	uint32_t samples = least(w->connections, SAMPLES);
	uint32_t first_ms = w->sample[0].at_ms;
	uint32_t last_ms = w->sample[samples - 1].at_ms;
	double silent_ms = ((double)now_ns - (double)w->first_ns) / 1e6 - last_ms;

	return silent_ms / fmax((double)(last_ms - first_ms) / samples, 1);
}

/* Who has broken its rhythm most; NULL when all keep to theirs. */
static struct watched *
overdue(const struct state *s, uint64_t now_ns)
{
	struct watched *most = NULL;
	double late = OVERDUE;

	for (struct watched *w = s->watched; w != NULL; w = w->next)
		if (lateness(w, now_ns) >= late) {
			most = w;
			late = lateness(w, now_ns);
		}
	return most;
}

static struct watched *
watch(struct detect *d, struct state *s, const struct obs_flow *f)
{
	struct watched *w;
	struct watched *next = s->watched;

	if (s->count < MAX_WATCHED) {
		w = arena_alloc(d->memory, sizeof(*w));
		if (w == NULL)
			return NULL;
		s->watched = w;
		s->count++;
	} else {
		w = overdue(s, f->start_ns);
		if (w == NULL)
			return NULL;
		next = w->next;
	}
	*w = (struct watched){
		.addr = f->resp, .port = f->resp_port, .first_ns = f->start_ns, .next = next
	};
	return w;
}

/* One more connection to a port that nobody watches. returns whether they are enough to watch it */
static bool
is_frequent(struct detect *d, struct state *s, const struct obs_flow *f)
{
	uint64_t key[sizeof(f->resp) / sizeof(uint64_t) + 1];

	if (s->seen == NULL)
		s->seen = arena_alloc(d->memory, SEEN);
	if (s->seen == NULL)
		return false;
	memcpy(key, &f->resp, sizeof(f->resp));
	key[sizeof(f->resp) / sizeof(uint64_t)] = f->resp_port;
	uint8_t *seen =
		&s->seen[hash_words(d->sketch_key, key, sizeof(key) / sizeof(key[0])) % SEEN];
	if (*seen < WATCHED_FROM)
		(*seen)++;
	return *seen == WATCHED_FROM;
}

/* Ends come in an order of their own: put it in its place among the latest. */
static void
add_sample(struct watched *w, uint32_t at_ms, uint32_t bytes)
{
	uint32_t at = least(w->connections, SAMPLES);

	if (at == SAMPLES) {
		at--;
		memmove(&w->sample[0], &w->sample[1], at * sizeof(w->sample[0]));
	}
	for (; at > 0 && w->sample[at - 1].at_ms > at_ms; at--)
		w->sample[at] = w->sample[at - 1];
	w->sample[at] = (struct sample){ at_ms, bytes };
}

static void
add(struct watched *w, const struct obs_flow *f)
{
	uint64_t after_ns = f->start_ns > w->first_ns ? f->start_ns - w->first_ns : 0;
	uint64_t minute = after_ns / (60 * NS_PER_S);

	add_sample(w, least(after_ns / 1000000, UINT32_MAX),
		least(f->orig_total.payload_bytes, UINT32_MAX));
	if (minute < MINUTES && w->minute[minute] < UINT8_MAX)
		w->minute[minute]++;
	w->connections++;
}

static void
report(struct detect *d, const struct watched *w, const struct rhythm *r, const struct obs_flow *f)
{
	const struct config *cfg = d->config;
	char peer[ADDR_TEXT_MAX];
	char object[ADDR_TEXT_MAX + sizeof(" 65535/tcp")];
	char span[32];
	struct strbuf b;

	strbuf_init(&b, object, sizeof(object));
	strbuf_printf(&b, "%s %u/tcp", addr_format(&w->addr, peer), w->port);
	strbuf_init(&b, span, sizeof(span));
	time_text_length(&b, f->start_ns - w->first_ns);
	evidence_raise(d,
		&(struct finding){
			.kind = &beacon,
			.threat = THREAT_MEDIUM,
			.confidence = (r->regularity + r->likeness) / 2,
			.role = EVIDENCE_ATTACKER,
			.decisive = w->is_convicted,
			.about = &w->addr,
			.port = w->port,
			.ip_proto = IPPROTO_TCP,
			.observed = w->connections,
			.threshold = w->is_convicted ? cfg->convict : cfg->min_connections,
			.object = object,
			.uids = &f->uid,
			.uid_count = 1,
		},
		"connected %u times to port %u/tcp of %s within %s, about every %.1f s: regularity %.2f, likeness %.2f",
		w->connections, w->port, peer, span, r->gap_ms / 1e3, r->regularity, r->likeness);
}

/* Tell it when it is a beacon that was not told, or that convicts now. */
static void
judge(struct detect *d, struct watched *w, const struct obs_flow *f)
{
	const struct config *cfg = d->config;
	const struct rhythm r = rhythm_of(w);
	bool convicts = cfg->convict > 0 && w->connections >= cfg->convict &&
			r.regularity >= CONVICT_REGULARITY && r.likeness >= CONVICT_LIKENESS &&
			r.bytes > 0 && is_on_internet(d->site, &w->addr);

	if ((r.regularity + r.likeness) / 2 < cfg->min_score || (w->is_told && !convicts))
		return;
	w->is_told = true;
	w->is_convicted = convicts;
	report(d, w, &r, f);
}

/* Where people log in, ask for names or for the time; in order. */
static bool
is_left_out(uint16_t port)
{
	static const uint16_t ports[] = { 21, 22, 23, 25, 53, 110, 123, 143, 465, 512, 513, 514,
		587, 853, 993, 995, 3389, 5900 };
	size_t i = 0;

	while (i < sizeof(ports) / sizeof(ports[0]) && ports[i] < port)
		i++;
	return i < sizeof(ports) / sizeof(ports[0]) && ports[i] == port;
}

/* Kerberos, RPC, LDAP, SMB. */
static bool
is_of_domain(uint16_t port)
{
	return port == 88 || port == 135 || port == 389 || port == 445;
}

/* The same by what was recognised, at other ports. */
static bool
is_login(const char *service)
{
	static const char *const services[] = { "ftp", "imap", "pop3", "rdp", "rlogin", "rsh",
		"smtp", "ssh", "telnet" };

	for (size_t i = 0; i < sizeof(services) / sizeof(services[0]); i++)
		if (strncmp(service, services[i], strlen(services[i])) == 0)
			return true;
	return false;
}

static bool
wants(const struct site *site, const struct observation *o)
{
	const struct obs_flow *f = o->flow;

	return o->role == ROLE_CLIENT && f->ip_proto == IPPROTO_TCP && f->established &&
	       !is_left_out(f->resp_port) && !is_login(f->service) &&
	       (addr_is_public(&f->resp) ||
		       (!is_of_domain(f->resp_port) && !site_is_gateway(site, &f->resp)));
}

static void
observe(struct detect *d, const struct observation *o)
{
	const struct config *cfg = d->config;
	const struct obs_flow *f = o->flow;
	struct state *s = d->window_state;

	struct watched *w = find(s, f);
	if (w == NULL && is_frequent(d, s, f))
		w = watch(d, s, f);
	if (w == NULL)
		return;
	add(w, f);
	if (w->connections >= cfg->min_connections && !w->is_convicted &&
		f->start_ns >= w->first_ns + cfg->min_span)
		judge(d, w, f);
}

const struct detector detector_beacon = {
	.name = "beacon",
	.summary = "A host calls one other again and again, by the clock and always with the same.",
	.subscribes = OBS_BIT(OBS_FLOW_END),
	.config_size = sizeof(struct config),
	.config = config_items,
	.window_state_size = sizeof(struct state),
	.kinds = (const struct evidence_kind *const[]){ &beacon, NULL },
	.wants = wants,
	.observe = observe,
};
