/* input_files.h -- logs of a test on disk, plain or packed, and what was said of them on stderr. */
#pragma once

#include "daemon/base/log.h"
#include "daemon/input/input.h"
#include "tests/support/scratch.h"

#include <assert.h>
#include <fcntl.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>
#include <unistd.h>
#include <zlib.h>

struct input_files {
	struct scratch *scratch;
	char path[256]; /* as input_files_path() made it last */
	char said[4096];
};

static inline struct input_files *
input_files_new(void)
{
	struct input_files *f = calloc(1, sizeof(*f));

	assert(f != NULL);
	f->scratch = scratch_in(access("/dev/shm", W_OK) == 0 ? "/dev/shm" : "/tmp");
	assert(f->scratch != NULL);
	return f;
}

static inline void
input_files_free(struct input_files *f)
{
	scratch_free(f->scratch);
	free(f);
}

/* Valid to the next call. */
static inline const char *
input_files_path(struct input_files *f, const char *name)
{
	(void)snprintf(f->path, sizeof(f->path), "%s/%s", f->scratch->directory, name);
	return f->path;
}

/* Add `text` to a file, which is made if it is not there. */
static inline void
input_files_add(struct input_files *f, const char *name, const char *text)
{
	FILE *file = fopen(input_files_path(f, name), "ab");

	assert(file != NULL);
	(void)fputs(text, file);
	(void)fclose(file);
}

/* The same, packed; a name in a directory makes that. */
static inline void
input_files_gzip(struct input_files *f, const char *name, const char *text)
{
	gzFile file = gzopen(input_files_path(f, name), "ab");

	assert(file != NULL);
	(void)gzputs(file, text);
	(void)gzclose(file);
}

static inline void
input_files_mkdir(struct input_files *f, const char *name)
{
	(void)mkdir(input_files_path(f, name), 0700);
}

/* From here on what goes to stderr goes into a file. returns the descriptor to be given to the end. */
static inline int
input_files_hear(struct input_files *f)
{
	int saved = dup(STDERR_FILENO);
	int fd = open(input_files_path(f, ".said"), O_CREAT | O_TRUNC | O_RDWR | O_CLOEXEC, 0600);

	(void)fflush(stderr);
	(void)dup2(fd, STDERR_FILENO);
	(void)close(fd);
	return saved;
}

/* returns what was said; valid to the next call */
static inline const char *
input_files_heard(struct input_files *f, int saved)
{
	(void)fflush(stderr);
	(void)dup2(saved, STDERR_FILENO);
	(void)close(saved);
	FILE *file = fopen(input_files_path(f, ".said"), "rb");
	size_t n = fread(f->said, 1, sizeof(f->said) - 1, file);
	f->said[n] = '\0';
	(void)fclose(file);
	return f->said;
}
