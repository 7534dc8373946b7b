/* The real settings and the real detectors, loaded twice: what a reload does to a running engine. */
#include "daemon/engine/engine_reconfigure.h"

#include "daemon/base/time_text.h"
#include "daemon/config/config.h"
#include "daemon/config/config_diff.h"
#include "daemon/engine/engine.h"
#include "tests/support/config_sample.h"
#include "tests/support/engine_rig.h"
#include "tests/support/packet_build.h"

#include <netinet/in.h>
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include <cmocka.h>

enum { TEXTS = 64 };

/* An engine on loaded settings, and the sentences of its findings and alerts. */
struct sensor {
	struct config *config;
	struct engine *engine;
	struct sample_report report;
	char texts[TEXTS][512];
	size_t text_count;
	double alert_threshold;
	size_t alert_count;
};

static void
keep(void *context, const struct record *r)
{
	struct sensor *s = context;

	if (r->kind == RECORD_ALERT) {
		s->alert_threshold = r->alert->threshold;
		s->alert_count++;
	}
	if (r->kind != RECORD_EVIDENCE)
		return;
	assert_true(s->text_count < TEXTS);
	(void)snprintf(s->texts[s->text_count++], sizeof(s->texts[0]), "%s %llu %s",
		r->evidence->kind->name, (unsigned long long)r->evidence->threshold,
		r->evidence->text);
}

static struct config *
load(struct sensor *s, const struct config_setting *settings, size_t count)
{
	const struct config_overrides o = { .settings = settings, .setting_count = count };
	struct config *c = NULL;

	if (config_load(NULL, &o, sample_report_init(&s->report), &c) != 0)
		fail_msg("%s", s->report.memory);
	return c;
}

static void
start(struct sensor *s, const struct config_setting *settings, size_t count)
{
	memset(s, 0, sizeof(*s));
	s->config = load(s, settings, count);
	s->engine = engine_new(&(struct engine_plan){
		.settings = s->config->settings,
		.detectors = s->config->detectors,
		.detector_configs = s->config->detector_configs,
		.detector_count = s->config->detector_count,
		.sink = { .wanted = RECORD_BIT(RECORD_EVIDENCE) | RECORD_BIT(RECORD_ALERT),
			.context = s,
			.write = keep },
	});
	assert_non_null(s->engine);
}

/* As the daemon does it: load, keep what needs a restart, swap, free what ran before. */
static void
reload(struct sensor *s, const struct config_setting *settings, size_t count)
{
	struct config *fresh = load(s, settings, count);

	assert_int_equal(config_keep(s->config, fresh), 0);
	engine_reconfigure(s->engine, fresh->settings, fresh->detectors, fresh->detector_configs);
	config_free(s->config);
	s->config = fresh;
}

static void
finish(struct sensor *s)
{
	engine_finish(s->engine, NULL, 0);
	engine_free(s->engine);
	config_free(s->config);
}

/* TCP attempts from 10.0.0.1 to port 23 of hosts `first` .. `last`, a second apart, unanswered. */
static void
knock(struct sensor *s, unsigned first, unsigned last)
{
	for (unsigned i = first; i <= last; i++) {
		char target[32];
		uint8_t bytes[BUILD_MAX];

		(void)snprintf(target, sizeof(target), "10.1.0.%u", i);
		struct build b = build_between("10.0.0.1", 1024, target, 23);
		b.flags = TCP_SYN;
		struct frame f = build_frame(&b, bytes, build_tcp(bytes, &b), rig_ns(i));
		engine_packets(s->engine, &f, 1);
	}
	engine_tick(s->engine, rig_ns(last + 10));
}

static void
ask(struct sensor *s, unsigned first, unsigned last)
{
	for (unsigned i = first; i <= last; i++) {
		struct obs_arp arp = {
			.operation = 1,
			.sender = rig_addr("10.0.0.1"),
			.target = addr_v4(10, 1, 0, (uint8_t)i),
		};
		engine_observe(s->engine,
			&(struct observation){ .kind = OBS_ARP, .ts_ns = rig_ns(i), .arp = &arp });
	}
	engine_tick(s->engine, rig_ns(last + 60));
}

static void
the_old_settings_may_be_freed(void **state)
{
	static const struct config_setting before[] = {
		{ "home_network", "10.0.0.0/8", "" },
		{ "sensor.name", "edge", "" },
	};
	static const struct config_setting after[] = {
		{ "home_network", "10.0.0.0/16,10.9.0.0/16", "" },
		{ "sensor.name", "other", "" },
		{ "capture.filter", "tcp", "" },
	};
	static struct sensor s;

	(void)state;
	start(&s, before, 2);
	knock(&s, 1, 20);
	assert_int_equal(s.text_count, 1);
	/* The sanitizer sees whoever goes on with the old ones, whatever happens next. */
	for (int i = 0; i < 3; i++)
		reload(&s, after, 3);
	knock(&s, 21, 120);
	ask(&s, 130, 160);
	assert_true(s.text_count > 1);
	finish(&s);
}

static void
a_detector_goes_by_its_new_threshold(void **state)
{
	static const struct config_setting after[] = {
		{ "detectors.horizontal_scan.min_targets", "40", "" },
	};
	static struct sensor s;

	(void)state;
	start(&s, NULL, 0);
	knock(&s, 1, 5);
	reload(&s, after, 1);
	knock(&s, 6, 39);
	assert_int_equal(s.text_count, 0);
	knock(&s, 40, 41);
	assert_int_equal(s.text_count, 1);
	assert_int_equal(strncmp(s.texts[0], "HORIZONTAL_PORT_SCAN 40 ", 24), 0);
	reload(&s, NULL, 0); /* said already: the next one is still tenfold */
	knock(&s, 42, 200);
	assert_int_equal(s.text_count, 2);
	assert_int_equal(strncmp(s.texts[1], "HORIZONTAL_PORT_SCAN 10 ", 24), 0);
	finish(&s);
}

static void
the_alert_rule_is_worked_out_again(void **state)
{
	static const struct config_setting after[] = {
		{ "alert.threshold", "0.0001", "" },
		{ "windows.width", "5m", "" }, /* needs a restart: the sum stays an hour's */
	};
	static struct sensor s;

	(void)state;
	start(&s, NULL, 0);
	knock(&s, 1, 5);
	reload(&s, after, 2);
	knock(&s, 6, 20);
	assert_int_equal(s.alert_count, 1);
	assert_true(s.alert_threshold > 0.00599 && s.alert_threshold < 0.00601);
	finish(&s);
}

static void
home_network_and_direction_hold_from_the_next_packet(void **state)
{
	static const struct config_setting after[] = {
		{ "home_network", "172.16.0.0/12", "" },
	};
	static const struct config_setting all[] = {
		{ "home_network", "10.1.0.0/16", "" },
		{ "direction", "all", "" },
	};
	static struct sensor s;

	(void)state;
	start(&s, NULL, 0);
	reload(&s, after, 1);
	knock(&s, 1, 20);
	assert_int_equal(engine_stats(s.engine).profiles_made, 0);
	reload(&s, all, 2);
	knock(&s, 31, 33);
	assert_int_equal(engine_stats(s.engine).profiles_made, 3);
	finish(&s);
}

static void
checksums_are_verified_or_not(void **state)
{
	static const struct config_setting after[] = {
		{ "flow.checksums", "false", "" },
	};
	static struct sensor s;
	struct build b = build_between("10.0.0.1", 1024, "10.0.0.2", 53);
	uint8_t bytes[BUILD_MAX];
	size_t length;
	uint64_t wrong[32];

	(void)state;
	b.payload_bytes = 10;
	start(&s, NULL, 0);
	b.bad_checksum = true;
	length = build_udp(bytes, &b);
	struct frame f = build_frame(&b, bytes, length, rig_ns(0));
	engine_packets(s.engine, &f, 1);
	memcpy(wrong, engine_stats(s.engine).anomalies, sizeof(wrong));
	reload(&s, after, 1);
	engine_packets(s.engine, &f, 1);
	assert_memory_equal(wrong, engine_stats(s.engine).anomalies, sizeof(wrong));
	reload(&s, NULL, 0);
	engine_packets(s.engine, &f, 1);
	assert_memory_not_equal(wrong, engine_stats(s.engine).anomalies, sizeof(wrong));
	finish(&s);
}

/* Its array was made for the old threshold. */
static void
an_arp_scan_is_judged_by_the_threshold_of_the_windows_beginning(void **state)
{
	static const struct config_setting higher[] = {
		{ "detectors.arp_scan.min_targets", "64", "" },
	};
	static const struct config_setting lower[] = {
		{ "detectors.arp_scan.min_targets", "2", "" },
	};
	static struct sensor s;

	(void)state;
	start(&s, NULL, 0);
	ask(&s, 1, 1);
	reload(&s, higher, 1);
	ask(&s, 2, 20);
	assert_int_equal(s.text_count, 1);
	assert_int_equal(strncmp(s.texts[0], "ARP_SCAN 5 ", 11), 0);
	finish(&s);

	start(&s, NULL, 0);
	ask(&s, 1, 1);
	reload(&s, lower, 1);
	ask(&s, 2, 4);
	assert_int_equal(s.text_count, 0);
	ask(&s, 5, 5);
	assert_int_equal(s.text_count, 1);
	finish(&s);
}

/* What is written and what is said to be held back add up to what was raised. */
static void
a_window_keeps_as_many_findings_as_at_its_first(void **state)
{
	static const struct config_setting before[] = {
		{ "evidence.max_per_detector", "2", "" },
		{ "detectors.icmp_sweep.enabled", "false", "" },
	};
	static const struct config_setting after[] = {
		{ "evidence.max_per_detector", "1", "" },
	};
	static struct sensor s;

	(void)state;
	start(&s, before, 2);
	knock(&s, 1, 20);
	reload(&s, after, 1);
	knock(&s, 21, 150);
	assert_int_equal(s.text_count, 2);
	finish(&s);
	assert_int_equal(s.text_count, 2);
}

int
main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(the_old_settings_may_be_freed),
		cmocka_unit_test(a_detector_goes_by_its_new_threshold),
		cmocka_unit_test(the_alert_rule_is_worked_out_again),
		cmocka_unit_test(home_network_and_direction_hold_from_the_next_packet),
		cmocka_unit_test(checksums_are_verified_or_not),
		cmocka_unit_test(an_arp_scan_is_judged_by_the_threshold_of_the_windows_beginning),
		cmocka_unit_test(a_window_keeps_as_many_findings_as_at_its_first),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
