/* outlet_rig.h -- one live exporter that sends to a Unix socket, with a receiver and a clock of the test's. */
#pragma once

#include "daemon/config/config_rows.h"
#include "exporters/exporter.h"
#include "tests/support/peer_rig.h"
#include "tests/support/record_sample.h"
#include "tests/support/scratch.h"

#include <event2/event.h>
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <stdlib.h>

#include <cmocka.h>

struct outlet_rig {
	const struct exporter *exporter;
	struct scratch *scratch;
	struct run_info run;
	struct outlet outlet;
	void *config;
	char *path; /* where the receiver is to be */
	int server;
	uint64_t now_ms;
	char text[64 * 1024];
};

static inline struct outlet_rig *
outlet_rig_new(const struct exporter *x)
{
	struct outlet_rig *r = calloc(1, sizeof(*r));

	assert_non_null(r);
	r->exporter = x;
	r->scratch = scratch_in(access("/dev/shm", W_OK) == 0 ? "/dev/shm" : "/tmp");
	assert_non_null(r->scratch);
	r->run = (struct run_info){
		.sensor = "gw1", .live = true, .state_dir = r->scratch->directory
	};
	r->config = calloc(1, x->config_size);
	config_rows_default(x->config, r->config);
	r->outlet = (struct outlet){ .base = event_base_new(),
		.run = &r->run,
		.config = r->config,
		.state = calloc(1, x->state_size) };
	r->path = malloc(108);
	assert_non_null(r->path);
	(void)snprintf(r->path, 108, "%s/sock", r->scratch->directory);
	r->server = -1;
	return r;
}

/* Give a setting the value at `value`, which has its row's type. */
static inline void
outlet_rig_set(struct outlet_rig *r, const char *name, const void *value)
{
	const struct config_item *row = config_rows_find(r->exporter->config, name, strlen(name));

	assert_non_null(row);
	memcpy((char *)r->config + row->offset, value,
		row->type == CONFIG_TYPE_BOOL     ? sizeof(bool)
		: row->type == CONFIG_TYPE_STRING ? sizeof(char *)
						  : sizeof(uint32_t));
}

static inline void
outlet_rig_tick(struct outlet_rig *r, uint64_t ms)
{
	r->now_ms += ms;
	r->outlet.now.monotonic_ns = r->now_ms * NS_PER_MS;
	r->exporter->tick(&r->outlet);
}

static inline int
outlet_rig_open(struct outlet_rig *r)
{
	return r->exporter->open(&r->outlet, "");
}

static inline void
outlet_rig_evidence(struct outlet_rig *r, const char *text)
{
	struct record_evidence e = sample_evidence();
	struct record record = { .kind = RECORD_EVIDENCE, .ts_ns = SAMPLE_NS, .evidence = &e };

	e.text = text;
	r->exporter->write(&r->outlet, &record, NULL, 0);
}

static inline void
outlet_rig_alert(struct outlet_rig *r, const char *reason)
{
	struct record_alert a = sample_alert();
	struct record record = { .kind = RECORD_ALERT, .ts_ns = SAMPLE_NS, .alert = &a };

	a.reason = reason;
	r->exporter->write(&r->outlet, &record, NULL, 0);
}

/* The next datagram as text, or NULL. */
static inline const char *
outlet_rig_read(struct outlet_rig *r)
{
	return peer_rig_read(r->server, r->text, sizeof(r->text));
}

static inline void
outlet_rig_free(struct outlet_rig *r)
{
	(void)r->exporter->close(&r->outlet, "");
	free(r->outlet.state);
	event_base_free(r->outlet.base);
	if (r->server >= 0)
		(void)close(r->server);
	scratch_free(r->scratch);
	free(r->config);
	free(r->path);
	free(r);
}
