/* line_outlet.h -- the functions of an exporter that puts its encoding's lines into one file. */
#pragma once

#include "exporters/exporter.h"
#include "exporters/line_file.h"

/* The state of such an exporter: `state_size` is its size. */
struct line_outlet {
	struct line_file file;
	const char *header;
	uint64_t flushed_ns; /* packet time of the last write to the file */
};

/* As exporter.open; `path` as line_file_open() takes it. */
int line_outlet_open(struct outlet *o, const char *path, const char *header);
/*
 * As exporter.write. Over files the lines go out when the buffer is full; live at once if somebody
 * should act on them, else within a second of packet time.
 */
void line_outlet_write(struct outlet *o, const struct record *r, const char *line, size_t length);
void line_outlet_reopen(struct outlet *o);
int line_outlet_close(struct outlet *o, const char *footer);
