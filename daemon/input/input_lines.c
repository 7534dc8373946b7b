#include "daemon/input/input_lines.h"

#include <string.h>

struct capture_how
input_lines_how(void)
{
	return (struct capture_how){
		.record_bytes = INPUT_LINE_MAX,
		.block_bytes = INPUT_LINES_BLOCK,
	};
}

/* Consume `length` bytes. returns them if they are a line to be told, else NULL. */
static char *
take(struct input_lines *l, size_t length, size_t *ret_length)
{
	char *line = capture_input_take(&l->in, length);
	size_t n = length;
	bool was_skipping = l->is_skipping;

	l->searched = 0;
	l->is_skipping = false;
	l->number++;
	if (was_skipping)
		return NULL;
	if (n > 0 && line[n - 1] == '\n')
		n--;
	if (n > INPUT_LINE_MAX) {
		l->too_long++;
		return NULL;
	}
	if (n > 0 && line[n - 1] == '\r')
		n--;
	for (; n > 0 && line[0] == '\0'; n--)
		line++;
	line[n] = '\0';
	*ret_length = n;
	return n > 0 ? line : NULL;
}

/* A line that has no end in sight is too long already: make room for more of it. */
static void
make_room(struct input_lines *l)
{
	size_t left = cursor_left(&l->in.bytes);

	l->searched = left;
	if (left <= INPUT_LINE_MAX && !l->is_skipping)
		return;
	l->too_long += !l->is_skipping;
	l->is_skipping = true;
	l->searched = 0;
	(void)capture_input_skip(&l->in, left);
}

enum input_step
input_lines_next(struct input_lines *l, char **ret_line, size_t *ret_length)
{
	for (;;) {
		const struct cursor *c = &l->in.bytes;
		size_t left = cursor_left(c);
		const uint8_t *from = c->at + l->searched;
		const uint8_t *end =
			left > l->searched ? memchr(from, '\n', left - l->searched) : NULL;
		size_t length = end != NULL ? (size_t)(end - c->at) + 1 : 0;
		if (end == NULL) {
			make_room(l);
			if (capture_input_fill(&l->in))
				continue;
			if (l->follows && capture_input_go_on(&l->in))
				return INPUT_WAIT;
			length = cursor_left(c);
			if (length == 0)
				return INPUT_END;
		}
		*ret_line = take(l, length, ret_length);
		if (*ret_line != NULL)
			return INPUT_ITEM;
	}
}
