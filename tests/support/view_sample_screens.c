/*
 * view_sample_screens.c -- the screens that show profiles, evidence, alerts, flows and devices are real; the others, whose
 * questions the sample does not answer, say their number.
 */
#include "viewer/screen.h"

static void
number_draw(struct model *m, const struct area *a)
{
	(void)area_format(a, 0, 0, GRID_PLAIN, "this is screen %d", (int)m->screen);
}

static const struct screen other = { .title = "another", .draw = number_draw };

extern const struct screen screen_main, screen_all_evidence, screen_alerts, screen_explain,
	screen_flows, screen_devices, screen_help;

const struct screen *const screens[SCREEN_COUNT] = {
	[SCREEN_MAIN] = &screen_main,
	[SCREEN_SOURCE_PORTS] = &other,
	[SCREEN_PEERS] = &other,
	[SCREEN_SERVER_PORTS] = &other,
	[SCREEN_PORTS] = &other,
	[SCREEN_PORTS_BY_PEER] = &other,
	[SCREEN_OUT_TUPLES] = &other,
	[SCREEN_IN_TUPLES] = &other,
	[SCREEN_MAP] = &other,
	[SCREEN_ALL_EVIDENCE] = &screen_all_evidence,
	[SCREEN_ALERTS] = &screen_alerts,
	[SCREEN_EXPLAIN] = &screen_explain,
	[SCREEN_FLOWS] = &screen_flows,
	[SCREEN_BEACON] = &other,
	[SCREEN_DEVICES] = &screen_devices,
	[SCREEN_ATTACK] = &other,
	[SCREEN_HELP] = &screen_help,
};
