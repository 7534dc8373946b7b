/*
 * model.h -- what the viewer is looking at: which screen, which window, where the cursors are. No curses.
 *
 * What a screen shows it asks the source for when it is drawn, into `memory`, which is emptied before each picture. So nothing
 * is ever out of date by more than one refresh, and a cursor is kept by what it is on (an address, a window, an id), not
 * by a row: a live source that grows moves no cursor and folds nothing.
 */
#pragma once

#include "viewer/grid.h"
#include "viewer/list.h"
#include "viewer/source/source.h"

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

/* In the order of screens.def. */
enum screen_id {
	SCREEN_MAIN,          /* tree, timeline, evidence, address */
	SCREEN_SOURCE_PORTS,  /* e */
	SCREEN_PEERS,         /* c */
	SCREEN_SERVER_PORTS,  /* b */
	SCREEN_PORTS,         /* p */
	SCREEN_PORTS_BY_PEER, /* n */
	SCREEN_OUT_TUPLES,    /* h */
	SCREEN_IN_TUPLES,     /* i */
	SCREEN_MAP,           /* m */
	SCREEN_ALL_EVIDENCE,  /* z */
	SCREEN_ALERTS,
	SCREEN_EXPLAIN, /* x */
	SCREEN_FLOWS,
	SCREEN_BEACON,
	SCREEN_DEVICES,
	SCREEN_ATTACK,
	SCREEN_HELP, /* ? */
	SCREEN_COUNT,
};

enum { MODEL_TEXT_MAX = LIST_KEY_MAX, PANELS_MAX = 4, UNFOLDED_MAX = 4096 };

struct timeline_found;

/* A screen's own state; kept while others are shown. */
struct screen_state {
	unsigned panel; /* that has the focus */
	struct list_place places[PANELS_MAX];
	unsigned sort[PANELS_MAX]; /* 0: as the source has it; n: by column n - 1 */
	bool sort_up[PANELS_MAX];
	size_t columns[PANELS_MAX]; /* that can be sorted by, as it was drawn */
};

struct model {
	struct source *source;
	struct arena memory;                /* of the picture at hand */
	enum screen_id screen, back;        /* and where Escape goes */
	enum screen_id trail[SCREEN_COUNT]; /* from the main page to `back`, each once */
	unsigned trail_count;
	struct screen_state screens[SCREEN_COUNT];
	char host[MODEL_TEXT_MAX]; /* of the window that is looked at */
	int64_t number;
	bool has_window;
	char address[MODEL_TEXT_MAX]; /* that the address panel shows */
	char asked[MODEL_TEXT_MAX]; /* address of another screen: shown there until the next key */
	char evidence[MODEL_TEXT_MAX]; /* id of the one that is explained */
	char tuple[MODEL_TEXT_MAX];    /* "203.0.113.66-48101-tcp": of the beacon picture */
	char filter[MODEL_TEXT_MAX];   /* "/": rows with this text only; "": all */
	bool filtering;                /* it is being typed */
	char (*unfolded)[64];          /* hosts in the tree whose windows are shown; sorted */
	size_t unfolded_count;
	bool is_brief;     /* the timeline has no lines of what was said */
	char message[256]; /* in the bar until the next key */
	char trouble[256]; /* of the source's last answers; "" when there is none */
	bool is_failing; /* besides pictures: its trouble stays until the source is looked at again */
	bool is_left;    /* it does not answer: its last picture stays, until a key */
	char copied[1024]; /* for the terminal's clipboard, once; "" */
	bool quit;
	bool keys_last; /* --keys last */
	uint64_t stamp;
	/* The tree is asked for at each key, and long: kept until the source says something new. */
	struct arena tree_memory;
	const struct source_profile *tree;
	size_t tree_count;
	bool has_tree;
	uint64_t timeline_stamp; /* as of which its entries have their places */
	/* Entries of the timeline with the filter's text, and those of a newer one: timeline_find.h. */
	struct arena found_memory, newer_memory;
	struct timeline_found *found, *newer;
};

struct source_window_id model_window(const struct model *m);
/* source_profiles(), once per look. */
size_t model_profiles(struct model *m, const struct source_profile **ret);
/* returns NULL when there is no such host */
const struct source_profile *model_profile(struct model *m, const char *host);
/*
 * What is said where the window that is looked at has no rows.
 *
 * returns `none`; or, when it went from the tree (room was made, a Redis is of another run now), that it did
 */
const char *model_none(struct model *m, const char *none);
/*
 * Go to a screen; when it refuses, say why.
 *
 * Escape leads from a detail (explained evidence, flows, beacon, help) back to where it was asked for, from all others
 * to the main page.
 */
void model_show(struct model *m, enum screen_id screen);
/* Choose the window that is looked at, and its host for the address panel. */
void model_choose(struct model *m, const struct source_window_id *w);
bool model_is_unfolded(const struct model *m, const char *host);
void model_unfold(struct model *m, const char *host, bool unfolded);
/* Put a text into the terminal's clipboard, and say so; or that there is none, when it is "". */
void model_copy(struct model *m, const char *text);

/* Keys, beyond characters; Ctrl-A is 1. */
enum key {
	PRESS_ENTER = 0x110000,
	PRESS_ESCAPE,
	PRESS_TAB,
	PRESS_BACK_TAB,
	PRESS_UP,
	PRESS_DOWN,
	PRESS_LEFT,
	PRESS_RIGHT,
	PRESS_PAGE_UP,
	PRESS_PAGE_DOWN,
	PRESS_HOME,
	PRESS_END,
	PRESS_BACKSPACE,
	PRESS_RESIZE,
	PRESS_CLICK,
	PRESS_WHEEL_UP,
	PRESS_WHEEL_DOWN,
};

struct key_event {
	int key;              /* a Unicode character, or enum key */
	unsigned row, column; /* of PRESS_CLICK */
};

/* A picture has 64 MiB of memory. returns false when there is none */
bool model_init(struct model *m, struct source *s);
void model_done(struct model *m);
/* Draw the screen at hand. */
void model_draw(struct model *m, struct grid *g);
/*
 * Do a piece of the work that the picture still waits for, of a few milliseconds.
 *
 * returns  false when there was none; else draw again
 */
bool model_go_on(struct model *m);
/* A key was pressed while `g` was shown. */
void model_key(struct model *m, const struct key_event *e, struct grid *g);
/* Does the source say something new? Then draw again. */
bool model_look(struct model *m);
