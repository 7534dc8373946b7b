#include "exporters/redis/redis_stream.h"

#include "tests/support/mirror_rig.h"
#include "tests/support/redis_heard.h"

#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <stdio.h>

#include <cmocka.h>

static const struct run_info run = { .sensor = "naiad" };

struct place {
	struct mirror_rig *rig;
	struct redis_heard *heard;
	struct record_unpacked room;
	struct redis_stream stream;
};

static struct redis_stream_plan
plan_of(struct place *p, uint32_t most)
{
	return (struct redis_stream_plan){ .run = &run,
		.id = "r1",
		.mirror = p->rig->mirror,
		.target = 0,
		.db = 3,
		.most = most,
		.record = &p->room };
}

static int
setup(void **state)
{
	const struct mirror_plan mirror = mirror_rig_plan();
	struct place *p = calloc(1, sizeof(*p));

	p->rig = mirror_rig_new(&mirror);
	p->heard = redis_heard_new();
	const struct redis_stream_plan plan = plan_of(p, 10);
	*state = p;
	return redis_stream_init(&p->stream, &plan);
}

static int
teardown(void **state)
{
	struct place *p = *state;

	redis_stream_done(&p->stream);
	redis_stream_done(&p->stream);
	mirror_rig_free(p->rig);
	redis_heard_free(p->heard);
	free(p);
	return 0;
}

static uint64_t
next(struct place *p)
{
	return redis_stream_next(&p->stream, &p->heard->command);
}

static void
an_entry_has_the_fields_and_the_line_of_eve(void **state)
{
	struct place *p = *state;
	const struct encoding *eve = encoding_find("eve");
	void *eve_state = calloc(1, eve->state_size);
	struct record_evidence e = sample_evidence();
	char line[8192];
	char wanted[9000];
	struct strbuf b;

	e.host = rig_host(1);
	e.window = rig_window(1);
	rig_tell_evidence(p->rig, 1, 1);
	assert_int_equal(next(p), 1);
	strbuf_init(&b, line, sizeof(line));
	assert_int_equal(eve->open(eve_state, &run), 0);
	eve->encode(eve_state, &run,
		&(struct record){ .kind = RECORD_EVIDENCE, .ts_ns = NS_PER_S, .evidence = &e }, &b);
	(void)snprintf(wanted, sizeof(wanted),
		"SELECT 3\nXADD naiad:evidence MAXLEN ~ 10 * id "
		"8f14e45f-ceea-867a-9c1d-3f1b2c4d5e6f kind "
		"HORIZONTAL_PORT_SCAN run r1 host 10.0.0.1 threat high eve %s\n",
		line);
	assert_string_equal(redis_heard_text(p->heard), wanted);
	eve->close(eve_state);
	free(eve_state);
}

static void
an_alert_is_an_entry_of_its_own_kind(void **state)
{
	struct place *p = *state;

	rig_tell_alert(p->rig, 2, 1);
	assert_int_equal(next(p), 1);
	assert_non_null(strstr(redis_heard_text(p->heard),
		"id d3d94468-02a4-8259-b55d-38e6d163e820 kind ALERT run r1 host 10.0.0.2 threat high eve {"));
}

static void
each_comes_once_and_what_was_refused_again(void **state)
{
	struct place *p = *state;

	for (int i = 0; i < 4; i++)
		rig_tell_evidence(p->rig, 1, 1);
	for (uint64_t n = 1; n <= 4; n++)
		assert_int_equal(next(p), n);
	assert_int_equal(next(p), 0);
	redis_stream_settled(&p->stream, 1, true);
	redis_stream_settled(&p->stream, 2, false);
	redis_stream_settled(&p->stream, 3, true); /* it counts for nothing */
	redis_stream_settled(&p->stream, 4, true);
	redis_stream_resume(&p->stream);
	assert_false(p->stream.refused);
	for (uint64_t n = 2; n <= 4; n++) {
		assert_int_equal(next(p), n);
		redis_stream_settled(&p->stream, n, true);
	}
	redis_stream_resume(&p->stream);
	assert_int_equal(next(p), 0);
}

static void
an_empty_redis_gets_them_all(void **state)
{
	struct place *p = *state;

	rig_tell_evidence(p->rig, 1, 1);
	rig_tell_alert(p->rig, 1, 1);
	while (next(p) != 0)
		;
	redis_stream_settled(&p->stream, 1, true);
	redis_stream_settled(&p->stream, 2, true);
	redis_stream_restart(&p->stream);
	assert_int_equal(next(p), 1);
	assert_int_equal(next(p), 2);
	assert_int_equal(next(p), 0);
}

static void
without_a_stream_nothing_is_written_and_nothing_stays_due(void **state)
{
	struct place *p = *state;

	redis_stream_done(&p->stream);
	const struct redis_stream_plan plan = plan_of(p, 0);
	assert_int_equal(redis_stream_init(&p->stream, &plan), 0);
	for (int i = 0; i < 3; i++)
		rig_tell_evidence(p->rig, 1, 1);
	assert_int_equal(next(p), 0);
	assert_null(mirror_next_finding(p->rig->mirror, 0));
	assert_string_equal(redis_heard_text(p->heard), "");
}

int
main(void)
{
#define TEST(name) cmocka_unit_test_setup_teardown(name, setup, teardown)
	const struct CMUnitTest tests[] = {
		TEST(an_entry_has_the_fields_and_the_line_of_eve),
		TEST(an_alert_is_an_entry_of_its_own_kind),
		TEST(each_comes_once_and_what_was_refused_again),
		TEST(an_empty_redis_gets_them_all),
		TEST(without_a_stream_nothing_is_written_and_nothing_stays_due),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
