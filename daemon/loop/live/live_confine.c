/*
 * live_confine.c -- what each of the two processes may still reach once it runs.
 *
 * The one that reads packets: the settings and the lists, for a reload, and the logs of other programs.
 * The one that writes: the directories of its outlets and of the state, what outlets read, and how names are resolved.
 * A directory of logs that is removed and made again is found again below its parent, so it is the parent that is named;
 * who may make what there is for its owner and mode to say.
 */
#include "daemon/base/log.h"
#include "daemon/loop/live/live.h"
#include "daemon/loop/live/live_input_state.h"
#include "daemon/loop/writer/writer.h"

#include <errno.h>
#include <libgen.h>
#include <limits.h>
#include <pwd.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>
#include <unistd.h>

enum {
	PATHS_MAX = 40 + INTELLIGENCE_FEEDS_MAX,
	ERROR_MAX = 512,
	DIRECTORY_MODE = 0750,
};

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

static void
paths_add_parent(struct paths *p, const char *path)
{
	char copy[PATH_MAX];

	if (path == NULL)
		return;
	(void)snprintf(copy, sizeof(copy), "%s", path);
	paths_add(p, dirname(copy));
}

/* The file of an outlet that is on and does not lie below the output directory, or NULL. */
static const char *
outlet_file(const struct live *l, size_t i)
{
	const void *config = l->config->exporter_configs[i];
	const char *path = NULL;

	if (exporters[i]->file != NULL && exporters[i]->accepts(config, &l->info) != 0)
		path = exporters[i]->file(config);
	return path != NULL && path[0] == '/' ? path : NULL;
}

/* A file is renamed and made anew: of one it is the directory that is read. */
static void
paths_add_place(struct paths *p, const char *path)
{
	struct stat st;

	if (stat(path, &st) == 0 && S_ISDIR(st.st_mode))
		paths_add(p, path);
	else
		paths_add_parent(p, path);
}

static void
paths_add_inputs(struct paths *p, const struct live *l)
{
	const struct live_inputs *inputs = l->inputs;

	for (size_t n = 0; n < inputs->count; n++) {
		const struct input_where *where = &inputs->of[n].where;

		if (where->place == INPUT_PLACE_FILES)
			paths_add_place(p, where->path);
	}
}

/* A list is renamed over the old one. */
static void
paths_add_lists(struct paths *p, const struct intelligence_settings *s)
{
	const struct feed_settings *feeds = s->feeds.items;

	for (size_t i = 0; i < s->feeds.count; i++)
		paths_add_parent(p, feeds[i].path);
	paths_add(p, s->directory);
}

static void
paths_add_outlets(struct paths *p, const struct live *l)
{
	for (size_t i = 0; i < exporter_count; i++)
		paths_add_parent(p, outlet_file(l, i));
}

/* What outlets that are on read. */
static void
paths_add_outlet_reads(struct paths *p, const struct live *l)
{
	const char *paths[EXPORTER_READS_MAX];

	for (size_t i = 0; i < exporter_count; i++) {
		const void *config = l->config->exporter_configs[i];

		if (exporters[i]->reads == NULL || exporters[i]->accepts(config, &l->info) == 0)
			continue;
		for (size_t count = exporters[i]->reads(config, paths); count > 0; count--)
			paths_add_place(p, paths[count - 1]);
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
		paths_add_outlets(writes, l);
		paths_add_outlet_reads(reads, l);
		/* to find a syslog server by its name, once, soon after the start */
		paths_add(reads, "/etc/resolv.conf");
		paths_add(reads, "/etc/hosts");
	} else {
		paths_add_parent(reads, l->plan->config_path);
		paths_add_parent(reads, l->config->settings->whitelist.slips_csv);
		paths_add_inputs(reads, l);
		paths_add_lists(reads, &s->intelligence);
	}
	result = privilege_drop(
		&(struct privilege_plan){
			.process = process,
			.user = s->service.user,
			.keep_net_raw = process == PRIVILEGE_ENGINE && s->capture.reopen &&
					l->interface_count > 0,
			.sandbox = s->service.sandbox,
			.may_signal = process == PRIVILEGE_ENGINE ? writer_pid(l->writer) : 0,
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

void
live_owner_find(struct live *l)
{
	const char *user = l->config->shell->service.user;
	const struct passwd *found = geteuid() == 0 && user != NULL ? getpwnam(user) : NULL;

	if (found == NULL)
		return;
	l->owner_found = (struct unix_socket_owner){ found->pw_uid, found->pw_gid };
	l->owner = &l->owner_found;
}

/* Root makes it for the user that it becomes. `setting` is what names another. */
static bool
directory_ready(const struct live *l, const char *path, const char *setting)
{
	struct stat st;

	if (path == NULL || (stat(path, &st) == 0 && S_ISDIR(st.st_mode)))
		return true;
	if (mkdir(path, DIRECTORY_MODE) != 0) {
		log_err("run", "cannot make the directory %s: %s; make it, or name another with %s",
			path, strerror(errno == EEXIST ? ENOTDIR : errno), setting);
		return false;
	}
	if (l->owner != NULL && chown(path, l->owner->user, l->owner->group) != 0)
		log_warn("run", "cannot give %s to %s", path, l->config->shell->service.user);
	return true;
}

static bool
parent_ready(const struct live *l, const char *path, const char *setting)
{
	char copy[PATH_MAX];

	if (path == NULL)
		return true;
	(void)snprintf(copy, sizeof(copy), "%s", path);
	return directory_ready(l, dirname(copy), setting);
}

bool
live_directories_ready(const struct live *l)
{
	const struct shell_settings *s = l->config->shell;

	/* The start is about to end, since its user is not there; what root made by then would stay root's. */
	if (geteuid() == 0 && s->service.user != NULL && l->owner == NULL)
		return true;
	bool ready = directory_ready(l, l->info.output_dir, OUTPUT_SETTING) &&
		     directory_ready(l, l->info.state_dir, STATE_SETTING) &&
		     parent_ready(l, s->control.enabled ? s->control.path : NULL, "control.path");

	for (size_t i = 0; ready && i < exporter_count; i++)
		ready = parent_ready(l, outlet_file(l, i), "its path");
	return ready;
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
