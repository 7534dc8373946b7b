/*
 * framed.h -- messages of a TCP stream that begin with their length, however they were cut.
 *
 * Of a message its first bytes are kept, as many as the buffer holds; it is handed over as soon as
 * those are there, and the rest of it is passed.
 */
#pragma once

#include "daemon/base/cursor.h"

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

/* One side's message that is coming. Zeroed is the beginning of one. */
struct framed {
	uint64_t got;  /* bytes of it that came */
	uint64_t size; /* all of it; 0: not known yet */
	bool is_past;  /* it was handed over, or is torn: its end is awaited, no more */
	bool is_lost; /* nobody knows where the next one begins; framed_next() is not to be called */
};

enum framed_verdict {
	FRAMED_MORE,    /* all bytes were taken */
	FRAMED_MESSAGE, /* here is one; call again */
	FRAMED_BROKEN,  /* no message begins so */
};

#define FRAMED_NONE UINT64_MAX

/*
 * The size of a whole message from its first bytes, which are at most as many as are kept; 0 while
 * they do not tell, FRAMED_NONE when no message begins so.
 */
typedef uint64_t framed_size(struct cursor head);

/*
 * Take bytes up to the next message.
 *
 * buffer       `room` bytes of the side's own, the same for every call
 * ret_message  a view of the buffer, whole or cut at `room`; valid until the next call
 */
enum framed_verdict framed_next(struct framed *f, uint8_t *buffer, size_t room,
	framed_size *size_of, struct cursor *bytes, struct cursor *ret_message);

/* Are bytes of a message kept in its side's buffer? */
static inline bool
framed_holds(const struct framed *f)
{
	return f->got > 0 && !f->is_past;
}

/*
 * So many bytes will not come. A message that is being read and lacks some of its first bytes is not
 * handed over.
 *
 * returns  false when it is not known where the next message begins: `is_lost` is set
 */
bool framed_gap(struct framed *f, uint32_t missing);
