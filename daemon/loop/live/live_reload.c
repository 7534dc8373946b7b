/*
 * live_reload.c -- the settings are read again, and what may change while running does.
 *
 * A file with a mistake changes nothing. What needs a restart is named and keeps its value, so that
 * what is in force is always a whole: the settings of the start, with what was changed since.
 */
#include "daemon/engine/engine_reconfigure.h"
#include "daemon/loop/capture/capture_set.h"
#include "daemon/loop/live/live.h"
#include "daemon/loop/now.h"

#include <string.h>

void
live_info_settings(struct live *l)
{
	const struct shell_settings *s = l->config->shell;

	l->info.state_dir = s->service.state;
	l->info.output_dir =
		l->plan->info->output_dir != NULL ? l->plan->info->output_dir : s->service.logs;
}

const struct settings *
live_settle(struct live *l, const struct config *c)
{
	struct live_settings *other = &l->settled[l->settled_count % 2];

	l->settled_count++;
	other->settings = *c->settings;
	settings_settle_live(&other->settings, l->prefixes, l->prefix_count, other->home);
	return &other->settings;
}

const struct settings *
live_settings_now(const struct live *l)
{
	return &l->settled[(l->settled_count + 1) % 2].settings;
}

static bool
is_same(const char *a, const char *b)
{
	return a == NULL || b == NULL ? a == b : strcmp(a, b) == 0;
}

/* One that stays is not compiled again: names in it could not be looked up from the sandbox. */
static int
take_filter(void *context, const struct config *fresh, char *ret_error, size_t error_size)
{
	struct live *l = context;
	const char *filter = fresh->shell->capture.filter;

	if (is_same(filter, l->config->shell->capture.filter))
		return 0;
	return capture_set_filter(l->captures, filter, ret_error, error_size);
}

/* returns false when the old ones stay */
static bool
reload_settings(struct live *l)
{
	const struct reload_plan plan = {
		.running = l->config,
		.path = l->plan->config_path,
		.overrides = l->plan->overrides,
		.take = take_filter,
		.context = l,
	};
	struct config *fresh = NULL;

	l->reload.at_ns = now_wall_ns();
	if (reload_prepare(&plan, &fresh, &l->reload.last) != 0)
		return false;
	l->reload.good_ns = l->reload.at_ns;
	engine_reconfigure(
		l->engine, live_settle(l, fresh), fresh->detectors, fresh->detector_configs);
	config_free(l->config);
	l->config = fresh;
	live_info_settings(l);
	live_metrics_settings(l);
	return true;
}

bool
live_reload(struct live *l)
{
	bool good = reload_settings(l);

	live_feeds_reload(l); /* whatever became of the settings */
	return good;
}
