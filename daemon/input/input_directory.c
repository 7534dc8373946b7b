#include "daemon/input/input_directory.h"

#include "daemon/base/log.h"
#include "daemon/base/strbuf.h"

#include <dirent.h>
#include <errno.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>

enum { PASSED_TEXT_MAX = 200, PATH_ROOM = 4096 };

/* A directory being listed. */
struct listing {
	struct input_directory *found;
	size_t room; /* entries that `found` has memory for */
	bool live_only;
	struct strbuf passed; /* names of what was passed over, as far as there is room */
	char *error;
};

static int
refuse(struct listing *l, const char *path, int error)
{
	(void)snprintf(l->error, INPUT_ERROR_MAX, "%s: cannot be read: %s", path, strerror(-error));
	return error;
}

static void
pass_over(struct listing *l, const char *name)
{
	char room[PASSED_TEXT_MAX];
	struct strbuf b;

	strbuf_init(&b, room, sizeof(room));
	strbuf_text(&b, l->found->passed_over > 0 ? ", " : "");
	log_quote(&b, name, strlen(name), PASSED_TEXT_MAX / 2);
	strbuf_text(&l->passed, b.text);
	l->found->passed_over++;
}

static int
add(struct listing *l, const char *path, const struct input_name *name)
{
	struct input_directory *d = l->found;

	if (d->count == INPUT_FILES_MAX) {
		(void)snprintf(l->error, INPUT_ERROR_MAX,
			"%s: the directory has more than %d logs; give directories of fewer days",
			path, INPUT_FILES_MAX);
		return -EINVAL;
	}
	if (d->count == l->room) {
		size_t room = l->room == 0 ? 16 : l->room * 2;
		void *entries = realloc(d->entries, room * sizeof(*d->entries));
		if (entries == NULL)
			return refuse(l, path, -ENOMEM);
		d->entries = entries;
		l->room = room;
	}
	char *copy = strdup(path);
	if (copy == NULL)
		return refuse(l, path, -ENOMEM);
	d->entries[d->count++] = (struct input_directory_entry){ copy, *name };
	return 0;
}

static int list_into(struct listing *l, const char *path, bool with_days);

static int
take(struct listing *l, const char *directory, const char *name, bool with_days)
{
	char path[PATH_ROOM];
	struct stat st;
	struct input_name parsed;

	int length = snprintf(path, sizeof(path), "%s/%s", directory, name);
	if (length < 0 || (size_t)length >= sizeof(path) || stat(path, &st) != 0)
		return 0; /* gone since, or a link to nowhere */
	if (S_ISDIR(st.st_mode))
		return with_days && input_name_is_day(name) ? list_into(l, path, false) : 0;
	if (input_name_parse(name, &parsed) && S_ISREG(st.st_mode))
		return l->live_only && !parsed.is_live ? 0 : add(l, path, &parsed);
	pass_over(l, name);
	return 0;
}

static int
is_no_dot(const struct dirent *e)
{
	return e->d_name[0] != '.';
}

static int
by_name(const struct dirent **a, const struct dirent **b)
{
	return strcmp((*a)->d_name, (*b)->d_name);
}

static int
list_into(struct listing *l, const char *path, bool with_days)
{
	struct dirent **names = NULL;
	int count = scandir(path, &names, is_no_dot, by_name);
	int rc = count < 0 ? refuse(l, path, -errno) : 0;

	for (int i = 0; i < count; i++) {
		if (rc == 0)
			rc = take(l, path, names[i]->d_name, with_days);
		free(names[i]);
	}
	free(names);
	return rc;
}

static bool
is_labeled_twin(const struct input_directory_entry *e, const struct input_directory_entry *other)
{
	size_t bare = strlen(e->path);

	return !e->name.is_labeled && other->name.is_labeled &&
	       strncmp(e->path, other->path, bare) == 0 &&
	       strcmp(other->path + bare, ".labeled") == 0;
}

/* The same lines with labels and without would count twice. Names are in order, so twins are neighbours. */
static void
drop_twins(struct listing *l)
{
	struct input_directory *d = l->found;
	size_t kept = 0;

	for (size_t i = 0; i < d->count; i++) {
		if (i + 1 < d->count && is_labeled_twin(&d->entries[i], &d->entries[i + 1])) {
			pass_over(l, strrchr(d->entries[i].path, '/') + 1);
			free(d->entries[i].path);
		} else {
			d->entries[kept++] = d->entries[i];
		}
	}
	d->count = kept;
}

int
input_directory_list(const char *path, bool live_only, struct input_directory *ret,
	char ret_error[INPUT_ERROR_MAX])
{
	char passed[PASSED_TEXT_MAX];
	struct listing l = { .found = ret, .live_only = live_only };

	l.error = ret_error;
	*ret = (struct input_directory){ 0 };
	strbuf_init(&l.passed, passed, sizeof(passed));
	int rc = list_into(&l, path, /* with_days= */ true);
	if (rc != 0)
		return rc;
	drop_twins(&l);
	if (ret->passed_over > 0 && !live_only)
		log_info("input", "%s: %llu %s not followed, and passed over: %s%s", path,
			(unsigned long long)ret->passed_over,
			ret->passed_over == 1 ? "file is" : "files are", l.passed.text,
			l.passed.truncated ? ", ..." : "");
	return 0;
}

void
input_directory_free(struct input_directory *d)
{
	for (size_t i = 0; i < d->count; i++)
		free(d->entries[i].path);
	free(d->entries);
	*d = (struct input_directory){ 0 };
}
