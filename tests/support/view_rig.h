/*
 * view_rig.h -- a viewer without a terminal: keys in, pictures out, compared with those that were looked at.
 *
 * A picture that differs is written beside the golden one as NAME.new: look at both, then keep one.
 */
#pragma once

#include "tests/support/grid_picture.h"
#include "tests/support/view_sample.h"
#include "viewer/key_text.h"
#include "viewer/model.h"

#include <locale.h>
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include <cmocka.h>

struct view_rig {
	struct view_sample sample;
	struct model model;
	struct grid_picture picture;
};

static inline void
view_draw(struct view_rig *v)
{
	model_draw(&v->model, &v->picture.grid);
}

/* As --print waits for it. */
static inline void
view_draw_whole(struct view_rig *v)
{
	do
		view_draw(v);
	while (model_go_on(&v->model));
}

static inline void
view_begin(struct view_rig *v, unsigned rows, unsigned columns, bool utf8)
{
	assert_non_null(setlocale(LC_CTYPE, "C.UTF-8")); /* how wide characters are */
	view_sample_init(&v->sample);
	grid_picture_begin(&v->picture, rows, columns, utf8);
	assert_true(model_init(&v->model, &v->sample.source));
	view_draw(v);
}

static inline void
view_end(struct view_rig *v)
{
	model_done(&v->model);
	grid_picture_end(&v->picture);
}

/* Keys as --send has them, each with its picture. */
static inline void
view_send(struct view_rig *v, const char *keys)
{
	struct key_event key;

	while (key_text_read(&keys, &key)) {
		model_key(&v->model, &key, &v->picture.grid);
		view_draw_whole(v);
	}
}

/* Another size, at once. */
static inline void
view_resize(struct view_rig *v, unsigned rows, unsigned columns, bool utf8)
{
	grid_picture_end(&v->picture);
	grid_picture_begin(&v->picture, rows, columns, utf8);
	view_draw(v);
}

static inline const char *
view_text(struct view_rig *v)
{
	return grid_picture_text(&v->picture, false);
}

#define assert_shows(v, text)     assert_non_null(strstr(view_text(v), text))
#define assert_not_shows(v, text) assert_null(strstr(view_text(v), text))

/* What stands in a file; "" when there is none. */
static inline void
view_golden_read(const char *path, char *ret_text, size_t size)
{
	FILE *in = fopen(path, "r");
	size_t length = 0;

	if (in != NULL) {
		length = fread(ret_text, 1, size - 1, in);
		(void)fclose(in);
	}
	ret_text[length] = '\0';
}

static inline void
view_golden(struct view_rig *v, const char *stem, bool colours)
{
	char path[512];
	char expected[1 << 17];
	const char *got = grid_picture_text(&v->picture, colours);

	(void)snprintf(path, sizeof(path), "%s.txt", stem);
	view_golden_read(path, expected, sizeof(expected));
	if (strcmp(expected, got) == 0)
		return;
	(void)snprintf(path, sizeof(path), "%s.new", stem);
	FILE *out = fopen(path, "w");
	if (out != NULL) {
		(void)fputs(got, out);
		(void)fclose(out);
	}
	print_message("not as it was; see %s\n%s", path, got);
	fail();
}

/* Compare with tests/viewer/<name>.txt; with colours, the second picture too. */
#define assert_golden(v, name, colours) view_golden(v, TESTS_DIR "/viewer/" name, colours)
