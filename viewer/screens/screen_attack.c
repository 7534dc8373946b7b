/*
 * screen_attack.c -- what was seen, as ATT&CK has it: a column a tactic in the order of an attack, its techniques below, and
 * the hosts of the one under the cursor.
 */
#include "viewer/screen.h"
#include "viewer/screens/attack_matrix.h"
#include "viewer/screens/main_tree.h"

#include <stdio.h>
#include <string.h>

enum {
	CELL_ROWS = 3, /* id and count, name, and a blank */
	CELL_COLUMNS = 24,
	CELL_COLUMNS_MOST = 40,
	HOSTS_ROWS = 7,
};

static void
technique_key(void *context, size_t i, char key[LIST_KEY_MAX])
{
	const struct attack_matrix *x = context;

	(void)snprintf(key, LIST_KEY_MAX, "%s", x->techniques[i].id);
}

/* Where techniques stand: those of one tactic below each other. */
struct layout {
	unsigned cell; /* columns */
	size_t first_column, first_row;
	size_t rows, columns; /* of cells that are seen */
};

static struct layout
layout_for(const struct attack_matrix *x, const struct area *a, const struct attack_technique *on)
{
	struct layout l = { .cell = a->columns / (unsigned)(x->columns > 0 ? x->columns : 1) };

	if (l.cell < CELL_COLUMNS)
		l.cell = CELL_COLUMNS;
	if (l.cell > CELL_COLUMNS_MOST)
		l.cell = CELL_COLUMNS_MOST;
	l.columns = a->columns / l.cell > 0 ? a->columns / l.cell : 1;
	l.rows = a->rows > 2 + CELL_ROWS ? (a->rows - 2) / CELL_ROWS : 1;
	l.first_column = on->column >= l.columns ? on->column - l.columns + 1 : 0;
	l.first_row = on->row >= l.rows ? on->row - l.rows + 1 : 0;
	return l;
}

/* Without rows when it is not seen. */
static struct area
cell_of(const struct area *a, const struct layout *l, const struct attack_technique *t)
{
	if (t->column < l->first_column || t->row < l->first_row ||
		t->column - l->first_column >= l->columns || t->row - l->first_row >= l->rows)
		return area_part(a, 0, 0, 0, 0);
	return area_part(a, 2 + (unsigned)(t->row - l->first_row) * CELL_ROWS,
		(unsigned)(t->column - l->first_column) * l->cell, CELL_ROWS - 1, l->cell - 1);
}

static void
technique_draw(const struct area *a, const struct layout *l, const struct attack_technique *t,
	bool is_under_cursor)
{
	struct area cell = cell_of(a, l, t);
	struct area head = area_part(a, 0, cell.column - a->column, 2, cell.columns);

	if (cell.rows == 0)
		return;

	(void)area_text(&head, 0, 0, GRID_HEAD, t->tactic);
	area_bold(&head, 0, 0, head.columns);
	unsigned end = area_text(&cell, 0, 0, GRID_KEY, t->id);
	(void)area_format(&cell, 0, end + 1, GRID_SIZE, "%zux, %zu host%s", t->count, t->hosts,
		t->hosts == 1 ? "" : "s");
	(void)area_text(&cell, 1, 0, GRID_PLAIN, t->name);
	for (unsigned i = 0; is_under_cursor && i < cell.rows; i++)
		area_reverse(&cell, i);
}

/* There is more beside what is seen. */
static void
edges_draw(const struct area *a, const struct layout *l, size_t columns)
{
	bool utf8 = a->grid->utf8;

	if (l->first_column > 0)
		area_character(a, 1, 0, GRID_KEY, utf8 ? "←" : "<");
	if (l->first_column + l->columns < columns)
		area_character(a, 1, a->columns - 1, GRID_KEY, utf8 ? "→" : ">");
}

/* Its hosts, those with most evidence first, and what was said of each the last time. */
static void
hosts_draw(struct model *m, const struct area *a, const struct attack_matrix *x, size_t cursor)
{
	const struct attack_technique *t = &x->techniques[cursor];
	struct attack_host *hosts = NULL;
	size_t count = attack_matrix_hosts(x, t, &m->memory, &hosts);
	char title[256];

	(void)snprintf(title, sizeof(title), "%s %s", t->id, t->name);
	struct area in = area_box(a, title, false);
	for (unsigned row = 0; row < in.rows && row < count; row++) {
		const struct attack_host *h = &hosts[row];

		if (row + 1 == in.rows && count > in.rows) {
			(void)area_format(&in, row, 0, GRID_DIM, "and %zu more", count - row);
			return;
		}
		unsigned end = area_text(&in, row, 0, GRID_ADDRESS, h->last->window.host);
		end = area_format(&in, row, end + 1, GRID_SIZE, "%zux", h->count);
		(void)area_text(&in, row, end + 1, GRID_SAID, h->last->text);
	}
}

static void
nothing_draw(const struct model *m, const struct area *a, const struct attack_matrix *x)
{
	const char *text = "no evidence that points to a technique was seen";

	if (x->is_full)
		text = "no memory left for so much evidence";
	else if (m->filter[0] != '\0')
		text = "no technique holds this text";
	(void)area_text(a, 0, 0, GRID_DIM, text);
}

static void
title_write(const struct attack_matrix *x, char *ret, size_t room)
{
	int length = snprintf(ret, room, "ATT&CK of all hosts: %zu technique%s, %zu tactic%s",
		x->count, x->count == 1 ? "" : "s", x->columns, x->columns == 1 ? "" : "s");

	if (x->silenced > 0)
		(void)snprintf(
			ret + length, room - (size_t)length, "; without %zu silenced", x->silenced);
}

/* Of the hosts below the matrix. */
static unsigned
hosts_rows(const struct area *a)
{
	return a->rows > 2 * HOSTS_ROWS ? HOSTS_ROWS : 0;
}

static void
draw(struct model *m, const struct area *a)
{
	struct list_place *place = &m->screens[SCREEN_ATTACK].places[0];
	struct attack_matrix x = attack_matrix_of(m);
	unsigned below = hosts_rows(a);
	struct area above = area_part(a, 0, 0, a->rows - below, a->columns);
	struct area rest = area_part(a, a->rows - below, 0, below, a->columns);
	char title[128];

	title_write(&x, title, sizeof(title));
	struct area in = area_box(&above, title, true);
	struct list l = { .place = place, .count = x.count, .rows = in.rows };
	size_t cursor = list_settle(&l, technique_key, &x);
	(void)snprintf(m->evidence, sizeof(m->evidence), "%s",
		x.count == 0 ? "" : x.techniques[cursor].last->id);
	if (x.count == 0) {
		nothing_draw(m, &in, &x);
		return;
	}
	struct layout layout = layout_for(&x, &in, &x.techniques[cursor]);
	for (size_t i = 0; i < x.count; i++)
		technique_draw(&in, &layout, &x.techniques[i], i == cursor);
	edges_draw(&in, &layout, x.columns);
	if (below > 0)
		hosts_draw(m, &rest, &x, cursor);
}

/* To the next column, into the same row or the last. */
static void
move(struct model *m, const struct attack_matrix *x, bool right)
{
	struct list_place *place = &m->screens[SCREEN_ATTACK].places[0];
	const struct attack_technique *from = &x->techniques[place->at];

	if (!right && from->column == 0)
		return;
	size_t column = right ? from->column + 1 : from->column - 1;
	for (size_t i = 0; i < x->count; i++) {
		const struct attack_technique *t = &x->techniques[i];

		if (t->column != column || t->row > from->row)
			continue;
		place->at = i; /* the lowest so far */
		place->key[0] = '\0';
	}
}

/* The technique's last evidence and its window; there may be a newer one than was drawn, and others before it. */
static void
choose(struct model *m)
{
	const struct list_place *place = &m->screens[SCREEN_ATTACK].places[0];
	struct attack_matrix x = attack_matrix_of(m);

	for (size_t i = 0; place->count > 0 && i < x.count; i++) {
		const struct source_evidence *last = x.techniques[i].last;

		if (strcmp(x.techniques[i].id, place->key) != 0)
			continue;
		(void)snprintf(m->evidence, sizeof(m->evidence), "%s", last->id);
		main_tree_go(m, &last->window);
		return;
	}
}

static void
explain(struct model *m)
{
	if (m->evidence[0] == '\0')
		return;
	choose(m);
	model_show(m, SCREEN_EXPLAIN);
}

/* A click on a technique goes there, another one opens it. */
static void
click(struct model *m, const struct key_event *e, const struct area *a)
{
	struct list_place *place = &m->screens[SCREEN_ATTACK].places[0];
	struct attack_matrix x = attack_matrix_of(m);
	unsigned rows = a->rows - hosts_rows(a);

	if (rows < 2 || a->columns < 2 || place->at >= x.count)
		return;
	struct area in = area_part(a, 1, 1, rows - 2, a->columns - 2); /* of the box */
	struct layout l = layout_for(&x, &in, &x.techniques[place->at]);
	for (size_t i = 0; i < x.count; i++) {
		struct area cell = cell_of(&in, &l, &x.techniques[i]);

		if (e->row < cell.row || e->row >= cell.row + cell.rows ||
			e->column < cell.column || e->column >= cell.column + cell.columns)
			continue;
		if (i == place->at)
			explain(m);
		place->at = i;
		place->key[0] = '\0';
		return;
	}
}

static bool
key(struct model *m, const struct key_event *e, const struct area *a)
{
	if (e->key == PRESS_CLICK)
		click(m, e, a);
	if (e->key == PRESS_ENTER)
		explain(m);
	if (e->key == PRESS_CLICK || e->key == PRESS_ENTER)
		return true;
	if (e->key != PRESS_LEFT && e->key != PRESS_RIGHT)
		return false;
	struct attack_matrix x = attack_matrix_of(m);
	if (m->screens[SCREEN_ATTACK].places[0].at < x.count)
		move(m, &x, e->key == PRESS_RIGHT);
	return true;
}

const struct screen screen_attack = {
	.title = "ATT&CK",
	.is_of_all = true,
	.draw = draw,
	.key = key,
	.choose = choose,
};
