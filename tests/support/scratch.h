/* scratch.h -- a directory of a test's own: made, read from, removed. */
#pragma once

#include <stdio.h>
#include <stdlib.h>
#include <string.h>

enum { SCRATCH_TEXT_MAX = 256 * 1024 };

struct scratch {
	char directory[64];
	char text[SCRATCH_TEXT_MAX];
};

/* returns NULL when it cannot be made */
static inline struct scratch *
scratch_in(const char *parent)
{
	struct scratch *s = calloc(1, sizeof(*s));

	if (s == NULL)
		return NULL;
	(void)snprintf(s->directory, sizeof(s->directory), "%s/naiad_test.XXXXXX", parent);
	if (mkdtemp(s->directory) == NULL) {
		free(s);
		return NULL;
	}
	return s;
}

static inline struct scratch *
scratch_new(void)
{
	return scratch_in("/tmp");
}

static inline void
scratch_free(struct scratch *s)
{
	char command[128];

	(void)snprintf(command, sizeof(command), "rm -rf '%s'", s->directory);
	/* NOLINTNEXTLINE(cert-env33-c): a path of our own making */
	if (system(command) != 0)
		(void)fprintf(stderr, "%s is left behind\n", s->directory);
	free(s);
}

/* The file's content, valid until the next call; NULL when there is no such file. */
static inline const char *
scratch_read(struct scratch *s, const char *name)
{
	char path[128];

	(void)snprintf(path, sizeof(path), "%s/%s", s->directory, name);
	FILE *f = fopen(path, "rb");
	if (f == NULL)
		return NULL;
	size_t length = fread(s->text, 1, sizeof(s->text) - 1, f);
	(void)fclose(f);
	s->text[length] = '\0';
	return s->text;
}
