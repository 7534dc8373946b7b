/*
 * sensor_rig.h -- a sensor in a test that is stopped and started again: what it told is kept.
 *
 * An engine with the real detectors at their defaults, or the test's own. What an earlier engine
 * told and what a later one tells stand in one list.
 */
#pragma once

#include "daemon/engine/engine.h"
#include "daemon/engine/engine_save.h"

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

enum { SENSOR_TOLD_MAX = 4096, SENSOR_DETECTORS_MAX = 128, SENSOR_STATE_MAX = 4 << 20 };

struct sensor_told {
	char id[UUID_TEXT_MAX];
	char twin[UUID_TEXT_MAX];
	const char *kind; /* "alert" for one */
	struct addr host;
	char object[EVIDENCE_OBJECT_MAX + 1];
	char text[EVIDENCE_TEXT_MAX]; /* sentence, or reason */
	uint64_t observed, start_ns;
	double sum;
	int64_t window;
	size_t run; /* by which engine: 0, 1, ... */
	char evidence[RECORD_ALERT_EVIDENCE_MAX][UUID_TEXT_MAX];
	size_t evidence_count;
};

struct sensor_rig {
	struct settings settings; /* change before the next start */
	const struct detector *detectors[SENSOR_DETECTORS_MAX];
	const void *configs[SENSOR_DETECTORS_MAX];
	size_t detector_count;
	struct hash_key hash_key;
	struct cidr prefixes[2]; /* of this place: 10.0.0.0/8 and 172.16.0.0/12 */
	size_t prefix_count;
	struct engine *engine;
	size_t run;

	struct sensor_told *told;
	size_t told_count;
	size_t windows_closed;

	uint8_t *state; /* that the last stop left behind */
	size_t state_size;
	size_t state_room; /* lower it to have less */
	struct engine_saved saved;
	struct engine_restored restored;
};

/* With all real detectors, and a memory limit that suits a test. */
struct sensor_rig *sensor_rig_new(void);
void sensor_rig_free(struct sensor_rig *r);

/* Make an engine, with another hash key each time. `now_ns` > 0: what `state` holds is restored. */
void sensor_rig_start(struct sensor_rig *r, uint64_t now_ns);
/* In good order: everything is told, and the state written. */
void sensor_rig_stop(struct sensor_rig *r);
/* Save, go on, and be killed without a word. */
void sensor_rig_save(struct sensor_rig *r);
void sensor_rig_kill(struct sensor_rig *r);

/* The time so many seconds after the start of all tests. */
uint64_t sensor_rig_at(double seconds);

/* A TCP flow of one unanswered SYN, and one that was refused. */
void sensor_rig_attempt(
	struct sensor_rig *r, struct addr orig, struct addr resp, uint16_t port, uint64_t at_ns);
void sensor_rig_refused(struct sensor_rig *r, struct addr orig, uint16_t orig_port,
	struct addr resp, uint16_t port, uint64_t at_ns);
/* Knock on a port of the hosts `first` .. `first` + `count` - 1 of 172.16/16, one in ten milliseconds. */
void sensor_rig_scan(struct sensor_rig *r, struct addr orig, uint16_t port, unsigned first,
	unsigned count, double seconds);
/* A question for an address, by ARP, and an answer that names one, by DNS. */
void sensor_rig_arp(struct sensor_rig *r, struct addr sender, struct addr target, uint64_t at_ns);
void sensor_rig_dns(struct sensor_rig *r, struct addr client, struct addr named, uint64_t at_ns);

/* How many were told of that kind, by the run or by all (SIZE_MAX). */
size_t sensor_rig_count(const struct sensor_rig *r, const char *kind, size_t run);
/* The `n`th (0 ..) of that kind. */
const struct sensor_told *sensor_rig_told(const struct sensor_rig *r, const char *kind, size_t n);
