#include "tests/support/sensor_rig.h"

#include "daemon/base/time_text.h"
#include "daemon/config/config_rows.h"
#include "daemon/transactions/dns.h"
#include "detectors/detector.h"

#include <assert.h>
#include <netinet/in.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#define MIB (UINT64_C(1024) * 1024)

static struct sensor_told *
tell(struct sensor_rig *r, const char *kind, const char id[UUID_TEXT_MAX], const struct addr *host,
	const struct record_window_ref *window)
{
	assert(r->told_count < SENSOR_TOLD_MAX);
	struct sensor_told *t = &r->told[r->told_count++];

	*t = (struct sensor_told){
		.kind = kind,
		.host = *host,
		.window = window->number,
		.start_ns = window->start_ns,
		.run = r->run,
	};
	memcpy(t->id, id, UUID_TEXT_MAX);
	return t;
}

static void
keep(void *context, const struct record *record)
{
	struct sensor_rig *r = context;

	if (record->kind == RECORD_EVIDENCE) {
		const struct record_evidence *e = record->evidence;
		struct sensor_told *t = tell(r, e->kind->name, e->id, &e->host, &e->window);
		t->observed = e->observed;
		t->sum = e->sum;
		memcpy(t->twin, e->twin, UUID_TEXT_MAX);
		(void)snprintf(t->object, sizeof(t->object), "%s", e->object);
		(void)snprintf(t->text, sizeof(t->text), "%s", e->text);
	} else if (record->kind == RECORD_ALERT) {
		const struct record_alert *a = record->alert;
		struct sensor_told *t = tell(r, "alert", a->id, &a->host, &a->window);
		t->sum = a->sum;
		(void)snprintf(t->text, sizeof(t->text), "%s", a->reason);
		t->evidence_count = a->evidence_count;
		memcpy(t->evidence, a->evidence, a->evidence_count * UUID_TEXT_MAX);
	} else if (record->kind == RECORD_WINDOW) {
		r->windows_closed++;
	}
}

struct sensor_rig *
sensor_rig_new(void)
{
	struct sensor_rig *r = calloc(1, sizeof(*r));

	assert(r != NULL && detector_count <= SENSOR_DETECTORS_MAX);
	config_rows_default(settings_rows, &r->settings);
	r->settings.sensor.name = "rig";
	r->settings.memory.limit = 64 * MIB;
	for (size_t i = 0; i < detector_count; i++) {
		void *config = calloc(1, detectors[i]->config_size + 1);
		assert(config != NULL);
		if (detectors[i]->config != NULL)
			config_rows_default(detectors[i]->config, config);
		r->detectors[i] = detectors[i];
		r->configs[i] = config;
	}
	r->detector_count = detector_count;
	r->told = calloc(SENSOR_TOLD_MAX, sizeof(*r->told));
	r->state = calloc(1, SENSOR_STATE_MAX);
	r->state_room = SENSOR_STATE_MAX;
	r->hash_key = (struct hash_key){ { 1, 2 } };
	r->prefixes[0] = (struct cidr){ .base = addr_v4(10, 0, 0, 0), .prefix_len = 96 + 8 };
	r->prefixes[1] = (struct cidr){ .base = addr_v4(172, 16, 0, 0), .prefix_len = 96 + 12 };
	r->prefix_count = 2;
	assert(r->told != NULL && r->state != NULL);
	return r;
}

void
sensor_rig_free(struct sensor_rig *r)
{
	engine_free(r->engine);
	for (size_t i = 0; i < detector_count; i++) {
		union {
			const void *borrowed;
			void *owned;
		} config = { .borrowed = r->configs[i] };
		free(config.owned);
	}
	free(r->told);
	free(r->state);
	free(r);
}

void
sensor_rig_start(struct sensor_rig *r, uint64_t now_ns)
{
	r->hash_key.word[0] += 77;
	r->engine = engine_new(&(struct engine_plan){
		.settings = &r->settings,
		.detectors = r->detectors,
		.prefixes = r->prefixes,
		.prefix_count = r->prefix_count,
		.detector_configs = r->configs,
		.detector_count = r->detector_count,
		.hash_key = r->hash_key,
		.sink = { .wanted = UINT32_MAX, .context = r, .write = keep },
	});
	assert(r->engine != NULL);
	if (now_ns > 0)
		engine_restore(r->engine, r->state, r->state_size, now_ns, &r->restored);
}

static void
gone(struct sensor_rig *r)
{
	engine_free(r->engine);
	r->engine = NULL;
	r->run++;
}

void
sensor_rig_stop(struct sensor_rig *r)
{
	struct blob b = blob_over(r->state, r->state_room);

	engine_finish_saving(r->engine, NULL, 0, &b, &r->saved);
	r->state_size = b.length;
	gone(r);
}

void
sensor_rig_save(struct sensor_rig *r)
{
	struct blob b = blob_over(r->state, r->state_room);

	engine_save(r->engine, &b, &r->saved);
	r->state_size = b.length;
}

void
sensor_rig_kill(struct sensor_rig *r)
{
	gone(r);
}

uint64_t
sensor_rig_at(double seconds)
{
	return UINT64_C(1600000000) * NS_PER_S + (uint64_t)(seconds * (double)NS_PER_S);
}

static void
flow(struct sensor_rig *r, struct obs_flow *f, uint16_t orig_port, uint16_t port, uint64_t at_ns)
{
	f->orig_port = orig_port;
	f->resp_port = port;
	f->ip_proto = IPPROTO_TCP;
	f->start_ns = f->previous_ns = f->last_ns = at_ns;
	f->orig_total = f->orig_delta = (struct flow_side){ .packets = 1, .ip_bytes = 40 };
	f->ended = FLOW_END_CLOSED;
	f->history = "S";
	f->service = "";
	f->label = "";
	engine_observe(r->engine,
		&(struct observation){ .kind = OBS_FLOW_END, .ts_ns = at_ns, .flow = f });
}

void
sensor_rig_attempt(
	struct sensor_rig *r, struct addr orig, struct addr resp, uint16_t port, uint64_t at_ns)
{
	struct obs_flow f = { .orig = orig, .resp = resp, .state = CONN_S0 };

	flow(r, &f, 40000, port, at_ns);
}

void
sensor_rig_scan(struct sensor_rig *r, struct addr orig, uint16_t port, unsigned first,
	unsigned count, double seconds)
{
	for (unsigned i = first; i < first + count; i++)
		sensor_rig_attempt(r, orig, addr_v4(172, 96, (uint8_t)(i >> 8), (uint8_t)i), port,
			sensor_rig_at(seconds + 0.01 * i));
}

void
sensor_rig_refused(struct sensor_rig *r, struct addr orig, uint16_t orig_port, struct addr resp,
	uint16_t port, uint64_t at_ns)
{
	struct obs_flow f = { .orig = orig,
		.resp = resp,
		.state = CONN_REJ,
		.resp_total = { .packets = 1, .ip_bytes = 40 },
		.resp_delta = { .packets = 1, .ip_bytes = 40 } };

	flow(r, &f, orig_port, port, at_ns);
}

void
sensor_rig_arp(struct sensor_rig *r, struct addr sender, struct addr target, uint64_t at_ns)
{
	struct obs_arp a = { .operation = 1, .sender = sender, .target = target };

	engine_observe(
		r->engine, &(struct observation){ .kind = OBS_ARP, .ts_ns = at_ns, .arp = &a });
}

void
sensor_rig_dns(struct sensor_rig *r, struct addr client, struct addr named, uint64_t at_ns)
{
	struct dns_answer a = { .addr = named, .ttl_s = 60 };
	struct obs_dns dns = { .client = client, .query = "x", .answers = &a, .answer_count = 1 };
	struct obs_talk talk = { .orig = client };

	engine_observe(
		r->engine, &(struct observation){
				   .kind = OBS_DNS, .ts_ns = at_ns, .talk = &talk, .dns = &dns });
}

size_t
sensor_rig_count(const struct sensor_rig *r, const char *kind, size_t run)
{
	size_t count = 0;

	for (size_t i = 0; i < r->told_count; i++)
		count += strcmp(r->told[i].kind, kind) == 0 &&
			 (run == SIZE_MAX || r->told[i].run == run);
	return count;
}

const struct sensor_told *
sensor_rig_told(const struct sensor_rig *r, const char *kind, size_t n)
{
	for (size_t i = 0; i < r->told_count; i++)
		if (strcmp(r->told[i].kind, kind) == 0 && n-- == 0)
			return &r->told[i];
	return NULL;
}
