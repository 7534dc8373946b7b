/* engine_device.h -- devices of which something is new become records. */
#pragma once

#include <stdint.h>

struct engine;
struct record_sink;

/*
 * Write the devices whose news have waited since `before_ns`, those that waited longest first.
 *
 * most  so many at a time: the others wait for the next call
 */
void engine_device_tell(struct engine *e, uint64_t before_ns, uint32_t most);

/* The same for the clock at `now_ns`: news wait 10 s, since a device tells its addresses and names one by one. */
void engine_device_tick(struct engine *e, uint64_t now_ns);

/*
 * Tell the devices that sent last, the latest first, to who asks: their news wait on all the same.
 *
 * most     so many of them; a few hundred take a millisecond
 * returns  how many there are
 */
uint64_t engine_devices_latest(const struct engine *e, uint32_t most, const struct record_sink *to);
