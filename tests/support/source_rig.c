#include "tests/support/source_rig.h"

#include <setjmp.h>
#include <stdarg.h>
#include <string.h>

#include <cmocka.h>

enum { MEMORY_MAX = 64 * 1024 * 1024 };

struct arena memory;
struct source *source;
static char trouble[SOURCE_ERROR_MAX];

int
source_rig_setup(void **state)
{
	(void)state;
	arena_init(&memory, MEMORY_MAX, NULL);
	source = NULL;
	return 0;
}

int
source_rig_teardown(void **state)
{
	(void)state;
	source_close(source);
	arena_done(&memory);
	store_build_done();
	return 0;
}

void
open_file(const char *path)
{
	source = source_open(path, NULL, trouble);
	if (source == NULL)
		fail_msg("%s", trouble);
}

void
open_with(const char *sql)
{
	open_file(store_build_file(sql));
}

void
assert_refused(const char *path, const char *words)
{
	assert_null(source_open(path, NULL, trouble));
	if (strstr(trouble, words) == NULL)
		fail_msg("expected \"%s\" in: %s", words, trouble);
	assert_null(strchr(trouble, '\n'));
}

void
assert_trouble(const char *words)
{
	if (strstr(source_trouble(source), words) == NULL)
		fail_msg("expected \"%s\" in: %s", words, source_trouble(source));
}

void
assert_no_trouble(void)
{
	assert_string_equal(source_trouble(source), "");
}

struct source_window_id
window(const char *host, int64_t number)
{
	return (struct source_window_id){ host, number };
}
