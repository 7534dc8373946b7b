/*
 * fuzz_config.c -- any bytes as a settings file.
 *
 * What is refused must have been told; what is taken must print as a file that loads to the same.
 */
#include "daemon/base/arena.h"
#include "daemon/config_print.h"
#include "daemon/config_yaml.h"
#include "tests/support/config_sample.h"

#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

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
parse(const char *text, size_t length, struct sample *s, struct arena *arena)
{
	static struct sample_report told;

	config_rows_default(sample_rows(), s);
	int r = config_yaml_parse(
		"fuzz", text, length, sample_rows(), s, arena, sample_report_init(&told));
	if ((r == 0) != (told.lines.length == 0))
		abort();
	return r;
}

int
LLVMFuzzerTestOneInput(const uint8_t *bytes, size_t len)
{
	struct sample first;
	struct sample second;
	struct arena arena;
	size_t length = 0;
	size_t length_again = 0;

	arena_init(&arena, FUZZ_ARENA_BYTES, NULL);
	if (parse((const char *)bytes, len, &first, &arena) == 0) {
		char *text = printed(&first, &length);

		if (parse(text, length, &second, &arena) != 0)
			abort();
		char *again = printed(&second, &length_again);
		if (length != length_again || memcmp(text, again, length) != 0)
			abort();
		free(text);
		free(again);
	}
	arena_done(&arena);
	return 0;
}
