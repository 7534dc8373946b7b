/*
 * fuzz_state.c -- any bytes as a state file, and any bytes as the payload of one.
 *
 * A file that holds is restored; what does not hold is restored as well, as if its checksum had
 * held: a state may come from a disk on which somebody else writes. What then is known is saved,
 * restored and saved again, and must be the same; and the engine goes on.
 */
#include "daemon/base/time_text.h"
#include "daemon/loop/state_file.h"
#include "tests/support/sensor_rig.h"

#include <assert.h>
#include <stddef.h>
#include <stdint.h>
#include <string.h>

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size);

#define NOW_NS (UINT64_C(1600000060) * NS_PER_S)

static void
restart(struct sensor_rig *r)
{
	sensor_rig_save(r);
	sensor_rig_kill(r);
	sensor_rig_start(r, NOW_NS);
	assert(r->restored.sections_refused == 0 && r->restored.sections_unknown == 0);
	assert(r->restored.windows == r->saved.windows);
}

static void
restore(struct sensor_rig *r, const uint8_t *payload, size_t size)
{
	static uint8_t first[SENSOR_STATE_MAX];

	if (size > SENSOR_STATE_MAX)
		return;
	if (size > 0)
		memcpy(r->state, payload, size);
	r->state_size = size;
	sensor_rig_start(r, NOW_NS);
	restart(r);
	size_t first_size = r->state_size;
	memcpy(first, r->state, first_size);
	restart(r);
	assert(r->state_size == first_size && memcmp(r->state, first, first_size) == 0);
	for (uint8_t i = 0; i < 12; i++)
		sensor_rig_attempt(r, addr_v4(10, 0, 0, 1), addr_v4(172, 16, 0, i), 23, NOW_NS + i);
	sensor_rig_stop(r);
	r->told_count = 0;
}

int
LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
	static struct sensor_rig *r;
	char reason[STATE_FILE_REASON_MAX];
	struct state_file f;

	if (r == NULL) {
		r = sensor_rig_new();
		r->settings.memory.limit = UINT64_C(17) << 20;
	}
	if (state_file_check(data, size, "rig", &f, reason))
		restore(r, f.payload, f.size);
	else
		restore(r, data, size);
	return 0;
}
