/*
 * screen.h -- one screen: draws into an area, takes the keys that are its own.
 *
 * A screen is a file screen_<name>.c with one struct screen; table.c lists them (screens.def). Keys that all
 * have alike (hotkeys, Escape, Tab, arrows and vi's in the list of the panel that has the focus) are model_key()'s.
 */
#pragma once

#include "viewer/columns.h"
#include "viewer/filter.h"
#include "viewer/list.h"
#include "viewer/model.h"
#include "viewer/screens/show.h"

struct screen {
	const char *title; /* in the first line and the help: "out-tuples" */
	unsigned panels;   /* that Tab goes through; 0: one */
	bool is_of_all;    /* not of the window that is looked at */
	bool is_whole;     /* a filter leaves nothing out */
	/* May it be shown? NULL: always. Else why not, a sentence: "select a window first". */
	const char *(*refuses)(const struct model *m);
	void (*draw)(struct model *m, const struct area *a);
	/* Asked before anybody else is. returns false: not mine. NULL: none is. */
	bool (*key)(struct model *m, const struct key_event *e, const struct area *a);
	/* Look at the window, and the evidence, of what the cursor is on: a key leads to a screen of those. NULL: one does. */
	void (*choose)(struct model *m);
	/* model_go_on(); NULL: there is never any work left. */
	bool (*go_on)(struct model *m);
};

extern const struct screen *const screens[SCREEN_COUNT];
