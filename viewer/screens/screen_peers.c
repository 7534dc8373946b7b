/* screen_peers.c -- to whom the host opened conversations. */
#include "viewer/screens/refusal.h"
#include "viewer/screens/table_screen.h"

static const struct table_screen table = {
	.id = SCREEN_PEERS,
	.table = SOURCE_PEERS_OF_CLIENT,
	.what = "destination addresses as client",
	.key_title = "address",
	.is_address = true,
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

const struct screen screen_peers = {
	.title = "destination addresses",
	.panels = TABLE_SCREEN_PANELS,
	.refuses = refusal_without_window,
	.draw = draw,
	.key = key,
};
