/* HTTP/1: requests with their responses, however they are cut, lost or meant. */
#include "tests/support/proto_rig.h"

#include <setjmp.h>
#include <stdarg.h>
#include <stdio.h>

#include <cmocka.h>

extern const struct protocol protocol_http;

#define C(text)                              \
	{                                    \
		true, text, sizeof(text) - 1 \
	}
#define S(text)                               \
	{                                     \
		false, text, sizeof(text) - 1 \
	}
#define COUNT(pieces) (sizeof(pieces) / sizeof((pieces)[0]))
#define OK            "HTTP/1.1 200 OK\r\n"
#define OK_EMPTY      OK "Content-Length: 0\r\n\r\n"

static struct proto_rig rig;

/* returns what is told, the lines of files left out */
static const char *
played(const struct proto_piece *pieces, size_t count, size_t part)
{
	static char lines[PROTO_RIG_TEXT];
	const char *text = proto_rig_play(&rig, &protocol_http, pieces, count, part);

	lines[0] = '\0';
	while (*text != '\0') {
		size_t size = strcspn(text, "\n") + 1;
		if (strncmp(text, "http ", 5) == 0)
			strncat(lines, text, size);
		text += size;
	}
	return lines;
}

#define PLAY(pieces) played(pieces, COUNT(pieces), SIZE_MAX)

/* Is there `text`, and in it line `n` (from 1)? */
static bool
told(const char *lines, unsigned n, const char *text)
{
	for (; n > 1; n--)
		lines = strchr(lines, '\n') + 1;
	const char *at = strstr(lines, text);
	return at != NULL && at < strchr(lines, '\n');
}

static unsigned
rows(const char *lines)
{
	unsigned count = 0;

	for (; *lines != '\0'; lines++)
		count += *lines == '\n';
	return count;
}

static const struct proto_piece golden[] = {
	C("POST /a%20b?c=%zz HTTP/1.1\r\nHost: example.org:8080\r\nUser-Agent: test/1\r\n"
	  "Referer: http://r/\r\nOrigin: http://o\r\nAuthorization: Basic dXNlcjpwYXNz\r\n"
	  "Via: 1.1 p\r\nContent-Type: application/json\r\nContent-Length: 8\r\n\r\n{\"a\": 1}"),
	S("HTTP/1.1 100 Continue\r\n\r\nHTTP/1.1 201 Created\r\nContent-Type: text/html\r\n"
	  "Content-Disposition: inline; filename=\"a.html\"\r\nTransfer-Encoding: chunked\r\n\r\n"
	  "6\r\n<html>\r\n2\r\nhi\r\n0\r\n\r\n"),
	C("HEAD /second HTTP/1.0\n\n"),
	S("HTTP/1.0 404\nContent-Length: 77\n\n"),
};

static const char golden_http[] =
	"http trans_depth=1 method=POST host=example.org:8080 uri=/a b?c=%zz referrer=http://r/ "
	"version=1.1 user_agent=test/1 origin=http://o request_body_len=8 response_body_len=8 "
	"status_code=201 status_msg=Created info_code=100 info_msg=Continue username=user "
	"proxied=[VIA -> 1.1 p] orig_fuids=[] orig_mime_types=[text/json] resp_fuids=[] "
	"resp_filenames=[a.html] resp_mime_types=[text/html] "
	"request_content_type=application/json response_content_type=text/html\n"
	"http trans_depth=2 method=HEAD uri=/second version=1.0 request_body_len=0 "
	"response_body_len=0 status_code=404 status_msg=\n";

/* Names of files are known by other tests. */
static const char *
without_names(const char *text)
{
	static char out[PROTO_RIG_TEXT];
	char *to = out;

	while (*text != '\0') {
		*to++ = *text++;
		if (to - out > 7 && memcmp(to - 7, "fuids=[", 7) == 0)
			text += strcspn(text, "]");
	}
	*to = '\0';
	return out;
}

static void
a_conversation_is_told_request_by_request(void **state)
{
	(void)state;
	assert_string_equal(without_names(PLAY(golden)), golden_http);
	const char *all = proto_rig_play(&rig, &protocol_http, golden, COUNT(golden), SIZE_MAX);
	assert_int_equal(rig.told, 4);
	assert_non_null(strstr(all, " mime_type=text/json duration=0 local_orig=yes is_orig=yes "
				    "seen_bytes=8 total_bytes=8 "));
	assert_non_null(
		strstr(all, " mime_type=text/html filename=a.html duration=0 local_orig=yes "
			    "is_orig=no seen_bytes=8 missing_bytes=0 "));
	assert_null(strstr(all, "pass")); /* of the password nothing is left */
	for (unsigned w = 0; w < WEIRD_COUNT; w++)
		assert_int_equal(rig.weirds[w], 0);
}

static void
how_it_is_cut_does_not_matter(void **state)
{
	static const size_t parts[] = { 1, 2, 3, 7, 50 };
	static char whole[PROTO_RIG_TEXT];

	(void)state;
	(void)snprintf(whole, sizeof(whole), "%s",
		proto_rig_play(&rig, &protocol_http, golden, COUNT(golden), SIZE_MAX));
	for (size_t i = 0; i < sizeof(parts) / sizeof(*parts); i++)
		assert_string_equal(
			proto_rig_play(&rig, &protocol_http, golden, COUNT(golden), parts[i]),
			whole);
}

static void
each_piece_may_be_cut_anywhere(void **state)
{
	struct proto_piece cut[COUNT(golden) + 1];
	static char whole[PROTO_RIG_TEXT];

	(void)state;
	(void)snprintf(whole, sizeof(whole), "%s",
		proto_rig_play(&rig, &protocol_http, golden, COUNT(golden), SIZE_MAX));
	for (size_t which = 0; which < COUNT(golden); which++)
		for (size_t at = 1; at < golden[which].size; at++) {
			for (size_t i = 0; i < COUNT(golden); i++)
				cut[i + (i > which)] = golden[i];
			cut[which].size = at;
			cut[which + 1] = (struct proto_piece){ golden[which].from_orig,
				(const char *)golden[which].bytes + at, golden[which].size - at };
			assert_string_equal(
				proto_rig_play(&rig, &protocol_http, cut, COUNT(cut), SIZE_MAX),
				whole);
		}
}

static void
broken_off_anywhere_what_came_is_told(void **state)
{
	size_t total = 0;
	unsigned before = 0;

	(void)state;
	for (size_t i = 0; i < COUNT(golden); i++)
		total += golden[i].size;
	for (size_t size = 0; size <= total; size++) {
		(void)proto_rig_truncate(&rig, &protocol_http, golden, COUNT(golden), size);
		assert_true(rig.told >= before);
		before = rig.told;
	}
	assert_int_equal(before, 4);
}

static void
pipelined_requests_get_their_responses_in_order(void **state)
{
	static const struct proto_piece pieces[] = {
		C("GET /1 HTTP/1.1\r\n\r\nHEAD /2 HTTP/1.1\r\n\r\nGET /3 HTTP/1.1\r\n\r\n"),
		S(OK "Content-Length: 3\r\n\r\nabc" OK "Content-Length: 3\r\n\r\n"
		     "HTTP/1.1 304 Not Modified\r\nContent-Length: 9\r\n\r\n"),
	};
	const char *lines = PLAY(pieces);

	(void)state;
	assert_int_equal(rows(lines), 3);
	assert_true(told(lines, 1, "uri=/1 version=1.1 request_body_len=0 response_body_len=3"));
	assert_true(told(lines, 2,
		"uri=/2 version=1.1 request_body_len=0 response_body_len=0 status_code=200"));
	assert_true(told(lines, 3,
		"uri=/3 version=1.1 request_body_len=0 response_body_len=0 status_code=304"));
}

/* Seven wait; the eighth and those behind it are told without their responses, which come without requests. */
static void
too_many_that_wait_are_told_alone(void **state)
{
	char requests[1024];
	char responses[1024];
	struct proto_piece pieces[2] = { { .from_orig = true, .bytes = requests },
		{ .bytes = responses } };

	(void)state;
	for (unsigned count = 6; count <= 10; count++) {
		struct strbuf asked;
		struct strbuf answered;
		strbuf_init(&asked, requests, sizeof(requests));
		strbuf_init(&answered, responses, sizeof(responses));
		for (unsigned i = 1; i <= count; i++) {
			strbuf_printf(&asked, "GET /%u HTTP/1.1\r\n\r\n", i);
			strbuf_printf(&answered, "HTTP/1.1 204 n%u\r\n\r\n", i);
		}
		pieces[0].size = asked.length;
		pieces[1].size = answered.length;
		const char *lines = PLAY(pieces);
		unsigned alone = count > 7 ? count - 7 : 0;
		assert_int_equal(rows(lines), count + alone);
		for (unsigned i = 1; i <= alone; i++)
			assert_false(told(lines, i, "status_code="));
		assert_true(told(lines, alone + 1, "uri=/1 "));
		assert_true(told(lines, alone + 1, "status_msg=n1"));
		for (unsigned i = 1; i <= alone; i++)
			assert_false(told(lines, alone + 7 + i, "method="));
		assert_int_equal(rig.weirds[WEIRD_HTTP_NO_REQUEST], 0);
	}
}

static void
an_answer_before_the_request_is_over_waits_for_it(void **state)
{
	static const struct proto_piece pieces[] = {
		C("POST /u HTTP/1.1\r\nContent-Length: 8\r\n\r\nab"),
		S("HTTP/1.1 413 Too Large\r\nContent-Length: 0\r\n\r\n"),
		C("cdefgh"),
	};
	const char *lines = PLAY(pieces);

	(void)state;
	assert_int_equal(rows(lines), 1);
	assert_true(told(lines, 1, "request_body_len=8"));
	assert_true(told(lines, 1, "status_code=413"));
}

/* returns whether a request with this header is told with that field */
static bool
told_of(const char *header, const char *field)
{
	char request[512];
	struct proto_piece piece = { .from_orig = true, .bytes = request };

	piece.size = (size_t)snprintf(request, sizeof(request),
		"GET / HTTP/1.1\r\n%s\r\nContent-Length: 9\r\n\r\n123456789", header);
	return told(played(&piece, 1, SIZE_MAX), 1, field);
}

static void
of_credentials_the_name_is_kept(void **state)
{
	(void)state;
	assert_true(told_of("Authorization: Basic eHk/fj8+OTpwdw==", "username=xy?~?>9 "));
	assert_true(told_of("AUTHORIZATION: basic bm8gY29sb24=", "username=no colon "));
	assert_false(told_of("Authorization: Bearer bm8gY29sb24=", "username="));
	assert_false(told_of("Authorization: Basic", "username=n"));
}

static void
proxies_are_named_up_to_three(void **state)
{
	(void)state;
	assert_true(
		told_of("X-Forwarded-For: 192.0.2.1", "proxied=[X-FORWARDED-FOR -> 192.0.2.1] "));
	assert_true(told_of("Via: 1\r\nVia: 2\r\nForwarded: 3\r\nVia: 4",
		"proxied=[VIA -> 1|VIA -> 2|FORWARDED -> 3] "));
	assert_false(told_of("X-Other: 1", "proxied="));
}

static void
bodies_of_requests_have_names_and_types(void **state)
{
	(void)state;
	assert_true(told_of("Content-Disposition: form-data; filename=\"a b\"",
		"orig_filenames=[a b] orig_mime_types=[text/plain]"));
	assert_true(told_of("Content-Type: a/b", "request_content_type=a/b"));
}

static void
a_length_beside_chunks_is_odd_in_either_order(void **state)
{
	(void)state;
	(void)told_of("Transfer-Encoding: chunked", "");
	assert_int_equal(rig.weirds[WEIRD_HTTP_LENGTH], 1);
	(void)told_of("Content-Length: 9\r\nTransfer-Encoding: chunked", "");
	assert_int_equal(rig.weirds[WEIRD_HTTP_LENGTH], 1);
	(void)told_of("Content-Length: nine", "");
	assert_int_equal(rig.weirds[WEIRD_HTTP_LENGTH], 1);
	assert_true(told_of("Content-Length: 9, 9", "request_body_len=9 "));
	assert_int_equal(rig.weirds[WEIRD_HTTP_LENGTH], 0);
	(void)told_of("Content-Length: 9, 8", "");
	assert_int_equal(rig.weirds[WEIRD_HTTP_LENGTH], 1);
}

static void
a_header_that_hosts_read_in_two_ways_is_odd(void **state)
{
	static const char *const odd[] = { "X-Other : 1", "X-Other\t: 1", "no colon", ": no name" };

	(void)state;
	for (size_t i = 0; i < sizeof(odd) / sizeof(odd[0]); i++) {
		(void)told_of(odd[i], "");
		assert_int_equal(rig.weirds[WEIRD_HTTP_HEADER], 1);
	}
	assert_true(told_of("Host : a", "host=a "));
	(void)told_of("X-Other:1", "");
	assert_int_equal(rig.weirds[WEIRD_HTTP_HEADER], 0);
}

static void
what_is_missing_is_unset(void **state)
{
	static const struct proto_piece request[] = { C("GET /a HTTP/1.1\r\nHost: h\r\n\r\n") };
	static const struct proto_piece half[] = { C("GET /a HTTP/1.1\r\nHost: h\r\n") };
	static const struct proto_piece response[] = { S(
		"HTTP/1.1 404 No\r\nContent-Length: 1\r\n\r\n.") };

	(void)state;
	assert_string_equal(PLAY(request), "http trans_depth=1 method=GET host=h uri=/a "
					   "request_body_len=0 response_body_len=0\n");
	assert_string_equal(PLAY(half), "http trans_depth=1 method=GET host=h uri=/a "
					"request_body_len=0 response_body_len=0\n");
	const char *lines = PLAY(response);
	assert_int_equal(rows(lines), 1);
	assert_true(told(
		lines, 1, "http trans_depth=1 version=1.1 request_body_len=0 response_body_len=1"));
	assert_int_equal(rig.weirds[WEIRD_HTTP_NO_REQUEST], 1);
}

static void
until_close_the_rest_is_body(void **state)
{
	static const struct proto_piece pieces[] = { C("GET / HTTP/1.0\r\n\r\n"),
		S("HTTP/1.0 200 OK\r\n\r\nabc"), S("def") };
	const char *lines = PLAY(pieces);

	(void)state;
	assert_int_equal(rows(lines), 1);
	assert_true(told(lines, 1, "response_body_len=6"));
}

static void
an_answer_without_a_status_line_is_body(void **state)
{
	static const struct proto_piece pieces[] = { C("GET /old\r\n"), S("HTM <html>\r\nhi") };

	(void)state;
	for (size_t part = 1; part < 9; part++) {
		const char *lines = played(pieces, COUNT(pieces), part);
		assert_true(told(lines, 1,
			"uri=/old version=0.9 request_body_len=0 "
			"response_body_len=14 status_code=0 status_msg= "));
		assert_int_equal(rig.weirds[WEIRD_HTTP_ANSWER], 1);
	}
}

static void
chunks_are_not_for_http_1_0(void **state)
{
	static const struct proto_piece pieces[] = {
		C("GET / HTTP/1.1\r\n\r\n"),
		S("HTTP/1.0 200 OK\r\nTransfer-Encoding: chunked\r\nContent-Length: 5\r\n\r\n0\r\n\r\n")
	};
	const char *lines = PLAY(pieces);

	(void)state;
	assert_true(told(lines, 1, "response_body_len=5"));
	assert_int_equal(rig.weirds[WEIRD_HTTP_LENGTH], 1);
}

static void
two_lengths_are_odd_and_the_first_counts(void **state)
{
	static const struct proto_piece pieces[] = {
		C("POST / HTTP/1.1\r\nContent-Length: 1\r\nContent-Length: 2\r\n\r\n.GET /2 HTTP/1.1\r\n\r\n"),
	};
	static const struct proto_piece same[] = {
		C("POST / HTTP/1.1\r\nContent-Length: 1\r\nContent-Length: 1\r\n\r\n."),
	};
	const char *lines = PLAY(pieces);

	(void)state;
	assert_true(told(lines, 1, "request_body_len=1"));
	assert_true(told(lines, 2, "uri=/2"));
	assert_int_equal(rig.weirds[WEIRD_HTTP_LENGTH], 1);
	(void)PLAY(same);
	assert_int_equal(rig.weirds[WEIRD_HTTP_LENGTH], 0);
}

static void
oddities_are_told_once(void **state)
{
	static const struct proto_piece pieces[] = {
		C("XFOC / HTTP/1.1\r\n\r\nXFOC / HTTP/1.1\r\n\r\nno request\r\nnor this\r\n"),
		S(OK "Transfer-Encoding: chunked\r\n\r\n 1x\r\n.\r\nzz\r\nnothing\r\n"),
	};

	(void)state;
	assert_int_equal(rows(PLAY(pieces)), 2);
	assert_int_equal(rig.weirds[WEIRD_HTTP_METHOD], 1);
	assert_int_equal(rig.weirds[WEIRD_HTTP_REQUEST], 1);
	assert_int_equal(rig.weirds[WEIRD_HTTP_CHUNK], 1);
	assert_int_equal(rig.weirds[WEIRD_HTTP_LENGTH], 0);
}

static void
tunnels_are_told_and_left(void **state)
{
	static const struct proto_piece switched[] = {
		C("GET /ws HTTP/1.1\r\nUpgrade: websocket\r\n\r\n"),
		S("HTTP/1.1 101 Switching Protocols\r\n\r\n")
	};
	static const struct proto_piece connected[] = { C("CONNECT h:443 HTTP/1.1\r\n\r\n"),
		S(OK "\r\n") };
	static const struct proto_piece refused[] = { C("CONNECT h:443 HTTP/1.1\r\n\r\n"),
		S("HTTP/1.1 403 No\r\nContent-Length: 2\r\n\r\nno") };

	(void)state;
	assert_true(told(
		PLAY(switched), 1, "status_code=101 status_msg=Switching Protocols info_code=101"));
	assert_int_equal(rig.verdict, PROTO_HANDOVER);
	assert_true(told(PLAY(connected), 1,
		"method=CONNECT uri=h:443 version=1.1 "
		"request_body_len=0 response_body_len=0 status_code=200"));
	assert_int_equal(rig.verdict, PROTO_HANDOVER);
	assert_true(told(PLAY(refused), 1, "response_body_len=2 status_code=403"));
	assert_int_equal(rig.verdict, PROTO_MORE);
}

static void
http_2_is_left_at_its_preface(void **state)
{
	static const struct proto_piece pieces[] = { C("PRI * HTTP/2.0\r\n\r\nSM\r\n\r\n") };

	(void)state;
	assert_true(told(PLAY(pieces), 1, "method=PRI uri=*"));
	assert_int_equal(rig.verdict, PROTO_DONE);
}

static void
compressed_bodies_are_known_by_what_is_in_them(void **state)
{
	/* "<html>hello</html>" by gzip */
	static const struct proto_piece pieces[] = { C("GET / HTTP/1.1\r\n\r\n"),
		S(OK "Content-Encoding: gzip\r\nContent-Length: 34\r\n\r\n"
		     "\x1f\x8b\x08\x00\x00\x00\x00\x00\x02\x03\xb3\xc9\x28\xc9\xcd\xb1\xcb"
		     "\x48\xcd\xc9\xc9\xb7\xd1\x07\xb3\x01\x31\x6b\xb8\x98\x12\x00\x00\x00") };

	(void)state;
	assert_true(told(PLAY(pieces), 1, "resp_mime_types=[text/html]"));
	assert_null(strstr(rig.text, "md5=")); /* of the file: what came is another one */
}

static void
part_of_a_file_has_no_type(void **state)
{
	static const struct proto_piece middle[] = {
		C("GET / HTTP/1.1\r\n\r\n"),
		S("HTTP/1.1 206 P\r\nContent-Range: bytes 10-20/99\r\nContent-Length: 11\r\n\r\nhello world")
	};
	static const struct proto_piece first[] = {
		C("GET / HTTP/1.1\r\n\r\n"),
		S("HTTP/1.1 206 P\r\nContent-Range: bytes 0-10/99\r\nContent-Length: 11\r\n\r\nhello world")
	};

	(void)state;
	assert_false(told(PLAY(middle), 1, "mime_types"));
	assert_true(told(PLAY(first), 1, "resp_mime_types=[text/plain]"));
}

static void
hostile_bytes_stay_in_their_fields(void **state)
{
	static const struct proto_piece pieces[] = {
		C("GET /\0%00\x1b[31m\xff HTTP/1.1\r\nHost: a\0b\r\nHost: second\r\n\r\n"),
		S(OK_EMPTY)
	};
	const char *lines = PLAY(pieces);

	(void)state;
	assert_int_equal(rows(lines), 1);
	assert_true(told(lines, 1, "host=a\\x00b uri=/\\x00\\x00\x1b[31m\xff version"));
}

static void
long_lines_are_cut_and_told(void **state)
{
	static char request[4096];
	struct proto_piece pieces[] = { { true, request, 0 }, S(OK_EMPTY) };

	(void)state;
	for (size_t uri = 1300; uri < 1420; uri++) {
		size_t size = (size_t)snprintf(
			request, sizeof(request), "GET /%0*d HTTP/1.1\r\n\r\n", (int)uri - 1, 0);
		pieces[0].size = size;
		const char *lines = PLAY(pieces);
		assert_int_equal(rows(lines), 1);
		bool is_cut = size - 3 > 1408; /* the line, its CR included */
		assert_int_equal(rig.weirds[WEIRD_HTTP_LINE], is_cut);
		const char *at = strstr(lines, "uri=") + 4;
		size_t kept = strcspn(at, " \n");
		assert_int_equal(kept, uri < 1359 ? uri : 1359);
	}
}

/* ---- gaps ---- */

static void
begin(const char *request)
{
	proto_rig_init(&rig, &protocol_http);
	proto_rig_feed(&rig, true, request, strlen(request));
}

static void
serve(const char *text)
{
	proto_rig_feed(&rig, false, text, strlen(text));
}

static const char *
finished(void)
{
	proto_rig_end(&rig);
	proto_rig_done(&rig);
	return rig.text;
}

static void
a_gap_in_a_body_is_counted_through(void **state)
{
	(void)state;
	begin("GET / HTTP/1.1\r\n\r\nGET /2 HTTP/1.1\r\n\r\n");
	serve(OK "Content-Length: 10\r\n\r\nab");
	proto_rig_gap(&rig, false, 7);
	serve("z" OK_EMPTY);
	const char *text = finished();
	assert_non_null(strstr(text, "seen_bytes=3 total_bytes=10 missing_bytes=7 "));
	assert_non_null(strstr(text, "uri=/ version=1.1 request_body_len=0 response_body_len=10 "));
	assert_null(strstr(text, "md5="));
	assert_non_null(strstr(
		text, "uri=/2 version=1.1 request_body_len=0 response_body_len=0 status_code=200"));
}

static void
a_gap_without_a_byte_of_a_body_makes_no_file(void **state)
{
	(void)state;
	begin("GET / HTTP/1.1\r\n\r\n");
	serve(OK "Transfer-Encoding: chunked\r\n\r\n");
	proto_rig_gap(&rig, false, 1000);
	assert_null(strstr(finished(), "files"));
}

static void
a_request_is_told_with_the_last_byte_of_its_response(void **state)
{
	(void)state;
	begin("GET / HTTP/1.1\r\n\r\n");
	serve(OK "Content-Length: 2\r\n\r\na");
	assert_int_equal(rig.told, 0);
	serve("b");
	assert_int_equal(rig.told, 2);
	(void)finished();
	assert_int_equal(rig.told, 2);
}

static void
what_does_not_begin_with_a_request_is_not_mine(void **state)
{
	(void)state;
	begin("nothing of that kind\r\n");
	assert_int_equal(rig.verdict, PROTO_NOT_MINE);
	(void)finished();
}

static void
after_a_gap_elsewhere_the_next_start_is_found(void **state)
{
	(void)state;
	begin("GET / HTTP/1.1\r\nHo");
	proto_rig_gap(&rig, true, 20);
	proto_rig_feed(&rig, true, "st: x\r\n\r\nGET /2 HTTP/1.1\r\n\r\n", 28);
	serve("HTTP/1.1 204 a\r\n\r\nHTTP/1.1 204 b\r\n\r\n");
	const char *text = finished();
	assert_non_null(
		strstr(text, "trans_depth=1 method=GET uri=/ version=1.1 request_body_len=0 "
			     "response_body_len=0 status_code=204 status_msg=a"));
	assert_non_null(
		strstr(text, "trans_depth=2 method=GET uri=/2 version=1.1 request_body_len=0 "
			     "response_body_len=0 status_code=204 status_msg=b"));
	assert_int_equal(rig.weirds[WEIRD_HTTP_REQUEST], 0);
}

static void
who_asks_anew_has_the_answer_that_we_lost(void **state)
{
	(void)state;
	begin("GET /1 HTTP/1.1\r\n\r\n");
	proto_rig_gap(&rig, false, 100);
	proto_rig_feed(&rig, true, "GET /2 HTTP/1.1\r\n\r\n", 19);
	serve(OK_EMPTY);
	const char *text = finished();
	assert_non_null(strstr(text, "uri=/1 request_body_len=0 response_body_len=0\n"));
	assert_non_null(strstr(
		text, "uri=/2 version=1.1 request_body_len=0 response_body_len=0 status_code=200"));
}

static void
a_request_that_we_lost_is_no_oddity(void **state)
{
	(void)state;
	begin("GET /1 HTTP/1.1\r\n\r\n");
	serve(OK_EMPTY);
	proto_rig_gap(&rig, true, 50);
	serve(OK_EMPTY);
	const char *text = finished();
	assert_non_null(strstr(text, "http trans_depth=2 version=1.1 "));
	assert_int_equal(rig.weirds[WEIRD_HTTP_NO_REQUEST], 0);
}

/* ---- recognition ---- */

static enum proto_guess
guess(bool from_orig, const char *text)
{
	return proto_rig_guess(&rig, from_orig, text, strlen(text));
}

static void
it_is_recognised_by_its_first_line(void **state)
{
	static const char request[] = "GET /path HTTP/1.1\r\n";
	static const char response[] = "HTTP/1.1 200 OK\r\n";

	(void)state;
	proto_rig_init(&rig, &protocol_http);
	for (size_t size = 0; size < sizeof(request) - 2; size++)
		assert_int_equal(proto_rig_guess(&rig, true, request, size), PROTO_PERHAPS);
	assert_int_equal(guess(true, request), PROTO_YES);
	for (size_t size = 0; size < sizeof(response) - 2; size++)
		assert_int_equal(proto_rig_guess(&rig, false, response, size), PROTO_PERHAPS);
	assert_int_equal(guess(false, response), PROTO_YES);
	assert_int_equal(guess(true, "\r\nGET / HTTP/1.0\n"), PROTO_YES);
	assert_int_equal(guess(true, "XFOC / HTTP/1.1\r\n"), PROTO_YES);
	assert_int_equal(guess(true, "GET /\r\n"), PROTO_YES);
	proto_rig_done(&rig);
}

static void
a_long_target_need_not_end(void **state)
{
	char text[256];

	(void)state;
	proto_rig_init(&rig, &protocol_http);
	(void)snprintf(text, sizeof(text), "GET /%0250d", 0);
	assert_int_equal(proto_rig_guess(&rig, true, text, 200), PROTO_PERHAPS);
	assert_int_equal(proto_rig_guess(&rig, true, text, 201), PROTO_YES);
	(void)snprintf(text, sizeof(text), "XFOC /%0240d", 0);
	assert_int_equal(proto_rig_guess(&rig, true, text, 201), PROTO_NO);
	proto_rig_done(&rig);
}

static void
other_protocols_are_not_taken_for_it(void **state)
{
	static const char *const others[] = { "USER anonymous\r\n", "EHLO example.org\r\n",
		"SSH-2.0-OpenSSH_9.2p1\r\n", "220 mail ESMTP\r\n", "* OK IMAP4rev1\r\n",
		"+OK POP3\r\n", "OPTIONS sip:a@b SIP/2.0\r\n", "DESCRIBE rtsp://h/ RTSP/1.0\r\n",
		"NICK x\r\n", "PING :x\r\n", "XFOC /\r\n", "HTTP/x\r\n", "abcdefghijklmnopqrstuvw",
		"ABCDEFGHIJKLMNOPQRSTUVW", "\x16\x03\x01\x02" };

	(void)state;
	proto_rig_init(&rig, &protocol_http);
	for (size_t i = 0; i < COUNT(others); i++)
		assert_int_equal(guess(true, others[i]), PROTO_NO);
	assert_int_equal(protocol_http.ip_proto, 6);
	assert_string_equal(protocol_http.name, "http");
	proto_rig_done(&rig);
}

/* The host that is asked, by a name: nothing else is learned of a request that nobody hears. */
static void
of_what_nobody_hears_the_host_is_told(void **state)
{
	const uint64_t both = OBS_BIT(OBS_HTTP) | OBS_BIT(OBS_FILE);
	const uint64_t deaf_to[] = { both, OBS_BIT(OBS_FILE), OBS_BIT(OBS_HTTP), 0 };

	(void)state;
	for (unsigned i = 0; i < 4; i++) {
		proto_rig_init(&rig, &protocol_http);
		rig.unheard = deaf_to[i];
		for (unsigned p = 0; p < COUNT(golden); p++)
			proto_rig_feed(&rig, golden[p].from_orig, golden[p].bytes, golden[p].size);
		proto_rig_end(&rig);
		proto_rig_done(&rig);
		assert_non_null(strstr(rig.text, "host=example.org:8080 uri=/a b?c=%zz "));
		assert_non_null(strstr(rig.text, "response_body_len=8 status_code=201 "));
		assert_int_equal(strstr(rig.text, "user_agent=test/1") == NULL, i == 0);
		assert_int_equal(strstr(rig.text, "source=HTTP") == NULL, i == 0);
	}
}

int
main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(a_conversation_is_told_request_by_request),
		cmocka_unit_test(how_it_is_cut_does_not_matter),
		cmocka_unit_test(each_piece_may_be_cut_anywhere),
		cmocka_unit_test(broken_off_anywhere_what_came_is_told),
		cmocka_unit_test(pipelined_requests_get_their_responses_in_order),
		cmocka_unit_test(too_many_that_wait_are_told_alone),
		cmocka_unit_test(an_answer_before_the_request_is_over_waits_for_it),
		cmocka_unit_test(of_credentials_the_name_is_kept),
		cmocka_unit_test(proxies_are_named_up_to_three),
		cmocka_unit_test(bodies_of_requests_have_names_and_types),
		cmocka_unit_test(a_length_beside_chunks_is_odd_in_either_order),
		cmocka_unit_test(a_header_that_hosts_read_in_two_ways_is_odd),
		cmocka_unit_test(what_is_missing_is_unset),
		cmocka_unit_test(until_close_the_rest_is_body),
		cmocka_unit_test(an_answer_without_a_status_line_is_body),
		cmocka_unit_test(chunks_are_not_for_http_1_0),
		cmocka_unit_test(two_lengths_are_odd_and_the_first_counts),
		cmocka_unit_test(oddities_are_told_once),
		cmocka_unit_test(tunnels_are_told_and_left),
		cmocka_unit_test(http_2_is_left_at_its_preface),
		cmocka_unit_test(compressed_bodies_are_known_by_what_is_in_them),
		cmocka_unit_test(part_of_a_file_has_no_type),
		cmocka_unit_test(hostile_bytes_stay_in_their_fields),
		cmocka_unit_test(long_lines_are_cut_and_told),
		cmocka_unit_test(a_gap_in_a_body_is_counted_through),
		cmocka_unit_test(a_gap_without_a_byte_of_a_body_makes_no_file),
		cmocka_unit_test(a_request_is_told_with_the_last_byte_of_its_response),
		cmocka_unit_test(what_does_not_begin_with_a_request_is_not_mine),
		cmocka_unit_test(after_a_gap_elsewhere_the_next_start_is_found),
		cmocka_unit_test(who_asks_anew_has_the_answer_that_we_lost),
		cmocka_unit_test(a_request_that_we_lost_is_no_oddity),
		cmocka_unit_test(it_is_recognised_by_its_first_line),
		cmocka_unit_test(a_long_target_need_not_end),
		cmocka_unit_test(other_protocols_are_not_taken_for_it),
		cmocka_unit_test(of_what_nobody_hears_the_host_is_told),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
