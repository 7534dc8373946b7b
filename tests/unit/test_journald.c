/* The exporter as the outlets use it, against a socket that stands in for the journal's. */
#include "daemon/config/config_rows.h"
#include "exporters/encode_journal.h"
#include "exporters/exporter.h"
#include "tests/support/hostile_text.h"
#include "tests/support/outlet_rig.h"

#include <cmocka.h>

extern const struct exporter exporter_journald;

static int
setup(void **state)
{
	*state = outlet_rig_new(&exporter_journald);
	return 0;
}

static int
teardown(void **state)
{
	outlet_rig_free(*state);
	return 0;
}

static void
a_finding_arrives_as_one_entry_byte_for_byte(void **state)
{
	struct outlet_rig *r = *state;
	struct record_evidence e = sample_evidence();
	struct record record = { .kind = RECORD_EVIDENCE, .ts_ns = SAMPLE_NS, .evidence = &e };
	char hostile[HOSTILE_TEXT_MAX];
	char entry[JOURNAL_ENTRY_MAX];

	outlet_rig_set(r, "path", &r->path);
	r->server = peer_rig_unix(r->path);
	assert_int_equal(outlet_rig_open(r), 0);
	for (unsigned i = 0; i < HOSTILE_TEXT_COUNT; i++) {
		struct strbuf b;

		hostile_text(i, EVIDENCE_OBJECT_MAX, hostile);
		e.object = hostile;
		e.text = hostile;
		exporter_journald.write(&r->outlet, &record, NULL, 0);
		strbuf_init(&b, entry, sizeof(entry));
		journal_encode(&record, &b);
		ssize_t n = recv(r->server, r->text, sizeof(r->text), 0);
		assert_int_equal(n, b.length);
		assert_memory_equal(r->text, entry, b.length);
		assert_int_equal(recv(r->server, r->text, sizeof(r->text), 0), -1);
	}
	outlet_rig_alert(r, "alert");
	assert_non_null(strstr(outlet_rig_read(r), "MESSAGE_ID=" JOURNAL_ID_ALERT "\n"));
	outlet_rig_tick(r, 100);
	assert_int_equal(r->outlet.written, HOSTILE_TEXT_COUNT + 1);
}

static void
what_the_journal_lost_comes_again_marked(void **state)
{
	struct outlet_rig *r = *state;

	outlet_rig_set(r, "path", &r->path);
	r->server = peer_rig_unix(r->path);
	assert_int_equal(outlet_rig_open(r), 0);
	outlet_rig_evidence(r, "x");
	(void)close(r->server);
	r->server = peer_rig_unix(r->path);
	for (int i = 0; i < 8; i++)
		outlet_rig_tick(r, 100);
	assert_non_null(strstr(outlet_rig_read(r), "\nNAIAD_REPEAT=yes\n"));
}

static void
it_is_off_by_default_and_over_files(void **state)
{
	struct outlet_rig *r = *state;
	bool on = true;

	assert_int_equal(exporter_journald.accepts(r->config, &r->run), 0);
	outlet_rig_set(r, "enabled", &on);
	assert_true(exporter_journald.accepts(r->config, &r->run) != 0);
	r->run.live = false;
	assert_int_equal(exporter_journald.accepts(r->config, &r->run), 0);
	assert_int_equal(exporter_journald.close(&r->outlet, ""), 0);
}

int
main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test_setup_teardown(
			a_finding_arrives_as_one_entry_byte_for_byte, setup, teardown),
		cmocka_unit_test_setup_teardown(
			what_the_journal_lost_comes_again_marked, setup, teardown),
		cmocka_unit_test_setup_teardown(
			it_is_off_by_default_and_over_files, setup, teardown),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
