#include "exporters/timeline_files.h"

#include "daemon/base/log.h"
#include "daemon/base/strbuf.h"
#include "exporters/disk_file.h"
#include "exporters/exporter.h"
#include "exporters/timeline_text.h"

#include <dirent.h>
#include <errno.h>
#include <fcntl.h>
#include <limits.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>
#include <unistd.h>

enum {
	OPEN_MAX_FILES = 64,
	ENTRY_MAX = 16 * 1024,
	TIME_BYTES = sizeof("2019/10/22 22:45:16.123456") - 1,
};

static const char suffix[] = ".log";

/* A host's file that is open. */
struct file {
	FILE *stream; /* NULL: this place is free */
	struct addr host;
	uint64_t used; /* the larger, the later */
};

struct timeline_files {
	char directory[PATH_MAX];
	struct file files[OPEN_MAX_FILES];
	uint64_t uses;
	uint32_t hosts, hosts_max; /* that have a file, open or not */
	bool complained, is_full;
};

static bool
is_ours(const char *name)
{
	size_t length = strlen(name);
	char text[ADDR_TEXT_MAX];
	struct addr a;

	if (length <= strlen(suffix) || length - strlen(suffix) >= sizeof(text) ||
		strcmp(name + length - strlen(suffix), suffix) != 0)
		return false;
	memcpy(text, name, length - strlen(suffix));
	text[length - strlen(suffix)] = '\0';
	return addr_parse(text, &a);
}

/* Call `each` with the path of every file of a timeline. returns 0, or -errno of the first that failed */
static int
walk(const struct timeline_files *f, int (*each)(const char *path))
{
	DIR *d = opendir(f->directory);
	int result = 0;

	if (d == NULL)
		return -errno;
	for (const struct dirent *e; (e = readdir(d)) != NULL;) {
		char path[PATH_MAX + NAME_MAX + 2];
		if (!is_ours(e->d_name))
			continue;
		(void)snprintf(path, sizeof(path), "%s/%s", f->directory, e->d_name);
		int done = each(path);
		if (result == 0)
			result = done;
	}
	(void)closedir(d);
	return result;
}

static int
forget(const char *path)
{
	return unlink(path) == 0 ? 0 : -errno;
}

struct timeline_files *
timeline_files_new(const struct run_info *run, uint32_t hosts_max)
{
	struct timeline_files *f = calloc(1, sizeof(*f));

	if (f == NULL)
		return NULL;
	f->hosts_max = hosts_max;
	if (snprintf(f->directory, sizeof(f->directory), "%s/timeline/", run->output_dir) >=
		(int)sizeof(f->directory)) {
		errno = ENAMETOOLONG;
	} else {
		disk_file_directories(f->directory);
		f->directory[strlen(f->directory) - 1] = '\0';
		int result = walk(f, forget);
		if (result == 0)
			return f;
		errno = -result;
	}
	log_warn("output", "cannot write timelines below %s", run->output_dir);
	free(f);
	return NULL;
}

static bool
complain(struct timeline_files *f, const char *path)
{
	if (!f->complained)
		log_warn("output", "cannot write %s: its timeline is not complete", path);
	f->complained = true;
	return false;
}

/* Open a file that is there, or make it while fewer than hosts_max are. NULL when it cannot be. */
static FILE *
open_file(struct timeline_files *f, const char *path)
{
	int fd = open(path, O_WRONLY | O_APPEND | O_CLOEXEC);

	if (fd < 0 && errno == ENOENT) {
		if (f->hosts == f->hosts_max) {
			if (!f->is_full)
				log_warnx("output",
					"%u hosts have a timeline, further ones have none: home_network says whose are wanted",
					f->hosts_max);
			f->is_full = true;
			return NULL;
		}
		fd = open(path, O_WRONLY | O_APPEND | O_CLOEXEC | O_CREAT | O_EXCL, DISK_FILE_MODE);
		f->hosts += fd >= 0;
	}
	FILE *stream = fd < 0 ? NULL : fdopen(fd, "a");
	if (stream != NULL)
		return stream;
	(void)complain(f, path);
	if (fd >= 0)
		(void)close(fd);
	return NULL;
}

/* The host's file, open for appending; the one that was used longest ago makes room. NULL when it cannot be. */
static struct file *
file_of(struct timeline_files *f, const struct addr *host)
{
	struct file *oldest = &f->files[0];
	char path[PATH_MAX + ADDR_TEXT_MAX + 8];
	char text[ADDR_TEXT_MAX];

	for (size_t i = 0; i < OPEN_MAX_FILES; i++) {
		struct file *one = &f->files[i];
		if (one->stream != NULL && addr_equal(&one->host, host)) {
			one->used = ++f->uses;
			return one;
		}
		if (one->used < oldest->used)
			oldest = one;
	}
	(void)snprintf(
		path, sizeof(path), "%s/%s%s", f->directory, addr_format(host, text), suffix);
	if (oldest->stream != NULL && fclose(oldest->stream) != 0)
		(void)complain(f, path);
	*oldest = (struct file){ .stream = open_file(f, path), .host = *host };
	if (oldest->stream == NULL)
		return NULL;
	oldest->used = ++f->uses;
	return oldest;
}

bool
timeline_files_write(struct timeline_files *f, const struct record_timeline *t)
{
	char text[ENTRY_MAX];
	struct strbuf out;

	strbuf_init(&out, text, sizeof(text));
	timeline_text(&out, t);
	if (out.truncated)
		return false;
	if (out.length == 0)
		return true;
	struct file *file = file_of(f, &t->host);
	if (file == NULL)
		return false;
	return fwrite(text, 1, out.length, file->stream) == out.length || complain(f, f->directory);
}

/* ---- order ---- */

struct line {
	const char *at;
	size_t size;
};

/* By time, then as they were: an entry's second line stays behind its first. */
static int
order(const void *a, const void *b)
{
	const struct line *x = a;
	const struct line *y = b;
	size_t common = x->size < y->size ? x->size : y->size;
	int by_time = memcmp(x->at, y->at, common < TIME_BYTES ? common : TIME_BYTES);

	return by_time != 0 ? by_time : (x->at > y->at) - (x->at < y->at);
}

static struct line *
lines_of(const char *text, size_t size, size_t *ret_count)
{
	size_t count = 0;

	for (size_t i = 0; i < size; i++)
		count += text[i] == '\n';
	struct line *lines = malloc((count + 1) * sizeof(*lines));
	*ret_count = 0;
	for (size_t at = 0; lines != NULL && at < size;) {
		const char *end = memchr(text + at, '\n', size - at);
		size_t length = end == NULL ? size - at : (size_t)(end - text) + 1 - at;
		lines[(*ret_count)++] = (struct line){ text + at, length };
		at += length;
	}
	return lines;
}

static int
write_sorted(FILE *out, const char *text, size_t size)
{
	size_t count;
	struct line *lines = lines_of(text, size, &count);
	int result = 0;

	if (lines == NULL)
		return -ENOMEM;
	qsort(lines, count, sizeof(*lines), order);
	for (size_t i = 0; i < count; i++)
		if (fwrite(lines[i].at, 1, lines[i].size, out) != lines[i].size)
			result = -EIO;
	free(lines);
	return result;
}

/* The sorted text takes the file's place only when all of it is written. */
static int
replace(const char *path, const char *text, size_t size)
{
	char next[PATH_MAX + NAME_MAX + 8];

	(void)snprintf(next, sizeof(next), "%s.next", path);
	int fd = open(next, O_WRONLY | O_CREAT | O_TRUNC | O_CLOEXEC, DISK_FILE_MODE);
	FILE *out = fd < 0 ? NULL : fdopen(fd, "w");
	if (out == NULL) {
		int error = -errno;
		if (fd >= 0)
			(void)close(fd);
		return error;
	}
	int result = write_sorted(out, text, size);
	if (fclose(out) != 0 && result == 0)
		result = -errno;
	if (result == 0 && rename(next, path) != 0)
		result = -errno;
	if (result != 0)
		(void)unlink(next);
	return result;
}

static int
sort_file(const char *path)
{
	FILE *in = fopen(path, "re");
	struct stat st;

	if (in == NULL)
		return -errno;
	int result = fstat(fileno(in), &st) == 0 ? 0 : -errno;
	if (result == 0 && st.st_size > TIMELINE_SORT_MAX) {
		log_warnx("output",
			"%s has more than %d MiB: it is in the order in which conversations ended",
			path, TIMELINE_SORT_MAX / (1024 * 1024));
	} else if (result == 0) {
		size_t size = (size_t)st.st_size;
		char *text = malloc(size + 1);
		result = text == NULL ? -ENOMEM : fread(text, 1, size, in) == size ? 0 : -EIO;
		if (result == 0)
			result = replace(path, text, size);
		free(text);
	}
	(void)fclose(in);
	if (result != 0) {
		errno = -result;
		log_warn("output", "cannot put %s in order of time", path);
	}
	return result;
}

int
timeline_files_free(struct timeline_files *f)
{
	int result = 0;

	if (f == NULL)
		return 0;
	for (size_t i = 0; i < OPEN_MAX_FILES; i++)
		if (f->files[i].stream != NULL && fclose(f->files[i].stream) != 0)
			result = -errno;
	int sorted = walk(f, sort_file);
	free(f);
	return result != 0 ? result : sorted;
}
