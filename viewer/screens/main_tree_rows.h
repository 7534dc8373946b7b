/* main_tree_rows.h -- one row of the tree. */
#pragma once

#include "viewer/grid.h"
#include "viewer/source/source.h"

struct tree_node {
	const struct source_profile *host;
	const struct source_window *window; /* NULL: the host itself */
	bool is_unfolded;                   /* of a host: its windows stand below it */
};

/*
 * is_last    no further window of its host comes
 * is_chosen  it is the window that is looked at
 */
void main_tree_row(const struct area *a, unsigned row, const struct tree_node *n, bool is_last,
	bool is_chosen);
