/*
 * stream_rest.h -- of a conversation that says nothing, only what its parser needs to go on is kept.
 *
 * Most connections that are open are quiet, and a parser's state is mostly room for what is on its way.
 * STREAM_QUIET_S after its last packet a stream's state is cut to as many bytes as its parser says
 * (struct protocol, `keeps`), and is whole again when more is said; of the bytes that nobody has acknowledged the
 * last 512 are kept. Those at rest make room before those that speak.
 */
#pragma once

#include "daemon/reassembly/stream.h"

enum { STREAM_QUIET_S = 2 };

/* Put streams to rest that have been quiet, two at most. */
void stream_rest(struct stream_table *t, uint32_t now_s);

/*
 * More is said: the state is whole again, as stream_recognise() made it but for what was kept.
 *
 * returns  false when no room could be made for it
 */
bool stream_wake(struct stream_table *t, struct stream *s, size_t state_size, size_t state_zeroed);

/*
 * A state as stream_wake() makes it, for its last words: no room has to be made.
 *
 * returns  the state; valid until the next call, and not the stream's own when it is at rest
 */
void *stream_last_state(
	struct stream_table *t, const struct stream *s, size_t state_size, size_t state_zeroed);
