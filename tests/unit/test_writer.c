/* test_writer.c -- a real child, real outlets, a directory of the test's own. */
#include "daemon/loop/writer/writer.h"

#include "daemon/base/time_text.h"
#include "daemon/config/config.h"
#include "exporters/exporter.h"
#include "exporters/outlets.h"
#include "tests/support/config_sample.h"
#include "tests/support/record_sample.h"
#include "tests/support/scratch.h"

#include <errno.h>
#include <event2/event.h>
#include <setjmp.h>
#include <signal.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <sys/mman.h>
#include <sys/wait.h>
#include <time.h>
#include <unistd.h>

#include <cmocka.h>

enum { PATIENCE_MS = 60000, TURNS_MAX = 3000 };

/* Shared with the child: what it saw. */
struct seen {
	volatile pid_t child;
	volatile size_t saved_bytes;
	volatile uint32_t saved_sum;
	volatile unsigned saves;
	volatile size_t noted_bytes;
	volatile uint32_t noted_sum;
	volatile unsigned notes;
	int confine_result;
};

struct fixture {
	struct scratch *scratch;
	struct config *config;
	struct run_info run;
	struct seen *seen;
	struct writer *writer;
	unsigned gone;
};

static useconds_t exit_us; /* that a child takes when it is done */

/* The linker's names: a call of _exit() comes to the second, and the first is _exit(). NOLINTBEGIN */
_Noreturn void __real__exit(int status);
_Noreturn void __wrap__exit(int status);

_Noreturn void
__wrap__exit(int status)
{
	(void)usleep(exit_us);
	__real__exit(status);
}
/* NOLINTEND */

static int
confine(void *context)
{
	struct fixture *f = context;

	f->seen->child = getpid();
	return f->seen->confine_result;
}

static uint32_t
sum_of(const uint8_t *bytes, size_t length)
{
	uint32_t sum = 0;

	for (size_t i = 0; i < length; i++)
		sum = sum * 31 + bytes[i];
	return sum;
}

static int
save(void *context, const void *bytes, size_t length)
{
	struct fixture *f = context;

	f->seen->saved_bytes = length;
	f->seen->saved_sum = sum_of(bytes, length);
	f->seen->saves++;
	return 0;
}

static void
note(void *context, const void *bytes, size_t length)
{
	struct fixture *f = context;

	f->seen->noted_bytes = length;
	f->seen->noted_sum = sum_of(bytes, length);
	f->seen->notes++;
}

static void
on_gone(void *context)
{
	struct fixture *f = context;

	f->gone++;
}

static int
start(void **state)
{
	struct fixture *f = calloc(1, sizeof(*f));
	struct sample_report told;

	assert_non_null(f);
	f->scratch = scratch_new();
	assert_non_null(f->scratch);
	f->seen = mmap(
		NULL, sizeof(*f->seen), PROT_READ | PROT_WRITE, MAP_SHARED | MAP_ANONYMOUS, -1, 0);
	assert_true(f->seen != MAP_FAILED);
	assert_int_equal(config_load(NULL, NULL, sample_report_init(&told), &f->config), 0);
	f->run = (struct run_info){ .version = "0",
		.sensor = "test",
		.output_dir = f->scratch->directory,
		.live = true,
		.settings_text = "" };
	*state = f;
	return 0;
}

static int
stop(void **state)
{
	struct fixture *f = *state;

	(void)writer_stop(f->writer, PATIENCE_MS);
	config_free(f->config);
	scratch_free(f->scratch);
	(void)munmap(f->seen, sizeof(*f->seen));
	free(f);
	return 0;
}

static int
begin(struct fixture *f)
{
	return writer_start(&(struct writer_plan){ .config = f->config,
				    .run = &f->run,
				    .confine = confine,
				    .save = save,
				    .note = note,
				    .context = f },
		&f->writer);
}

static int
end(struct fixture *f)
{
	struct writer *w = f->writer;

	f->writer = NULL;
	return writer_stop(w, PATIENCE_MS);
}

static void
give_flow(struct fixture *f)
{
	struct obs_flow flow = sample_flow();
	struct record_sink sink = writer_sink(f->writer);

	sink.write(sink.context,
		&(struct record){ .kind = RECORD_FLOW, .ts_ns = SAMPLE_NS, .flow = &flow });
}

static void
give_evidence(struct fixture *f)
{
	struct record_evidence e = sample_evidence();
	struct record_sink sink = writer_sink(f->writer);

	sink.write(sink.context,
		&(struct record){ .kind = RECORD_EVIDENCE, .ts_ns = SAMPLE_NS, .evidence = &e });
}

static unsigned
lines_with(struct fixture *f, const char *name, const char *what)
{
	const char *text = scratch_read(f->scratch, name);
	unsigned count = 0;

	assert_non_null(text);
	while ((text = strstr(text, what)) != NULL) {
		text += strlen(what);
		count++;
	}
	return count;
}

static void
what_was_given_is_written_by_the_child(void **state)
{
	struct fixture *f = *state;

	assert_int_equal(begin(f), 0);
	assert_int_not_equal(f->seen->child, getpid());
	for (unsigned i = 0; i < 100; i++) {
		give_flow(f);
		give_evidence(f);
	}
	writer_flush(f->writer);
	assert_int_equal(writer_stats(f->writer).records, 200);
	assert_int_equal(end(f), 0);
	assert_int_equal(lines_with(f, "eve.json", "\"event_type\":\"flow\""), 100);
	assert_int_equal(lines_with(f, "eve.json", "\"event_type\":\"alert\""), 100);
	assert_int_equal(lines_with(f, "alerts.log", "\n"), 100);
}

static void
what_is_left_at_the_stop_is_written_too(void **state)
{
	struct fixture *f = *state;

	assert_int_equal(begin(f), 0);
	give_evidence(f); /* never flushed */
	assert_int_equal(end(f), 0);
	assert_int_equal(lines_with(f, "alerts.log", "\n"), 1);
}

static void
an_outlet_that_cannot_open_ends_the_start(void **state)
{
	struct fixture *f = *state;

	f->run.output_dir = "/proc/nowhere";
	assert_int_equal(begin(f), -ENOENT);
	assert_null(f->writer);
}

static void
a_child_that_cannot_be_confined_ends_the_start(void **state)
{
	struct fixture *f = *state;

	f->seen->confine_result = -EPERM;
	assert_int_equal(begin(f), -EPERM);
	assert_null(f->writer);
}

static void
the_state_arrives_whole_and_after_the_records(void **state)
{
	enum { STATE_BYTES = 1000 * 1000 };
	struct fixture *f = *state;
	uint8_t *bytes = malloc(STATE_BYTES);

	assert_non_null(bytes);
	for (size_t i = 0; i < STATE_BYTES; i++)
		bytes[i] = (uint8_t)(i * 7 + i / 256);
	assert_int_equal(begin(f), 0);
	assert_true(writer_save(f->writer, bytes, STATE_BYTES));
	assert_true(writer_is_saving(f->writer));
	assert_false(writer_save(f->writer, bytes, 1)); /* one at a time */
	assert_int_equal(end(f), 0);
	assert_int_equal(f->seen->saves, 1);
	assert_int_equal(f->seen->saved_bytes, STATE_BYTES);
	assert_int_equal(f->seen->saved_sum, sum_of(bytes, STATE_BYTES));
	free(bytes);
}

static void
notes_arrive_as_often_as_they_are_given(void **state)
{
	static uint8_t bytes[WRITER_NOTE_MAX + 1];
	struct fixture *f = *state;

	memset(bytes, 7, sizeof(bytes));
	assert_int_equal(begin(f), 0);
	writer_note(f->writer, "first", 5);
	writer_note(f->writer, bytes, WRITER_NOTE_MAX);
	writer_note(f->writer, bytes, WRITER_NOTE_MAX + 1); /* one that is too long is none */
	assert_int_equal(end(f), 0);
	assert_int_equal(f->seen->notes, 2);
	assert_int_equal(f->seen->noted_bytes, WRITER_NOTE_MAX);
	assert_int_equal(f->seen->noted_sum, sum_of(bytes, WRITER_NOTE_MAX));
}

/* The child stands still and the socket is full: only the latest is kept, and it comes at the end. */
static void
a_note_that_waits_is_replaced_by_the_next(void **state)
{
	static uint8_t bytes[WRITER_NOTE_MAX];
	struct fixture *f = *state;

	assert_int_equal(begin(f), 0);
	assert_int_equal(kill(f->seen->child, SIGSTOP), 0);
	for (unsigned i = 0; i < 500; i++) {
		memset(bytes, (int)(i % 251), sizeof(bytes));
		writer_note(f->writer, bytes, sizeof(bytes));
	}
	assert_int_equal(kill(f->seen->child, SIGCONT), 0);
	assert_int_equal(end(f), 0);
	assert_true(f->seen->notes < 500);
	assert_int_equal(f->seen->noted_sum, sum_of(bytes, sizeof(bytes)));
}

static void
loop_for_10_ms(struct event_base *base)
{
	const struct timeval wait = { .tv_usec = 10000 };

	(void)event_base_loopexit(base, &wait);
	(void)event_base_dispatch(base);
}

static void
on_a_loop_one_state_follows_the_other(void **state)
{
	struct fixture *f = *state;

	assert_int_equal(begin(f), 0);
	struct event_base *base = event_base_new();
	assert_int_equal(writer_attach(f->writer, base, on_gone, f), 0);
	for (unsigned i = 0; i < 3; i++) {
		assert_true(writer_save(f->writer, "state", 5));
		for (int n = 0; n < TURNS_MAX && writer_is_saving(f->writer); n++)
			loop_for_10_ms(base);
		assert_int_equal(f->seen->saves, i + 1);
	}
	assert_int_equal(end(f), 0);
	assert_int_equal(f->gone, 0); /* it was asked to end */
	event_base_free(base);
}

static void
on_a_loop_it_is_known_what_the_outlets_did(void **state)
{
	struct fixture *f = *state;
	uint64_t written = 0;

	assert_int_equal(begin(f), 0);
	struct event_base *base = event_base_new();
	assert_int_equal(writer_attach(f->writer, base, on_gone, f), 0);
	give_evidence(f);
	writer_flush(f->writer);
	for (int n = 0; n < TURNS_MAX && written == 0; n++) {
		size_t count = 0;
		loop_for_10_ms(base);
		const struct outlet_stats *outlets = writer_outlets(f->writer, &count);
		for (size_t i = 0; i < count; i++)
			if (strcmp(outlets[i].name, "alerts_log") == 0)
				written = outlets[i].written;
	}
	assert_int_equal(written, 1);
	assert_int_equal(end(f), 0);
	event_base_free(base);
}

/* The child stands still: conversations give way before findings do, and all of it is counted. */
static void
a_full_queue_drops_conversations_first(void **state)
{
	struct fixture *f = *state;

	assert_int_equal(begin(f), 0);
	assert_int_equal(kill(f->seen->child, SIGSTOP), 0);
	while (writer_stats(f->writer).dropped_flows == 0) {
		give_flow(f);
		writer_flush(f->writer);
	}
	assert_int_equal(writer_stats(f->writer).dropped, 0);
	for (unsigned i = 0; i < 100; i++)
		give_evidence(f);
	assert_int_equal(writer_stats(f->writer).dropped, 0);
	while (writer_stats(f->writer).dropped == 0)
		give_evidence(f);
	struct writer_stats s = writer_stats(f->writer);
	assert_int_equal(s.dropped, 1);
	assert_int_equal(writer_dropped(f->writer), s.dropped_flows + 1);

	assert_int_equal(kill(f->seen->child, SIGCONT), 0);
	assert_int_equal(end(f), 0);
	assert_true(s.records > 1000);
}

static void
a_child_that_dies_is_told_once(void **state)
{
	struct fixture *f = *state;

	assert_int_equal(begin(f), 0);
	struct event_base *base = event_base_new();
	assert_int_equal(writer_attach(f->writer, base, on_gone, f), 0);
	assert_int_equal(kill(f->seen->child, SIGKILL), 0);
	for (int i = 0; i < TURNS_MAX && f->gone == 0; i++)
		loop_for_10_ms(base);
	loop_for_10_ms(base);
	assert_int_equal(f->gone, 1);
	give_evidence(f);
	writer_flush(f->writer);
	assert_int_equal(writer_stats(f->writer).dropped, 1);
	assert_int_equal(end(f), -EIO);
	assert_int_equal(f->gone, 1);
	event_base_free(base);
}

static void
sleep_ms(long ms)
{
	const struct timespec t = { .tv_sec = ms / 1000, .tv_nsec = ms % 1000 * 1000000 };

	(void)nanosleep(&t, NULL);
}

/* kill -9 of the daemon: what had been handed over is written by the child, which then goes. */
static void
a_daemon_that_dies_loses_nothing_that_was_flushed(void **state)
{
	struct fixture *f = *state;
	pid_t daemon = fork();

	assert_true(daemon >= 0);
	if (daemon == 0) {
		if (begin(f) != 0)
			_exit(1);
		for (unsigned i = 0; i < 50; i++)
			give_evidence(f);
		writer_flush(f->writer);
		(void)raise(SIGKILL);
	}
	assert_int_equal(waitpid(daemon, NULL, 0), daemon);
	for (int i = 0; i < TURNS_MAX && lines_with(f, "alerts.log", "\n") < 50; i++)
		sleep_ms(10);
	assert_int_equal(lines_with(f, "alerts.log", "\n"), 50);
}

static void
the_end_has_a_deadline(void **state)
{
	struct fixture *f = *state;

	assert_int_equal(begin(f), 0);
	assert_int_equal(kill(f->seen->child, SIGSTOP), 0);
	give_evidence(f);
	struct writer *w = f->writer;
	f->writer = NULL;
	assert_int_equal(writer_stop(w, 100), -EIO);
}

static void
a_child_that_is_done_has_until_the_deadline_to_be_gone(void **state)
{
	struct fixture *f = *state;

	exit_us = 500000;
	assert_int_equal(begin(f), 0);
	give_evidence(f);
	assert_int_equal(end(f), 0);
	exit_us = 0;
	assert_int_equal(lines_with(f, "alerts.log", "\n"), 1);
}

/* Everything that goes on ends at once at the end, and is more than the queue has room for. */
static void
at_the_end_a_full_queue_waits(void **state)
{
	const unsigned many = 15000;
	struct fixture *f = *state;

	assert_int_equal(begin(f), 0);
	writer_hold(f->writer, PATIENCE_MS);
	for (unsigned i = 0; i < many; i++)
		give_flow(f);
	give_evidence(f);
	assert_int_equal(writer_stats(f->writer).records, many + 1);
	assert_int_equal(writer_dropped(f->writer), 0);
	assert_int_equal(end(f), 0);
	assert_int_equal(lines_with(f, "alerts.log", "\n"), 1);
}

static void
the_wait_at_the_end_is_over_in_time(void **state)
{
	struct fixture *f = *state;

	assert_int_equal(begin(f), 0);
	assert_int_equal(kill(f->seen->child, SIGSTOP), 0);
	writer_hold(f->writer, 100);
	while (writer_stats(f->writer).dropped_flows == 0)
		give_flow(f);
	assert_int_equal(end(f), -EIO); /* within the same 100 ms: they are over */
}

static void
reopening_makes_the_file_anew(void **state)
{
	struct fixture *f = *state;
	char from[128];
	char to[128];

	assert_int_equal(begin(f), 0);
	give_evidence(f);
	writer_flush(f->writer);
	for (int i = 0; i < TURNS_MAX && lines_with(f, "alerts.log", "\n") == 0; i++)
		sleep_ms(10);
	(void)snprintf(from, sizeof(from), "%s/alerts.log", f->scratch->directory);
	(void)snprintf(to, sizeof(to), "%s/alerts.log.1", f->scratch->directory);
	assert_int_equal(rename(from, to), 0);
	writer_reopen(f->writer);
	give_evidence(f);
	assert_int_equal(end(f), 0);
	assert_int_equal(lines_with(f, "alerts.log", "\n"), 1);
	assert_int_equal(lines_with(f, "alerts.log.1", "\n"), 1);
}

int
main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test_setup_teardown(
			what_was_given_is_written_by_the_child, start, stop),
		cmocka_unit_test_setup_teardown(
			what_is_left_at_the_stop_is_written_too, start, stop),
		cmocka_unit_test_setup_teardown(
			an_outlet_that_cannot_open_ends_the_start, start, stop),
		cmocka_unit_test_setup_teardown(
			a_child_that_cannot_be_confined_ends_the_start, start, stop),
		cmocka_unit_test_setup_teardown(
			the_state_arrives_whole_and_after_the_records, start, stop),
		cmocka_unit_test_setup_teardown(
			notes_arrive_as_often_as_they_are_given, start, stop),
		cmocka_unit_test_setup_teardown(
			a_note_that_waits_is_replaced_by_the_next, start, stop),
		cmocka_unit_test_setup_teardown(on_a_loop_one_state_follows_the_other, start, stop),
		cmocka_unit_test_setup_teardown(
			on_a_loop_it_is_known_what_the_outlets_did, start, stop),
		cmocka_unit_test_setup_teardown(
			a_full_queue_drops_conversations_first, start, stop),
		cmocka_unit_test_setup_teardown(a_child_that_dies_is_told_once, start, stop),
		cmocka_unit_test_setup_teardown(
			a_daemon_that_dies_loses_nothing_that_was_flushed, start, stop),
		cmocka_unit_test_setup_teardown(the_end_has_a_deadline, start, stop),
		cmocka_unit_test_setup_teardown(
			a_child_that_is_done_has_until_the_deadline_to_be_gone, start, stop),
		cmocka_unit_test_setup_teardown(at_the_end_a_full_queue_waits, start, stop),
		cmocka_unit_test_setup_teardown(the_wait_at_the_end_is_over_in_time, start, stop),
		cmocka_unit_test_setup_teardown(reopening_makes_the_file_anew, start, stop),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
