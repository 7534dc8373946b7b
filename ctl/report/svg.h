/* svg.h -- shapes of a picture in a page. Colours are classes; coordinates are the picture's own units. */
#pragma once

#include "ctl/report/html.h"

#include <stdint.h>

/* Begin a picture; html_close() ends it. It starts at (0, top) and scales to its place. `name` is told to who cannot see it. */
void svg_open(struct html *h, int top, int width, int height, const char *name);
/* `anchor` is "start", "middle" or "end"; the text may be hostile. */
void svg_text(struct html *h, double x, double y, const char *anchor, const char *text);
/* How far a value reaches in `room`, which is for the largest; what is there at all is seen: one unit. */
double svg_part(uint64_t value, uint64_t most, double room);
void svg_line(struct html *h, const char *class, double x1, double y1, double x2, double y2);
void svg_box(struct html *h, const char *class, double x, double y, double width, double height);
