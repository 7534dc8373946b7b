#include "ctl/selftest_capture.h"

#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <stdlib.h>
#include <string.h>

#include <cmocka.h>

enum { HEADER = 24, RECORD = 16, FRAME = 54 };

/* The ones' complement sum of what is right is all ones. */
static unsigned
folded(unsigned sum, const unsigned char *bytes, size_t length)
{
	for (size_t i = 0; i < length; i += 2)
		sum += (unsigned)bytes[i] << 8 | bytes[i + 1];
	while (sum > 0xffff)
		sum = (sum & 0xffff) + (sum >> 16);
	return sum;
}

static void
each_frame_is_whole_and_its_checksums_are_right(void **state)
{
	char *text = NULL;
	size_t length = 0;
	FILE *out = open_memstream(&text, &length);
	uint32_t before = 0;

	(void)state;
	assert_non_null(out);
	selftest_capture_write(out);
	assert_int_equal(fclose(out), 0);
	assert_int_equal(length, HEADER + (SELFTEST_HOSTS + SELFTEST_PORTS) * (RECORD + FRAME));
	for (size_t at = HEADER; at < length; at += RECORD + FRAME) {
		uint32_t record[4];
		const unsigned char *ip = (const unsigned char *)text + at + RECORD + 14;

		memcpy(record, text + at, sizeof(record));
		assert_true(record[1] < 1000000);
		assert_true(record[0] >= before);
		assert_int_equal(record[2], FRAME);
		before = record[0];
		assert_int_equal(folded(0, ip, 20), 0xffff);
		assert_int_equal(folded(6 + 20 + folded(0, ip + 12, 8), ip + 20, 20), 0xffff);
	}
	free(text);
}

int
main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(each_frame_is_whole_and_its_checksums_are_right),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
