/*
 * input_reader.h -- one stream: the files of a series, one after the other, through one format.
 *
 * Only one file is open at a time. An item is at hand at most: what comes next is decided when it is taken,
 * so that its texts stay where they are until then.
 */
#pragma once

#include "daemon/input/input_file.h"
#include "daemon/input/input_lines.h"

struct input_begun;
struct input_order;

struct input_reader {
	const struct input_plan *plan;
	struct input_file **files; /* of the series, in the order of reading; owned, as a list */
	size_t count, at;
	struct input_stream s;
	struct input_lines lines;
	struct input_order *order; /* NULL: lines as they lie in the file */
	struct input_begun *begun; /* of those that are put in order; NULL when `order` is */
	bool is_open;              /* files[at] is */
	bool is_replaced; /* following: when it is read, the file that has its name now follows */
	bool is_troubled; /* that could not be opened, which was told */
	bool is_over;     /* every file is read */
	int item, items;  /* the one at hand; how many the line had */
	uint64_t line_offset,
		line_before; /* of the line at hand: where it began, and the number before */
	uint64_t key_ns;     /* of the item at hand; never goes back */
	uint64_t
		begins_ns; /* the earliest in the first file's first block; UINT64_MAX: not known */
	uint64_t late;     /* items whose own key is before that */
	uint64_t long_lines, cut_files;
};

/*
 * Begin: open the first file.
 *
 * files    `count` (> 0) of one kind
 * returns  0; as input_file_open(); -ENOMEM
 * owns     `r` is to be ended, after a failure too
 */
int input_reader_start(struct input_reader *r, const struct input_plan *plan,
	struct input_file *const *files, size_t count, char ret_error[INPUT_ERROR_MAX]);

/*
 * Go to the next item. Files that cannot be opened when it is their turn are told and counted as cut.
 *
 * returns  INPUT_ITEM: input_reader_item() is it; INPUT_WAIT; INPUT_END
 */
enum input_step input_reader_next(struct input_reader *r);

static inline const struct input_item *
input_reader_item(const struct input_reader *r)
{
	return &r->s.items[r->item];
}

/*
 * When the earliest began of what will be told, as far as is known with the first item at hand: of a file that is
 * put in order the lines that were looked at, else the first block of the first file.
 *
 * returns  UINT64_MAX when there is nothing
 */
uint64_t input_reader_earliest(const struct input_reader *r);

/* Bytes of memory that it takes at most. */
uint64_t input_reader_memory(const struct input_reader *r);

/* Bytes read of the series, as they lie on disk. */
uint64_t input_reader_bytes(const struct input_reader *r);

/* Lines that were too long. */
uint64_t input_reader_long(const struct input_reader *r);

/* Accepts a zeroed struct. */
void input_reader_end(struct input_reader *r);
