/*
 * capture_file.h -- frames out of capture files, several at once, in the order of their times.
 *
 * pcap (both byte orders, micro- and nanoseconds) and pcapng (sections, several interfaces with
 * link types and time resolutions of their own), plain, gzip or zstd, from a path or standard
 * input. The kind is recognised by its first bytes. Our own reader, because libpcap refuses pcapng
 * files with several link types and costs half of the packet budget (docs/ARCHITECTURE.md); libpcap
 * is its oracle in the tests, and compiles and runs the filter.
 */
#pragma once

#include "daemon/decode/frame.h"
#include "daemon/engine/interface_names.h"

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

enum { CAPTURE_BATCH_MAX = 32, CAPTURE_ERROR_MAX = 512 };

struct capture_file;
struct capture_input;

/* Where a reader is and what it lost. */
struct capture_progress {
	uint64_t bytes_read;   /* of the files as they lie on disk, compressed or not */
	uint64_t bytes_total;  /* 0 when unknown (standard input) */
	uint64_t frames;       /* handed out */
	uint64_t frame_bytes;  /* on the wire, of those handed out */
	uint64_t filtered;     /* refused by the filter */
	uint64_t unknown_link; /* of an interface whose link type decode() does not follow */
	uint64_t cut_files;    /* inputs that broke off inside a record */
	uint64_t cut_bytes;    /* left over there */
	uint64_t corrupt;      /* records that made no sense; that input ends there */
};

/*
 * Open `count` (1 .. 64) inputs for one merged reading.
 *
 * paths      "-" is standard input, at most once; borrowed for the reader's life
 * filter     BPF text, or NULL; compiled per link type
 * ret_error  on failure one line: file, what was expected, what to do
 * returns    0; -EACCES, -ENOENT ... from open(); -EINVAL not a capture file, or no interface in it
 *            has a link type that decode() follows (its name is in ret_error), or a bad filter
 */
int capture_file_open(const char *const *paths, size_t count, const char *filter,
	struct capture_file **ret_reader, char ret_error[CAPTURE_ERROR_MAX]);

/*
 * The same, of inputs that are open in part.
 *
 * opened  one for each path; what is_open there is read from, and taken over even on failure; NULL: none is
 */
int capture_file_open_with(struct capture_input *opened, const char *const *paths, size_t count,
	const char *filter, struct capture_file **ret_reader, char ret_error[CAPTURE_ERROR_MAX]);

/*
 * The next frames, in order of time over all inputs (within one input: in its own order).
 *
 * ret_frames  room for CAPTURE_BATCH_MAX; their bytes are valid until the next call
 * returns     how many, > 0; 0 at the end. Damage never fails: it is counted and told once through
 *             log_warnx with file and offset. A signal whose handler does not restart system calls
 *             ends an input that is waiting for a silent pipe
 */
size_t capture_file_next(struct capture_file *r, struct frame ret_frames[CAPTURE_BATCH_MAX]);

/* Wait for what capture_file_next() would wait for: until there is some, or a pipe was silent for `most_ms`. */
void capture_file_wait(const struct capture_file *r, int most_ms);

void capture_file_progress(const struct capture_file *r, struct capture_progress *ret_progress);

/* What the interfaces are called, as far as the files say; grows with reading, lives as long as `r`. */
const struct interface_names *capture_file_interfaces(const struct capture_file *r);

/* Close every input. Accepts NULL. */
void capture_file_close(struct capture_file *r);
