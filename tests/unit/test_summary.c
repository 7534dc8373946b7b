#include "exporters/exporter.h"
#include "tests/support/record_sample.h"
#include "tests/support/scratch.h"

#include <errno.h>
#include <fcntl.h>
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <string.h>
#include <unistd.h>

#include <cmocka.h>

extern const struct exporter exporter_summary;

static uint64_t
elapsed_ns(void)
{
	return 1500 * (uint64_t)NS_PER_MS;
}

struct place {
	struct scratch *scratch;
	struct run_info run;
	struct outlet outlet;
	uint64_t config[4];
	int saved_stdout;
};

static void
stdout_to(const char *path)
{
	int fd = open(path, O_WRONLY | O_CREAT | O_TRUNC, 0600);

	assert_true(fd >= 0);
	(void)fflush(stdout);
	assert_true(dup2(fd, STDOUT_FILENO) >= 0);
	(void)close(fd);
}

static void
stdout_back(const struct place *p)
{
	(void)fflush(stdout);
	clearerr(stdout);
	assert_true(dup2(p->saved_stdout, STDOUT_FILENO) >= 0);
}

/* Enabled, and 20 hosts: the defaults of the rows. */
static int
setup(void **state)
{
	static struct place p;

	memset(&p, 0, sizeof(p));
	p.scratch = scratch_new();
	p.run = (struct run_info){ .version = "0.1.0", .elapsed_ns = elapsed_ns };
	p.outlet = (struct outlet){ .run = &p.run, .config = p.config };
	p.outlet.state = calloc(1, exporter_summary.state_size);
	p.saved_stdout = dup(STDOUT_FILENO);
	for (const struct config_item *row = exporter_summary.config; row->type != CONFIG_TYPE_END;
		row++) {
		uint32_t number = (uint32_t)row->dflt;
		bool on = row->dflt != 0;
		size_t size = row->type == CONFIG_TYPE_BOOL ? sizeof(on) : sizeof(number);

		memcpy((char *)p.config + row->offset,
			row->type == CONFIG_TYPE_BOOL ? (const void *)&on : &number, size);
	}
	*state = &p;
	return 0;
}

static int
teardown(void **state)
{
	struct place *p = *state;

	(void)close(p->saved_stdout);
	free(p->outlet.state);
	scratch_free(p->scratch);
	return 0;
}

static void
write_records(struct place *p, bool to_the_end)
{
	struct record_evidence e = sample_evidence();
	struct record_alert a = sample_alert();
	struct record_loss lost[] = { { "ip_short", 3 }, { "flows_evicted", 1 } };
	struct record_totals t = { .packets = 9, .alerts = 1, .lost = lost, .lost_count = 2 };
	struct record r = { .kind = RECORD_EVIDENCE, .ts_ns = SAMPLE_NS, .evidence = &e };

	exporter_summary.write(&p->outlet, &r, NULL, 0);
	r = (struct record){ .kind = RECORD_ALERT, .ts_ns = SAMPLE_NS, .alert = &a };
	exporter_summary.write(&p->outlet, &r, NULL, 0);
	r = (struct record){ .kind = RECORD_TOTALS, .ts_ns = SAMPLE_NS, .totals = &t };
	if (to_the_end)
		exporter_summary.write(&p->outlet, &r, NULL, 0);
	memset(lost, 0xff, sizeof(lost)); /* what a record points to is gone after the call */
	memset(&t, 0xff, sizeof(t));
}

static const char *
told(struct place *p, bool to_the_end, int *ret_closed)
{
	char path[128];

	(void)snprintf(path, sizeof(path), "%s/out", p->scratch->directory);
	assert_int_equal(exporter_summary.open(&p->outlet, ""), 0);
	write_records(p, to_the_end);
	stdout_to(path);
	*ret_closed = exporter_summary.close(&p->outlet, "");
	stdout_back(p);
	return scratch_read(p->scratch, "out");
}

static void
the_table_is_told_at_the_close(void **state)
{
	struct place *p = *state;
	int closed = -1;
	const char *text = told(p, true, &closed);

	assert_int_equal(closed, 0);
	assert_int_equal(p->outlet.written, 3);
	assert_non_null(strstr(text, "analysed in 1.5 s\n"));
	assert_non_null(strstr(text, "\n192.168.1.10\n    scanned port 23/tcp on 1000 hosts\n"));
	assert_non_null(strstr(text, ": 9 packets, "));
	assert_non_null(strstr(text, "\n    1 HORIZONTAL_PORT_SCAN\n"));
	assert_non_null(strstr(text, "Not seen, or seen in part: 3 ip_short, 1 flows_evicted\n"));
}

static void
with_json_it_is_one_object_even_if_the_table_is_off(void **state)
{
	struct place *p = *state;
	int closed = -1;

	p->run.json_summary = true;
	const char *text = told(p, true, &closed);
	assert_int_equal(closed, 0);
	assert_int_equal(strncmp(text, "{\"version\":\"0.1.0\",", 19), 0);
	assert_non_null(strstr(text, "\"lost\":{\"ip_short\":3,\"flows_evicted\":1},"));
	assert_non_null(strstr(text, "\"elapsed_s\":1.500}\n"));
	memset(p->config, 0, sizeof(p->config));
	assert_int_not_equal(exporter_summary.accepts(p->config, &p->run), 0);
	p->run.json_summary = false;
	assert_int_equal(exporter_summary.accepts(p->config, &p->run), 0);
}

static void
more_losses_than_there_is_room_for_are_cut(void **state)
{
	enum { LOSSES = 200, KEPT = 128 };
	struct place *p = *state;
	struct record_loss lost[LOSSES];
	struct record_totals t = { .lost = lost, .lost_count = LOSSES };
	struct record r = { .kind = RECORD_TOTALS, .totals = &t };
	char path[128];
	unsigned told_of = 0;

	for (size_t i = 0; i < LOSSES; i++)
		lost[i] = (struct record_loss){ "one_reason", 1 };
	(void)snprintf(path, sizeof(path), "%s/out", p->scratch->directory);
	assert_int_equal(exporter_summary.open(&p->outlet, ""), 0);
	exporter_summary.write(&p->outlet, &r, NULL, 0);
	stdout_to(path);
	assert_int_equal(exporter_summary.close(&p->outlet, ""), 0);
	stdout_back(p);
	const char *at = scratch_read(p->scratch, "out");
	while ((at = strstr(at, "1 one_reason")) != NULL) {
		told_of++;
		at++;
	}
	assert_int_equal(told_of, KEPT);
}

static void
a_run_that_did_not_end_tells_nothing(void **state)
{
	struct place *p = *state;
	int closed = -1;

	assert_string_equal(told(p, false, &closed), "");
	assert_int_equal(closed, 0);
}

static void
a_summary_that_cannot_be_written_is_an_error(void **state)
{
	struct place *p = *state;

	assert_int_equal(exporter_summary.open(&p->outlet, ""), 0);
	write_records(p, true);
	stdout_to("/dev/full");
	int closed = exporter_summary.close(&p->outlet, "");
	stdout_back(p);
	assert_int_equal(closed, -ENOSPC);
}

static void
only_runs_over_files_have_one(void **state)
{
	struct place *p = *state;

	assert_true(exporter_summary.config_size <= sizeof(p->config));
	assert_int_equal(exporter_summary.accepts(p->config, &p->run),
		RECORD_BIT(RECORD_EVIDENCE) | RECORD_BIT(RECORD_ALERT) | RECORD_BIT(RECORD_TOTALS));
	p->run.live = true;
	assert_int_equal(exporter_summary.accepts(p->config, &p->run), 0);
	p->run.json_summary = true;
	assert_int_equal(exporter_summary.accepts(p->config, &p->run), 0);
	assert_int_equal(exporter_summary.close(&p->outlet, ""), 0); /* never opened */
}

#define IN_PLACE(test) cmocka_unit_test_setup_teardown(test, setup, teardown)

int
main(void)
{
	const struct CMUnitTest tests[] = {
		IN_PLACE(the_table_is_told_at_the_close),
		IN_PLACE(with_json_it_is_one_object_even_if_the_table_is_off),
		IN_PLACE(more_losses_than_there_is_room_for_are_cut),
		IN_PLACE(a_run_that_did_not_end_tells_nothing),
		IN_PLACE(a_summary_that_cannot_be_written_is_an_error),
		IN_PLACE(only_runs_over_files_have_one),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
