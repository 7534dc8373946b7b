/*
 * control_sensor.h -- what the control socket asks of a running sensor.
 *
 * A struct of functions, so that the commands are tested without one. Values are filled in at each
 * question; strings are borrowed for the length of it.
 */
#pragma once

#include "daemon/base/log.h"
#include "daemon/engine/engine.h"

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

struct recent;
struct strbuf;

enum { CONTROL_INTERFACES_MAX = 16, CONTROL_INPUTS_MAX = 16, CONTROL_OUTPUTS_MAX = 32 };

/* One interface: offered = analysed + filtered + the three that were dropped. */
struct control_interface {
	const char *name;
	const char *role;  /* "lan", "wan", "span" */
	const char *state; /* "up", "down", "gone": a closed list */
	uint64_t offered, analysed, filtered;
	uint64_t dropped_kernel, dropped_interface, dropped_here;
	uint64_t last_packet_ns; /* wall clock; 0: none yet */
};

/* One input beside the interfaces. */
struct control_input {
	const char *name;  /* its path, as the setting has it */
	const char *type;  /* "zeek", "eve", "netflow", "sflow" */
	const char *state; /* "reading", "waiting": a closed list */
	uint64_t told;     /* observations */
	uint64_t bad;      /* lines or datagrams that made no sense */
	uint64_t dropped;  /* refused, lost on the way, or ahead of the clock */
	uint64_t lag_ns;   /* how far behind the clock it reads */
	uint64_t last_ns;  /* time of what was told last; 0: nothing yet */
};

/* One running outlet. */
struct control_output {
	const char *name;
	uint64_t written, dropped, queued, forgotten, left_out;
	uint64_t last_success_ns; /* wall clock; 0: none yet */
};

/* What came of the last reload. */
struct control_reload {
	uint64_t at_ns; /* wall clock; 0: none yet */
	bool ok;
	const char *changed; /* keys that took effect, separated by blanks; "" for none */
	const char *waiting; /* keys that need a restart */
	const char *error;   /* "" unless it failed: its lines, separated by "; " */
};

struct control_status {
	const char *version;
	const char *sensor;   /* its name */
	const char *settings; /* path of the file, or NULL */
	const char *store;    /* absolute path of the database that is written; NULL: none is */
	uint64_t pid;
	uint64_t now_ns, started_ns; /* wall clock */
	uint64_t uptime_ns;          /* by a clock that nobody sets */
	uint64_t memory_limit_bytes, memory_resident_bytes;
	struct engine_stats engine;
	const struct engine_area *areas; /* up to name == NULL */
	struct control_reload reload;
};

/* Takes one metric. `label` is `key="value",...` or NULL, as in /metrics. */
typedef void (*control_metric_fn)(void *taker, const char *name, const char *label, double value);

/* Takes one line, valid for the call. */
typedef void (*control_line_fn)(void *taker, const char *line, size_t length);

/* A function that is NULL is a command that is not there. */
struct control_sensor {
	void *context; /* handed to each */
	void (*status)(void *context, struct control_status *ret_status);
	/* All three write up to `room` and return how many. */
	size_t (*interfaces)(void *context, struct control_interface *ret, size_t room);
	size_t (*inputs)(void *context, struct control_input *ret, size_t room);
	size_t (*outputs)(void *context, struct control_output *ret, size_t room);
	void (*metrics)(void *context, control_metric_fn take, void *taker);
	/* Devices, the one that sent last first, as lines of devices.json. returns how many there are */
	uint64_t (*devices)(void *context, uint32_t most, control_line_fn each, void *taker);
	/* Read the settings again. `status` tells of it afterwards, whether it went well or not. */
	void (*reload)(void *context);
	/* Open the outlets' files again. errors -errno */
	int (*reopen)(void *context);
	/* Of all processes of the sensor; until it ends. */
	void (*log_level_set)(void *context, enum log_level level);
	const struct recent *recent; /* NULL: nothing is kept */
};
