#include "tests/support/engine_rig.h"

#include "daemon/base/time_text.h"
#include "daemon/config/config_rows.h"

#include <assert.h>
#include <math.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

uint64_t
rig_ns(double after_base_s)
{
	return (uint64_t)((int64_t)(RIG_BASE_S * NS_PER_S) + llround(after_base_s * 1e6) * 1000);
}

struct addr
rig_addr(const char *text)
{
	struct addr a;
	bool ok = addr_parse(text, &a);

	assert(ok);
	return a;
}

static void
spell_window(const struct record_window *w, struct kept_window *ret_kept)
{
	char *at = ret_kept->spelled;
	const char *end = at + sizeof(ret_kept->spelled) - LETTER_TEXT_MAX - 100;

	*at = '\0';
	for (const struct tuple *t = w->tuples->first; t != NULL && at < end; t = t->next) {
		char peer[ADDR_TEXT_MAX];
		if (t->role != ROLE_CLIENT)
			continue;
		at += snprintf(
			at, 100, "%s:%u:%u ", addr_format(&t->peer, peer), t->port, t->ip_proto);
		const struct letter_chunk *c = t->letters;
		for (uint32_t i = 0; i < t->letter_count && at < end; i++) {
			char one[LETTER_TEXT_MAX];
			if (i > 0 && i % LETTERS_PER_CHUNK == 0)
				c = c->next;
			letter_text(&c->letters[i % LETTERS_PER_CHUNK], false, one);
			at += snprintf(at, sizeof(one), "%s", one);
		}
		at += snprintf(at, 2, "\n");
	}
}

static void
keep_flow(struct engine_rig *r, const struct obs_flow *f)
{
	if (r->flow_count < ENGINE_RIG_MAX) {
		struct obs_flow *kept = &r->flows[r->flow_count];
		*kept = *f;
		(void)snprintf(
			r->services[r->flow_count], sizeof(r->services[0]), "%s", f->service);
		kept->service = r->services[r->flow_count];
		if (f->outside != NULL) {
			r->outsides[r->flow_count] = *f->outside;
			kept->outside = &r->outsides[r->flow_count];
		}
	}
	r->flow_count++;
}

static void
keep_tunnel(struct engine_rig *r, const struct obs_tunnel *t)
{
	if (r->tunnel_count < sizeof(r->tunnels) / sizeof(r->tunnels[0]))
		r->tunnels[r->tunnel_count] = (struct kept_tunnel){ t->kind, t->closed, t->id,
			t->flow->uid, t->flow->orig, t->flow->resp };
	r->tunnel_count++;
}

static void
keep(void *context, const struct record *record)
{
	struct engine_rig *r = context;

	if (r->on_record != NULL)
		r->on_record(r, record);
	switch (record->kind) {
	case RECORD_EVIDENCE:
		assert(r->evidence_count < 256);
		r->evidence[r->evidence_count].evidence = *record->evidence;
		(void)snprintf(r->evidence[r->evidence_count].text, EVIDENCE_TEXT_MAX, "%s",
			record->evidence->text);
		r->evidence_count++;
		break;
	case RECORD_ALERT:
		assert(r->alert_count < 64);
		r->alerts[r->alert_count++] = *record->alert;
		break;
	case RECORD_FLOW:
		keep_flow(r, record->flow);
		break;
	case RECORD_TUNNEL:
		keep_tunnel(r, record->tunnel);
		break;
	case RECORD_WINDOW:
		if (r->window_count < 256) {
			r->windows[r->window_count].window = *record->window;
			r->windows[r->window_count].flows[0] = record->window->tuples->flows[0];
			r->windows[r->window_count].flows[1] = record->window->tuples->flows[1];
			spell_window(record->window, &r->windows[r->window_count]);
		}
		r->window_count++;
		if (r->on_window != NULL)
			r->on_window(r, record->window);
		break;
	case RECORD_CLOCK_JUMP:
		r->clock_jumps++;
		break;
	case RECORD_WEIRD:
		if (r->weird_count < 64)
			r->weirds[r->weird_count] = *record->weird;
		r->weird_count++;
		break;
	case RECORD_TOTALS:
		r->totals = *record->totals;
		if (r->totals.weird_count > 0)
			r->first_weird = r->totals.weird[0];
		break;
	case RECORD_TRANSACTION:
	case RECORD_TIMELINE:
	case RECORD_ARP:
	case RECORD_DEVICE:
	case RECORD_CAPTURE_GAP:
	case RECORD_LOSS_SPAN:
	case RECORD_WINDOW_SO_FAR:
	case RECORD_ADDRESS:
	case RECORD_KIND_COUNT:
		break;
	}
}

void
engine_rig_init(struct engine_rig *r)
{
	memset(r, 0, sizeof(*r));
	config_rows_default(settings_rows, &r->settings);
	r->settings.sensor.name = "rig";
	r->settings.memory.limit = UINT64_C(64) * 1024 * 1024;
	r->hash_key = (struct hash_key){ { 1, 2 } };
	r->wanted = UINT32_MAX;
}

void
engine_rig_detector(struct engine_rig *r, const struct detector *d, const void *config)
{
	r->detectors[r->detector_count] = d;
	r->configs[r->detector_count++] = config;
}

void
engine_rig_start(struct engine_rig *r)
{
	r->engine = engine_new(&(struct engine_plan){
		.settings = &r->settings,
		.detectors = r->detectors,
		.detector_configs = r->configs,
		.detector_count = r->detector_count,
		.hash_key = r->hash_key,
		.live = r->live,
		.geo = r->geo,
		.sink = { .wanted = r->wanted,
			.context = r,
			.write = keep,
			.has_room = r->has_room },
	});
	assert(r->engine != NULL);
}

void
engine_rig_home(struct engine_rig *r, struct setting_cidr *home)
{
	r->settings.home_network = (struct config_list){ .items = home, .count = 1 };
}

void
engine_rig_finish(struct engine_rig *r)
{
	engine_finish(r->engine, NULL, 0);
	engine_free(r->engine);
	r->engine = NULL;
}

void
engine_rig_flow(struct engine_rig *r, const struct rig_flow *f)
{
	struct flow_side orig = { .packets = f->orig_packets,
		.ip_bytes = f->orig_bytes + 40 * f->orig_packets,
		.payload_bytes = f->orig_bytes };
	struct flow_side resp = { .packets = f->resp_packets,
		.ip_bytes = f->resp_bytes + 40 * f->resp_packets,
		.payload_bytes = f->resp_bytes };
	struct obs_flow o = {
		.orig = rig_addr(f->orig),
		.resp = rig_addr(f->resp),
		.orig_port = f->orig_port,
		.resp_port = f->resp_port,
		.ip_proto = f->ip_proto,
		.start_ns = rig_ns(f->at_s),
		.previous_ns = rig_ns(f->at_s),
		.last_ns = rig_ns(f->at_s + f->duration_s),
		.orig_total = orig,
		.resp_total = resp,
		.orig_delta = orig,
		.resp_delta = resp,
		.state = f->state,
		.ended = FLOW_END_CLOSED,
		.established = conn_state_established(f->state, f->orig_packets + f->resp_packets),
		.history = "",
		.service = "",
		.label = "",
	};

	engine_observe(r->engine,
		&(struct observation){ .kind = OBS_FLOW_END, .ts_ns = o.last_ns, .flow = &o });
}
