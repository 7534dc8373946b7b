#include "daemon/loop/reload.h"

#include "daemon/base/log.h"
#include "daemon/config/config.h"
#include "detectors/detector.h"
#include "tests/support/config_sample.h"
#include "tests/support/scratch.h"

#include <errno.h>
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <stdio.h>
#include <string.h>

#include <cmocka.h>

struct place {
	struct scratch *scratch;
	char path[128];
	struct config *running, *fresh;
	struct sample_report report;
	struct reload reload;
	const char *refusal; /* of take() */
};

static void
file_write(struct place *p, const char *text)
{
	FILE *f = fopen(p->path, "w");

	assert_non_null(f);
	(void)fputs(text, f);
	assert_int_equal(fclose(f), 0);
}

static int
begin(void **state)
{
	static struct place p;

	memset(&p, 0, sizeof(p));
	log_level_set(LOG_LEVEL_ERR);
	p.scratch = scratch_new();
	assert_non_null(p.scratch);
	(void)snprintf(p.path, sizeof(p.path), "%s/naiad.yaml", p.scratch->directory);
	file_write(&p, "alert: {threshold: 0.2}\n");
	assert_int_equal(config_load(p.path, NULL, sample_report_init(&p.report), &p.running), 0);
	*state = &p;
	return 0;
}

static int
end(void **state)
{
	struct place *p = *state;

	config_free(p->running);
	config_free(p->fresh);
	scratch_free(p->scratch);
	log_level_set(LOG_LEVEL_INFO);
	return 0;
}

static int
take(void *context, const struct config *fresh, char *ret_error, size_t error_size)
{
	const struct place *p = context;

	assert_non_null(fresh);
	if (p->refusal == NULL)
		return 0;
	(void)snprintf(ret_error, error_size, "%s", p->refusal);
	return -EINVAL;
}

static int
again(struct place *p, const char *text, const struct config_overrides *o)
{
	file_write(p, text);
	config_free(p->fresh);
	p->fresh = NULL;
	const struct reload_plan plan = {
		.running = p->running, .path = p->path, .overrides = o, .take = take, .context = p
	};
	return reload_prepare(&plan, &p->fresh, &p->reload);
}

static void
what_changed_is_named_and_new(void **state)
{
	struct place *p = *state;

	assert_int_equal(again(p,
				 "alert: {threshold: 0.4}\n"
				 "windows: {width: 5m}\n"
				 "detectors: {arp_scan: {enabled: false, span: 1m}}\n",
				 NULL),
		0);
	assert_true(p->reload.ok);
	assert_string_equal(p->reload.changed, "alert.threshold detectors.arp_scan.span");
	assert_string_equal(p->reload.waiting, "windows.width detectors.arp_scan.enabled");
	assert_string_equal(p->reload.error, "");
	assert_true(p->fresh->settings->alert.threshold > 0.39);
	assert_true(p->fresh->settings->windows.width == 3600 * SAMPLE_S);
	assert_int_equal(p->fresh->detector_count, p->running->detector_count);
}

static void
what_is_the_same_changes_nothing(void **state)
{
	struct place *p = *state;

	assert_int_equal(again(p, "alert: {threshold: 0.2}\n", NULL), 0);
	assert_true(p->reload.ok);
	assert_string_equal(p->reload.changed, "");
	assert_string_equal(p->reload.waiting, "");
}

static void
a_file_with_a_mistake_changes_nothing(void **state)
{
	struct place *p = *state;

	assert_int_equal(
		again(p, "alert: {threshold: 0.4}\nwindows: {widht: 1h, only_one: 7}\n", NULL),
		-EINVAL);
	assert_false(p->reload.ok);
	assert_null(p->fresh);
	assert_string_equal(p->reload.changed, "");
	assert_non_null(strstr(p->reload.error, "naiad.yaml:2"));
	assert_non_null(strstr(p->reload.error, "widht"));
	assert_non_null(strstr(p->reload.error, "; ")); /* both of them */
	assert_non_null(strstr(p->reload.error, "only_one"));
}

static void
what_cannot_be_taken_changes_nothing(void **state)
{
	struct place *p = *state;

	p->refusal = "filter 'ether[': syntax error";
	assert_int_equal(again(p, "capture: {filter: 'ether['}\n", NULL), -EINVAL);
	assert_false(p->reload.ok);
	assert_null(p->fresh);
	assert_string_equal(p->reload.changed, "");
	assert_string_equal(p->reload.error, p->refusal);
}

static void
a_file_that_is_gone_changes_nothing(void **state)
{
	struct place *p = *state;

	const struct reload_plan plan = { .running = p->running,
		.path = "/nonexistent/naiad.yaml" };
	assert_int_equal(reload_prepare(&plan, &p->fresh, &p->reload), -ENOENT);
	assert_false(p->reload.ok);
	assert_non_null(strstr(p->reload.error, "/nonexistent/naiad.yaml"));
}

/* It has the last word, as at the start. */
static void
the_command_line_still_holds(void **state)
{
	struct place *p = *state;
	const struct config_setting s = { "alert.threshold", "0.2", "-x" };
	const struct config_overrides o = { .settings = &s, .setting_count = 1 };

	assert_int_equal(again(p, "alert: {threshold: 0.9}\n", &o), 0);
	assert_string_equal(p->reload.changed, "");
}

/* More mistakes than there is room for: whole ones are told. */
static void
many_mistakes_fit_or_are_left_out(void **state)
{
	struct place *p = *state;
	char text[8192] = "";

	for (int i = 0; i < 30; i++)
		(void)snprintf(text + strlen(text), sizeof(text) - strlen(text),
			"a_name_that_nobody_knows_and_that_takes_some_room_%d: 1\n", i);
	assert_int_equal(again(p, text, NULL), -EINVAL);
	assert_true(strlen(p->reload.error) < RELOAD_TEXT_MAX);
	assert_true(strlen(p->reload.error) > 1000);
}

int
main(void)
{
#define TEST(name) cmocka_unit_test_setup_teardown(name, begin, end)
	const struct CMUnitTest tests[] = {
		TEST(what_changed_is_named_and_new),
		TEST(what_is_the_same_changes_nothing),
		TEST(a_file_with_a_mistake_changes_nothing),
		TEST(what_cannot_be_taken_changes_nothing),
		TEST(a_file_that_is_gone_changes_nothing),
		TEST(the_command_line_still_holds),
		TEST(many_mistakes_fit_or_are_left_out),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
