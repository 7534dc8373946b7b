#include "viewer/list.h"

#include "viewer/model.h"

#include <string.h>

enum { WHEEL = 3, CTRL = 0x1f };

#define LAST    (SIZE_MAX / 2) /* beyond any list, */
#define NOWHERE SIZE_MAX       /* and no place in one */

/* Its number now. returns the place of what went, when it is gone */
static size_t
find(struct list *l, void (*key_of)(void *context, size_t i, char key[LIST_KEY_MAX]), void *context)
{
	struct list_place *p = l->place;
	size_t last = l->count - 1;
	size_t here = p->at < last ? p->at : last;
	char key[LIST_KEY_MAX];

	key_of(context, here, key);
	if (p->key[0] == '\0' || strcmp(key, p->key) == 0)
		return here;
	for (size_t i = 0; i < l->count; i++) {
		key_of(context, i, key);
		if (strcmp(key, p->key) == 0)
			return i;
	}
	return here;
}

size_t
list_settle(struct list *l, void (*key_of)(void *context, size_t i, char key[LIST_KEY_MAX]),
	void *context)
{
	struct list_place *p = l->place;

	p->count = l->count;
	p->rows = l->rows;
	if (l->count == 0) {
		p->top = 0; /* but where the cursor was is kept: a filter may go again */
		return 0;
	}
	size_t at = find(l, key_of, context);
	/* What moved the item moves the picture too: it stays in its row. */
	if (at > p->at)
		p->top += at - p->at;
	else
		p->top -= p->at - at < p->top ? p->at - at : p->top;
	p->at = at;
	key_of(context, at, p->key);
	if (p->top + l->rows > l->count)
		p->top = l->count > l->rows ? l->count - l->rows : 0;
	if (at >= p->top + l->rows)
		p->top = at - (l->rows > 0 ? l->rows - 1 : 0);
	if (at < p->top)
		p->top = at;
	return at;
}

/* What is beside an area: the border of its box. */
static struct area
border(const struct area *a)
{
	struct area whole = grid_area(a->grid);

	return area_part(&whole, a->row, a->column + a->columns, a->rows, 1);
}

void
list_stands(struct list_place *p, const struct area *a)
{
	struct area beside = border(a);
	bool utf8 = a->grid->utf8;

	p->area = *a;
	if (a->rows == 0)
		return;
	if (p->top > 0)
		area_character(&beside, 0, 0, GRID_KEY, utf8 ? "▲" : "^");
	if (p->top + p->rows < p->count)
		area_character(&beside, a->rows - 1, 0, GRID_KEY, utf8 ? "▼" : "v");
}

/* To item `at`, whichever it is. */
static void
go(struct list_place *p, size_t at, size_t count)
{
	p->at = at < count ? at : count - (count > 0);
	p->key[0] = '\0';
}

static size_t
back(const struct list_place *p, size_t items)
{
	return p->at > items ? p->at - items : 0;
}

static bool
clicked(struct list_place *p, const struct key_event *e, size_t count)
{
	const struct area *a = &p->area;

	if (e->row < a->row || e->row >= a->row + a->rows || e->column < a->column ||
		e->column >= a->column + a->columns)
		return false;
	size_t at = p->top + (e->row - a->row);
	if (at < count)
		go(p, at, count);
	return true;
}

/* The item that a key goes to from here. */
static size_t
target(const struct list_place *p, int key, size_t page)
{
	const size_t half = (page + 1) / 2;

	switch (key) {
	case PRESS_UP:
	case 'k':
		return back(p, 1);
	case PRESS_DOWN:
	case 'j':
		return p->at + 1;
	case PRESS_WHEEL_UP:
		return back(p, WHEEL);
	case PRESS_WHEEL_DOWN:
		return p->at + WHEEL;
	case PRESS_PAGE_UP:
	case 'B' & CTRL:
		return back(p, page);
	case PRESS_PAGE_DOWN:
	case 'F' & CTRL:
		return p->at + page;
	case 'U' & CTRL:
		return back(p, half);
	case 'D' & CTRL:
		return p->at + half;
	case PRESS_HOME:
	case 'g':
		return 0;
	case PRESS_END:
	case 'G':
		return LAST;
	case 'H':
		return p->top;
	case 'M':
		return p->top + (page - 1) / 2;
	case 'L':
		return p->top + page - 1;
	default:
		return NOWHERE;
	}
}

bool
list_key(struct list_place *p, const struct key_event *e, size_t count, unsigned rows)
{
	if (e->key == PRESS_CLICK)
		return clicked(p, e, count);
	size_t at = target(p, e->key, rows > 0 ? rows : 1);
	if (at == NOWHERE)
		return false;
	go(p, at, count);
	return true;
}
