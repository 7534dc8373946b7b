/* test_kalipso_evidence.c -- findings as the evidence boxes of Kalipso read them. */
#include "exporters/kalipso/kalipso_evidence.h"
#include "tests/support/hostile_text.h"
#include "tests/support/kalipso_rig.h"

#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <string.h>

#include <cmocka.h>

enum { ROOM = 512 * 1024 };

static char room[ROOM];

static void
take(struct kalipso_rig *r, unsigned number, struct record_evidence e)
{
	(void)snprintf(e.id, sizeof(e.id), "00000000-0000-8000-8000-%012u", number);
	e.host = r->host;
	e.window = kalipso_rig_window(1);
	kalipso_rig_take(r, RECORD_EVIDENCE, &e);
}

static const char *
put(struct kalipso_rig *r,
	void (*form)(struct dialect_target *, struct strbuf *, const struct mirror_window *),
	size_t size)
{
	struct strbuf b;

	strbuf_init(&b, room, size);
	form(&r->target, &b, mirror_window_of(r->target.mirror, &r->host, NULL));
	assert_false(b.truncated);
	return room;
}

static void
the_last_kalipso_reads_strings_of_json(void **state)
{
	struct kalipso_rig *r = kalipso_rig_new();

	(void)state;
	take(r, 7, sample_evidence());
	json_t *root = kalipso_rig_read(r, put(r, kalipso_evidence_last, ROOM));
	assert_string_equal(
		json_string_value(json_object_get(root, "00000000-0000-8000-8000-000000000007")),
		"{\"type_detection\":\"dport\",\"detection_info\":\"23\",\"type_evidence\":"
		"\"HORIZONTAL_PORT_SCAN\",\"description\":\"Scanned port 23/tcp on 10 hosts\","
		"\"profileid\":\"profile_192.168.2.12\",\"twid\":\"timewindow1\",\"stime\":"
		"\"2020/10/07 13:06:40.000000\",\"uid\":\"CAAAAAAAAAAAAAAAA1\",\"confidence\":0.300,"
		"\"threat_level\":\"high\",\"category\":\"Horizontal port scan\",\"ID\":"
		"\"00000000-0000-8000-8000-000000000007\",\"port\":23,\"proto\":\"tcp\"}");
	kalipso_rig_free(r);
}

static void
earlier_ones_read_a_list_by_what_it_is_about(void **state)
{
	struct kalipso_rig *r = kalipso_rig_new();

	(void)state;
	take(r, 7, sample_evidence());
	assert_string_equal(put(r, kalipso_evidence_2020, ROOM),
		"{\"dport:23:HORIZONTAL_PORT_SCAN\":[0.300,\"high\",\"scanned port 23/tcp on 10 hosts\"]}");
	kalipso_rig_free(r);
}

static void
a_finding_is_about_a_name_a_peer_a_port_or_the_host(void **state)
{
	struct record_evidence e = sample_evidence();
	struct kalipso_rig *r = kalipso_rig_new();

	(void)state;
	e.object = "192.0.2.1 23/tcp";
	take(r, 1, e);
	e.has_about = true;
	e.about = addr_v4(203, 0, 113, 99);
	take(r, 2, e);
	e.object = "203.0.113.99";
	e.role = EVIDENCE_VICTIM;
	take(r, 3, e);
	e.object = "bad.example";
	take(r, 4, e);
	e.has_about = false;
	e.port = 0;
	e.object = "02:00:00:00:00:0a";
	take(r, 5, e);
	e.object = "";
	take(r, 6, e);
	json_t *root = kalipso_rig_read(r, put(r, kalipso_evidence_2020, ROOM));
	assert_int_equal(json_object_size(root), 6);
	assert_non_null(json_object_get(root, "object:02:00:00:00:00:0a:HORIZONTAL_PORT_SCAN"));
	assert_non_null(json_object_get(root, "dport:23:HORIZONTAL_PORT_SCAN"));
	assert_non_null(json_object_get(root, "dstip:203.0.113.99:HORIZONTAL_PORT_SCAN"));
	assert_non_null(json_object_get(root, "srcip:203.0.113.99:HORIZONTAL_PORT_SCAN"));
	assert_non_null(json_object_get(root, "dstdomain:bad.example:HORIZONTAL_PORT_SCAN"));
	assert_non_null(json_object_get(root, "srcip:192.168.2.12:HORIZONTAL_PORT_SCAN"));
	kalipso_rig_free(r);
}

/* "Detected srcip 192.168.2.12. Connected to 1 private address ...": Slips has no word for a direction, or a card. */
static void
what_the_last_kalipso_has_no_word_for_was_detected_of_the_host(void **state)
{
	struct record_evidence e = sample_evidence();
	struct kalipso_rig *r = kalipso_rig_new();

	(void)state;
	e.object = "to";
	e.port = 0;
	e.text = "connected to 1 private address";
	take(r, 1, e);
	put(r, kalipso_evidence_last, ROOM);
	assert_non_null(strstr(room, "{\\\"type_detection\\\":\\\"srcip\\\","
				     "\\\"detection_info\\\":\\\"192.168.2.12\\\","));
	assert_non_null(
		strstr(room, "\\\"description\\\":\\\"Connected to 1 private address\\\","));
	kalipso_rig_free(r);
}

static void
what_is_not_known_is_left_out(void **state)
{
	struct record_evidence e = sample_evidence();
	struct kalipso_rig *r = kalipso_rig_new();

	(void)state;
	e.port = 0;
	e.ip_proto = 0;
	e.uid_count = 0;
	take(r, 1, e);
	put(r, kalipso_evidence_last, ROOM);
	assert_null(strstr(room, "proto"));
	assert_null(strstr(room, "port\\\\\":"));
	assert_non_null(strstr(room, "\\\"uid\\\":\\\"\\\""));
	kalipso_rig_free(r);
}

static void
a_protocol_has_the_name_that_it_has_in_tuples(void **state)
{
	struct record_evidence e = sample_evidence();
	struct kalipso_rig *r = kalipso_rig_new();

	(void)state;
	e.ip_proto = IPPROTO_ICMPV6;
	take(r, 1, e);
	put(r, kalipso_evidence_last, ROOM);
	assert_non_null(strstr(room, "\\\"proto\\\":\\\"ipv6-icmp\\\""));
	kalipso_rig_free(r);
}

static void
of_findings_with_the_same_key_the_newest_is_shown(void **state)
{
	struct record_evidence e = sample_evidence();
	struct kalipso_rig *r = kalipso_rig_new();

	(void)state;
	take(r, 1, e);
	e.text = "scanned port 23/tcp on 20 hosts";
	take(r, 2, e);
	assert_string_equal(put(r, kalipso_evidence_2020, ROOM),
		"{\"dport:23:HORIZONTAL_PORT_SCAN\":[0.300,\"high\",\"scanned port 23/tcp on 20 hosts\"]}");
	json_t *root = kalipso_rig_read(r, put(r, kalipso_evidence_last, ROOM));
	assert_int_equal(json_object_size(root), 2);
	kalipso_rig_free(r);
}

static void
what_a_rule_silenced_is_not_shown(void **state)
{
	struct record_evidence e = sample_evidence();
	struct kalipso_rig *r = kalipso_rig_new();

	(void)state;
	e.silenced_by = (struct record_silence){ .rule = "cameras", .effect = "no-evidence" };
	take(r, 1, e);
	const struct mirror_window *w = mirror_window_of(r->target.mirror, &r->host, NULL);
	assert_false(kalipso_has_evidence(&r->target, w));
	assert_string_equal(put(r, kalipso_evidence_2020, ROOM), "{}");
	assert_string_equal(put(r, kalipso_evidence_last, ROOM), "{}");
	take(r, 2, sample_evidence());
	assert_true(kalipso_has_evidence(&r->target, w));
	json_t *root = kalipso_rig_read(r, put(r, kalipso_evidence_2020, ROOM));
	assert_int_equal(json_object_size(root), 1);
	kalipso_rig_free(r);
}

static void
hostile_text_is_harmless_in_both(void **state)
{
	char text[HOSTILE_TEXT_MAX];
	char name[HOSTILE_TEXT_MAX + 16];

	(void)state;
	for (unsigned i = 0; i < HOSTILE_TEXT_COUNT; i += 5) {
		struct record_evidence e = sample_evidence();
		struct kalipso_rig *r = kalipso_rig_new();

		hostile_text(i, EVIDENCE_OBJECT_MAX, text);
		(void)snprintf(name, sizeof(name), "{bold}.%s", text);
		e.object = name;
		e.text = name;
		take(r, 1, e);
		kalipso_rig_harmless(kalipso_rig_read(r, put(r, kalipso_evidence_2020, ROOM)));
		kalipso_rig_harmless(kalipso_rig_read(r, put(r, kalipso_evidence_last, ROOM)));
		assert_int_equal(r->target.left_out, 0);
		kalipso_rig_free(r);
	}
}

static void
what_finds_no_room_is_counted(void **state)
{
	struct record_evidence e = sample_evidence();
	struct kalipso_rig *r = kalipso_rig_new();
	char object[24];

	(void)state;
	e.object = object;
	for (unsigned i = 0; i < 60; i++) {
		(void)snprintf(object, sizeof(object), "host%u.example", i);
		take(r, i, e);
	}
	json_t *root = kalipso_rig_read(r, put(r, kalipso_evidence_last, 32768));
	assert_int_equal(json_object_size(root) + r->target.left_out, 60);
	assert_true(r->target.left_out > 0);
	r->target.left_out = 0;
	root = kalipso_rig_read(r, put(r, kalipso_evidence_2020, 10240));
	assert_int_equal(json_object_size(root) + r->target.left_out, 60);
	assert_true(r->target.left_out > 0);
	kalipso_rig_free(r);
}

/* All that a mirror keeps of one window fits into one command. */
static void
as_many_as_a_mirror_keeps_are_shown(void **state)
{
	struct record_evidence e = sample_evidence();
	struct kalipso_rig *r = kalipso_rig_new();
	char object[24];

	(void)state;
	e.object = object;
	for (unsigned i = 0; i <= MIRROR_FINDINGS_MAX; i++) {
		(void)snprintf(object, sizeof(object), "host%u.example", i);
		take(r, i, e);
	}
	json_t *root = kalipso_rig_read(r, put(r, kalipso_evidence_2020, ROOM));
	assert_int_equal(json_object_size(root), MIRROR_FINDINGS_MAX);
	assert_null(json_object_get(root, "dstdomain:host0.example:HORIZONTAL_PORT_SCAN"));
	kalipso_rig_free(r);
}

int
main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(the_last_kalipso_reads_strings_of_json),
		cmocka_unit_test(earlier_ones_read_a_list_by_what_it_is_about),
		cmocka_unit_test(a_finding_is_about_a_name_a_peer_a_port_or_the_host),
		cmocka_unit_test(what_the_last_kalipso_has_no_word_for_was_detected_of_the_host),
		cmocka_unit_test(what_is_not_known_is_left_out),
		cmocka_unit_test(a_protocol_has_the_name_that_it_has_in_tuples),
		cmocka_unit_test(of_findings_with_the_same_key_the_newest_is_shown),
		cmocka_unit_test(what_a_rule_silenced_is_not_shown),
		cmocka_unit_test(hostile_text_is_harmless_in_both),
		cmocka_unit_test(what_finds_no_room_is_counted),
		cmocka_unit_test(as_many_as_a_mirror_keeps_are_shown),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
