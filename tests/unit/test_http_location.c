/* Where somebody is: what gives it away, what only looks like it, and however it is cut. */
#include "daemon/proto/http_location.h"

#include "tests/support/proto_rig.h"

#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <stdio.h>
#include <string.h>

#include <cmocka.h>

static bool
leaks_in_parts(const char *text, size_t part)
{
	struct http_location l = { 0 };
	size_t size = strlen(text);
	bool leaks = false;

	for (size_t at = 0; at < size; at += part)
		leaks = http_location_read(
			&l, cursor_over(text + at, size - at < part ? size - at : part));
	return leaks;
}

/* The same whole, byte by byte, and in parts of three. */
static bool
leaks(const char *text)
{
	bool whole = leaks_in_parts(text, SIZE_MAX / 2);

	if (leaks_in_parts(text, 1) != whole || leaks_in_parts(text, 3) != whole)
		fail_msg("it depends on how it is cut: %s", text);
	return whole;
}

static void
every(const char *const *texts, bool leak)
{
	for (; *texts != NULL; texts++)
		if (leaks(*texts) != leak)
			fail_msg("%s: %s", leak ? "not seen" : "no location", *texts);
}

static void
a_latitude_and_a_longitude_are_a_location(void **state)
{
	static const char *const texts[] = {
		"/w?lat=49.28&lon=-123.12",
		"/w?lng=7.50&lat=51.47&x=1",
		"latitude=0.00&long=0.00",
		"LATITUDE=51.4731&Longitude=7.5002",
		"{\"lat\":49.28,\"lon\":-123.12}",
		"{ \"latitude\" : 49.2827, \"longitude\" : -123.1207 }",
		"{'lat': '49.28', 'lng': '-123.12'}",
		"{\\\"lat\\\":\\\"49.28\\\",\\\"lng\\\":\\\"7.12\\\"}",
		"{\"lat\":\r\n\t49.28,\"lng\":\r\n\t7.12}",
		"where[lat]=49.28&where[lng]=7.12",
		"userLat=49.28&gps_lon=7.12",
		"currentlatitude=49.28&currentlongitude=7.12",
		"lat=90.00&lon=180.00",
		"lat:+49.28 lon:7.12",
		"<p lat=\"49.28\" lon=\"7.12\"/>",
		NULL,
	};

	(void)state;
	every(texts, true);
}

static void
one_of_the_two_alone_is_none(void **state)
{
	static const char *const texts[] = {
		"lat=49.28",
		"lon=49.28",
		"lat=49.28&latitude=49.28",
		"lng=49.28&longitude=49.28",
		"lat=49.28,7.12",
		"",
		NULL,
	};

	(void)state;
	every(texts, false);
}

static void
a_pair_is_a_location(void **state)
{
	static const char *const texts[] = {
		"/maps?q=49.28,-123.12",
		"/maps?ll=-49.28,+123.12",
		"latlon=49.28,123.12",
		"latLon=49.28,123.12",
		"path=123.12,49.28",
		"\"locations\":\"49.28, 7.12|50.00,8.00\"",
		"\"locations\":[49.28,7.12]",
		"ll=90.00,180.00",
		"ll=180.00,90.00",
		"?a=1&q=49.123456789012345678,7.12",
		NULL,
	};

	(void)state;
	every(texts, true);
}

static void
what_is_no_pair_is_none(void **state)
{
	static const char *const texts[] = {
		"q=49.28",
		"q=49.28;7.12",
		"q=49.28,7.1",
		"q=49.2,7.12",
		"q=49.28,",
		"q=49.28,q=7.12",
		"q=49.28,,7.12",
		"seq=49.28,7.12",    /* of a pair the word is meant as it is */
		"xlatlon=1.28,7.12", /* a longitude at best */
		"allocations=49.28,7.12",
		"ll=90.01,a=7.12",
		"ll=91.00,91.00",
		"ll=91.00,181.00",
		"ll=181.00,49.00",
		"q=x,49.28,7.12",
		NULL,
	};

	(void)state;
	every(texts, false);
}

static void
what_is_no_number_of_degrees_is_none(void **state)
{
	static const char *const values[] = { "49", "49.2", "1049.28", "49,28", "49x28", "4928",
		".28", "--49.28", "- 49.28", "x49.28", "-", "", "null", "91.00", "100.00", "999.99",
		"{49.28", "49. 28", NULL };
	char text[64];

	(void)state;
	for (const char *const *v = values; *v != NULL; v++) {
		(void)snprintf(text, sizeof(text), "lat=%s&lon=7.12", *v);
		if (leaks(text))
			fail_msg("%s", text);
	}
	assert_false(leaks("lat=49.28&lon=181.00"));
	assert_true(leaks("lat=49.28&lon=180.99")); /* the whole degrees tell */
}

static void
what_is_no_key_is_none(void **state)
{
	static const char *const texts[] = {
		"lat1=49.28&lon=7.12",
		"lat_x=49.28&lon=7.12",
		"latter=49.28&lon=7.12",
		"lat;=49.28&lon=7.12",
		"lat 49.28 lon 7.12",
		"lat =49.28 lon =7.12",
		"lat&=49.28&lon=7.12",
		"la=49.28&lon=7.12",
		"at=49.28&lon=7.12",
		"lat\"x=49.28&lon=7.12",
		"lat==49.28&lon=7.12",
		"ngitude=7.12&lat=49.28",
		"l@t=49.28&lon=7.12",
		NULL,
	};

	(void)state;
	every(texts, false);
}

static void
a_word_behind_what_was_none_is_read_again(void **state)
{
	static const char *const texts[] = {
		"lat=lat=49.28&lon=7.12",
		"lat=4lat=49.28&lon=7.12",
		"lat=49.lat=49.28&lon=7.12",
		"lat\"lat=49.28&lon=7.12",
		"q=49.28,lat=49.28&lon=7.12",
		"lat=-lat=49.28&lon=7.12",
		NULL,
	};

	(void)state;
	every(texts, true);
}

static void
escaped_bytes_are_what_they_stand_for(void **state)
{
	static const char *const yes[] = {
		"q=49.28%2C-7.12",
		"q=49.28%2c-7.12",
		"%7B%22lat%22%3A49.28%2C%22lon%22%3A7.12%7D",
		"lat=%2049.28&lon=%207.12",
		"q=%%2049.28&ll=49.28,7.12",
		"lat%3D49.28&l%6fn=7.12",
		NULL,
	};
	static const char *const no[] = {
		"q=49.28%,7.12",
		"q=49.28%2,7.12",
		"q=49.28%2G7.12",
		"q=49.28%%2C7.12",
		"q=49.28%252C7.12",
		"%fq=49.28,7.12", /* its word is "fq" */
		"lat=49.28&lon%",
		"lat=49.28&lon%3",
		"lat=49.28&%3lon=7.1",
		NULL,
	};

	(void)state;
	every(yes, true);
	every(no, false);
	assert_true(leaks("lat=49.28&%lon=7.12"));  /* no escape: '%' and a word */
	assert_true(leaks("lat=49.28&%3lon=7.12")); /* nor this */
	assert_true(leaks("lat=49.28&%%6con=7.12"));
}

static void
words_of_any_length_are_read(void **state)
{
	char text[400];

	(void)state;
	memset(text, 'x', sizeof(text));
	for (size_t size = 250; size < 265; size++) {
		(void)snprintf(text + size, sizeof(text) - size, "longitude=7.12&lat=49.28");
		assert_true(leaks(text));
		memset(text, 'x', sizeof(text));
		(void)snprintf(text + size, sizeof(text) - size, "q=7.12,49.28");
		assert_false(leaks(text));
		memset(text, 'x', sizeof(text));
	}
}

static void
sixteen_thousand_bytes_are_read(void **state)
{
	static const char place[] = "lat=49.28&lon=7.12";
	static char text[HTTP_LOCATION_BYTES_MAX + 64];

	(void)state;
	memset(text, '.', sizeof(text));
	(void)snprintf(text + HTTP_LOCATION_BYTES_MAX - strlen(place), sizeof(place), "%s", place);
	assert_true(leaks(text));
	memset(text, '.', sizeof(text));
	(void)snprintf(
		text + HTTP_LOCATION_BYTES_MAX + 1 - strlen(place), sizeof(place), "%s", place);
	assert_false(leaks(text));
}

static void
nothing_goes_on_behind_a_break(void **state)
{
	static const char *const halves[][2] = {
		{ "la", "t=49.28&lon=7.12" },
		{ "lat", "=49.28&lon=7.12" },
		{ "lat=", "49.28&lon=7.12" },
		{ "lat=4", "9.28&lon=7.12" },
		{ "lat=49.2", "8&lon=7.12" },
		{ "lat%3", "D49.28&lon=7.12" },
		{ "q=49.28", ",7.12" },
		{ "q=49.28,", "7.12" },
	};

	(void)state;
	for (size_t i = 0; i < sizeof(halves) / sizeof(halves[0]); i++) {
		struct http_location l = { 0 };
		const char *const *half = halves[i];
		(void)http_location_read(&l, cursor_over(half[0], strlen(half[0])));
		http_location_break(&l);
		if (http_location_read(&l, cursor_over(half[1], strlen(half[1]))))
			fail_msg("%s / %s", half[0], half[1]);
	}
	struct http_location l = { 0 };
	assert_false(http_location_read(&l, cursor_over("lat=49.28", 9)));
	http_location_break(&l);
	assert_true(http_location_read(&l, cursor_over("lon=7.12", 8)));
	assert_true(http_location_read(&l, cursor_over("x", 1)));
}

/* ---- in requests ---- */

extern const struct protocol protocol_http;

static struct proto_rig rig;

/* returns what is told of one request */
static const char *
asked(const char *text, size_t part)
{
	const struct proto_piece piece = { true, text, strlen(text) };

	return proto_rig_play(&rig, &protocol_http, &piece, 1, part);
}

/* A POST with a body of this type, cut in all ways; returns whether its body gives a location away. */
static bool
posted(const char *headers, const char *body)
{
	char text[512];
	unsigned leaks_in = 0;

	(void)snprintf(text, sizeof(text), "POST /a HTTP/1.1\r\nContent-Length: %zu\r\n%s\r\n%s",
		strlen(body), headers, body);
	for (size_t part = 1; part < 9; part++)
		leaks_in += strstr(asked(text, part), " location=body\n") != NULL;
	assert_true(leaks_in == 0 || leaks_in == 8);
	return leaks_in > 0;
}

static void
the_uri_of_a_request_gives_it_away(void **state)
{
	static const char place[] = "GET /w?lat=49.28&lon=7.12 HTTP/1.1\r\n\r\n";

	(void)state;
	for (size_t part = 1; part < sizeof(place); part++)
		assert_non_null(strstr(asked(place, part), " location=uri\n"));
	assert_non_null(strstr(
		asked("GET /w?q=49.28%2C7.12 HTTP/1.1\r\n\r\n", SIZE_MAX), " location=uri\n"));
	assert_null(strstr(asked("GET /w?lat=49.28 HTTP/1.1\r\n\r\n", SIZE_MAX), "location="));
	assert_null(
		strstr(asked("GET / HTTP/1.1\r\nReferer: /w?lat=49.28&lon=7.12\r\n\r\n", SIZE_MAX),
			"location="));
}

static void
texts_in_the_body_give_it_away(void **state)
{
	static const char form[] = "lat=49.28&lon=7.12";
	static const char *const texts[] = { "text/plain", "Application/JSON; charset=utf-8",
		"application/x-www-form-urlencoded", "application/xml", "application/x-ndjson",
		NULL };
	static const char *const others[] = { "image/png", "application/octet-stream",
		"multipart/form-data; boundary=x", "application/jso", "", NULL };
	char header[128];

	(void)state;
	for (const char *const *t = texts; *t != NULL; t++) {
		(void)snprintf(header, sizeof(header), "Content-Type: %s\r\n", *t);
		assert_true(posted(header, form));
	}
	for (const char *const *t = others; *t != NULL; t++) {
		(void)snprintf(header, sizeof(header), "Content-Type: %s\r\n", *t);
		assert_false(posted(header, form));
	}
	assert_false(posted("", form));
	assert_false(posted("Content-Type: text/plain\r\nContent-Encoding: gzip\r\n", form));
	assert_false(posted("Content-Type: text/plain\r\n", "lat=49.28"));
}

static void
uri_and_body_are_one_message_and_the_next_is_another(void **state)
{
#define TEXT "\r\nContent-Type: text/plain\r\nContent-Length: 8\r\n\r\n"

	(void)state;
	assert_non_null(strstr(
		asked("POST /?lat=49.28 HTTP/1.1" TEXT "lon=7.12", SIZE_MAX), " location=body\n"));
	/* A word, or a number, does not go on in the body. */
	assert_null(strstr(
		asked("POST /?lon=7.12&lat=49.2 HTTP/1.1" TEXT "8&lat=4.", SIZE_MAX), "location="));
	/* What the URI has given away the body does not change. */
	assert_non_null(strstr(
		asked("POST /?q=4.28,7.12 HTTP/1.1" TEXT "ll=4.28,", SIZE_MAX), " location=uri\n"));
	/* Another message starts anew, also as for the type of its body. */
	const char *lines = asked("POST /?lat=49.28 HTTP/1.1" TEXT "........"
				  "POST /?lon=7.12 HTTP/1.1\r\nContent-Length: 18\r\n\r\n"
				  "lat=49.28&lon=7.12",
		SIZE_MAX);
	assert_non_null(strstr(lines, "uri=/?lon=7.12 "));
	assert_null(strstr(lines, "location="));
}

static void
answers_are_not_read(void **state)
{
	static const char answer[] = "HTTP/1.1 200 OK\r\nContent-Type: text/plain\r\n"
				     "Content-Length: 18\r\n\r\nlat=49.28&lon=7.12";
	static const char ask[] = "POST / HTTP/1.1\r\nContent-Length: 2\r\n\r\n.";
	const struct proto_piece pieces[] = { { true, ask, sizeof(ask) - 1 },
		{ false, answer, sizeof(answer) - 1 }, { true, ".", 1 } };

	(void)state;
	assert_null(strstr(proto_rig_play(&rig, &protocol_http, pieces, 3, SIZE_MAX), "location="));
}

static void
nothing_goes_on_behind_what_is_lost(void **state)
{
	static const char ask[] = "POST / HTTP/1.1\r\nContent-Type: text/x\r\n"
				  "Content-Length: 20\r\n\r\nlon=7.12&lat=4";

	(void)state;
	for (int lost = 0; lost < 2; lost++) {
		proto_rig_init(&rig, &protocol_http);
		proto_rig_feed(&rig, true, ask, strlen(ask));
		if (lost == 1)
			proto_rig_gap(&rig, true, 2);
		proto_rig_feed(&rig, true, "9.28&&", 6);
		proto_rig_end(&rig);
		proto_rig_done(&rig);
		assert_int_equal(strstr(rig.text, " location=body\n") != NULL, lost == 0);
	}
}

static void
what_the_answer_lost_is_not_the_requests(void **state)
{
	static const char ask[] = "POST / HTTP/1.1\r\nContent-Type: text/x\r\n"
				  "Content-Length: 18\r\n\r\nlon=7.12&lat=4";

	(void)state;
	proto_rig_init(&rig, &protocol_http);
	proto_rig_feed(&rig, true, ask, strlen(ask));
	proto_rig_feed(&rig, false, "HTTP/1.1 200 OK\r\nContent-Length: 9\r\n\r\n.", 39);
	proto_rig_gap(&rig, false, 4);
	proto_rig_feed(&rig, true, "9.28", 4);
	proto_rig_end(&rig);
	proto_rig_done(&rig);
	assert_non_null(strstr(rig.text, " location=body\n"));
}

static void
whom_nobody_hears_is_not_read(void **state)
{
	static const char ask[] = "GET /w?lat=49.28&lon=7.12 HTTP/1.1\r\n\r\n";

	(void)state;
	proto_rig_init(&rig, &protocol_http);
	rig.unheard = OBS_BIT(OBS_HTTP);
	proto_rig_feed(&rig, true, ask, strlen(ask));
	proto_rig_end(&rig);
	proto_rig_done(&rig);
	assert_null(strstr(rig.text, "location="));
}

int
main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(a_latitude_and_a_longitude_are_a_location),
		cmocka_unit_test(one_of_the_two_alone_is_none),
		cmocka_unit_test(a_pair_is_a_location),
		cmocka_unit_test(what_is_no_pair_is_none),
		cmocka_unit_test(what_is_no_number_of_degrees_is_none),
		cmocka_unit_test(what_is_no_key_is_none),
		cmocka_unit_test(a_word_behind_what_was_none_is_read_again),
		cmocka_unit_test(escaped_bytes_are_what_they_stand_for),
		cmocka_unit_test(words_of_any_length_are_read),
		cmocka_unit_test(sixteen_thousand_bytes_are_read),
		cmocka_unit_test(nothing_goes_on_behind_a_break),
		cmocka_unit_test(the_uri_of_a_request_gives_it_away),
		cmocka_unit_test(texts_in_the_body_give_it_away),
		cmocka_unit_test(uri_and_body_are_one_message_and_the_next_is_another),
		cmocka_unit_test(answers_are_not_read),
		cmocka_unit_test(nothing_goes_on_behind_what_is_lost),
		cmocka_unit_test(what_the_answer_lost_is_not_the_requests),
		cmocka_unit_test(whom_nobody_hears_is_not_read),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
