/* writer_state.h -- a writer from inside, for writer_queue.c and writer_process.c; see writer.h. */
#pragma once

#include "daemon/loop/writer/writer.h"
#include "daemon/loop/writer/writer_message.h"
#include "exporters/outlets.h"

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>
#include <sys/types.h>

struct event;

enum {
	WRITER_BATCHES = 64, /* 2 MiB in all */
	WRITER_BATCHES_WITH_WINDOWS = WRITER_BATCHES * 7 / 8,
	WRITER_BATCHES_WITH_FLOWS = WRITER_BATCHES * 3 / 4,
	WRITER_BATCHES_WINDOWS_WAIT = WRITER_BATCHES / 2, /* while there are more */
};

struct writer_batch {
	uint8_t bytes[WRITER_MESSAGE_MAX];
	size_t length;
};

struct writer {
	pid_t child;
	int fd;
	bool is_dead; /* it ended, or cannot be reached */
	bool is_full; /* the socket, when it was tried last */
	bool reopen_asked, log_level_asked;
	uint8_t log_level;
	struct writer_batch
		*batches; /* a ring of WRITER_BATCHES; the last one in use is still being filled */
	size_t oldest, in_use;
	const uint8_t *state; /* not NULL: on its way */
	size_t state_length, state_sent;
	bool state_complete; /* sent whole, not yet answered */
	uint8_t note[1 + WRITER_NOTE_MAX];
	size_t note_length; /* with its first byte; 0: none is to be sent */
	uint64_t until_ns;  /* monotonic: the end's deadline; 0: it has not begun */
	struct writer_stats stats;
	uint32_t wanted; /* RECORD_BIT()s */
	struct outlet_stats outlets[WRITER_OUTLETS_MAX];
	size_t outlet_count;

	struct event *readable, *writable;
	void (*gone)(void *context);
	void *context;
};

/* At the end: wait until conversations, too, find room in the queue, or the patience is over. */
void writer_make_room(struct writer *w);
/* Take one message of the child's. returns false when there is none now, or it has ended */
bool writer_hear(struct writer *w);
