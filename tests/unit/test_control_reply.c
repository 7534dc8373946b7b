#include "daemon/loop/control/control_reply.h"

#include <errno.h>
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <string.h>

#include <cmocka.h>

static char memory[CONTROL_REPLY_MAX];
static struct control_reply reply;

static void
data_stand_in_one_line(void **state)
{
	(void)state;
	control_reply_begin(&reply, memory);
	json_object_begin(&reply.json);
	json_key_text(&reply.json, "a", "b\nc");
	json_object_end(&reply.json);
	control_reply_end(&reply, true);
	assert_string_equal(memory, "{\"ok\":true,\"data\":{\"a\":\"b\\nc\"}}\n");
	assert_int_equal(reply.out.length, strlen(memory));
}

static void
no_data_are_null(void **state)
{
	(void)state;
	control_reply_begin(&reply, memory);
	control_reply_end(&reply, true);
	assert_string_equal(memory, "{\"ok\":true,\"data\":null}\n");
}

/* Also when a part of the data was written, whatever is open there. */
static void
a_refusal_has_a_reason_and_no_data(void **state)
{
	(void)state;
	control_reply_begin(&reply, memory);
	json_object_begin(&reply.json);
	json_key(&reply.json, "half");
	assert_int_equal(control_reply_refuse(&reply, "no \"%s\"\x1b", "x"), -EINVAL);
	control_reply_end(&reply, false);
	assert_string_equal(memory, "{\"ok\":false,\"error\":\"no \\\"x\\\"\\u001b\"}\n");
}

/* Length of an answer whose data are a text of `length` bytes. */
static size_t
answer_of(size_t length)
{
	static char text[CONTROL_REPLY_MAX];

	memset(text, 'x', sizeof(text));
	control_reply_begin(&reply, memory);
	json_bytes(&reply.json, text, length);
	control_reply_end(&reply, true);
	return reply.out.length;
}

static void
an_answer_has_an_end(void **state)
{
	size_t frame = answer_of(0);
	size_t most = CONTROL_REPLY_MAX - 1 - frame; /* the NUL */

	(void)state;
	assert_int_equal(answer_of(most - 1), CONTROL_REPLY_MAX - 2);
	assert_int_equal(answer_of(most), CONTROL_REPLY_MAX - 1);
	assert_memory_equal(memory, "{\"ok\":true", 10);
	(void)answer_of(most + 1);
	assert_string_equal(memory,
		"{\"ok\":false,\"error\":\"the answer is longer than 256 KiB: ask for less\"}\n");
}

int
main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(data_stand_in_one_line),
		cmocka_unit_test(no_data_are_null),
		cmocka_unit_test(a_refusal_has_a_reason_and_no_data),
		cmocka_unit_test(an_answer_has_an_end),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
