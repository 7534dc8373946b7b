/* Requests that wait, and their texts in one piece of memory. */
#include "daemon/proto/http_requests.h"

#include <setjmp.h>
#include <stdarg.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include <cmocka.h>

static int
set_up(void **state)
{
	*state = calloc(1, sizeof(struct http_requests));
	return *state == NULL;
}

static int
tear_down(void **state)
{
	free(*state);
	return 0;
}

static void
put(struct http_requests *q, enum http_text which, const char *text, size_t most)
{
	http_requests_text(q, which, cursor_over(text, strlen(text)), most);
}

static const char *
text_of(struct http_requests *q, size_t i, enum http_text which)
{
	return http_requests_text_of(q, &q->at[i], which);
}

static void
each_request_keeps_its_texts_whichever_goes_first(void **state)
{
	struct http_requests *q = *state;
	char uri[16];

	for (unsigned gone = 0; gone < 4; gone++) {
		memset(q, 0, sizeof(*q));
		for (unsigned i = 0; i < 4; i++) {
			struct http_request *r = http_requests_add(q, i, i + 1);
			(void)snprintf(uri, sizeof(uri), "/%u", i);
			put(q, HTTP_METHOD, "GET", 10);
			put(q, HTTP_URI, uri, 10);
			assert_int_equal(r->depth, i + 1);
		}
		http_requests_drop(q, &q->at[gone]);
		assert_int_equal(q->count, 3);
		for (unsigned i = 0; i < 3; i++) {
			(void)snprintf(uri, sizeof(uri), "/%u", i < gone ? i : i + 1);
			assert_string_equal(text_of(q, i, HTTP_URI), uri);
			assert_string_equal(text_of(q, i, HTTP_METHOD), "GET");
			assert_null(text_of(q, i, HTTP_HOST));
		}
	}
}

static void
the_first_of_two_texts_stays(void **state)
{
	struct http_requests *q = *state;

	put(q, HTTP_HOST, "nobody asked", 100); /* there is no request yet */
	(void)http_requests_add(q, 1, 1);
	put(q, HTTP_HOST, "", 100);
	put(q, HTTP_HOST, "second", 100);
	assert_string_equal(text_of(q, 0, HTTP_HOST), "");
}

static void
texts_are_cut_at_their_cap(void **state)
{
	struct http_requests *q = *state;

	(void)http_requests_add(q, 1, 1);
	put(q, HTTP_URI, "1234567", 8);
	put(q, HTTP_HOST, "12345678", 8);
	put(q, HTTP_ORIGIN, "123456789", 8);
	assert_string_equal(text_of(q, 0, HTTP_URI), "1234567");
	assert_string_equal(text_of(q, 0, HTTP_HOST), "1234567");
	assert_string_equal(text_of(q, 0, HTTP_ORIGIN), "1234567");
}

static void
all_together_they_fill_their_memory_and_no_more(void **state)
{
	struct http_requests *q = *state;
	char text[HTTP_TEXTS_MAX];

	memset(text, 'a', sizeof(text));
	(void)http_requests_add(q, 1, 1);
	http_requests_text(q, HTTP_URI, cursor_over(text, sizeof(text)), HTTP_TEXTS_MAX - 3);
	assert_int_equal(q->texts_size, HTTP_TEXTS_MAX - 3);
	put(q, HTTP_HOST, "abc", 100);
	assert_string_equal(text_of(q, 0, HTTP_HOST), "ab");
	assert_int_equal(q->texts_size, HTTP_TEXTS_MAX);
	put(q, HTTP_ORIGIN, "abc", 100);
	assert_null(text_of(q, 0, HTTP_ORIGIN));
	http_requests_drop(q, &q->at[0]);
	assert_int_equal(q->texts_size, 0);
	assert_null(http_requests_newest(q));
	assert_null(http_requests_oldest(q));
}

static void
a_request_that_is_told_alone_waits_for_nothing(void **state)
{
	struct http_requests *q = *state;

	http_requests_add(q, 1, 1)->is_alone = true;
	assert_null(http_requests_oldest(q));
	assert_ptr_equal(http_requests_newest(q), &q->at[0]);
}

#define QUEUE_TEST(f) cmocka_unit_test_setup_teardown(f, set_up, tear_down)

int
main(void)
{
	const struct CMUnitTest tests[] = {
		QUEUE_TEST(each_request_keeps_its_texts_whichever_goes_first),
		QUEUE_TEST(the_first_of_two_texts_stays),
		QUEUE_TEST(texts_are_cut_at_their_cap),
		QUEUE_TEST(all_together_they_fill_their_memory_and_no_more),
		QUEUE_TEST(a_request_that_is_told_alone_waits_for_nothing),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
