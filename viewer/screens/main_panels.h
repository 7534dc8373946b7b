/* main_panels.h -- the panels of the main page that Tab goes through. */
#pragma once

#include "viewer/model.h"

enum main_panel { PANEL_TREE, PANEL_TIMELINE, PANEL_EVIDENCE, PANEL_COUNT };

/* The filter is for hosts while keys go to the tree, else for what one of them did: a host has no port 23. */
static inline bool
main_filters(const struct model *m, enum main_panel panel)
{
	bool is_of_tree = m->screens[SCREEN_MAIN].panel == PANEL_TREE;

	return m->filter[0] != '\0' && is_of_tree == (panel == PANEL_TREE);
}
