/*
 * stream_deliver.h -- the bytes of a side, in the order of their numbers, to who reads them.
 */
#pragma once

#include "daemon/base/cursor.h"
#include "daemon/weird.h"

#include <stdbool.h>
#include <stdint.h>

struct stream;
struct stream_table;

/* Delivered and not acknowledged bytes that are kept of a side, so that others in their place are told. */
enum { STREAM_TAIL_MAX = 16 * 1024 };

enum stream_verdict {
	STREAM_TAKEN,
	STREAM_UNWANTED, /* taken, but nobody will ask whether they were the same the second time */
	STREAM_HELD,     /* too few to say anything: offer them again when there are more */
	STREAM_STOP,     /* no more is wanted of this stream */
};

/* Who reads a stream. `side` is the one that sent the bytes. */
struct stream_reader {
	void *context;
	/*
	 * The next bytes, valid for the call; all of them are taken, or none.
	 *
	 * must_decide  there will not be more of them in one piece: STREAM_HELD would be for ever
	 */
	enum stream_verdict (*bytes)(
		void *context, unsigned side, struct cursor bytes, bool must_decide);
	/* So many bytes will not come. returns false when no more is wanted of this stream */
	bool (*gap)(void *context, unsigned side, uint32_t missing);
	void (*weird)(void *context, enum weird kind);
};

/* What one call is about. */
struct stream_work {
	struct stream_table *table;
	struct stream *stream;
	const struct stream_reader *reader;
};

/*
 * Take in the bytes of a segment, and hand on what is next by now. All below: false when the reader
 * wants no more of this stream; it is the caller's to free.
 *
 * doubtful  the receiver may have refused them: they wait until it acknowledges them
 */
bool stream_deliver_bytes(const struct stream_work *w, unsigned side, uint32_t seq,
	struct cursor bytes, bool doubtful);

/* The other side has everything before `ack`: what of it is not here will not come. */
bool stream_deliver_acknowledged(const struct stream_work *w, unsigned side, uint32_t ack);

/* What waits from `seq` on may have been refused by the receiver. returns false when nothing does */
bool stream_deliver_doubt(const struct stream_work *w, unsigned side, uint32_t seq);

/* Offer again what the reader held. */
bool stream_deliver_again(const struct stream_work *w, unsigned side);

/* Nothing will come any more: hand on what waits, with the gaps between. */
bool stream_deliver_rest(const struct stream_work *w, unsigned side);
