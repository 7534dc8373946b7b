/* control_status.h -- the state of a sensor as JSON. */
#pragma once

#include "daemon/base/json.h"
#include "daemon/loop/control/control_sensor.h"

/* Write all of it, as one object. */
void control_status_write(const struct control_sensor *s, struct json *j);

/* Write what came of the last reload, as one object. */
void control_status_reload_write(const struct control_reload *r, struct json *j);
