/* screen_server_ports.c -- on which ports others opened conversations with the host. */
#include "viewer/screens/refusal.h"
#include "viewer/screens/table_screen.h"

static const struct table_screen table = {
	.id = SCREEN_SERVER_PORTS,
	.table = SOURCE_PORTS_AS_SERVER,
	.what = "destination ports as server",
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

const struct screen screen_server_ports = {
	.title = "ports served",
	.panels = TABLE_SCREEN_PANELS,
	.refuses = refusal_without_window,
	.draw = draw,
	.key = key,
};
