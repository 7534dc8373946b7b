/*
 * input_toy.h -- formats that only tests have, in place of the table of formats.
 *
 * A line is {"ts":SECONDS,"id":WORD} and becomes the end of a flow with that start, end and uid. What else
 * stands in it: "items":N tells it N times, "start":SECONDS that it began before, "key":SECONDS says what time has come with it, "skip" and "keep"
 * do as they say, "bad" is no number. As kind EVE it also has "event_type".
 *
 * Included by one file of a test: it defines `input_formats`.
 */
#pragma once

#include "daemon/input/input_format.h"

#include <errno.h>
#include <fcntl.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#define TOY_S UINT64_C(1000000000)

struct toy {
	unsigned begun;
	uint64_t kept_ts; /* in seconds; 0: none is held back */
	size_t first_length;
};

static inline const char *
toy_after(const char *line, const char *key)
{
	const char *at = strstr(line, key);

	return at == NULL ? NULL : at + strlen(key);
}

static inline void
toy_fill(struct input_item *item, uint64_t ts, const char *id)
{
	item->flow.start_ns = item->flow.last_ns = ts * TOY_S;
	if (id != NULL)
		(void)snprintf(item->flow.uid.text, sizeof(item->flow.uid.text), "%.*s",
			(int)strcspn(id, "\""), id);
	input_item_flow(item);
}

static inline int
toy_line(struct input_stream *s, char *line, size_t length)
{
	struct toy *t = s->state;
	const char *ts = toy_after(line, "\"ts\":");
	const char *items = toy_after(line, "\"items\":");
	const char *key = toy_after(line, "\"key\":");
	int count = items == NULL ? 1 : (int)strtol(items, NULL, 10);

	s->log = "toy";
	if (line[0] == '#')
		return 0;
	if (strstr(line, "skip") != NULL) {
		s->unknown++;
		return input_stream_skip(s);
	}
	if (ts == NULL || strncmp(ts, "bad", 3) == 0)
		return input_stream_bad(s, "ts", (struct text_view){ line, length }, "time");
	if (strstr(line, "keep") != NULL) {
		s->evicted += t->kept_ts != 0;
		s->refused += strstr(line, "refuse") != NULL;
		t->kept_ts = strtoull(ts, NULL, 10);
		return input_stream_keep(s);
	}
	for (int i = 0; i < count; i++) {
		struct input_item *item = input_stream_item(s, (size_t)i, NULL, 0);
		toy_fill(item, strtoull(ts, NULL, 10), toy_after(line, "\"id\":\""));
		const char *start = toy_after(line, "\"start\":");
		if (start != NULL)
			item->flow.start_ns = strtoull(start, NULL, 10) * TOY_S;
		item->key_ns = key == NULL ? 0 : strtoull(key, NULL, 10) * TOY_S;
	}
	return count;
}

static inline int
toy_held(struct input_stream *s, uint64_t now_ns)
{
	struct toy *t = s->state;

	if (t->kept_ts == 0 || t->kept_ts * TOY_S + 10 * TOY_S > now_ns)
		return 0;
	toy_fill(input_stream_item(s, 0, NULL, 0), t->kept_ts, "kept");
	t->kept_ts = 0;
	return 1;
}

static inline void
toy_begin(struct input_stream *s, const char *first, size_t length)
{
	struct toy *t = s->state;

	(void)first;
	t->begun++;
	t->first_length = length;
}

/* "Through a program": the lines are those of the file of the same name with ".txt" behind it. */
static inline int
toy_open(struct input_stream *s, const char *path, char ret_error[INPUT_ERROR_MAX])
{
	char name[256];

	(void)s;
	(void)snprintf(name, sizeof(name), "%s.txt", path);
	int fd = open(name, O_RDONLY | O_CLOEXEC);
	if (fd >= 0)
		return fd;
	(void)snprintf(ret_error, INPUT_ERROR_MAX, "%s: no program", path);
	return -ENOENT;
}

static inline int
toy_close(struct input_stream *s)
{
	(void)snprintf(s->complaint, sizeof(s->complaint), "the program said no");
	return s->line == 1 ? -EIO : 0;
}

static const struct input_format toy_zeek = {
	.name = "zeek",
	.kind = INPUT_KIND_ZEEK,
	.state_size = sizeof(struct toy),
	.line = toy_line,
	.held = toy_held,
	.begin = toy_begin,
};

static inline void
toy_begin_unordered(struct input_stream *s, const char *first, size_t length)
{
	toy_begin(s, first, length);
	s->look_ahead = INPUT_LOOK_EVERYWHERE;
}

static const struct input_format toy_eve = {
	.name = "eve",
	.kind = INPUT_KIND_EVE,
	.state_size = sizeof(struct toy),
	.line = toy_line,
	.held = toy_held,
	.begin = toy_begin_unordered,
};

static const struct input_format toy_nfdump = {
	.name = "nfdump",
	.kind = INPUT_KIND_NFDUMP_FILE,
	.state_size = sizeof(struct toy),
	.line = toy_line,
	.open = toy_open,
	.close = toy_close,
};

const struct input_format *const input_formats[] = { &toy_zeek, &toy_eve, &toy_nfdump, NULL };
