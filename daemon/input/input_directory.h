/* input_directory.h -- the logs of a directory. */
#pragma once

#include "daemon/input/input.h"
#include "daemon/input/input_name.h"

enum { INPUT_FILES_MAX = 4096 };

struct input_directory_entry {
	char *path; /* owned by the listing until somebody sets it to NULL */
	struct input_name name;
};

struct input_directory {
	struct input_directory_entry *entries; /* in the order of their names, days first */
	size_t count;
	uint64_t passed_over; /* other files */
};

/*
 * List what is to be read of a directory, and of those of days in it. What is none of the logs that are
 * followed is passed over, and told in one line; so is a log that is there with labels as well.
 *
 * live_only  only what is written to, and without a line: who follows looks again and again
 * returns    0; -errno of opendir(); -EINVAL if there are more than INPUT_FILES_MAX; -ENOMEM
 * owns       `ret` is to be freed, after a failure too
 */
int input_directory_list(const char *path, bool live_only, struct input_directory *ret,
	char ret_error[INPUT_ERROR_MAX]);

void input_directory_free(struct input_directory *d);
