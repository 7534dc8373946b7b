/*
 * input_order.h -- what the lines of a log tell in the order of its times, where they lie in another.
 *
 * Suricata writes a flow when it times out, and at its end all that are left: of a log of an hour more than
 * half may stand behind everything else, with times long past. Zeek writes a conversation when it ended, and
 * who began first is of weight. So such a file is read twice: a first time so many lines ahead for their times, and
 * then line by line, the earliest of those that are at hand. A conversation is handed out twice: when it began, and
 * when it ended.
 */
#pragma once

#include "daemon/input/input_format.h"
#include "daemon/input/input_lines.h"

enum { INPUT_ORDER_LINE_BYTES = 96 }; /* of memory, for each line at hand */

struct input_order_how {
	uint64_t look_ahead; /* lines that are looked at, if memory allows */
	uint64_t memory;     /* bytes for them */
	uint64_t told_ns;    /* the time that had come when the file began */
};

/* What of a line is to be told. */
enum input_part {
	INPUT_PART_BEGIN, /* that its conversation began */
	INPUT_PART_WHOLE,
	INPUT_PART_END, /* the rest, when the beginning was told */
};

struct input_ordered {
	enum input_part part;
	uint64_t offset; /* of the line in its file */
	size_t length;
	uint64_t number; /* of the line in its file, from 1 */
};

struct input_order;

/* Can a file be read in this way? It is plain and regular. */
bool input_order_can(const struct capture_input *in);

/*
 * Begin a file.
 *
 * path      of the file, as people are told it; borrowed
 * lines     of it, open at the first; borrowed
 * format    that says what the lines' times are, in a stream of its own
 * returns   NULL when memory is out
 */
struct input_order *input_order_new(const char *path, struct input_lines *lines,
	const struct input_format *format, const struct input_plan *plan,
	const struct input_order_how *how);

/*
 * What is next. Each line comes, also one that tells nothing: then among its neighbours. A header comes when all before
 * it came, and before any behind it.
 *
 * A beginning that lies further back than was looked ahead is not told by itself: such a line comes whole, when its
 * conversation ended.
 *
 * returns  INPUT_ITEM; INPUT_END; INPUT_WAIT: lines are looked at, ask again: somebody may want to stop
 */
enum input_step input_order_next(struct input_order *o, struct input_ordered *ret);

/*
 * The line itself, for who does not know yet what it says.
 *
 * returns  NUL-terminated; may be written to; valid to the next call. NULL: it is there no more, which is counted
 */
char *input_order_line(struct input_order *o, const struct input_ordered *next);

/* When the earliest began of all lines that were looked at so far; UINT64_MAX: none was. */
uint64_t input_order_earliest(const struct input_order *o);

/* What of the file is done, in bytes: half of it when it is looked at, the other when it is told. */
uint64_t input_order_done(const struct input_order *o);

/* Lines that were there no more when their turn came: somebody cut the file. */
uint64_t input_order_gone(const struct input_order *o);

/* Bytes of memory that it takes at most. */
uint64_t input_order_memory(const struct input_order *o);

/* Accepts NULL. */
void input_order_free(struct input_order *o);
