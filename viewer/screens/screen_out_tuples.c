/* screen_out_tuples.c -- conversations that the host opened, tuple by tuple. */
#include "viewer/screens/refusal.h"
#include "viewer/screens/tuple_screen.h"

static const struct tuple_screen tuples = {
	.id = SCREEN_OUT_TUPLES,
	.out = true,
	.title = "Out-tuples",
};

static void
draw(struct model *m, const struct area *a)
{
	tuple_screen_draw(m, a, &tuples);
}

static bool
key(struct model *m, const struct key_event *e, const struct area *a)
{
	return tuple_screen_key(m, e, a, &tuples);
}

const struct screen screen_out_tuples = {
	.title = "out-tuples",
	.refuses = refusal_without_window,
	.draw = draw,
	.key = key,
};
