/* foreign_rig.h -- lines of other programs' logs for an engine, and what becomes of them. */
#pragma once

#include "daemon/engine/engine_state.h"
#include "daemon/transactions/dns.h"
#include "daemon/transactions/http.h"
#include "detectors/detector.h"
#include "tests/support/engine_rig.h"

#include <netinet/in.h>
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>

#include <cmocka.h>

enum { FOREIGN_SHOWN_MAX = 16, FOREIGN_ID = 7 };

/* What a detector was shown, and what was written of each kind. */
struct foreign_rig {
	struct engine_rig rig;
	struct observation shown[FOREIGN_SHOWN_MAX];
	struct obs_flow flows[FOREIGN_SHOWN_MAX];
	struct obs_dns dns;
	size_t shown_count;
	unsigned written[RECORD_KIND_COUNT];
	uint64_t written_ns; /* time of the last record but the end's */
	char said[64];       /* of the last timeline entry */
};

static struct foreign_rig *foreign_rig; /* a detector of the whole site has no context of its own */

static inline void
foreign_take(struct detect *d, const struct observation *o)
{
	struct foreign_rig *f = foreign_rig;

	(void)d;
	assert_true(f->shown_count < FOREIGN_SHOWN_MAX);
	f->shown[f->shown_count] = *o;
	if (o->kind <= OBS_FLOW_END)
		f->flows[f->shown_count] = *o->flow;
	if (o->kind == OBS_DNS)
		f->dns = *o->dns;
	f->shown_count++;
}

static const struct detector foreign_watcher = {
	.name = "watcher",
	.subscribes = OBS_BIT(OBS_FLOW_START) | OBS_BIT(OBS_FLOW_INTERIM) | OBS_BIT(OBS_FLOW_END) |
		      OBS_BIT(OBS_DNS) | OBS_BIT(OBS_ARP) | OBS_BIT(OBS_TUNNEL) |
		      OBS_BIT(OBS_WEIRD),
	.observe = foreign_take,
};

static inline void
foreign_on_record(struct engine_rig *r, const struct record *record)
{
	struct foreign_rig *f = r->test;

	f->written[record->kind]++;
	if (record->kind != RECORD_TOTALS)
		f->written_ns = record->ts_ns;
	if (record->kind == RECORD_TIMELINE && record->timeline->said != NULL)
		(void)snprintf(
			f->said, sizeof(f->said), "%s", record->timeline->said->http->user_agent);
}

static inline int
foreign_set_up(void **state)
{
	foreign_rig = calloc(1, sizeof(*foreign_rig));
	assert_non_null(foreign_rig);
	engine_rig_init(&foreign_rig->rig);
	foreign_rig->rig.test = foreign_rig;
	foreign_rig->rig.on_record = foreign_on_record;
	*state = foreign_rig;
	return 0;
}

static inline int
foreign_tear_down(void **state)
{
	(void)state;
	engine_free(foreign_rig->rig.engine);
	free(foreign_rig);
	return 0;
}

static inline struct engine *
foreign_start(struct foreign_rig *f, const struct detector *d)
{
	if (d != NULL)
		engine_rig_detector(&f->rig, d, NULL);
	engine_rig_start(&f->rig);
	return f->rig.engine;
}

/* A conversation of 10.0.0.5 with 198.51.100.7, five packets out and four in. */
static inline struct obs_flow
foreign_flow(double begins_s, double length_s)
{
	struct flow_side orig = { .packets = 5, .ip_bytes = 700, .payload_bytes = 500 };
	struct flow_side resp = { .packets = 4, .ip_bytes = 660, .payload_bytes = 500 };

	return (struct obs_flow){
		.id = FOREIGN_ID,
		.uid = { "CHhAvVGS1DHFjwGM9" },
		.orig = rig_addr("10.0.0.5"),
		.resp = rig_addr("198.51.100.7"),
		.orig_port = 40000,
		.resp_port = 80,
		.ip_proto = IPPROTO_TCP,
		.start_ns = rig_ns(begins_s),
		.previous_ns = rig_ns(begins_s),
		.last_ns = rig_ns(begins_s + length_s),
		.orig_total = orig,
		.resp_total = resp,
		.orig_delta = orig,
		.resp_delta = resp,
		.state = CONN_SF,
		.ended = FLOW_END_CLOSED,
		.established = true,
		.history = "ShADadFf",
		.service = "http",
		.label = "normal",
	};
}

static inline void
foreign_tell(struct engine *e, enum obs_kind kind, const struct obs_flow *f)
{
	engine_observe(e, &(struct observation){ .kind = kind, .ts_ns = f->last_ns, .flow = f });
}

static inline const struct obs_talk *
foreign_talk(void)
{
	static struct obs_talk t;

	t = (struct obs_talk){ .id = FOREIGN_ID,
		.uid = { "CHhAvVGS1DHFjwGM9" },
		.orig = rig_addr("10.0.0.5"),
		.resp = rig_addr("198.51.100.7"),
		.orig_port = 40000,
		.resp_port = 80,
		.ip_proto = IPPROTO_TCP };
	return &t;
}

static inline void
foreign_say_http(struct engine *e, double at_s, const char *user_agent)
{
	struct obs_http http = { .user_agent = user_agent };

	engine_observe(e, &(struct observation){ .kind = OBS_HTTP,
				  .ts_ns = rig_ns(at_s),
				  .talk = foreign_talk(),
				  .http = &http });
}
