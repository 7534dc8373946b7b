/* head.h -- the first line of the picture: which screen, of what, and how fresh it is. */
#pragma once

#include "viewer/model.h"

/* At its right, as far as there is room: the source, is it live, packets, from when to when. */
void head_draw(struct model *m, const struct area *a);
