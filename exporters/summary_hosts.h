/*
 * summary_hosts.h -- what the closing summary remembers of each host. Bounded: hosts, types and
 * windows past their caps are counted, and a host with an alert takes the place of one without.
 */
#pragma once

#include "daemon/record/record.h"

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

enum {
	SUMMARY_HOSTS_MAX = 4096,
	SUMMARY_TYPES_MAX = 128,    /* kinds of evidence, of all hosts */
	SUMMARY_HOST_TYPES_MAX = 8, /* of one host */
	SUMMARY_WINDOWS_MAX = 32,   /* with an alert, of one host */
	SUMMARY_NAME_MAX = 64,
	SUMMARY_TEXT_MAX = 256,
};

struct summary_type {
	char name[SUMMARY_NAME_MAX];
	uint64_t count;
};

struct summary_host_type {
	uint32_t type; /* index into summary_hosts.types */
	uint64_t count;
};

struct summary_host {
	struct addr addr;
	uint64_t alerts;
	uint64_t evidence;
	double score;               /* the highest sum that any of its windows reached */
	uint64_t first_ns, last_ns; /* of its evidence and alerts */
	double weight;              /* of `text`: the strongest finding's, alerts before evidence */
	char text[SUMMARY_TEXT_MAX];
	struct summary_host_type types[SUMMARY_HOST_TYPES_MAX]; /* in order of first sight */
	uint32_t type_count;
	uint64_t other_types;                 /* evidence of types that found no room */
	int64_t windows[SUMMARY_WINDOWS_MAX]; /* with an alert, in order of raising */
	uint32_t window_count;
	uint64_t other_windows; /* alerts in windows that found no room */
};

struct summary_hosts {
	struct summary_host *hosts; /* `capacity` of them, in order of first sight */
	uint32_t *by_addr;          /* their indices in order of address */
	uint32_t count, capacity;
	struct summary_type types[SUMMARY_TYPES_MAX]; /* in order of first sight */
	uint32_t type_count;
	uint64_t other_types;
	uint64_t rest_evidence; /* of hosts that found no room, or had to go */
	uint64_t rest_alerts;
};

/* returns 0, or -ENOMEM; summary_hosts_done() accepts it either way. capacity: 1 .. SUMMARY_HOSTS_MAX */
int summary_hosts_init(struct summary_hosts *s, uint32_t capacity);
void summary_hosts_done(struct summary_hosts *s);

void summary_hosts_evidence(
	struct summary_hosts *s, const struct record_evidence *e, uint64_t ts_ns);
void summary_hosts_alert(struct summary_hosts *s, const struct record_alert *a, uint64_t ts_ns);

/*
 * Order the hosts: those with an alert first, then by score, highest first, then by address.
 *
 * ret_ranked  s->count pointers
 * returns     how many of them have an alert
 */
size_t summary_hosts_rank(const struct summary_hosts *s, const struct summary_host **ret_ranked);

/* Order the types by name. ret_ranked: s->type_count pointers */
void summary_types_rank(const struct summary_hosts *s, const struct summary_type **ret_ranked);
