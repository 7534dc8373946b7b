/*
 * line_file.h -- a file of lines that survives a full disk and a log rotator.
 *
 * Lines are gathered in a buffer and written with write() when it is full or when somebody asks. A
 * write that fails loses nothing at first: what is in the buffer stays there and is tried again,
 * lines that find no room are counted, and one warning says so. No reader ever sees half a line
 * followed by another: a line that was cut short is either finished later or cut off at the close,
 * and what a crash left of a line is cut off at the next start.
 *
 * Live, findings come before everything else: the last room of a disk is theirs, and while a disk
 * cannot be written the buffer grows for them alone.
 */
#pragma once

#include "daemon/settings/config_item.h"

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

struct run_info;

enum {
	LINE_FILE_BUFFER = 64 * 1024,
	LINE_FILE_BUFFER_MAX =
		8 * 1024 * 1024, /* live, while nothing can be written: for findings */
	LINE_FILE_HEADER_MAX = 4096,
};

/* What a file may take of its disk, live. Zeroed: all of it, in one file. */
struct line_file_limits {
	uint64_t rotate_at;    /* bytes; 0 is never */
	uint32_t rotated_kept; /* PATH.1, PATH.2 ... */
	uint64_t keep_free;    /* bytes of the filesystem */
};

/* The settings of the section `disk` of an exporter that writes such a file. Ends in CONFIG_END. */
extern const struct config_item line_file_limit_rows[];

struct line_file {
	char *path;
	const char *header; /* borrowed; NULL for none */
	char *buffer;       /* NULL: not open */
	size_t capacity;    /* bytes at `buffer` for lines; there is room for a header as well */
	size_t length;      /* bytes waiting in it */
	size_t skip;        /* of its first line, bytes that are already in the file */
	int fd;             /* -1 when it is not open */
	uint64_t size;      /* bytes in the file */
	bool append;        /* live: keep what is there, never block */
	struct line_file_limits limits;

	int trouble;    /* errno of the last write or open that failed; 0 when all is well */
	int lost;       /* the first errno because of which a line was lost for good, or 0 */
	bool scarce;    /* the disk's last room has begun: it is for findings */
	bool stale;     /* the path could not be opened again; the file that was open is used on */
	bool overgrown; /* it could not be rotated, and that was said */
	bool rotate_waits;      /* for the next look */
	bool unsynced;          /* something that was written is to get onto the disk itself */
	uint64_t refused;       /* lines that found no room since the trouble began */
	uint64_t reserved;      /* common lines refused since room became scarce */
	uint64_t trouble_count; /* times that trouble began */
	uint64_t flushed_ns, looked_ns, synced_ns;
};

/*
 * Open a file for lines, making the directories on its way.
 *
 * path     relative to run->output_dir unless it begins with '/'
 * run      live: append to what is there; over files: begin anew
 * header   first bytes of an empty file, whole lines, at most LINE_FILE_HEADER_MAX; borrowed for
 *          the file's life; NULL for none
 * limits   obeyed when live; NULL for none
 * returns  0; -EEXIST: the run reads that file, which is left as it is; another -errno. Each is already
 *          logged; line_file_close() accepts it either way
 */
int line_file_open(struct line_file *f, const struct run_info *run, const char *path,
	const char *header, const struct line_file_limits *limits);

/*
 * Add one line and its line end.
 *
 * finding  it goes before lines that are none
 * returns  0; -EMSGSIZE longer than the buffer; -ENOBUFS no room while the file cannot be written;
 *          -ENOSPC no finding, and the disk's last room is kept for those
 */
int line_file_write(struct line_file *f, const char *line, size_t length, bool finding);

/* Write out what is waiting. */
void line_file_flush(struct line_file *f);

/* Ask that what was written gets onto the disk itself within 200 ms of ticks. */
void line_file_sync(struct line_file *f);

/*
 * Live, several times a second: what waits for half a second is written, what is to be on the disk
 * is synced, and once a second the path is looked at: has the file moved away or vanished, is there
 * room, does a path that failed work again?
 *
 * now_ns  monotonic
 */
void line_file_tick(struct line_file *f, uint64_t now_ns);

/* Lines in the buffer; O(bytes in it). */
size_t line_file_waiting(const struct line_file *f);

/* Write out, then open the path again: a rotator has moved the file. */
void line_file_reopen(struct line_file *f);

/*
 * Write out and close. Accepts a zeroed or half-opened struct, and a second call.
 *
 * footer   last bytes, whole lines; NULL for none
 * returns  0, or -errno when a line that was accepted is not in the file, or any was dropped
 */
int line_file_close(struct line_file *f, const char *footer);
