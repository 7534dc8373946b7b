/*
 * input.h -- observations out of other programs' flow logs, several at once, in the order of their times.
 *
 * Zeek's logs, EVE, Argus and nfdump text, plain, gzip or zstd, from files, directories or standard input.
 * The kind of each is recognised by what is in it. Damage never fails: a bad line is counted, the first of
 * a file is told, and the next one is read.
 */
#pragma once

#include "daemon/observation.h"
#include "daemon/record/record.h"

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

enum { INPUT_ERROR_MAX = 512 };

/* What reading loses; input_losses() has them in this order. */
enum input_loss {
	INPUT_LOSS_BAD_LINES,
	INPUT_LOSS_LONG_LINES,
	INPUT_LOSS_CUT_TEXTS, /* no room in a line's texts, or in a list */
	INPUT_LOSS_CUT_FILES, /* broke off, or gone when their turn came */
	INPUT_LOSS_UNKNOWN,   /* logs, events, columns, files that nobody follows */
	INPUT_LOSS_LATE,      /* items whose time was over in their own file */
	INPUT_LOSS_EVICTED,   /* one-way flows told early, before their other direction came */
	INPUT_LOSS_REFUSED,   /* one-way flows for which there was no room */
	INPUT_LOSSES,
};

enum input_kind {
	INPUT_KIND_UNKNOWN,
	INPUT_KIND_CAPTURE, /* pcap or pcapng: capture_file.h reads it */
	INPUT_KIND_ZEEK,
	INPUT_KIND_EVE,
	INPUT_KIND_ARGUS,
	INPUT_KIND_NFDUMP,      /* its CSV */
	INPUT_KIND_NFDUMP_FILE, /* its binary file, read through its program */
	INPUT_KIND_COUNT,
};

enum input_sort {
	INPUT_SORT_AUTO, /* EVE of a regular file: its lines lie in no order */
	INPUT_SORT_NEVER,
	INPUT_SORT_ALWAYS,
};

struct capture_input;

/* Where reading has come to in a file that may grow. */
struct input_position {
	uint64_t device, inode;
	uint64_t offset; /* behind the last line that was told */
	uint64_t line;   /* its number */
	uint32_t head;   /* sum of the first bytes: inodes are used again */
};

/* What is to be read. */
struct input_plan {
	const char *const
		*paths; /* files, directories, "-" is standard input, at most once; borrowed */
	size_t count;   /* 1 .. 1024 */
	enum input_kind kind; /* UNKNOWN: by content */
	enum input_sort sort;
	bool follow;     /* wait for more at the end, and for new files in a directory */
	bool file_order; /* compat.windows s20: no sorting, ports and directions as they are written */
	int32_t zone_s;     /* of times that are written without one, east of Greenwich */
	const char *nfdump; /* its program; NULL: "nfdump" of the PATH */
	/*
	 * One for each path: what is_open there is taken over, and need not be a path at all (a pipe, a
	 * socket). NULL: none is. Opened by input_lines_how(), or with more room.
	 */
	struct capture_input *opened;
	uint64_t memory; /* bytes that sorting may take, of all files; 0: 64 MiB */
	/* Following: where an earlier reading came to in these files; borrowed for input_open(). */
	const struct input_position *positions;
	size_t position_count;
};

enum input_step {
	INPUT_ITEM,
	INPUT_WAIT, /* following: nothing is there now; else lines are being put in order: ask again */
	INPUT_END,
};

/* What one file was. */
struct input_count {
	const char *path;
	enum input_kind kind;
	const char *log;    /* "conn", "dns" ...; "" where the kind has no logs */
	uint64_t lines;     /* that hold data */
	uint64_t read;      /* told as something */
	uint64_t skipped;   /* nothing that we follow */
	uint64_t bad;       /* could not be read */
	uint64_t first_bad; /* number of that line; 0: none */
};

struct input_progress {
	uint64_t bytes_read, bytes_total; /* of the files as they lie on disk; total 0: unknown */
	uint64_t lines;
};

struct input;

/*
 * Open every file for one merged reading.
 *
 * ret_error  on failure one line: file, what was expected, what to do
 * returns    0; -EACCES, -ENOENT ... of open(); -EINVAL: a file is of no kind that is read here (a capture
 *            is none), or a directory has none; -ENOMEM
 */
int input_open(
	const struct input_plan *plan, struct input **ret_input, char ret_error[INPUT_ERROR_MAX]);

/*
 * When the earliest began of what will be told, for engine_begin(): where a file is put in order, of
 * the lines that are looked at by then; else of what the first 128 KiB of each log hold. Before the first input_next(); not when following.
 *
 * ret_ns   UINT64_MAX when there is nothing
 * returns  false as long as a file is being put in order: ask again
 */
bool input_begins(struct input *in, uint64_t *ret_ns);

/*
 * The next observation, in the order of keys over all files; within a file in its own order.
 *
 * ret_o    valid to the next call, with all that it points to
 * ret_key  the time that has come with it (engine_tick()): never less than the key before
 */
enum input_step input_next(
	struct input *in, const struct observation **ret_o, uint64_t *ret_key_ns);

/*
 * Following: look what came, and what was renamed or cut. A log that has another file by now is read to
 * its end first. Growth alone needs no look: input_next() sees it.
 */
void input_look_again(struct input *in);

/* Bytes of memory that it takes at most. */
uint64_t input_memory(const struct input *in);

void input_progress(const struct input *in, struct input_progress *ret);

/*
 * Files in the order of opening, to begin at `from`.
 *
 * returns  how many were written to `ret`, at most `room`
 */
size_t input_counts(const struct input *in, size_t from, struct input_count *ret, size_t room);

/*
 * Where a later reading has to go on so that nothing is told twice, and nothing left out. What
 * input_next() gave last is not told yet: it is once input_next() was asked again.
 *
 * returns  how many were written to `ret`, at most `room`
 */
size_t input_positions(struct input *in, struct input_position *ret, size_t room);

/* Names ("input_bad_lines", ...) and numbers of what was lost, by enum input_loss. */
void input_losses(const struct input *in, struct record_loss ret[INPUT_LOSSES]);

/* Close every file. Accepts NULL. */
void input_close(struct input *in);

/* "zeek", "eve", ... */
const char *input_kind_name(enum input_kind kind);
