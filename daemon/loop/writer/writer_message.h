/* writer_message.h -- what the capturing process and its writer say to each other. */
#pragma once

#include <stdint.h>

/* The first byte of a message; messages keep their bounds (SOCK_SEQPACKET). */
enum writer_message {
	WRITER_RECORDS = 'R', /* records, packed, one after the other */
	WRITER_REOPEN = 'O',
	WRITER_LOG_LEVEL = 'L', /* one byte, enum log_level */
	WRITER_STATE = 'S',     /* a piece of the state */
	WRITER_SAVE = 'V',      /* it is complete: write it down */
	WRITER_NOTE = 'N',      /* a note, as it is to be written down */
	/* From the child. */
	WRITER_READY = 'Y', /* struct writer_ready */
	WRITER_SAVED = 'D', /* the state is on disk, or could not be written */
	WRITER_STATS = 'T', /* struct outlet_stats, one for each outlet; every second */
};

enum { WRITER_MESSAGE_MAX = 32 * 1024, WRITER_OUTLETS_MAX = 64 };

/* How the outlets' opening went, and what they want. */
struct writer_ready {
	int32_t result;  /* 0 or -errno */
	uint32_t wanted; /* RECORD_BIT()s */
};
