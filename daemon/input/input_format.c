#include "daemon/input/input_format.h"

#include <assert.h>
#include <errno.h>
#include <stdlib.h>

const struct input_format *
input_format_of(enum input_kind kind)
{
	for (size_t i = 0; input_formats[i] != NULL; i++)
		if (input_formats[i]->kind == kind)
			return input_formats[i];
	return NULL;
}

int
input_format_start(struct input_stream *s, const struct input_format *format,
	const struct input_plan *plan, const char *path)
{
	*s = (struct input_stream){ .plan = plan, .format = format, .path = path, .log = "" };
	s->state = calloc(1, format->state_size > 0 ? format->state_size : 1);
	s->text = malloc(INPUT_TEXT_MAX);
	return s->state != NULL && s->text != NULL ? 0 : -ENOMEM;
}

void
input_format_begin(struct input_stream *s, const char *path, const char *first, size_t length)
{
	s->path = path;
	if (s->format->begin != NULL)
		s->format->begin(s, first, length);
}

/* returns as many as were filled: texts that found no room are counted */
static int
told(struct input_stream *s, int count)
{
	assert(count <= INPUT_ITEMS_MAX);
	for (int i = 0; i < count; i++)
		s->cut_texts += s->items[i].said.cut;
	return count;
}

int
input_format_line(struct input_stream *s, char *line, size_t length, uint64_t number)
{
	s->line = number;
	s->text_used = 0;
	return told(s, s->format->line(s, line, length));
}

int
input_format_held(struct input_stream *s, uint64_t now_ns)
{
	s->text_used = 0;
	return s->format->held == NULL ? 0 : told(s, s->format->held(s, now_ns));
}

void
input_format_end(struct input_stream *s)
{
	if (s->state != NULL && s->format->done != NULL)
		s->format->done(s->state);
	free(s->state);
	free(s->text);
	*s = (struct input_stream){ .log = "" };
}
