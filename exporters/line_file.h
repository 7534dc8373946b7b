/*
 * line_file.h -- a file of lines that survives a full disk and a log rotator.
 *
 * Lines are gathered in a buffer and written with write() when it is full or when somebody asks. A
 * write that fails loses nothing at first: what is in the buffer stays there and is tried again,
 * lines that find no room are counted, and one warning says so. No reader ever sees half a line
 * followed by another: a line that was cut short is either finished later or cut off at the close.
 */
#pragma once

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

struct run_info;

enum { LINE_FILE_BUFFER = 64 * 1024, LINE_FILE_HEADER_MAX = 4096 };

struct line_file {
	char *path;
	char *buffer;  /* LINE_FILE_BUFFER bytes for lines and room for a header; NULL: not open */
	size_t length; /* bytes waiting in it */
	size_t skip;   /* of its first line, bytes that are already in the file */
	int fd;        /* -1 when it is not open */
	bool append;   /* live: keep what is there, never block */
	int trouble;   /* errno of the last write that failed; 0 when all is well */
	int lost;      /* the first errno because of which a line was lost for good, or 0 */
	uint64_t refused;       /* lines that found no room since the trouble began */
	uint64_t trouble_count; /* times that trouble began */
};

/*
 * Open a file for lines, making the directories on its way.
 *
 * path     relative to run->output_dir unless it begins with '/'
 * run      live: append to what is there; over files: begin anew
 * header   first bytes of an empty file, whole lines, at most LINE_FILE_HEADER_MAX; NULL for none
 * returns  0, or -errno, which is already logged; line_file_close() accepts it either way
 */
int line_file_open(
	struct line_file *f, const struct run_info *run, const char *path, const char *header);

/*
 * Add one line and its line end.
 *
 * returns  false when it was dropped: no room while the file cannot be written, or longer than the
 *          buffer
 */
bool line_file_write(struct line_file *f, const char *line, size_t length);

/* Write out what is waiting. */
void line_file_flush(struct line_file *f);

/* Write out, then open the path again: a rotator has moved the file. `header` as above. */
void line_file_reopen(struct line_file *f, const char *header);

/*
 * Write out and close. Accepts a zeroed or half-opened struct, and a second call.
 *
 * footer   last bytes, whole lines; NULL for none
 * returns  0, or -errno when a line that was accepted is not in the file, or any was dropped
 */
int line_file_close(struct line_file *f, const char *footer);
