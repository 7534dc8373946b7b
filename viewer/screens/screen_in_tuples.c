/* screen_in_tuples.c -- conversations that others opened with the host, tuple by tuple. */
#include "viewer/screens/refusal.h"
#include "viewer/screens/tuple_screen.h"

static const struct tuple_screen tuples = {
	.id = SCREEN_IN_TUPLES,
	.out = false,
	.title = "In-tuples",
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

const struct screen screen_in_tuples = {
	.title = "in-tuples",
	.refuses = refusal_without_window,
	.draw = draw,
	.key = key,
};
