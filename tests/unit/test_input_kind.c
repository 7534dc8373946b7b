#include "daemon/input/input_kind.h"

#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <stdlib.h>
#include <string.h>

#include <cmocka.h>

struct sample {
	const char *first;
	size_t length; /* 0: the text's */
	enum input_kind kind;
};

static const struct sample samples[] = {
	{ "\xd4\xc3\xb2\xa1", 0, INPUT_KIND_CAPTURE },
	{ "\xa1\xb2\xc3\xd4", 0, INPUT_KIND_CAPTURE },
	{ "\x4d\x3c\xb2\xa1", 0, INPUT_KIND_CAPTURE },
	{ "\xa1\xb2\x3c\x4d", 0, INPUT_KIND_CAPTURE },
	{ "\x34\xcd\xb2\xa1", 0, INPUT_KIND_CAPTURE },
	{ "\x0a\x0d\x0d\x0a", 0, INPUT_KIND_CAPTURE },
	{ "\x0c\xa5\x01\x00", 4, INPUT_KIND_NFDUMP_FILE },
	{ "\x0c\xa5\x02\x00", 4, INPUT_KIND_NFDUMP_FILE },
	{ "\xa5\x0c\x00\x02", 4, INPUT_KIND_NFDUMP_FILE },
	{ "\x00\x01\xa5\x0c", 4, INPUT_KIND_UNKNOWN },
	{ "\x02\x00\x0c\xa5", 4, INPUT_KIND_UNKNOWN },
	{ "#separator \\x09\n#set_separator\t,\n", 0, INPUT_KIND_ZEEK },
	{ "\t#separator \\x09\n", 0, INPUT_KIND_ZEEK },
	{ "#fields\tts\tuid\n", 0, INPUT_KIND_ZEEK },
	{ "{\"ts\":22.335172,\"uid\":\"C6ce9q3xECAsonga21\"}\n", 0, INPUT_KIND_ZEEK },
	{ "{\"ts\": 1517422326.539915, \"uid\": \"C\"}\n", 0, INPUT_KIND_ZEEK },
	{ "{\"_path\":\"conn\",\"ts\":\"2020-01-01T00:00:00Z\"}", 0, INPUT_KIND_ZEEK },
	{ "{\"ts\":1.5,\"uri\":\"/?\\\"event_type\\\":\"}\n", 0, INPUT_KIND_ZEEK },
	{ "1.5\tC\t10.0.0.1\t1\t10.0.0.2\t2\ttcp\t-\t-\t-\t-\tS0\t-\t-\t0\tS\t1\t40\t0\t0\t-\n", 0,
		INPUT_KIND_ZEEK },
	{ "x.5\tC\t10.0.0.1\t1\t10.0.0.2\t2\ttcp\t-\t-\t-\t-\tS0\t-\t-\t0\tS\t1\t40\t0\t0\t-\n", 0,
		INPUT_KIND_UNKNOWN },
	{ "1.5\tC\t10.0.0.1\t1\t10.0.0.2\t2\ttcp\t-\t-\t-\t-\tS0\t-\t-\t0\tS\t1\t40\t0\t0\n", 0,
		INPUT_KIND_UNKNOWN },
	{ "{\"timestamp\":\"2021-06-06T15:59:46.457984+0200\",\"event_type\":\"alert\"}", 0,
		INPUT_KIND_EVE },
	{ "\n\n{\"event_type\" : \"flow\",\"ts\":1}", 0, INPUT_KIND_EVE },
	{ "{\"timestamp\":\"x\"}\n{\"ts\":1}\n", 0,
		INPUT_KIND_UNKNOWN }, /* the first line decides */
	{ "{\"tsx\":1,\"event_type\"", 0, INPUT_KIND_UNKNOWN },
	{ "StartTime,Dur,Proto,SrcAddr,Sport,Dir,DstAddr,Dport,State\n", 0, INPUT_KIND_ARGUS },
	{ "  StartTime\tDur\tProto\n", 0, INPUT_KIND_ARGUS },
	{ "StartTime\n", 0, INPUT_KIND_UNKNOWN },
	{ "ts,te,td,sa,da,sp,dp,pr\n", 0, INPUT_KIND_NFDUMP },
	{ "firstSeen,duration,proto,srcAddr\n", 0, INPUT_KIND_NFDUMP },
	{ "#firstSeen,duration,proto,srcAddr\n", 0, INPUT_KIND_NFDUMP },
	{ "2020-07-24 11:05:40,2020-07-24 11:05:41,0.5\n", 0, INPUT_KIND_NFDUMP },
	{ "2020-07-24T11:05:40,2020-07-24 11:05:41,0.5\n", 0, INPUT_KIND_UNKNOWN },
	{ "2020-07-24 11:05:4", 0, INPUT_KIND_UNKNOWN },
	{ "# a comment\n#fields\tts\n", 0, INPUT_KIND_ZEEK },
	{ "# a comment\n", 0, INPUT_KIND_UNKNOWN },
	{ "#fields\n", 0, INPUT_KIND_ZEEK },
	{ "x\n{\"ts\":1}\n", 0, INPUT_KIND_UNKNOWN },
	{ "GET / HTTP/1.1\n", 0, INPUT_KIND_UNKNOWN },
	{ "\n", 0, INPUT_KIND_UNKNOWN },
	{ "\0\0\0\0{\"ts\":1}\n", 14, INPUT_KIND_ZEEK },
};

static enum input_kind
kind_of(const char *bytes, size_t length)
{
	char *copy = malloc(length + (length == 0));
	enum input_kind kind;

	memcpy(copy, bytes, length);
	kind = input_kind_of(copy, length);
	free(copy);
	return kind;
}

static size_t
length_of(const struct sample *s)
{
	return s->length > 0 ? s->length : strlen(s->first);
}

static void
files_are_recognised_by_what_is_in_them(void **state)
{
	(void)state;
	for (size_t i = 0; i < sizeof(samples) / sizeof(*samples); i++) {
		enum input_kind kind = kind_of(samples[i].first, length_of(&samples[i]));
		if (kind != samples[i].kind)
			fail_msg("sample %zu is %s", i, input_kind_name(kind));
	}
	assert_int_equal(kind_of("", 0), INPUT_KIND_UNKNOWN);
}

/* Cut at every byte: never a read past the end (the sanitizer's to see), never another kind but unknown. */
static void
what_is_cut_is_itself_or_unknown(void **state)
{
	(void)state;
	for (size_t i = 0; i < sizeof(samples) / sizeof(*samples); i++)
		for (size_t n = 0; n < length_of(&samples[i]); n++) {
			enum input_kind kind = kind_of(samples[i].first, n);
			assert_true(kind == INPUT_KIND_UNKNOWN || kind == samples[i].kind ||
				    kind == INPUT_KIND_ZEEK);
		}
}

static void
every_kind_has_a_name_of_its_own(void **state)
{
	(void)state;
	for (int i = 0; i < INPUT_KIND_COUNT; i++)
		for (int j = 0; j < i; j++)
			assert_string_not_equal(input_kind_name((enum input_kind)i),
				input_kind_name((enum input_kind)j));
}

int
main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(files_are_recognised_by_what_is_in_them),
		cmocka_unit_test(what_is_cut_is_itself_or_unknown),
		cmocka_unit_test(every_kind_has_a_name_of_its_own),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
