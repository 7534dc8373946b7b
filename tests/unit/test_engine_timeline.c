/* test_engine_timeline.c -- which of the things that were said an entry of a timeline tells. */
#include "daemon/engine/engine_timeline.h"

#include "daemon/engine/engine_state.h"
#include "daemon/transactions/transaction.h"

#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <stdlib.h>

#include <cmocka.h>

enum { TALK = 5 };

static int
set_up(void **state)
{
	static const struct hash_key key = { { 1, 2 } };
	struct engine *e = calloc(1, sizeof(*e));

	*state = e;
	return said_table_init(&e->said, SAID_MIN_BYTES, &key);
}

static int
tear_down(void **state)
{
	struct engine *e = *state;

	said_table_done(&e->said);
	free(e);
	return 0;
}

static void
hear(struct engine *e, enum obs_kind kind)
{
	static const struct obs_talk talk = { .id = TALK };
	static const _Alignas(max_align_t) uint8_t nothing[TRANSACTION_SIZE_MAX];

	engine_timeline_hear(
		e, &(struct observation){ .kind = kind, .talk = &talk, .said = nothing });
}

/* returns OBS_KIND_COUNT when nothing is told */
static enum obs_kind
told(const struct engine *e)
{
	enum obs_kind kind;

	return said_kind(&e->said, TALK, &kind) ? kind : OBS_KIND_COUNT;
}

static void
what_comes_with_something_else_is_not_told(void **state)
{
	static const enum obs_kind kinds[] = { OBS_X509, OBS_FILE, OBS_SOFTWARE, OBS_NAME, OBS_ND,
		OBS_ALERT, OBS_MQTT_TOPIC };
	struct engine *e = *state;

	for (size_t i = 0; i < sizeof(kinds) / sizeof(kinds[0]); i++) {
		hear(e, kinds[i]);
		assert_int_equal(told(e), OBS_KIND_COUNT);
	}
	hear(e, OBS_TLS);
	hear(e, OBS_X509);
	assert_int_equal(told(e), OBS_TLS);
}

static void
a_log_in_is_told_until_something_was_done_with_it(void **state)
{
	static const enum obs_kind kinds[] = { OBS_LOGIN, OBS_NTLM, OBS_SMB };
	struct engine *e = *state;

	for (size_t i = 0; i < sizeof(kinds) / sizeof(kinds[0]); i++) {
		hear(e, kinds[i]);
		assert_int_equal(told(e), kinds[i]);
	}
	hear(e, OBS_SMB_FILE);
	for (size_t i = 0; i < sizeof(kinds) / sizeof(kinds[0]); i++) {
		hear(e, kinds[i]);
		assert_int_equal(told(e), OBS_SMB_FILE);
	}
}

static void
the_last_of_what_was_done_counts(void **state)
{
	struct engine *e = *state;

	hear(e, OBS_FTP);
	hear(e, OBS_SMTP);
	assert_int_equal(told(e), OBS_SMTP);
}

int
main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test_setup_teardown(
			what_comes_with_something_else_is_not_told, set_up, tear_down),
		cmocka_unit_test_setup_teardown(
			a_log_in_is_told_until_something_was_done_with_it, set_up, tear_down),
		cmocka_unit_test_setup_teardown(
			the_last_of_what_was_done_counts, set_up, tear_down),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
