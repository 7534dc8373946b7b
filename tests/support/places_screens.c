/* places_screens.c -- the screens that show ports, tuples, the map, the beacon and ATT&CK are real; the others say their number. */
#include "viewer/screen.h"

static void
number_draw(struct model *m, const struct area *a)
{
	(void)area_format(a, 0, 0, GRID_PLAIN, "this is screen %d", (int)m->screen);
}

static const struct screen other = { .title = "another", .draw = number_draw };

extern const struct screen screen_source_ports, screen_peers, screen_server_ports, screen_ports,
	screen_ports_by_peer, screen_out_tuples, screen_in_tuples, screen_map, screen_beacon,
	screen_attack, screen_help;

const struct screen *const screens[SCREEN_COUNT] = {
	[SCREEN_MAIN] = &other,
	[SCREEN_SOURCE_PORTS] = &screen_source_ports,
	[SCREEN_PEERS] = &screen_peers,
	[SCREEN_SERVER_PORTS] = &screen_server_ports,
	[SCREEN_PORTS] = &screen_ports,
	[SCREEN_PORTS_BY_PEER] = &screen_ports_by_peer,
	[SCREEN_OUT_TUPLES] = &screen_out_tuples,
	[SCREEN_IN_TUPLES] = &screen_in_tuples,
	[SCREEN_MAP] = &screen_map,
	[SCREEN_ALL_EVIDENCE] = &other,
	[SCREEN_ALERTS] = &other,
	[SCREEN_EXPLAIN] = &other,
	[SCREEN_FLOWS] = &other,
	[SCREEN_BEACON] = &screen_beacon,
	[SCREEN_DEVICES] = &other,
	[SCREEN_ATTACK] = &screen_attack,
	[SCREEN_HELP] = &screen_help,
};
