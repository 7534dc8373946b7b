/* stream_segment.h -- one TCP segment of a stream: would the receiver take it, and what does it say? */
#pragma once

#include "daemon/decode/packet.h"
#include "daemon/reassembly/stream_deliver.h"

#include <stdbool.h>

/*
 * Take in a segment: hand on what comes in order by now, of both sides, and tell what is ambiguous.
 *
 * side     who sent it
 * returns  false when the reader wants no more of this stream, which is the caller's to free
 * cost     the segment's bytes, and a walk over at most STREAM_BLOCKS_MAX blocks
 */
bool stream_segment(const struct stream_work *w, unsigned side, const struct packet *p);
