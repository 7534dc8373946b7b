/*
 * places_rig.h -- the viewer on the window of places_sample.h, without a terminal: keys in, pictures out.
 *
 * A picture that is not as the one that was looked at, tests/viewer/<name>.txt, is written beside it as <name>.new.
 */
#pragma once

#include "tests/support/grid_picture.h"
#include "tests/support/places_sample.h"
#include "viewer/key_text.h"
#include "viewer/model.h"
#include "viewer/model_parts.h"
#include "viewer/screen.h"

#include <locale.h>
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include <cmocka.h>

#ifndef TESTS_DIR
#define TESTS_DIR "tests" /* the build says where */
#endif

struct places_rig {
	struct places_sample sample;
	struct model model;
	struct grid_picture picture;
};

static inline void
places_begin(struct places_rig *r, unsigned rows, unsigned columns, bool utf8)
{
	assert_non_null(setlocale(LC_CTYPE, "C.UTF-8"));
	places_sample_init(&r->sample);
	grid_picture_begin(&r->picture, rows, columns, utf8);
	assert_true(model_init(&r->model, &r->sample.source));
	model_choose(&r->model, &(struct source_window_id){ SAMPLE_HOST, 2 });
	model_draw(&r->model, &r->picture.grid);
}

static inline void
places_end(struct places_rig *r)
{
	model_done(&r->model);
	grid_picture_end(&r->picture);
}

/* Keys as --send has them, each with its picture; "" draws once more. */
static inline void
places_send(struct places_rig *r, const char *keys)
{
	struct key_event key;

	while (key_text_read(&keys, &key)) {
		model_key(&r->model, &key, &r->picture.grid);
		model_draw(&r->model, &r->picture.grid);
	}
	model_draw(&r->model, &r->picture.grid);
}

static inline void
places_resize(struct places_rig *r, unsigned rows, unsigned columns, bool utf8)
{
	grid_picture_end(&r->picture);
	grid_picture_begin(&r->picture, rows, columns, utf8);
	model_draw(&r->model, &r->picture.grid);
}

/* The screen alone, in an area that no terminal has. */
static inline void
places_squeeze(struct places_rig *r, unsigned rows, unsigned columns)
{
	grid_picture_end(&r->picture);
	grid_picture_begin(&r->picture, rows, columns, true);
	struct area a = grid_area(&r->picture.grid);
	screens[r->model.screen]->draw(&r->model, &a);
}

/* What all screens have, head and bar, is in the pictures of others. */
static inline void
places_crop(struct places_rig *r)
{
	struct grid *g = &r->picture.grid;
	struct area screen = model_screen_area(&r->model, g);

	for (unsigned row = 0; row < g->rows; row++)
		for (unsigned i = 0; i < g->columns; i++)
			if (row < screen.row || row >= screen.row + screen.rows)
				g->cells[(size_t)row * g->columns + i] =
					(struct grid_cell){ .text = " " };
}

static inline void
assert_places(struct places_rig *r, const char *name, bool colours)
{
	char path[512];
	static char expected[1 << 17];

	if (r->picture.grid.columns >= 40)
		places_crop(r);
	const char *got = grid_picture_text(&r->picture, colours);
	size_t length = 0;
	(void)snprintf(path, sizeof(path), TESTS_DIR "/viewer/%s.txt", name);
	FILE *in = fopen(path, "r");
	if (in != NULL) {
		length = fread(expected, 1, sizeof(expected) - 1, in);
		(void)fclose(in);
	}
	expected[length] = '\0';
	if (strcmp(expected, got) == 0)
		return;
	(void)snprintf(path, sizeof(path), TESTS_DIR "/viewer/%s.new", name);
	FILE *out = fopen(path, "w");
	if (out != NULL) {
		(void)fputs(got, out);
		(void)fclose(out);
	}
	fail_msg("%s is not as it was; see %s\n%s", name, path, got);
}

/* Where a text is in the picture; it is there. */
static inline size_t
place_of(struct places_rig *r, const char *text)
{
	const char *whole = grid_picture_text(&r->picture, false);
	const char *at = strstr(whole, text);

	if (at == NULL)
		fail_msg("there is no \"%s\" in\n%s", text, whole);
	return (size_t)(at - whole);
}

static inline void
assert_lacks(struct places_rig *r, const char *text)
{
	if (strstr(grid_picture_text(&r->picture, false), text) != NULL)
		fail_msg("there is \"%s\" in\n%s", text, r->picture.text);
}
