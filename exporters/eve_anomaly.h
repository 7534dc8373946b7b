/* eve_anomaly.h -- EVE's anomaly event, after the time and the sensor. */
#pragma once

struct interface_names;
struct json;
struct record_capture_gap;
struct record_clock_jump;
struct record_weird;

void eve_clock_jump(struct json *j, const struct record_clock_jump *jump);
void eve_capture_gap(struct json *j, const struct record_capture_gap *gap);
/* names  of the interfaces; NULL: none has one */
void eve_weird(struct json *j, const struct interface_names *names, const struct record_weird *r);
