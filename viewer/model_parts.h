/* model_parts.h -- where the parts of the whole picture are. */
#pragma once

#include "viewer/grid.h"

struct model;

struct area model_screen_area(const struct model *m, struct grid *g);
struct area model_bar_area(const struct model *m, struct grid *g);
