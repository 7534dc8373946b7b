/* The exporter as the outlets use it, up to the bytes that arrive. What they mean: test_encode_syslog. */
#include "daemon/config_rows.h"
#include "exporters/exporter.h"
#include "tests/support/outlet_rig.h"

#include <cmocka.h>

extern const struct exporter exporter_syslog;

static int
setup(void **state)
{
	*state = outlet_rig_new(&exporter_syslog);
	return 0;
}

static int
teardown(void **state)
{
	outlet_rig_free(*state);
	return 0;
}

static void
a_finding_arrives_as_one_datagram_with_our_process_in_it(void **state)
{
	struct outlet_rig *r = *state;
	char begin[160];
	uint32_t most = 1024;

	outlet_rig_set(r, "path", &r->path);
	outlet_rig_set(r, "message_max", &most);
	r->server = peer_rig_unix(r->path);
	assert_int_equal(outlet_rig_open(r), 0);
	outlet_rig_evidence(r, "scanned something");
	const char *text = outlet_rig_read(r);
	assert_non_null(text);
	(void)snprintf(begin, sizeof(begin),
		"<163>1 2026-11-24T02:00:00.123456Z gw1 naiad %ld HORIZONTAL_PORT_SCAN [naiad@32473 "
		"kind=\"evidence\" ",
		(long)getpid());
	assert_ptr_equal(strstr(text, begin), text);
	assert_non_null(strstr(text, "192.168.1.10 scanned something"));
	outlet_rig_alert(r, "alert");
	assert_non_null(strstr(outlet_rig_read(r), " ALERT [naiad@32473 kind=\"alert\" "));
	assert_null(outlet_rig_read(r));
}

static void
facility_and_enterprise_are_settings(void **state)
{
	struct outlet_rig *r = *state;
	uint32_t facility = 3;
	uint32_t enterprise = 99999;

	outlet_rig_set(r, "path", &r->path);
	outlet_rig_set(r, "facility", &facility);
	outlet_rig_set(r, "enterprise", &enterprise);
	r->server = peer_rig_unix(r->path);
	assert_int_equal(outlet_rig_open(r), 0);
	outlet_rig_evidence(r, "x");
	const char *text = outlet_rig_read(r);
	assert_ptr_equal(strstr(text, "<27>1 "), text);
	assert_non_null(strstr(text, " [naiad@99999 kind="));
}

static void
what_a_receiver_lost_comes_again_marked(void **state)
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
	assert_non_null(strstr(outlet_rig_read(r), "[naiad@32473 repeat=\"yes\" kind="));
}

static void
it_is_off_by_default_and_over_files(void **state)
{
	struct outlet_rig *r = *state;
	bool on = true;
	uint32_t findings = RECORD_BIT(RECORD_EVIDENCE) | RECORD_BIT(RECORD_ALERT);

	assert_int_equal(exporter_syslog.accepts(r->config, &r->run), 0);
	outlet_rig_set(r, "enabled", &on);
	assert_int_equal(exporter_syslog.accepts(r->config, &r->run), findings);
	r->run.live = false;
	assert_int_equal(exporter_syslog.accepts(r->config, &r->run), 0);
	assert_int_equal(exporter_syslog.close(&r->outlet, ""), 0); /* half-opened */
}

int
main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test_setup_teardown(
			a_finding_arrives_as_one_datagram_with_our_process_in_it, setup, teardown),
		cmocka_unit_test_setup_teardown(
			facility_and_enterprise_are_settings, setup, teardown),
		cmocka_unit_test_setup_teardown(
			what_a_receiver_lost_comes_again_marked, setup, teardown),
		cmocka_unit_test_setup_teardown(
			it_is_off_by_default_and_over_files, setup, teardown),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
