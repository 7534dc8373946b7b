/* writer_message.h -- what the capturing process and its writer say to each other. */
#pragma once

#include <stdint.h>

/* The first byte of a message; messages keep their bounds (SOCK_SEQPACKET). */
enum writer_message {
	WRITER_RECORDS = 'R', /* records, packed, one after the other */
	WRITER_REOPEN = 'O',
	WRITER_STATE = 'S', /* a piece of the state */
	WRITER_SAVE = 'V',  /* it is complete: write it down */
	WRITER_READY = 'Y', /* from the child: outlets are open; or an int32_t that is -errno */
	WRITER_SAVED = 'D', /* from the child: the state is on disk, or could not be */
};

enum { WRITER_MESSAGE_MAX = 32 * 1024 };
