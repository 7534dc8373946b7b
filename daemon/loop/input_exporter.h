/*
 * input_exporter.h -- what routers and switches export, datagrams in, conversations out.
 *
 * NetFlow, IPFIX and sFlow tell one direction at a time; what belongs together is put together here
 * (flow_pair.h), which waits for the other direction. No socket, no clock.
 */
#pragma once

#include "daemon/base/addr.h"
#include "daemon/base/cursor.h"
#include "daemon/base/hash.h"
#include "daemon/base/metric.h"
#include "daemon/observation.h"
#include "daemon/settings/shell_settings.h"

#include <stdbool.h>
#include <stdint.h>

struct input_exporter;

enum {
	INPUT_EXPORTER_CONVERSATIONS = 16384, /* that wait */
	INPUT_EXPORTER_BYTES = 8 << 20,       /* of memory, about */
};

struct input_exporter_counters {
	uint64_t records; /* that went on as flows */
	uint64_t bad;     /* datagrams that are none of the kind, or end too early */
	uint64_t lost;    /* by gaps in their numbers */
	uint64_t without_template, skipped, sampled, restarts, wrong_clocks;
	uint64_t refused_exporters, refused_templates, evicted_templates;
	uint64_t told, paired, copies, evicted, refused;
};

/*
 * type     LIVE_INPUT_NETFLOW or LIVE_INPUT_SFLOW
 * wait_ns  how long the other direction is waited for
 * returns  NULL when memory is out
 */
struct input_exporter *input_exporter_new(
	enum live_input_type type, uint64_t wait_ns, const struct hash_key *hash_key);

/* Read one datagram. now_ns: when it came. Take what is due after each, with input_exporter_next(). */
void input_exporter_take(
	struct input_exporter *x, const struct addr *from, struct cursor bytes, uint64_t now_ns);

/*
 * The next conversation that need not wait any longer.
 *
 * now_ns   UINT64_MAX: all of them
 * ret_o    valid to the next call
 * returns  false when none is due
 */
bool input_exporter_next(
	struct input_exporter *x, uint64_t now_ns, const struct observation **ret_o);

/* As they are now; valid to the next call. */
const struct input_exporter_counters *input_exporter_counters(struct input_exporter *x);

extern const struct metric input_exporter_metrics[];

/* Accepts NULL. */
void input_exporter_free(struct input_exporter *x);
