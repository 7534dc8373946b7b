#include "tests/evasion/evasion_rig.h"

#include "daemon/base/time_text.h"
#include "daemon/transactions/dns.h"
#include "detectors/detector.h"

#include <stdio.h>
#include <stdlib.h>
#include <string.h>

enum { OUTCOME_MAX = 1024, MESSAGE_ID = 0x4242, TTL_S = 60 };

/* ---- the detector that looks for the marker ---- */

static void
observe(struct detect *d, const struct observation *o)
{
	struct evasion *v = *(struct evasion *const *)d->config;

	if (o->kind == OBS_WEIRD)
		v->is_reported[o->weird->kind] = true;
	else if (!dns_is_answered(o->dns) || o->dns->query == NULL)
		return; /* questions name nothing */
	else if (strcmp(o->dns->query, v->marker) == 0)
		v->found++;
	else if (v->wrong[0] == '\0')
		(void)snprintf(v->wrong, sizeof(v->wrong), "%s", o->dns->query);
}

static const struct detector watcher = {
	.name = "watcher",
	.subscribes = OBS_BIT(OBS_DNS) | OBS_BIT(OBS_WEIRD),
	.observe = observe,
};

/* ---- cases ---- */

static size_t
outcome_reports(const struct evasion *v, char *text, size_t room)
{
	const char *before = v->found > 0 ? ", reported: " : "reported: ";
	size_t used = 0;

	for (enum weird w = 0; w < WEIRD_COUNT; w++) {
		if (!v->is_reported[w])
			continue;
		used += (size_t)snprintf(text + used, room - used, "%s%s", before, weird_name(w));
		before = " ";
	}
	return used;
}

/* What the sensor made of it, in the words of evasion_case.expected. */
static void
outcome(const struct evasion *v, char text[OUTCOME_MAX])
{
	size_t used = 0;

	if (v->wrong[0] != '\0') {
		(void)snprintf(text, OUTCOME_MAX, "wrong marker %s", v->wrong);
		return;
	}
	text[0] = '\0';
	if (v->found == 1)
		used = (size_t)snprintf(text, OUTCOME_MAX, "found");
	else if (v->found > 1)
		used = (size_t)snprintf(text, OUTCOME_MAX, "found %u times", v->found);
	used += outcome_reports(v, text + used, OUTCOME_MAX - used);
	if (used == 0)
		(void)snprintf(text, OUTCOME_MAX, "nothing");
}

static void
play_one(struct evasion_set *set, const struct evasion_case *c)
{
	char text[OUTCOME_MAX];
	struct evasion v = { .rig = malloc(sizeof(*v.rig)),
		.now_ns = RIG_BASE_S * NS_PER_S,
		.marker = c->marker != NULL ? c->marker : EVASION_MARKER };
	const struct evasion *watched = &v;

	if (v.rig == NULL)
		abort();
	engine_rig_init(v.rig);
	if (c->set != NULL)
		c->set(&v.rig->settings);
	engine_rig_detector(v.rig, &watcher, &watched);
	engine_rig_start(v.rig);
	c->play(&v, c->argument);
	/* Also what no host can be told of: a frame without addresses. */
	struct engine_stats stats = engine_stats(v.rig->engine);
	for (enum weird w = 0; w < WEIRD_COUNT; w++)
		v.is_reported[w] |= stats.weird[w] > 0;
	engine_rig_finish(v.rig);
	free(v.rig);

	outcome(&v, text);
	bool is_right = strcmp(text, c->expected) == 0;
	set->cases++;
	set->failed += !is_right;
	(void)printf("%s  %s: %s", is_right ? "ok  " : "FAIL", c->name, text);
	if (!is_right)
		(void)printf(" (expected: %s)", c->expected);
	(void)printf("\n");
}

void
evasion_play(struct evasion_set *set, const struct evasion_case *cases, size_t count)
{
	for (size_t i = 0; i < count; i++)
		play_one(set, &cases[i]);
}

int
evasion_end(const struct evasion_set *set)
{
	(void)printf("%s: %zu cases, %zu failed\n", set->name, set->cases, set->failed);
	return set->failed == 0 && set->cases > 0 ? EXIT_SUCCESS : EXIT_FAILURE;
}

/* ---- frames ---- */

void
evasion_send_bytes(struct evasion *v, uint16_t link, const uint8_t *bytes, size_t len)
{
	const struct frame f = {
		.ts_ns = v->now_ns,
		.bytes = bytes,
		.captured = (uint32_t)len,
		.wire = (uint32_t)len,
		.link = link,
		.interface = v->interface,
	};

	engine_packets(v->rig->engine, &f, 1);
	v->now_ns += NS_PER_S / 1000;
}

void
evasion_send(
	struct evasion *v, size_t (*build)(uint8_t *, const struct build *), const struct build *b)
{
	static uint8_t bytes[BUILD_MAX];

	evasion_send_bytes(v, build_link_type(b), bytes, build(bytes, b));
}

void
evasion_wait(struct evasion *v, double seconds)
{
	v->now_ns += (uint64_t)(seconds * (double)NS_PER_S);
	engine_tick(v->rig->engine, v->now_ns);
}

/* ---- messages ---- */

static uint8_t *
put16(uint8_t *at, unsigned n)
{
	*at++ = (uint8_t)(n >> 8);
	*at++ = (uint8_t)n;
	return at;
}

static uint8_t *
put_name(uint8_t *at, const char *name)
{
	while (*name != '\0') {
		size_t label = strcspn(name, ".");

		*at++ = (uint8_t)label;
		memcpy(at, name, label);
		at += label;
		name += label + (name[label] == '.');
	}
	*at++ = 0;
	return at;
}

size_t
evasion_message(uint8_t *ret_message, const char *name)
{
	static const uint8_t address[] = { 203, 0, 113, 9 };
	uint8_t *at = ret_message;

	at = put16(at, MESSAGE_ID);
	at = put16(at, 0x8180); /* an answer without error */
	at = put16(at, 1);
	at = put16(at, 1);
	at = put16(at, 0);
	at = put16(at, 0);
	at = put_name(at, name);
	at = put16(at, 1); /* A, IN */
	at = put16(at, 1);
	at = put16(at, 0xc00c); /* the name of the question */
	at = put16(at, 1);
	at = put16(at, 1);
	at = put16(at, 0);
	at = put16(at, TTL_S);
	at = put16(at, sizeof(address));
	memcpy(at, address, sizeof(address));
	return (size_t)(at - ret_message) + sizeof(address);
}

static struct build
answer(const char *server, const char *victim, uint8_t *ret_message, const char *name)
{
	struct build b = build_between(server, 53, victim, 40000);

	b.payload = ret_message;
	b.payload_bytes = evasion_message(ret_message, name);
	return b;
}

struct build
evasion_answer(uint8_t *ret_message, const char *name)
{
	return answer("10.0.0.53", "10.0.0.7", ret_message, name);
}

struct build
evasion_answer6(uint8_t *ret_message, const char *name)
{
	return answer("2001:db8::53", "2001:db8::7", ret_message, name);
}
