/*
 * outside_alert -- another sensor raised its voice about a conversation of ours.
 *
 * Suricata's alerts and Zeek's notices, read from their logs, become findings of the hosts that they
 * concern: both ends of the conversation, as far as they are ours. Who opened it is the attacker, who was
 * asked is the victim, and both findings are twins: so a reply that gives away a bot is charged to the bot,
 * and nobody is accused because he was attacked. Alerts of one rule (a notice's type, where there is no
 * rule) on one host within `span` are one finding with a count, told at the first and then at each tenfold.
 *
 * The level is that of the rule: severity 1 is high, 2 medium, 3 low, others are info. Notices have none:
 * they are low, and those of scans medium. Other people's rules are as good as their authors; hence
 * CONFIDENCE, and none of them convicts alone.
 *
 * Bounds: SETS x WAYS hosts and rules; where a set is full the one that was silent longest goes, and is
 * told anew.
 *
 * Not told apart: an alert of the packet that was blocked is as bad as of one that passed; the sentence
 * says which.
 *
 * Source: detections §2.2 (notices).
 */
#include "detectors/detector.h"

#include "daemon/base/strbuf.h"
#include "daemon/base/text_safe.h"
#include "daemon/transactions/alert.h"

#include <assert.h>
#include <stdio.h>

enum { SETS = 128, WAYS = 4, OBJECT_MAX = 56, SIGNATURE_MAX = 96, CATEGORY_MAX = 40 };

static const double CONFIDENCE = 0.7;

struct config {
	uint64_t span;
};

static const struct config_item config_items[] = {
	CONFIG_DURATION(struct config, span, 60 * NS_PER_S, 86400 * NS_PER_S, 3600 * NS_PER_S,
		"Time in which alerts of one rule on one host are counted together."),
	CONFIG_END,
};

static const struct evidence_kind suricata = {
	.name = "SURICATA_ALERT",
	.signature_id = 5200050,
	.technique = "",
	.unit = "alerts",
	.title = "Alert of Suricata",
};

static const struct evidence_kind zeek = {
	.name = "ZEEK_NOTICE",
	.signature_id = 5200051,
	.technique = "",
	.unit = "notices",
	.title = "Notice of Zeek",
};

/* A host, and a rule's number or what stands for it: padded with zeros. */
struct key {
	struct addr host;
	char object[OBJECT_MAX];
};

static_assert(sizeof(struct key) % sizeof(uint64_t) == 0, "it is hashed by words");

/* All zero: nobody, who is no host. */
struct seen {
	struct key key;
	uint64_t first_ns, last_ns;
	uint64_t count; /* from first_ns on */
	uint64_t next_report;
};

struct state {
	struct seen seen[SETS][WAYS];
};

static bool
is_zeek(const struct obs_alert *a)
{
	return strcmp(a->source, "zeek") == 0;
}

static enum threat
level_of(const struct obs_alert *a)
{
	static const enum threat levels[] = { THREAT_INFO, THREAT_HIGH, THREAT_MEDIUM, THREAT_LOW };

	if (a->severity < sizeof(levels) / sizeof(levels[0]))
		return levels[a->severity];
	if (!is_zeek(a))
		return THREAT_INFO;
	return a->category != NULL && strncmp(a->category, "Scan::", 6) == 0 ? THREAT_MEDIUM
									     : THREAT_LOW;
}

static struct key
key_of(const struct obs_alert *a, const struct addr *host)
{
	struct key key = { .host = *host };

	if (a->sid != TRANSACTION_UNSET)
		(void)snprintf(key.object, sizeof(key.object), "%llu", (unsigned long long)a->sid);
	else
		(void)text_safe_in(
			key.object, sizeof(key.object), is_zeek(a) ? a->category : a->signature);
	return key;
}

static struct seen *
seen_find(struct seen set[WAYS], const struct key *key)
{
	for (unsigned i = 0; i < WAYS; i++)
		if (memcmp(&set[i].key, key, sizeof(*key)) == 0)
			return &set[i];
	return NULL;
}

/* A place for another one: that of who was silent longest. */
static struct seen *
seen_add(struct seen set[WAYS], const struct key *key)
{
	struct seen *oldest = &set[0];

	for (unsigned i = 1; i < WAYS; i++)
		if (set[i].last_ns < oldest->last_ns)
			oldest = &set[i];
	*oldest = (struct seen){ .key = *key };
	return oldest;
}

/* "was the target of 10 alerts of Suricata from 203.0.113.9, blocked: \"ET SCAN Nmap\" (Attempted Information Leak)" */
static const char *
sentence(char room[EVIDENCE_TEXT_MAX], const struct obs_alert *a, const struct addr *peer,
	bool opened, uint64_t count)
{
	const char *what = is_zeek(a) ? "notice" : "alert";
	char text[SIGNATURE_MAX];
	char address[ADDR_TEXT_MAX];
	struct strbuf b;

	strbuf_init(&b, room, EVIDENCE_TEXT_MAX);
	strbuf_printf(&b, "was the %s of %llu %s%s of %s", opened ? "source" : "target",
		(unsigned long long)count, what, count == 1 ? "" : "s",
		is_zeek(a) ? "Zeek" : "Suricata");
	if (peer != NULL)
		strbuf_printf(&b, " %s %s", opened ? "to" : "from", addr_format(peer, address));
	if (a->action != NULL && strcmp(a->action, "blocked") == 0)
		strbuf_text(&b, ", blocked");
	strbuf_printf(&b, ": \"%s\"", text_safe_in(text, SIGNATURE_MAX, a->signature));
	if (a->category != NULL)
		strbuf_printf(&b, " (%s)", text_safe_in(text, CATEGORY_MAX, a->category));
	return room;
}

/* Charge one end of the conversation. returns false when it is none of ours */
static bool
report(struct detect *d, const struct observation *o, const struct key *key, bool opened,
	uint64_t count)
{
	const struct obs_talk *talk = o->talk;
	const struct addr *peer = opened ? &talk->resp : &talk->orig;
	const struct addr *about = addr_is_host(peer) ? peer : NULL;
	char text[EVIDENCE_TEXT_MAX];

	return evidence_raise_on(d, &key->host,
		&(struct finding){
			.kind = is_zeek(o->alert) ? &zeek : &suricata,
			.threat = level_of(o->alert),
			.confidence = CONFIDENCE,
			.role = opened ? EVIDENCE_ATTACKER : EVIDENCE_VICTIM,
			.about = about,
			.port = talk->resp_port,
			.ip_proto = talk->ip_proto,
			.observed = count,
			.threshold = 1,
			.object = key->object,
			.uids = &talk->uid,
			.uid_count = talk->uid.text[0] != '\0',
		},
		"%s", sentence(text, o->alert, about, opened, count));
}

/* One end of the conversation: count, and tell it when that is due. Nothing is kept of who is none of ours. */
static void
concern(struct detect *d, const struct observation *o, const struct addr *host, bool opened)
{
	const struct config *cfg = d->config;
	struct state *state = d->site_state;
	const struct key key = key_of(o->alert, host);
	struct seen *set =
		state->seen[hash_words(d->sketch_key, &key, sizeof(key) / sizeof(uint64_t)) % SETS];
	struct seen *s = seen_find(set, &key);
	struct seen now = { .key = key, .first_ns = o->ts_ns };

	if (s != NULL && o->ts_ns < s->first_ns + cfg->span)
		now = *s;
	now.count++;
	if (o->ts_ns > now.last_ns)
		now.last_ns = o->ts_ns;
	if (report_due(&now.next_report, 1, now.count) && !report(d, o, &key, opened, now.count))
		return;
	if (s == NULL)
		s = seen_add(set, &key);
	*s = now;
}

static void
observe_site(struct detect *d, const struct observation *o)
{
	const struct obs_talk *talk = o->talk;

	if (addr_is_host(&talk->orig))
		concern(d, o, &talk->orig, /* opened= */ true);
	if (addr_is_host(&talk->resp) && !addr_equal(&talk->orig, &talk->resp))
		concern(d, o, &talk->resp, /* opened= */ false);
}

const struct detector detector_outside_alert = {
	.name = "outside_alert",
	.summary = "Another sensor raised its voice about a conversation.",
	.subscribes = OBS_BIT(OBS_ALERT),
	.config_size = sizeof(struct config),
	.config = config_items,
	.site_state_size = sizeof(struct state),
	.kinds = (const struct evidence_kind *const[]){ &suricata, &zeek, NULL },
	.observe_site = observe_site,
};
