/*
 * spool_segment.h -- one file of a spool: numbered records, each with its length and checksum.
 *
 *	"naiadspl", version (4), number of the first record (8), checksum of these (4)
 *	then for each record: length (4), checksum of its number and bytes (4), its bytes
 *
 * All numbers are big endian, the checksum is the CRC-32 of zlib. A record's number is that of the
 * first plus its place, so a file that was copied to another name holds no record that counts.
 */
#pragma once

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

enum {
	SPOOL_RECORD_MAX = 64 * 1024, /* bytes of one record */
	SPOOL_FRAME_BYTES = 8,        /* in front of each */
	SPOOL_HEADER_BYTES = 24,
	SPOOL_NAME_MAX = 48,
};

struct spool_segment {
	int fd;
	uint64_t first; /* number of its first record, also its name */
	uint64_t count; /* records that can be read */
	uint64_t bytes; /* of the file up to the end of the last of them */
	bool damaged;   /* there is more in it, which makes no sense */
};

/* Its name in the spool's directory: twenty digits and ".spool". */
void spool_segment_name(uint64_t first, char ret_name[SPOOL_NAME_MAX]);
/* returns false when it is no name of a segment */
bool spool_segment_parse(const char *name, uint64_t *ret_first);

/* Make a new one. returns 0, or -errno; a file that is there already is left alone: -EEXIST */
int spool_segment_create(int directory, uint64_t first, struct spool_segment *ret_segment);

/*
 * Open one and read through it.
 *
 * returns  0, also when its end is torn or damaged; -EBADMSG when it is no segment of that number; -ENODATA when
 *          it holds not even a header; other -errno
 */
int spool_segment_open(int directory, uint64_t first, struct spool_segment *ret_segment);

/* Bytes behind the last record that can be read. */
uint64_t spool_segment_tail(const struct spool_segment *s);

/* Put a record into the form that the file has. `ret_frame` has room for SPOOL_FRAME_BYTES more. */
void spool_segment_frame(uint64_t number, const char *bytes, size_t length, char *ret_frame);

/* Append one framed record. returns 0, or -errno, and nothing was appended */
int spool_segment_append(struct spool_segment *s, const char *frame, size_t length);

/*
 * Read the record `number` whose frame begins at `offset`.
 *
 * ret_bytes  SPOOL_RECORD_MAX
 * returns    0; -EBADMSG when it is damaged; other -errno
 */
int spool_segment_read(const struct spool_segment *s, uint64_t offset, uint64_t number,
	char *ret_bytes, size_t *ret_length);

/* Check a framed record in memory. returns 0, or -EBADMSG */
int spool_segment_check(
	const char frame[SPOOL_FRAME_BYTES], uint64_t number, const char *bytes, size_t length);
/* The length that a frame tells. */
size_t spool_segment_length(const char frame[SPOOL_FRAME_BYTES]);

void spool_segment_close(struct spool_segment *s);
