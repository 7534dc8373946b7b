/*
 * fuzz_config.c -- any bytes as a settings file.
 *
 * Once for a section with rows of every type, lists and sections inside each other, and once for the
 * real settings with those of all detectors and exporters. What is refused must have been told; what
 * is taken must print as a file that loads to the same. Where memory is out, that is told as well.
 */
#define _GNU_SOURCE /* memfd_create() */

#include "daemon/base/arena.h"
#include "daemon/config/config.h"
#include "daemon/config/config_file.h"
#include "daemon/config/config_print.h"
#include "daemon/config/config_yaml.h"
#include "tests/support/config_sample.h"
#include "tests/support/failing_alloc.h"

#include <assert.h>
#include <errno.h>
#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/mman.h>
#include <unistd.h>

int LLVMFuzzerTestOneInput(const uint8_t *bytes, size_t len);

enum { FUZZ_ARENA_BYTES = 1 << 20 };

static char *
printed(const struct sample *s, size_t *ret_length)
{
	char *text = NULL;
	FILE *out = open_memstream(&text, ret_length);

	if (out == NULL || config_print_yaml(out, sample_rows(), s) != 0 || fclose(out) != 0)
		abort();
	return text;
}

static int
parse(const char *text, size_t length, struct sample *s, struct arena *arena, uint32_t seed)
{
	static struct sample_report told;

	config_rows_default(sample_rows(), s);
	failing_alloc_begin(seed);
	int r = config_yaml_parse(
		"fuzz", text, length, sample_rows(), s, arena, sample_report_init(&told));
	(void)failing_alloc_end();
	assert((r == 0) == (told.lines.length == 0));
	return r;
}

static void
as_sample(const char *bytes, size_t len, uint32_t seed)
{
	struct sample first;
	struct sample second;
	struct arena arena;
	size_t length = 0;
	size_t length_again = 0;

	arena_init(&arena, FUZZ_ARENA_BYTES, NULL);
	if (parse(bytes, len, &first, &arena, seed) == 0) {
		char *text = printed(&first, &length);
		int again_result = parse(text, length, &second, &arena, 0);
		char *again = printed(&second, &length_again);

		assert(again_result == 0);
		assert(length == length_again && memcmp(text, again, length) == 0);
		free(text);
		free(again);
	}
	arena_done(&arena);
}

/* Load them as the program does. returns NULL when they are refused, which was told */
static struct config *
load(const char *bytes, size_t len, uint32_t seed)
{
	static struct sample_report told;
	static int fd = -1;
	struct config *c = NULL;
	char path[32];

	if (fd < 0)
		fd = memfd_create("settings", MFD_CLOEXEC);
	if (fd < 0 || ftruncate(fd, 0) != 0 || pwrite(fd, bytes, len, 0) != (ssize_t)len)
		abort();
	(void)snprintf(path, sizeof(path), "/proc/self/fd/%d", fd);
	failing_alloc_begin(seed);
	int r = config_load(path, NULL, sample_report_init(&told), &c);
	(void)failing_alloc_end();
	assert((r == 0) == (told.lines.length == 0) && (r == 0) == (c != NULL));
	assert(seed != 0 || r != -ENOMEM);
	return c;
}

static void
as_settings(const char *bytes, size_t len, uint32_t seed)
{
	struct config *first = load(bytes, len, seed);

	if (first == NULL)
		return;
	char *text = config_print_text(first);
	struct config *second = load(text, strlen(text), 0);
	assert(second != NULL);
	char *again = config_print_text(second);
	assert(strcmp(text, again) == 0);
	free(text);
	free(again);
	config_free(first);
	config_free(second);
}

int
LLVMFuzzerTestOneInput(const uint8_t *bytes, size_t len)
{
	const char *text = (const char *)bytes;
	uint32_t seed = failing_alloc_seed(bytes, len);

	if (len > CONFIG_FILE_MAX)
		return 0;
	if (seed != 0) {
		as_sample(text, len, seed);
		as_settings(text, len, seed);
	}
	as_sample(text, len, 0);
	as_settings(text, len, 0);
	return 0;
}
