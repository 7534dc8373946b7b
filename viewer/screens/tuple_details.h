/* tuple_details.h -- all that is known of one tuple's peer, in a box of few rows. */
#pragma once

#include "viewer/grid.h"
#include "viewer/source/source.h"

enum { TUPLE_DETAILS_ROWS = 7 };

void tuple_details_draw(const struct area *a, const struct source_tuple *t);
