/* kalipso_early.h -- what the Kalipsos of the talk and of 2020 have in common. */
#pragma once

#include "exporters/kalipso/dialect.h"
#include "exporters/kalipso/kalipso_window.h"

/* Write a window. Its timeline, whose name makes it visible, comes last. */
void kalipso_early_window(
	struct dialect_target *t, const struct mirror_window *w, const struct kalipso_lines *lines);
/* Remove one, and what stands for its profile when it was the last. */
void kalipso_early_gone(struct dialect_target *t, const struct mirror_gone *g);
