/*
 * told.h -- what a sensor tells of frames, as text: what hosts said, what was odd, what each flow was.
 *
 *	struct told *t = told_new();
 *	told_begin(t);
 *	told_frames(t, frames, count);
 *	puts(told_end(t));  told_free(t);
 *
 * A line each, in the order in which they are told:
 *
 *	10.0.0.1:40000 10.0.0.2:80 http method=GET uri=/ status_code=200
 *	weird tcp_overlap
 *	10.0.0.1:40000 10.0.0.2:80 flow http
 *
 * The same frames give the same text, byte for byte. No checksum is verified, no detector is on.
 */
#pragma once

#include "daemon/base/strbuf.h"
#include "daemon/engine/engine.h"

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

enum { TOLD_MAX = 256 * 1024 };

struct told {
	struct settings settings;
	struct engine *engine;
	struct strbuf out;
	bool half; /* which of the texts is being written */
	char text[2][TOLD_MAX];
};

struct told *told_new(void);
/* Begin: with an engine that knows nothing, and an empty text. */
void told_begin(struct told *t);
/* Any number of frames, in the order of their times. */
void told_frames(struct told *t, const struct frame *frames, size_t count);
/* Nothing comes until then. returns the text so far, until the next call: it begins anew */
const char *told_until(struct told *t, uint64_t now_ns);
/* The capture ends, and the engine goes. returns the text, until the next told_begin() */
const char *told_end(struct told *t);
void told_free(struct told *t);
