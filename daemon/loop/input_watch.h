/*
 * input_watch.h -- word of the kernel that something was written, or that a file came or went.
 *
 * Directories are watched, not files: a log that is renamed and made anew is heard of. All watches are
 * made before the sandbox. A directory that is made anew itself, and file systems that tell nothing
 * (network file systems), are for whoever looks again once a second; this only makes it sooner.
 */
#pragma once

#include <stddef.h>
#include <stdint.h>

struct input_watch;

enum { INPUT_WATCH_MAX = 64 /* directories */ };

/* returns 0; -errno: the kernel gives no inotify (fs.inotify.max_user_instances), or no memory is left */
int input_watch_open(struct input_watch **ret_watch);

/*
 * Watch a directory, or the one that a file is in and that one file.
 *
 * who      0 .. 63: told by input_watch_read()
 * returns  0; -ENOSPC: fs.inotify.max_user_watches, or INPUT_WATCH_MAX; another -errno
 */
int input_watch_add(struct input_watch *w, const char *path, unsigned who);

/* To wait on. */
int input_watch_fd(const struct input_watch *w);

/* For whom something was told, one bit each. */
struct input_watch_told {
	uint64_t grew;   /* something was written */
	uint64_t turned; /* a file came, went or was renamed */
};

/* Take what has been told. When the kernel lost count, it is all of it for all. */
struct input_watch_told input_watch_read(struct input_watch *w);

/* Accepts NULL. */
void input_watch_close(struct input_watch *w);
