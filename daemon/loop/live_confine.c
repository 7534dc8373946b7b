/*
 * live_confine.c -- what each of the two processes may still reach once it runs.
 *
 * The one that reads packets: the settings, for a reload, and what the state of the last run was.
 * The one that writes: the directories of its outlets and of the state. A directory of logs that is
 * removed and made again is found again below its parent, so it is the parent that is named; who
 * may make what there is for its owner and mode to say.
 */
#include "daemon/base/log.h"
#include "daemon/loop/live.h"

#include <errno.h>
#include <libgen.h>
#include <limits.h>
#include <pwd.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>
#include <unistd.h>

enum { PATHS_MAX = 16, ERROR_MAX = 512 };

/* What names another directory. */
#define OUTPUT_SETTING "-o or service.logs"
#define STATE_SETTING  "service.state"

/* Paths that end in NULL, as privilege_plan wants them. */
struct paths {
	char text[PATHS_MAX][PATH_MAX];
	const char *list[PATHS_MAX + 1];
	size_t count;
};

static void
paths_add(struct paths *p, const char *path)
{
	if (path == NULL || p->count == PATHS_MAX)
		return;
	(void)snprintf(p->text[p->count], PATH_MAX, "%s", path);
	p->list[p->count] = p->text[p->count];
	p->count++;
}

/* One that is not there is left out: whoever wants to write there says so better. */
static void
paths_add_parent(struct paths *p, const char *path)
{
	char copy[PATH_MAX];
	struct stat st;

	if (path == NULL)
		return;
	(void)snprintf(copy, sizeof(copy), "%s", path);
	const char *parent = dirname(copy);
	if (stat(parent, &st) == 0)
		paths_add(p, parent);
}

/* Outlets that are on and whose `path` is absolute write beside the output directory. */
static void
paths_add_outlets(struct paths *p, const struct config *c, const struct run_info *run)
{
	for (size_t i = 0; i < exporter_count; i++)
		for (const struct config_item *row = exporters[i]->config;
			row != NULL && row->type != CONFIG_TYPE_END; row++) {
			const char *path = NULL;

			if (row->type != CONFIG_TYPE_STRING || strcmp(row->name, "path") != 0 ||
				exporters[i]->accepts(c->exporter_configs[i], run) == 0)
				continue;
			memcpy(&path, (const char *)c->exporter_configs[i] + row->offset,
				sizeof(path));
			if (path != NULL && path[0] == '/')
				paths_add_parent(p, path);
		}
}

int
live_confine(struct live *l, enum privilege_process process)
{
	const struct shell_settings *s = l->config->shell;
	struct paths *reads = calloc(1, sizeof(*reads));
	struct paths *writes = calloc(1, sizeof(*writes));
	char error[ERROR_MAX] = "";
	int result = -ENOMEM;

	if (reads == NULL || writes == NULL)
		goto out;
	if (process == PRIVILEGE_WRITER) {
		paths_add_parent(writes, l->info.output_dir);
		paths_add(writes, l->info.state_dir);
		paths_add_outlets(writes, l->config, &l->info);
	} else {
		paths_add_parent(reads, l->plan->config_path);
		paths_add(reads, l->info.state_dir);
	}
	result = privilege_drop(
		&(struct privilege_plan){
			.process = process,
			.user = s->service.user,
			.keep_net_raw = process == PRIVILEGE_ENGINE && s->capture.reopen,
			.sandbox = s->service.sandbox,
			.read_paths = reads->list,
			.write_paths = writes->list,
		},
		error, sizeof(error));
out:
	if (result != 0)
		log_err("privilege", "%s", error[0] != '\0' ? error : strerror(-result));
	free(reads);
	free(writes);
	return result;
}

/* Root makes it for the user that it becomes. `setting` is what names another. */
static bool
directory_ready(const char *path, const char *setting, const char *user)
{
	const struct passwd *owner = NULL;
	struct stat st;

	if (path == NULL || (stat(path, &st) == 0 && S_ISDIR(st.st_mode)))
		return true;
	if (mkdir(path, 0750) != 0) {
		log_err("run", "cannot make the directory %s: %s; make it, or name another with %s",
			path, strerror(errno == EEXIST ? ENOTDIR : errno), setting);
		return false;
	}
	if (geteuid() == 0 && user != NULL)
		owner = getpwnam(user);
	if (owner != NULL && chown(path, owner->pw_uid, owner->pw_gid) != 0)
		log_warn("run", "cannot give %s to %s", path, user);
	return true;
}

bool
live_directories_ready(const struct live *l)
{
	const struct shell_settings *s = l->config->shell;
	char control[PATH_MAX];

	(void)snprintf(control, sizeof(control), "%s", s->control.path);
	return directory_ready(l->info.output_dir, OUTPUT_SETTING, s->service.user) &&
	       directory_ready(l->info.state_dir, STATE_SETTING, s->service.user) &&
	       (!s->control.enabled ||
		       directory_ready(dirname(control), "control.path", s->service.user));
}

static int
directory_writable(const char *path, const char *setting, const char *who)
{
	if (path == NULL || access(path, W_OK | X_OK) == 0)
		return 0;
	int error = errno;
	log_err("run",
		"%s cannot write to %s: %s; give it that directory (chown) and the way there, or name another with %s",
		who, path, strerror(error), setting);
	return -error;
}

int
live_confine_writer(struct live *l)
{
	const char *who = geteuid() == 0 ? l->config->shell->service.user : "this user";
	int result = live_confine(l, PRIVILEGE_WRITER);

	if (result == 0)
		result = directory_writable(l->info.output_dir, OUTPUT_SETTING, who);
	if (result == 0)
		result = directory_writable(l->info.state_dir, STATE_SETTING, who);
	return result;
}
