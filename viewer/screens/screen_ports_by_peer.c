/* screen_ports_by_peer.c -- to which ports of whom the host opened conversations. */
#include "viewer/screens/refusal.h"
#include "viewer/screens/table_screen.h"

static const struct table_screen table = {
	.id = SCREEN_PORTS_BY_PEER,
	.table = SOURCE_PORTS_CONTACTED,
	.what = "destination ports as client, by address",
	.key_title = "port",
	.by_part = true,
};

static void
draw(struct model *m, const struct area *a)
{
	table_screen_draw(m, a, &table);
}

static bool
key(struct model *m, const struct key_event *e, const struct area *a)
{
	(void)a;
	return table_screen_key(m, e, &table);
}

const struct screen screen_ports_by_peer = {
	.title = "destination ports by address",
	.panels = TABLE_SCREEN_PANELS,
	.refuses = refusal_without_window,
	.draw = draw,
	.key = key,
};
