/* line_outlet.h -- the functions of an exporter that puts its encoding's lines into one file. */
#pragma once

#include "exporters/exporter.h"
#include "exporters/line_file.h"

/* The state of such an exporter: `state_size` is its size. */
struct line_outlet {
	struct line_file file;
};

/* As exporter.open; `path` and `limits` as line_file_open() takes them. */
int line_outlet_open(struct outlet *o, const char *path, const char *header,
	const struct line_file_limits *limits);
/*
 * As exporter.write. Over files the lines go out when the buffer is full, or are shown; live at once if somebody
 * should act on them, and onto the disk itself within 200 ms; else within a second.
 */
void line_outlet_write(struct outlet *o, const struct record *r, const char *line, size_t length);
void line_outlet_tick(struct outlet *o);
void line_outlet_show(struct outlet *o);
void line_outlet_reopen(struct outlet *o);
int line_outlet_close(struct outlet *o, const char *footer);
