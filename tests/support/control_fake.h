/*
 * control_fake.h -- a sensor that is not there, for the control socket: fixed numbers, and evidence
 * with names in it that try to drive the terminal.
 */
#pragma once

#include "daemon/loop/control/control_sensor.h"
#include "exporters/exporter.h"

#include <stdbool.h>
#include <stddef.h>

struct control_fake {
	struct control_sensor sensor; /* for struct control_plan */
	struct run_info run;
	struct recent *recent;
	const char *store; /* NULL: it writes none */
	struct control_reload reload;
	bool reload_fails;
	int reopen_result;
	unsigned reloads, reopens;
	enum log_level level;
	uint32_t device_count;
	int device_padding; /* digits of who made them */
};

/* Two interfaces, one of them down; two outputs; evidence of three hosts, one alert. */
void control_fake_init(struct control_fake *f);
void control_fake_done(struct control_fake *f);
