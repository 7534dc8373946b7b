#include "daemon/config/config_profile.h"

#include "daemon/config/config.h"
#include "daemon/config/config_diff.h"

#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <stdio.h>
#include <string.h>

#include <cmocka.h>

static const char *const names[STRICTNESS_COUNT] = { "quiet", "balanced", "paranoid" };

/* The real settings of the real detectors, with what is wrong printed. */
static void
complain(void *context, const char *text)
{
	(void)context;
	(void)fprintf(stderr, "%s\n", text);
}

static struct config *
loaded(enum strictness strictness)
{
	const struct config_overrides o = { .profile = names[strictness] };
	struct config_report report = { .line = complain };
	struct config *c = NULL;

	assert_int_equal(config_load(NULL, &o, &report, &c), 0);
	assert_int_equal(report.count, 0);
	assert_int_equal(c->settings->profile, strictness);
	return c;
}

/* Keys that differ from the defaults, and how often the one that is looked for is among them. */
struct differing {
	const char *key;
	size_t count;
	size_t found;
};

static void
differ(void *context, const char *key, bool at_start)
{
	struct differing *d = context;

	(void)at_start;
	d->count++;
	if (strcmp(key, d->key) == 0)
		d->found++;
}

/* A key without a setting, a value that is refused, one that is the default anyway, or a key twice. */
static void
check(enum strictness strictness)
{
	struct config *balanced = loaded(STRICTNESS_BALANCED);
	struct config *c = loaded(strictness);
	size_t count = 0;
	struct differing d = { 0 };

	for (const struct config_setting *s = config_profiles[strictness]; s->key != NULL; s++) {
		d = (struct differing){ .key = s->key };
		config_diff(balanced, c, differ, &d);
		if (d.found != 1)
			fail_msg("%s: %s: %s is the default", names[strictness], s->key, s->value);
		count++;
	}
	assert_true(count > 0);
	assert_int_equal(d.count, count + 1); /* and `profile` itself */
	config_free(c);
	config_free(balanced);
}

static void
each_line_of_quiet_changes_a_setting(void **state)
{
	(void)state;
	check(STRICTNESS_QUIET);
}

static void
each_line_of_paranoid_changes_a_setting(void **state)
{
	(void)state;
	check(STRICTNESS_PARANOID);
}

static void
balanced_is_the_defaults(void **state)
{
	struct config_report report = { .line = complain };
	struct differing d = { .key = "" };
	struct config *c = loaded(STRICTNESS_BALANCED);
	struct config *defaults = NULL;

	(void)state;
	assert_null(config_profiles[STRICTNESS_BALANCED]->key);
	assert_int_equal(config_load(NULL, NULL, &report, &defaults), 0);
	config_diff(defaults, c, differ, &d);
	assert_int_equal(d.count, 0);
	config_free(defaults);
	config_free(c);
}

static void
quiet_takes_more_for_an_alert_and_paranoid_less(void **state)
{
	struct config *quiet = loaded(STRICTNESS_QUIET);
	struct config *balanced = loaded(STRICTNESS_BALANCED);
	struct config *paranoid = loaded(STRICTNESS_PARANOID);

	(void)state;
	assert_true(quiet->settings->alert.threshold > 0.05); /* what 0 is without a profile */
	assert_true(paranoid->settings->alert.threshold < 0.05);
	assert_int_equal(quiet->settings->alert.converge, balanced->settings->alert.converge);
	assert_true(paranoid->settings->alert.converge < balanced->settings->alert.converge);
	config_free(quiet);
	config_free(balanced);
	config_free(paranoid);
}

int
main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(each_line_of_quiet_changes_a_setting),
		cmocka_unit_test(each_line_of_paranoid_changes_a_setting),
		cmocka_unit_test(balanced_is_the_defaults),
		cmocka_unit_test(quiet_takes_more_for_an_alert_and_paranoid_less),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
