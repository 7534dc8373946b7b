/* screen_source_ports.c -- from which ports the host opened conversations. */
#include "viewer/screens/refusal.h"
#include "viewer/screens/table_screen.h"

static const struct table_screen table = {
	.id = SCREEN_SOURCE_PORTS,
	.table = SOURCE_PORTS_OF_CLIENT,
	.what = "source ports as client",
	.key_title = "port",
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

const struct screen screen_source_ports = {
	.title = "source ports",
	.panels = TABLE_SCREEN_PANELS,
	.refuses = refusal_without_window,
	.draw = draw,
	.key = key,
};
