#include "daemon/loop/input_watch.h"

#include <errno.h>
#include <libgen.h>
#include <limits.h>
#include <stdbool.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/inotify.h>
#include <sys/stat.h>
#include <unistd.h>

#define EVENTS                                                                              \
	(IN_MODIFY | IN_CREATE | IN_MOVED_FROM | IN_MOVED_TO | IN_DELETE | IN_DELETE_SELF | \
		IN_MOVE_SELF)

enum { READS_A_TURN = 16, READ_BYTES = 16 * 1024 };

struct place {
	int watch;               /* the kernel's number of the directory */
	char name[NAME_MAX + 1]; /* "" is all of it */
	unsigned who;
};

struct input_watch {
	int fd;
	struct place places[INPUT_WATCH_MAX];
	size_t count;
};

int
input_watch_open(struct input_watch **ret_watch)
{
	struct input_watch *w = calloc(1, sizeof(*w));

	if (w == NULL)
		return -ENOMEM;
	w->fd = inotify_init1(IN_NONBLOCK | IN_CLOEXEC);
	if (w->fd < 0) {
		int error = -errno;
		free(w);
		return error;
	}
	*ret_watch = w;
	return 0;
}

static bool
is_directory(const char *path)
{
	struct stat st;

	return stat(path, &st) == 0 && S_ISDIR(st.st_mode);
}

int
input_watch_add(struct input_watch *w, const char *path, unsigned who)
{
	char of_name[PATH_MAX];
	char of_parent[PATH_MAX];

	if (w->count == INPUT_WATCH_MAX)
		return -ENOSPC;
	struct place *p = &w->places[w->count];
	*p = (struct place){ .who = who };
	(void)snprintf(of_name, sizeof(of_name), "%s", path);
	(void)snprintf(of_parent, sizeof(of_parent), "%s", path);
	const char *directory = path;
	if (!is_directory(path)) {
		(void)snprintf(p->name, sizeof(p->name), "%s", basename(of_name));
		directory = dirname(of_parent);
	}
	/* A directory that is watched already keeps its number, and its events: they are all the same. */
	p->watch = inotify_add_watch(w->fd, directory, EVENTS);
	if (p->watch < 0)
		return -errno;
	w->count++;
	return 0;
}

int
input_watch_fd(const struct input_watch *w)
{
	return w->fd;
}

static uint64_t
whom_of(const struct input_watch *w, const struct inotify_event *e)
{
	uint64_t whom = 0;

	for (size_t i = 0; i < w->count; i++) {
		const struct place *p = &w->places[i];
		bool about_it = e->len == 0 || p->name[0] == '\0' || strcmp(p->name, e->name) == 0;

		if ((e->mask & IN_Q_OVERFLOW) != 0 || (p->watch == e->wd && about_it))
			whom |= UINT64_C(1) << p->who;
	}
	return whom;
}

struct input_watch_told
input_watch_read(struct input_watch *w)
{
	_Alignas(struct inotify_event) char bytes[READ_BYTES];
	struct input_watch_told told = { 0 };

	for (unsigned i = 0; i < READS_A_TURN; i++) {
		ssize_t n = read(w->fd, bytes, sizeof(bytes));

		if (n <= 0)
			break;
		for (const char *at = bytes; at < bytes + n;) {
			const struct inotify_event *e = (const void *)at;

			*((e->mask & ~(uint32_t)IN_MODIFY) == 0 ? &told.grew : &told.turned) |=
				whom_of(w, e);
			at += sizeof(*e) + e->len;
		}
	}
	return told;
}

void
input_watch_close(struct input_watch *w)
{
	if (w == NULL)
		return;
	(void)close(w->fd);
	free(w);
}
