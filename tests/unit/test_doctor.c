#include "ctl/doctor.h"

#include "tests/support/doctor_says.h"

#include <ifaddrs.h>
#include <net/if.h>
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <string.h>
#include <unistd.h>

#include <cmocka.h>

#define NS_PER_S UINT64_C(1000000000)
#define NOW      (UINT64_C(1796083200) * NS_PER_S) /* 2026-12-01 */

static struct doctor d;

static int
begin(void **state)
{
	(void)state;
	memset(&d, 0, sizeof(d));
	return 0;
}

#define says(want, area, words, remedy) \
	assert_true(doctor_says(&d, (want), (area), (words), (remedy)))

static void
an_interface_is_there_up_and_sees_the_wire(void **state)
{
	struct doctor_interface i = { .name = "eth7" };

	(void)state;
	doctor_interface_judge(&d, &i);
	assert_int_equal(d.count, 1);
	says(DOCTOR_BAD, "eth7", "no such interface", "ip link");
	i.exists = true;
	doctor_interface_judge(&d, &i);
	says(DOCTOR_BAD, "eth7", "down", "ip link set eth7 up");
	i.up = true;
	doctor_interface_judge(&d, &i);
	says(DOCTOR_WARN, "eth7", "no carrier", "cable");
	i.running = true;
	doctor_interface_judge(&d, &i);
	assert_int_equal(d.count, 1);
	says(DOCTOR_OK, "eth7", "is up", NULL);
}

/* Whatever it is here: the other way to ask says the same. live_doctor.sh looks at interfaces that change. */
static void
the_loopback_is_read_as_it_is(void **state)
{
	struct doctor_interface i;
	struct ifaddrs *all = NULL;
	const struct ifaddrs *at;

	(void)state;
	assert_int_equal(getifaddrs(&all), 0);
	for (at = all; at != NULL && strcmp(at->ifa_name, "lo") != 0; at = at->ifa_next)
		;
	doctor_interface_read("lo", &i);
	assert_string_equal(i.name, "lo");
	assert_int_equal(i.exists, at != NULL);
	assert_int_equal(i.up, at != NULL && (at->ifa_flags & IFF_UP) != 0);
	assert_int_equal(i.running, at != NULL && (at->ifa_flags & IFF_RUNNING) != 0);
	assert_int_equal(
		i.knows_promiscuous, at != NULL && access("/sys/class/net/lo/flags", R_OK) == 0);
	assert_false(i.lro); /* it has no card that could */
	freeifaddrs(all);
	doctor_interface_read("no/such", &i);
	assert_false(i.exists || i.up || i.running || i.knows_promiscuous || i.knows_offload);
}

static void
frames_of_others_are_wanted_only_where_somebody_looks(void **state)
{
	struct doctor_interface i = { .name = "eth7",
		.exists = true,
		.up = true,
		.running = true,
		.wants_promiscuous = true,
		.knows_promiscuous = true };

	(void)state;
	doctor_interface_judge(&d, &i);
	assert_int_equal(d.count, 1);
	i.sees = true;
	doctor_interface_judge(&d, &i);
	says(DOCTOR_WARN, "eth7", "not promiscuous", "ip link set eth7 promisc on");
	i.knows_promiscuous = false;
	doctor_interface_judge(&d, &i);
	assert_int_equal(d.count, 1);
	says(DOCTOR_OK, "eth7", "is up", NULL);
	i.knows_promiscuous = true;
	i.promiscuous = true;
	doctor_interface_judge(&d, &i);
	assert_int_equal(d.count, 1);
}

static void
packets_that_are_joined_are_told_with_the_command_that_parts_them(void **state)
{
	struct doctor_interface i = {
		.name = "eth7", .exists = true, .up = true, .running = true, .knows_offload = true
	};

	(void)state;
	doctor_interface_judge(&d, &i);
	says(DOCTOR_OK, "eth7", "as they came", NULL);
	i.gro = true;
	doctor_interface_judge(&d, &i);
	says(DOCTOR_WARN, "eth7", "GRO joins", "ethtool -K eth7 gro off");
	i.lro = true;
	doctor_interface_judge(&d, &i);
	says(DOCTOR_WARN, "eth7", "LRO and GRO", "ethtool -K eth7 gro off lro off");
	i.gro = false;
	doctor_interface_judge(&d, &i);
	says(DOCTOR_WARN, "eth7", "LRO joins", "ethtool -K eth7 lro off");
}

/* Judge the traffic of a status with one interface, and of metrics. */
static void
traffic(const char *interface, const char *metrics)
{
	json_t *status = json_object();
	json_t *all = json_loads(metrics, 0, NULL);
	json_t *one = json_loads(interface, 0, NULL);

	assert_non_null(one);
	assert_non_null(all);
	(void)json_object_set_new(status, "interfaces", json_pack("[o]", one));
	doctor_traffic_judge(&d, status, all, NOW);
	json_decref(status);
	json_decref(all);
}

#define SEEN "\"name\": \"eth0\", \"state\": \"up\", \"last_packet\": \"2026-11-30T23:59:00Z\", "

static void
lost_packets_are_told_by_who_lost_them(void **state)
{
	(void)state;
	traffic("{" SEEN "\"analysed\": 1000, \"dropped_kernel\": 0}", "[]");
	says(DOCTOR_OK, "eth0", "no packet was lost", NULL);
	traffic("{" SEEN "\"analysed\": 9999, \"dropped_kernel\": 1}", "[]");
	says(DOCTOR_WARN, "eth0", "1 packets were lost, 0.01 %", "capture.ring");
	traffic("{" SEEN "\"analysed\": 99, \"dropped_interface\": 1}", "[]");
	says(DOCTOR_BAD, "eth0", "1.00 %", "ethtool -G eth0 rx N");
	traffic("{" SEEN "\"analysed\": 99, \"dropped_here\": 1}", "[]");
	says(DOCTOR_BAD, "eth0", "1.00 %", "memory.limit");
}

static void
silence_is_told(void **state)
{
	(void)state;
	traffic("{\"name\": \"eth0\", \"state\": \"down\"}", "[]");
	says(DOCTOR_BAD, "eth0", "it is down", "ip link set eth0 up");
	traffic("{\"name\": \"eth0\", \"state\": \"gone\"}", "[]");
	says(DOCTOR_BAD, "eth0", "it is gone", "opens eth0 again when it is back");
	traffic("{\"name\": \"eth0\"}", "[]");
	says(DOCTOR_BAD, "eth0", "it is not known", "ip link set eth0 up");
	traffic("{\"name\": \"eth0\", \"state\": \"up\", \"last_packet\": null}", "[]");
	says(DOCTOR_WARN, "eth0", "not one packet", "tcpdump -c 1 -i eth0");
	traffic("{\"name\": \"eth0\", \"state\": \"up\", \"last_packet\": \"2026-11-30T23:00:00Z\"}",
		"[]");
	says(DOCTOR_WARN, "eth0", "no packet came for 1 h", "tcpdump");
}

#define METRIC(name, value) \
	"{\"name\": \"" name "\", \"labels\": \"interface=\\\"eth0\\\"\", \"value\": " value "}"

static void
missing_directions_are_told_when_there_are_enough_conversations(void **state)
{
	(void)state;
	traffic("{" SEEN "\"analysed\": 1}",
		"[" METRIC("naiad_tcp_conversations_total", "19") ", " METRIC(
			"naiad_oneway_flows_ratio", "1.0") "]");
	assert_int_equal(d.count, 1);
	(void)begin(NULL);
	traffic("{" SEEN "\"analysed\": 1}",
		"[" METRIC("naiad_tcp_conversations_total", "20") ", " METRIC(
			"naiad_oneway_flows_ratio", "0.5") "]");
	says(DOCTOR_BAD, "eth0", "of 50 % of conversations one direction only",
		"mirror both directions");
	traffic("{" SEEN "\"analysed\": 1}",
		"[" METRIC("naiad_tcp_conversations_total", "20") ", " METRIC(
			"naiad_oneway_flows_ratio", "0.2") "]");
	says(DOCTOR_WARN, "eth0", "of 20 %", "mirror");
	traffic("{" SEEN "\"analysed\": 1}",
		"[" METRIC("naiad_tcp_conversations_total", "20") ", " METRIC(
			"naiad_tcp_gap_ratio", "0.2") "]");
	says(DOCTOR_BAD, "eth0", "20.0 % of what was sent", "mirror less");
	traffic("{" SEEN "\"analysed\": 1}", "[" METRIC("naiad_tcp_conversations_total", "20") "]");
	says(DOCTOR_OK, "eth0", "both directions", NULL);
}

static void
feeds(const char *loaded, const char *kept, const char *missing, const char *at)
{
	json_t *all = json_pack("[{s:s, s:s, s:o}, {s:s, s:s, s:o}, {s:s, s:s, s:o}, {s:s, s:o}]",
		"name", "naiad_intelligence_lists", "labels", "state=\"loaded\"", "value",
		json_loads(loaded, JSON_DECODE_ANY, NULL), "name", "naiad_intelligence_lists",
		"labels", "state=\"kept\"", "value", json_loads(kept, JSON_DECODE_ANY, NULL),
		"name", "naiad_intelligence_lists", "labels", "state=\"missing\"", "value",
		json_loads(missing, JSON_DECODE_ANY, NULL), "name",
		"naiad_intelligence_loaded_timestamp_seconds", "value",
		json_loads(at, JSON_DECODE_ANY, NULL));

	assert_non_null(all);
	doctor_feeds_judge(&d, all, NOW);
	json_decref(all);
}

static void
lists_that_are_refused_old_or_none_are_told(void **state)
{
	(void)state;
	feeds("0", "0", "0", "0");
	says(DOCTOR_WARN, "feeds", "there are no lists", "intelligence.feeds");
	feeds("3", "0", "0", "1796083000");
	says(DOCTOR_OK, "feeds", "3 lists", NULL);
	feeds("3", "1", "0", "1796083000");
	says(DOCTOR_WARN, "feeds", "1 lists were refused", "journalctl");
	feeds("3", "1", "1", "1796083000");
	says(DOCTOR_BAD, "feeds", "2 lists were refused, and 1", "journalctl");
	feeds("3", "0", "0", "1795000000");
	says(DOCTOR_WARN, "feeds", "12 days ago", "timer");
}

static void
outputs_memory_and_reloads_are_told(void **state)
{
	json_t *status = json_loads(
		"{\"outputs\": [{\"name\": \"eve\", \"dropped\": 3}], "
		"\"memory\": {\"limit\": 1000, \"resident\": 951}, "
		"\"reload\": {\"ok\": false, \"error\": \"line 3\", \"needs_restart\": \"sensor.name\"}}",
		0, NULL);

	(void)state;
	assert_non_null(status);
	doctor_sensor_judge(&d, status);
	says(DOCTOR_WARN, "outputs", "eve: 3 records", "disk full");
	doctor_sensor_judge(&d, status);
	says(DOCTOR_WARN, "memory", "in use", "memory.limit");
	doctor_sensor_judge(&d, status);
	assert_true(doctor_is_bad(&d));
	says(DOCTOR_BAD, "reload", "line 3", "naiad -T");
	doctor_sensor_judge(&d, status);
	says(DOCTOR_WARN, "reload", "sensor.name", "systemctl restart naiad");
	json_decref(status);
}

static void
what_is_well_with_a_sensor_is_told_too(void **state)
{
	json_t *status = json_loads("{\"outputs\": [{\"name\": \"eve\", \"dropped\": 0}], "
				    "\"memory\": {\"limit\": 1000, \"resident\": 950}, "
				    "\"reload\": {\"ok\": true, \"needs_restart\": \"\"}}",
		0, NULL);
	json_t *bare = json_object();

	(void)state;
	assert_non_null(status);
	doctor_sensor_judge(&d, status);
	assert_int_equal(d.count, 2);
	says(DOCTOR_OK, "outputs", "no record was lost", NULL);
	doctor_sensor_judge(&d, status);
	says(DOCTOR_OK, "memory", "950 B of 1000 B", NULL);
	/* A sensor of another version, that says nothing of it. */
	doctor_sensor_judge(&d, bare);
	assert_int_equal(d.count, 0);
	json_decref(status);
	json_decref(bare);
}

static void
interfaces_are_found_in_settings_as_they_are_printed(void **state)
{
	static const char printed[] =
		"# capture\nservice:\n  x:\n    -\n      name: \"not this\"\ncapture:\n  interfaces:\n"
		"    -\n      name: \"nosuch0\"\n      role: lan\n    -\n      name: \"nosuch1\"\n"
		"      role: wan\n\n  ring: 8MiB\ninputs:\n    -\n      name: \"nor this\"\n";

	(void)state;
	doctor_interfaces_of(&d, printed);
	assert_int_equal(d.count, 2);
	assert_string_equal(d.rows[0].area, "nosuch0");
	assert_string_equal(d.rows[1].area, "nosuch1");
	says(DOCTOR_BAD, "nosuch1", "no such interface", "capture.interfaces");
	doctor_interfaces_of(&d, "capture:\n  interfaces: []\n");
	assert_int_equal(d.count, 0);
}

static void
an_answer_and_settings_are_told_apart_from_what_one_may_not_ask(void **state)
{
	(void)state;
	doctor_answer_judge(&d, "/s", NULL, false);
	says(DOCTOR_OK, "sensor", "answers on /s", NULL);
	doctor_answer_judge(&d, "/s", "/s: nobody answers", false);
	says(DOCTOR_BAD, "sensor", "nobody answers", "systemctl start naiad");
	doctor_answer_judge(&d, "/s", "/s: no permission", true);
	says(DOCTOR_BAD, "sensor", "not for you to ask on /s", "sudo naiadctl doctor");
	doctor_settings_judge(&d, NULL, NULL, false);
	says(DOCTOR_OK, "settings", "the defaults are in force", NULL);
	doctor_settings_judge(&d, "/c", NULL, false);
	says(DOCTOR_OK, "settings", "naiad takes /c", NULL);
	doctor_settings_judge(&d, "/c", "line 3", false);
	says(DOCTOR_BAD, "settings", "refuses them: line 3", "naiad -T -c /c");
	doctor_settings_judge(&d, "/c", "cannot be read", true);
	says(DOCTOR_WARN, "settings", "/c is not for you to read", "sudo naiadctl doctor");
}

static void
rows_past_the_bound_are_left_out(void **state)
{
	(void)state;
	for (int i = 0; i < DOCTOR_ROWS_MAX; i++)
		assert_non_null(doctor_add(&d, "a", DOCTOR_WARN, "b"));
	assert_false(doctor_is_bad(&d));
	assert_null(doctor_add(&d, "a", DOCTOR_BAD, "b"));
	doctor_remedy(NULL, "nothing");
	assert_int_equal(d.count, DOCTOR_ROWS_MAX);
}

int
main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test_setup(an_interface_is_there_up_and_sees_the_wire, begin),
		cmocka_unit_test_setup(the_loopback_is_read_as_it_is, begin),
		cmocka_unit_test_setup(
			frames_of_others_are_wanted_only_where_somebody_looks, begin),
		cmocka_unit_test_setup(
			packets_that_are_joined_are_told_with_the_command_that_parts_them, begin),
		cmocka_unit_test_setup(lost_packets_are_told_by_who_lost_them, begin),
		cmocka_unit_test_setup(silence_is_told, begin),
		cmocka_unit_test_setup(
			missing_directions_are_told_when_there_are_enough_conversations, begin),
		cmocka_unit_test_setup(lists_that_are_refused_old_or_none_are_told, begin),
		cmocka_unit_test_setup(outputs_memory_and_reloads_are_told, begin),
		cmocka_unit_test_setup(what_is_well_with_a_sensor_is_told_too, begin),
		cmocka_unit_test_setup(interfaces_are_found_in_settings_as_they_are_printed, begin),
		cmocka_unit_test_setup(
			an_answer_and_settings_are_told_apart_from_what_one_may_not_ask, begin),
		cmocka_unit_test_setup(rows_past_the_bound_are_left_out, begin),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
