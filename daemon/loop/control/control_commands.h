/*
 * control_commands.h -- the commands of the control socket.
 *
 *	status     {}                                        what runs, and how it is
 *	reload     {}                                        read the settings again
 *	reopen     {}                                        open the outlets' files again
 *	log-level  {"level": "debug"}, or {} to ask
 *	evidence   {"host", "type", "level", "since", "limit"}, all optional: the latest, oldest first
 *	alerts     the same
 *	metrics    {"name": "flows"}, or {} for all: names and values, as in /metrics
 */
#pragma once

#include "daemon/loop/control/control_dispatch.h"
#include "daemon/loop/control/control_sensor.h"

/* For struct control_plan: up to name == NULL. Their context is a const struct control_sensor. */
extern const struct control_command control_commands[];
