#include "daemon/loop/recent.h"

#include "daemon/base/strbuf.h"
#include "exporters/exporter.h"
#include "tests/support/record_sample.h"

#include <jansson.h>
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include <cmocka.h>

enum { ROOM = 64 * 1024 };

static const struct run_info run = { .version = "0", .sensor = "edge" };

/* What was told: `observed` of evidence and evidence_count of alerts, separated by blanks. */
struct told {
	char memory[16 * 1024];
	struct strbuf text;
	size_t bytes;
};

static void
tell(void *context, const char *line, size_t length)
{
	struct told *t = context;
	json_t *root = json_loadb(line, length, 0, NULL);
	json_t *own = json_object_get(root, "naiad");
	json_t *number = json_object_get(own, "observed");

	assert_non_null(own);
	if (number == NULL)
		number = json_object_get(own, "evidence_count");
	if (t->text.length > 0)
		strbuf_char(&t->text, ' ');
	strbuf_i64(&t->text, json_integer_value(number));
	t->bytes += length;
	json_decref(root);
}

static uint64_t
find(const struct recent *r, const struct recent_filter *f, struct told *t)
{
	struct recent_filter all = *f;

	if (all.most == 0)
		all.most = UINT64_MAX;
	if (all.most_bytes == 0)
		all.most_bytes = SIZE_MAX;
	strbuf_init(&t->text, t->memory, sizeof(t->memory));
	t->bytes = 0;
	return recent_find(r, &all, tell, t);
}

static const char *
evidence(const struct recent *r, struct told *t)
{
	(void)find(r, &(struct recent_filter){ .kind = RECORD_EVIDENCE }, t);
	return t->memory;
}

/* An evidence whose number is `n`; its text fills `padding` bytes. */
static void
add(struct recent *r, unsigned n, size_t padding)
{
	static char text[EVIDENCE_TEXT_MAX];
	struct record_evidence e = sample_evidence();

	assert_true(padding < sizeof(text));
	memset(text, 'x', padding);
	text[padding] = '\0';
	e.observed = n;
	e.text = text;
	e.threat = (enum threat)(n % THREAT_COUNT);
	e.host = addr_v4(10, 0, 0, (uint8_t)n);
	recent_add(r, &(struct record){ .kind = RECORD_EVIDENCE,
			      .ts_ns = SAMPLE_NS + n * NS_PER_S,
			      .evidence = &e });
}

static void
add_alert(struct recent *r, unsigned n)
{
	struct record_alert a = sample_alert();

	a.evidence_total = n;
	recent_add(r, &(struct record){ .kind = RECORD_ALERT, .ts_ns = SAMPLE_NS, .alert = &a });
}

static void
findings_and_alerts_are_told_oldest_first(void **state)
{
	struct recent *r = recent_new(8, ROOM, &run);
	struct obs_flow f = sample_flow();
	struct told t;

	(void)state;
	assert_string_equal(evidence(r, &t), "");
	add(r, 1, 0);
	add_alert(r, 100);
	recent_add(r, &(struct record){ .kind = RECORD_FLOW, .flow = &f });
	add(r, 2, 0);
	assert_string_equal(evidence(r, &t), "1 2");
	assert_int_equal(find(r, &(struct recent_filter){ .kind = RECORD_ALERT }, &t), 1);
	assert_string_equal(t.memory, "100");
	recent_free(r);
}

static void
an_alert_is_found_by_its_host_and_its_strongest_evidence(void **state)
{
	struct recent *r = recent_new(1, ROOM, &run);
	struct recent_filter f = { .kind = RECORD_ALERT,
		.by_host = true,
		.type = "HORIZONTAL_PORT_SCAN",
		.level = THREAT_HIGH };
	struct told t;

	(void)state;
	add_alert(r, 7);
	assert_true(cidr_parse("192.168.1.10", &f.host));
	assert_int_equal(find(r, &f, &t), 1);
	f.level = THREAT_CRITICAL;
	assert_int_equal(find(r, &f, &t), 0);
	f.level = THREAT_INFO;
	assert_true(cidr_parse("192.168.1.11", &f.host));
	assert_int_equal(find(r, &f, &t), 0);
	recent_free(r);
}

static void
the_oldest_makes_room_when_all_lines_are_taken(void **state)
{
	struct recent *r = recent_new(3, ROOM, &run);
	struct told t;

	(void)state;
	for (unsigned n = 1; n <= 3; n++)
		add(r, n, 0);
	assert_string_equal(evidence(r, &t), "1 2 3");
	add(r, 4, 0);
	assert_string_equal(evidence(r, &t), "2 3 4");
	recent_free(r);
}

/* Against a naive model: the latest lines whose bytes, laid one after the other, still fit. */
static void
bytes_are_never_more_than_there_are(void **state)
{
	enum { BYTES = 8000 };
	struct recent *r = recent_new(1000, BYTES, &run);
	struct told t;
	unsigned seed = 1;
	unsigned previous_first = 0;

	(void)state;
	for (unsigned n = 1; n <= 500; n++) {
		unsigned first = 0;
		unsigned expected;
		char *at = NULL;

		seed = seed * 1103515245 + 12345;
		add(r, n, seed / 65536 % 250);
		(void)evidence(r, &t);
		assert_true(t.bytes <= BYTES);
		first = (unsigned)strtoul(t.memory, &at, 10);
		for (expected = first; *at != '\0'; expected++) /* each follows the one before */
			assert_int_equal(strtoul(at, &at, 10), expected + 1);
		assert_int_equal(expected, n);
		assert_true(first >= previous_first);
		/* A line is at most 1.7 KiB: less than two of them are ever wasted. */
		assert_true(first == 1 || t.bytes > BYTES - 2 * 1700);
		previous_first = first;
	}
	recent_free(r);
}

static void
a_line_fits_exactly_or_is_left_out(void **state)
{
	struct told t;
	struct recent *r = recent_new(4, ROOM, &run);

	(void)state;
	add(r, 1, 0);
	(void)evidence(r, &t);
	size_t length = t.bytes;
	recent_free(r);

	r = recent_new(4, length - 1, &run);
	add(r, 1, 0);
	assert_string_equal(evidence(r, &t), "");
	recent_free(r);

	r = recent_new(4, length, &run);
	add(r, 1, 0);
	assert_string_equal(evidence(r, &t), "1");
	add(r, 6, 0); /* of the same level as 1: as long */
	assert_string_equal(evidence(r, &t), "6");
	recent_free(r);

	r = recent_new(4, 2 * length, &run);
	for (unsigned n = 0; n < 5; n++)
		add(r, n % 2 == 0 ? 1 : 6, 0);
	assert_string_equal(evidence(r, &t), "6 1");
	recent_free(r);
}

static void
the_filter_asks_for_host_type_level_and_time(void **state)
{
	struct recent *r = recent_new(16, ROOM, &run);
	struct recent_filter f = { .kind = RECORD_EVIDENCE };
	struct told t;

	(void)state;
	for (unsigned n = 1; n <= 10; n++)
		add(r, n, 0);
	f.by_host = true;
	assert_true(cidr_parse("10.0.0.4", &f.host));
	assert_int_equal(find(r, &f, &t), 1);
	assert_string_equal(t.memory, "4");
	assert_true(cidr_parse("10.0.0.8/30", &f.host));
	(void)find(r, &f, &t);
	assert_string_equal(t.memory, "8 9 10");
	f.by_host = false;
	f.level = THREAT_HIGH;
	(void)find(r, &f, &t);
	assert_string_equal(t.memory, "3 4 8 9");
	f.since_ns = SAMPLE_NS + 4 * NS_PER_S;
	(void)find(r, &f, &t);
	assert_string_equal(t.memory, "4 8 9");
	f.type = "horizontal_port_scan";
	assert_int_equal(find(r, &f, &t), 3);
	f.type = "HORIZONTAL_PORT_SCA";
	assert_int_equal(find(r, &f, &t), 0);
	recent_free(r);
}

static void
the_latest_are_told_of_more_than_were_asked_for(void **state)
{
	struct recent *r = recent_new(16, ROOM, &run);
	struct recent_filter f = { .kind = RECORD_EVIDENCE, .most = 2 };
	struct told t;

	(void)state;
	for (unsigned n = 1; n <= 5; n++)
		add(r, n, n == 3 ? 200 : 0);
	assert_int_equal(find(r, &f, &t), 5);
	assert_string_equal(t.memory, "4 5");
	size_t two = t.bytes;
	f.most = 5;
	f.most_bytes = two;
	assert_int_equal(find(r, &f, &t), 5);
	assert_string_equal(t.memory, "4 5");
	f.most_bytes = two - 1;
	(void)find(r, &f, &t);
	assert_string_equal(t.memory, "5");
	/* The third is too long; the second would fit, but there would be a hole. */
	f.most_bytes = two * 3 / 2 + 50;
	(void)find(r, &f, &t);
	assert_string_equal(t.memory, "4 5");
	recent_free(r);
}

static void
nothing_may_be_freed(void **state)
{
	(void)state;
	recent_free(NULL);
}

int
main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(findings_and_alerts_are_told_oldest_first),
		cmocka_unit_test(an_alert_is_found_by_its_host_and_its_strongest_evidence),
		cmocka_unit_test(the_oldest_makes_room_when_all_lines_are_taken),
		cmocka_unit_test(bytes_are_never_more_than_there_are),
		cmocka_unit_test(a_line_fits_exactly_or_is_left_out),
		cmocka_unit_test(the_filter_asks_for_host_type_level_and_time),
		cmocka_unit_test(the_latest_are_told_of_more_than_were_asked_for),
		cmocka_unit_test(nothing_may_be_freed),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
