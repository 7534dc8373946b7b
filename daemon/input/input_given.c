/* input_given.c -- what is given becomes files: a directory those of its logs that are read. */
#include "daemon/base/log.h"
#include "daemon/input/input_directory.h"
#include "daemon/input/input_follow.h"
#include "daemon/input/input_state.h"

#include <errno.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>

static int
file_add(struct input *in, struct input_file f, char ret_error[INPUT_ERROR_MAX])
{
	bool is_full = in->file_count == INPUT_FILES_MAX;
	struct input_file *file = is_full ? NULL : malloc(sizeof(*file));

	if (file != NULL) {
		*file = f;
		file->count.log = "";
		in->files[in->file_count++] = file;
		return 0;
	}
	free(f.path);
	capture_input_close(&f.opened);
	return input_refuse(ret_error, in->plan.paths[f.given],
		is_full ? "more than 4096 files; give fewer at a time" : "out of memory",
		is_full ? -EINVAL : -ENOMEM);
}

/* The last file: was it given before, by this name or by another? Then it is dropped, or it would count twice. */
static void
drop_if_known(struct input *in)
{
	struct input_file *file = in->files[in->file_count - 1];

	if (in->plan.follow || file->inode == 0)
		return;
	for (size_t i = 0; i + 1 < in->file_count; i++) {
		const struct input_file *other = in->files[i];
		if (other->inode != file->inode || other->device != file->device)
			continue;
		log_warnx("input", "%s is the same file as %s, and is read once", file->count.path,
			other->count.path);
		in->file_count--;
		in->given_again++;
		input_file_free(file);
		return;
	}
}

/* A log of a directory: what it is may be known only when it is opened. */
int
input_directory_file_add(struct input *in, size_t given, struct input_directory_entry *e,
	char ret_error[INPUT_ERROR_MAX])
{
	struct input_file f = {
		.path = e->path,
		.count.path = e->path,
		.log = e->name.log,
		.given = given,
	};

	e->path = NULL;
	int rc = file_add(in, f, ret_error);
	if (rc != 0)
		return rc;
	struct input_file *file = in->files[in->file_count - 1];
	rc = input_file_peek(file, &in->plan, ret_error);
	if (rc == 0)
		drop_if_known(in);
	if (rc != -EINVAL)
		return rc;
	log_warnx("input", "%s, it is passed over", ret_error);
	in->passed_over++;
	in->file_count--;
	input_file_free(file);
	return 0;
}

/* Who follows reads what is written to, and the rest of what was when it was read last. */
static bool
is_wanted(const struct input *in, const struct input_directory_entry *e)
{
	return !in->plan.follow || e->name.is_live ||
	       input_follow_is_unfinished(e->path, in->plan.positions, in->plan.position_count);
}

static int
directory_add(struct input *in, size_t given, char ret_error[INPUT_ERROR_MAX])
{
	const char *path = in->plan.paths[given];
	bool live_only = in->plan.follow && in->plan.position_count == 0;
	struct input_directory listed;
	size_t before = in->file_count + in->given_again;

	int rc = input_directory_list(path, live_only, &listed, ret_error);
	for (size_t i = 0; rc == 0 && i < listed.count; i++)
		if (is_wanted(in, &listed.entries[i]))
			rc = input_directory_file_add(in, given, &listed.entries[i], ret_error);
	in->passed_over += listed.passed_over;
	input_directory_free(&listed);
	if (rc == 0 && in->file_count + in->given_again == before && !in->plan.follow)
		rc = input_refuse(ret_error, path,
			"the directory has no log that is read; expected conn.log, dns.log ... of Zeek, "
			"eve.json, or nfdump's nfcapd files, here or in directories of days (2026-11-24)",
			-EINVAL);
	return rc;
}

int
input_path_add(struct input *in, size_t given, char ret_error[INPUT_ERROR_MAX])
{
	const char *path = in->plan.paths[given];
	struct input_file f = { .count.path = path, .given = given };
	struct stat st;

	if (in->plan.opened != NULL && in->plan.opened[given].is_open) {
		f.opened = in->plan.opened[given];
		in->plan.opened[given] = (struct capture_input){ .fd = -1 };
	} else if (strcmp(path, "-") != 0 && stat(path, &st) == 0 && S_ISDIR(st.st_mode)) {
		return directory_add(in, given, ret_error);
	}
	int rc = file_add(in, f, ret_error);
	if (rc == 0)
		rc = input_file_open(in->files[in->file_count - 1], &in->plan, ret_error);
	if (rc == -ENOENT && in->plan.follow) {
		input_file_free(in->files[--in->file_count]);
		ret_error[0] = '\0';
		return 0; /* input_look_again() finds it */
	}
	if (rc == 0)
		drop_if_known(in);
	return rc;
}
