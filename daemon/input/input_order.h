/*
 * input_order.h -- the lines of a log in the order of their times, where they lie in none.
 *
 * Suricata writes a flow when it times out, and at its end all that are left: of a log of an hour more than
 * half may stand behind everything else, with times long past. So such a file is read twice, a piece at
 * a time: once for the time of each line, and then line by line in that order.
 */
#pragma once

#include "daemon/input/input_file.h"
#include "daemon/input/input_lines.h"

/* Lines of a piece: two words each, and as much again while they are sorted. */
enum { INPUT_ORDER_LINE_BYTES = 32 };

struct input_order;

/* Can a file be read in this way? It is plain and regular. */
bool input_order_can(const struct capture_input *in);

/*
 * Begin a file.
 *
 * f, lines  the file, open at its first line; borrowed
 * format    that says what the lines' times are, in a stream of its own
 * memory    bytes that the order may take: the file is read in pieces of memory / INPUT_ORDER_LINE_BYTES lines
 * returns   NULL when memory is out
 */
struct input_order *input_order_new(struct input_file *f, struct input_lines *lines,
	const struct input_format *format, const struct input_plan *plan, uint64_t memory);

/*
 * The next line. All lines of the file are counted in f->count, those that tell nothing are left out.
 *
 * ret_line  NUL-terminated; may be written to; valid to the next call
 * returns   INPUT_ITEM; INPUT_END; INPUT_WAIT: a piece is being read, ask again: somebody may want to stop
 */
enum input_step input_order_next(struct input_order *o, char **ret_line, size_t *ret_length);

/* When the earliest began of all lines that were put in order so far; UINT64_MAX: none was. */
uint64_t input_order_earliest(const struct input_order *o);

/* What of the file is done, in bytes: half of it when it is read, the other when it is told. */
uint64_t input_order_done(const struct input_order *o);

/* Events and columns that nobody follows, which only the first reading sees. */
uint64_t input_order_unknown(const struct input_order *o);

/* Lines that were there no more when their turn came: somebody cut the file. */
uint64_t input_order_gone(const struct input_order *o);

/* Accepts NULL. */
void input_order_free(struct input_order *o);
