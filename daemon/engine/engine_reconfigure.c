/*
 * Everything that hangs on the settings either reads them through the engine at each use, and then a
 * swap of pointers is all, or was worked out from them when the engine was made: then it is worked
 * out again here (the alert rule), or the setting is one that needs a restart (windows, time-outs,
 * memory, the name in ids), which is asserted where it can be. Nobody keeps a pointer into the
 * settings or into a detector's section from one call to the next.
 */
#include "daemon/engine/engine_reconfigure.h"

#include "daemon/engine/engine_state.h"
#include "daemon/engine/engine_whitelist.h"

#include <assert.h>

void
engine_reconfigure(struct engine *e, const struct settings *settings,
	const struct detector *const *detectors, const void *const *detector_configs)
{
	assert(settings->windows.width == e->settings->windows.width);
	assert(settings->memory.limit == e->settings->memory.limit);
	for (size_t i = 0; i < e->plan.detector_count; i++)
		assert(detectors[i] == e->plan.detectors[i]);
	engine_whitelist_carry(e, e->settings->whitelist.built, settings->whitelist.built);
	e->settings = e->plan.settings = settings;
	e->plan.detectors = detectors;
	e->plan.detector_configs = detector_configs;
	e->evidence_rule = evidence_rule_of(settings);
	engine_whitelist_reweigh(e);
}
