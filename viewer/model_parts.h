/* model_parts.h -- where the parts of the whole picture are. */
#pragma once

#include "viewer/grid.h"

struct area model_screen_area(struct grid *g);
struct area model_bar_area(struct grid *g);
