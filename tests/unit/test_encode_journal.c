#include "exporters/encode_journal.h"

#include "daemon/base/text_safe.h"
#include "tests/support/hostile_text.h"
#include "tests/support/record_sample.h"

#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <string.h>

#include <cmocka.h>

static char entry[JOURNAL_ENTRY_MAX];
static size_t entry_length;

static const char *
evidence(const struct record_evidence *e)
{
	struct record r = { .kind = RECORD_EVIDENCE, .ts_ns = SAMPLE_NS, .evidence = e };
	struct strbuf b;

	strbuf_init(&b, entry, sizeof(entry) - JOURNAL_REPEAT_BYTES);
	journal_encode(&r, &b);
	assert_false(b.truncated);
	entry_length = b.length;
	return entry;
}

static void
evidence_is_an_entry_of_fields(void **state)
{
	struct record_evidence e = sample_evidence();

	(void)state;
	assert_string_equal(evidence(&e), "MESSAGE=192.168.1.10 scanned port 23/tcp on 10 hosts\n"
					  "PRIORITY=3\n"
					  "SYSLOG_IDENTIFIER=naiad\n"
					  "MESSAGE_ID=6f1d1a1c9be34bb0a4c5c1f3b0c7d5e1\n"
					  "NAIAD_LEVEL=high\n"
					  "NAIAD_KIND=evidence\n"
					  "NAIAD_EVIDENCE_ID=8f14e45f-ceea-867a-9c1d-3f1b2c4d5e6f\n"
					  "NAIAD_TYPE=HORIZONTAL_PORT_SCAN\n"
					  "NAIAD_DETECTOR=horizontal_scan\n"
					  "NAIAD_SRC=192.168.1.10\n"
					  "NAIAD_PORT=23\n"
					  "NAIAD_PROTO=6\n"
					  "NAIAD_CONFIDENCE=0.300\n"
					  "NAIAD_MITRE=T1046\n"
					  "NAIAD_OBJECT=23/tcp\n"
					  "NAIAD_OBSERVED=10\n"
					  "NAIAD_THRESHOLD=10\n"
					  "NAIAD_SUM=0.240\n"
					  "NAIAD_TIME=2026-11-24T02:00:00.123456Z\n"
					  "NAIAD_WINDOW=3\n");
	e.silenced_by = (struct record_silence){ "our scanner", "no-alert" };
	assert_non_null(strstr(evidence(&e),
		"NAIAD_SUM=0.240\nNAIAD_SILENCED_BY=our scanner\nNAIAD_SILENCE=no-alert\n"));
	e.role = EVIDENCE_VICTIM;
	e.has_about = true;
	e.about = addr_v4(203, 0, 113, 5);
	assert_non_null(
		strstr(evidence(&e), "NAIAD_SRC=203.0.113.5\nNAIAD_DST=192.168.1.10\nNAIAD_PORT"));
	e.about_country = "NL";
	e.about_asn = 64496;
	e.about_org = "Example Ltd";
	e.source = "a.csv, b.txt";
	assert_non_null(strstr(evidence(&e), "NAIAD_SOURCE=a.csv, b.txt\nNAIAD_OBSERVED"));
	assert_non_null(strstr(evidence(&e), "NAIAD_ABOUT_COUNTRY=NL\nNAIAD_ABOUT_ASN=64496\n"
					     "NAIAD_ABOUT_ORG=Example Ltd\nNAIAD_PORT"));
}

static void
an_alert_has_an_id_of_its_own_kind(void **state)
{
	struct record_alert a = sample_alert();
	struct record r = { .kind = RECORD_ALERT, .ts_ns = SAMPLE_NS, .alert = &a };
	struct strbuf b;

	(void)state;
	strbuf_init(&b, entry, sizeof(entry));
	journal_encode(&r, &b);
	assert_string_equal(entry,
		"MESSAGE=192.168.1.10 behaves maliciously: scanned port 23/tcp on 1000 hosts\n"
		"PRIORITY=3\n"
		"SYSLOG_IDENTIFIER=naiad\n"
		"MESSAGE_ID=b7a0f7f6c24e4f0e8d8f0d9a6a5c3e42\n"
		"NAIAD_LEVEL=high\n"
		"NAIAD_KIND=alert\n"
		"NAIAD_ALERT_ID=d3d94468-02a4-8259-b55d-38e6d163e820\n"
		"NAIAD_TYPE=HORIZONTAL_PORT_SCAN\n"
		"NAIAD_SRC=192.168.1.10\n"
		"NAIAD_MITRE=T1046\n"
		"NAIAD_EVIDENCE=2\n"
		"NAIAD_SUM=3.040\n"
		"NAIAD_THRESHOLD=3.000\n"
		"NAIAD_TIME=2026-11-24T02:00:00.123456Z\n"
		"NAIAD_WINDOW=3\n");
}

static void
a_value_with_a_line_end_goes_by_its_length(void **state)
{
	struct record_evidence e = sample_evidence();
	static const char expected[] =
		"NAIAD_OBJECT\n\x0c\0\0\0\0\0\0\0x\nPRIORITY=0\nNAIAD_OBSERVED=";

	(void)state;
	e.object = "x\nPRIORITY=0";
	(void)evidence(&e);
	const char *at = strstr(entry, "NAIAD_OBJECT"); /* there is no NUL before it */
	assert_non_null(at);
	assert_memory_equal(at, expected, sizeof(expected) - 1);
}

/* Read the entry as journald does. returns how many fields it has; the values of two of them */
static unsigned
parsed(const char **ret_object, size_t *ret_object_length, const char **ret_message,
	size_t *ret_message_length)
{
	unsigned fields = 0;

	for (size_t at = 0; at < entry_length; fields++) {
		const char *name = entry + at;
		size_t name_length = strcspn(name, "=\n");
		const char *value = name + name_length + 1;
		size_t length = 0;

		if (name[name_length] == '=') {
			const char *end =
				memchr(value, '\n', entry_length - (size_t)(value - entry));

			assert_non_null(end);
			length = (size_t)(end - value);
		} else {
			for (unsigned i = 0; i < 8; i++)
				length |= (size_t)(uint8_t)value[i] << (8 * i);
			value += 8;
		}
		for (size_t i = 0; i < name_length; i++)
			assert_true(name[i] == '_' || (name[i] >= 'A' && name[i] <= 'Z'));
		if (name_length == 12 && memcmp(name, "NAIAD_OBJECT", 12) == 0) {
			*ret_object = value;
			*ret_object_length = length;
		} else if (name_length == 7 && memcmp(name, "MESSAGE", 7) == 0) {
			*ret_message = value;
			*ret_message_length = length;
		}
		assert_int_equal(value[length], '\n');
		at = (size_t)(value + length + 1 - entry);
	}
	return fields;
}

static void
whatever_a_peer_sent_no_field_is_forged_and_the_message_is_one_line(void **state)
{
	struct record_evidence e = sample_evidence();
	char hostile[HOSTILE_TEXT_MAX];
	char safe[1100];

	(void)state;
	for (unsigned i = 0; i < HOSTILE_TEXT_COUNT; i++) {
		const char *object = NULL;
		const char *message = NULL;
		size_t object_length = 0;
		size_t message_length = 0;
		struct strbuf b;

		hostile_text(i, EVIDENCE_OBJECT_MAX, hostile);
		e.object = hostile[0] != '\0' ? hostile : "x";
		e.text = hostile;
		(void)evidence(&e);
		assert_int_equal(parsed(&object, &object_length, &message, &message_length), 20);
		assert_int_equal(object_length, strlen(e.object));
		assert_memory_equal(object, e.object, object_length);
		hostile_text_check(message, message_length);
		strbuf_init(&b, safe, sizeof(safe));
		strbuf_text(&b, "192.168.1.10 ");
		text_safe(&b, hostile, EVIDENCE_TEXT_MAX);
		assert_int_equal(message_length, b.length);
		assert_memory_equal(message, safe, b.length);
	}
}

static void
a_repeat_is_one_field_more(void **state)
{
	struct record_evidence e = sample_evidence();

	(void)state;
	(void)evidence(&e);
	size_t length = journal_mark_repeat(entry, entry_length);
	assert_int_equal(length, entry_length + JOURNAL_REPEAT_BYTES);
	assert_memory_equal(entry + entry_length, "NAIAD_REPEAT=yes\n", JOURNAL_REPEAT_BYTES);
}

int
main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(evidence_is_an_entry_of_fields),
		cmocka_unit_test(an_alert_has_an_id_of_its_own_kind),
		cmocka_unit_test(a_value_with_a_line_end_goes_by_its_length),
		cmocka_unit_test(
			whatever_a_peer_sent_no_field_is_forged_and_the_message_is_one_line),
		cmocka_unit_test(a_repeat_is_one_field_more),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
