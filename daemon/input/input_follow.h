/*
 * input_follow.h -- a log that is read while it is written: it is renamed, made anew, cut; gone on with later.
 */
#pragma once

#include "daemon/input/input_reader.h"

/*
 * See whether what is open still has its name. If it has not, and another file has, or if it was cut: what
 * is open is read to its end, and the file of that name from its beginning after it.
 */
void input_follow_look(struct input_reader *r);

/*
 * Go on where an earlier reading came to, if the plan knows the file that was just opened. Headers are read
 * again.
 */
void input_follow_resume(struct input_reader *r);

/* Where reading has come to. returns false when nothing is open */
bool input_follow_position(struct input_reader *r, struct input_position *ret);

/*
 * Is a file one that an earlier reading did not finish? It may have another name by now.
 *
 * positions  of that reading
 */
bool input_follow_is_unfinished(
	const char *path, const struct input_position *positions, size_t count);
