/* One process is both: the loop turns between what the test's own sockets send and read. */
#include "daemon/loop/metrics_http.h"

#include "daemon/loop/http_clients.h"
#include "tests/support/stopwatch.h"

#include <arpa/inet.h>
#include <errno.h>
#include <event2/event.h>
#include <fcntl.h>
#include <netinet/in.h>
#include <setjmp.h>
#include <stdarg.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/socket.h>
#include <unistd.h>

#include <cmocka.h>

enum {
	REPLY_MAX = 1024 * 1024,
	TURNS_MAX = 20000,
	PAGE_MS = 100,
	PAGE_AGE_US = 110 * 1000,
	TRIES_MAX = 200
};

struct owner {
	uint64_t packets;
};

static const struct metric rows[] = {
	METRIC_ROW("packets_total", METRIC_COUNTER, NULL, struct owner, packets, "Packets."),
	METRIC_END,
};

struct rig {
	struct event_base *base;
	struct metrics_http *metrics;
	struct owner owner;
	unsigned collected;
	size_t copies; /* of the source, to make a page large */
	bool good;
	const char *reason;
	char reply[REPLY_MAX];
};

static size_t
collect(void *context, struct metric_source *ret, size_t room)
{
	struct rig *r = context;

	assert_int_equal(room, METRICS_SOURCES_MAX - 1);
	r->collected++;
	for (size_t i = 0; i < r->copies; i++)
		ret[i] = (struct metric_source){ rows, &r->owner, NULL };
	return r->copies;
}

static bool
check(void *context, struct strbuf *reasons)
{
	struct rig *r = context;

	strbuf_text(reasons, r->reason);
	return r->good;
}

static int
setup(void **state)
{
	struct rig *r = calloc(1, sizeof(*r));
	char error[256];

	assert_non_null(r);
	*r = (struct rig){ .base = event_base_new(), .copies = 1, .good = true, .reason = "" };
	const struct metrics_plan plan = {
		.listen = "127.0.0.1:0",
		.collect = collect,
		.healthy = check,
		.ready = check,
		.context = r,
	};
	assert_int_equal(metrics_http_open(r->base, &plan, &r->metrics, error, sizeof(error)), 0);
	*state = r;
	return 0;
}

static int
teardown(void **state)
{
	struct rig *r = *state;

	metrics_http_close(r->metrics);
	event_base_free(r->base);
	free(r);
	return 0;
}

static void
turn(struct rig *r)
{
	(void)event_base_loop(r->base, EVLOOP_NONBLOCK);
}

static int
dial(const struct rig *r)
{
	const char *port = strchr(metrics_http_where(r->metrics), ':') + 1;
	const struct sockaddr_in to = {
		.sin_family = AF_INET,
		.sin_port = htons((in_port_t)strtoul(port, NULL, 10)),
		.sin_addr = { htonl(INADDR_LOOPBACK) },
	};
	int fd = socket(AF_INET, SOCK_STREAM | SOCK_CLOEXEC, 0);

	assert_true(fd >= 0);
	assert_int_equal(connect(fd, (const struct sockaddr *)&to, sizeof(to)), 0);
	assert_int_equal(fcntl(fd, F_SETFL, O_NONBLOCK), 0);
	return fd;
}

/* Send what fits and read until the other side closes. returns false if it does not */
static bool
talk(struct rig *r, int fd, const char *request, size_t length)
{
	size_t got = 0;

	for (unsigned i = 0; i < TURNS_MAX; i++) {
		if (length > 0) {
			ssize_t n = send(fd, request, length, MSG_NOSIGNAL);
			if (n > 0) {
				request += n;
				length -= (size_t)n;
			}
		}
		turn(r);
		ssize_t n = recv(fd, r->reply + got, sizeof(r->reply) - 1 - got, 0);
		if (n > 0)
			got += (size_t)n;
		r->reply[got] = '\0';
		if (n == 0 || (n < 0 && errno == ECONNRESET))
			return true;
	}
	return false;
}

static const char *
ask(struct rig *r, const char *request)
{
	int fd = dial(r);

	assert_true(talk(r, fd, request, strlen(request)));
	(void)close(fd);
	return r->reply;
}

static bool
begins(const char *text, const char *with)
{
	return strncmp(text, with, strlen(with)) == 0;
}

static const char *
body(const char *reply)
{
	const char *end = strstr(reply, "\r\n\r\n");

	assert_non_null(end);
	return end + 4;
}

#define GET(path_) "GET " path_ " HTTP/1.1\r\nHost: x\r\n\r\n"

static void
metrics_are_told(void **state)
{
	struct rig *r = *state;

	r->owner.packets = 7;
	const char *reply = ask(r, GET("/metrics"));
	assert_true(begins(reply, "HTTP/1.1 200 OK\r\n"));
	assert_non_null(
		strstr(reply, "\r\nContent-Type: text/plain; version=0.0.4; charset=utf-8\r\n"));
	assert_non_null(strstr(reply, "\r\nConnection: close\r\n"));
	assert_non_null(strstr(reply, "\r\nX-Content-Type-Options: nosniff\r\n"));
	assert_true(begins(body(reply), "# HELP naiad_packets_total Packets.\n"));
	assert_non_null(strstr(reply, "\nnaiad_packets_total 7\n"));
	assert_non_null(strstr(reply, "\nnaiad_scrapes_total 1\n"));
	assert_non_null(strstr(reply, "\nnaiad_scrape_connections 1\n"));
	assert_non_null(strstr(reply, "{reason=\"late\"} 0\n"));
	const char *length = strstr(reply, "\r\nContent-Length: ");
	assert_non_null(length);
	assert_int_equal(strtoul(length + 18, NULL, 10), strlen(body(reply)));
}

static void
openmetrics_is_told_to_who_takes_it(void **state)
{
	struct rig *r = *state;
	const char *reply =
		ask(r, "GET /metrics HTTP/1.1\r\nHost: x\r\nAccept: "
		       "application/openmetrics-text;version=1.0.0,text/plain;q=0.5\r\n\r\n");

	assert_non_null(strstr(reply,
		"\r\nContent-Type: application/openmetrics-text; version=1.0.0; charset=utf-8\r\n"));
	assert_non_null(strstr(reply, "\n# TYPE naiad_packets counter\n"));
	assert_string_equal(reply + strlen(reply) - 6, "# EOF\n");
}

static void
a_page_is_made_at_most_ten_times_a_second(void **state)
{
	struct rig *r = *state;

	/* Two in a tenth of a second: a busy machine may need more than one try for that. */

	unsigned pages = 0;
	unsigned asked = 0;
	for (bool is_old = false; !is_old; asked += 2) {
		assert_true(asked < TRIES_MAX);
		(void)usleep(asked > 0 ? PAGE_AGE_US : 0);
		const struct stopwatch watch = stopwatch_start();
		r->owner.packets = 7;
		assert_non_null(strstr(ask(r, GET("/metrics")), "naiad_packets_total 7\n"));
		r->owner.packets = 8;
		is_old = strstr(ask(r, GET("/metrics")), "naiad_packets_total 7\n") != NULL;
		pages += is_old ? 1 : 2;
		assert_int_equal(r->collected, pages);
		assert_true(is_old || stopwatch_ms(&watch) >= PAGE_MS);
	}
	(void)usleep(PAGE_AGE_US);
	const char *reply = ask(r, GET("/metrics"));
	assert_non_null(strstr(reply, "naiad_packets_total 8\n"));
	char scrapes[48];
	(void)snprintf(scrapes, sizeof(scrapes), "naiad_scrapes_total %u\n", asked + 1);
	assert_non_null(strstr(reply, scrapes));
	assert_null(strstr(reply, "naiad_packets_total 7\n")); /* not after the old one */
	assert_int_equal(r->collected, pages + 1);
}

static void
checks_tell_their_reasons(void **state)
{
	static const char *const requests[] = { GET("/-/healthy"), GET("/-/ready") };
	static const char *const words[] = { "healthy", "ready" };
	struct rig *r = *state;

	for (int i = 0; i < 2; i++) {
		char want[64];

		r->good = true;
		r->reason = i == 0 ? "" : "eth0: no packets for 10 minutes\n";
		(void)snprintf(want, sizeof(want), "%s\n%s", words[i], r->reason);
		assert_true(begins(ask(r, requests[i]), "HTTP/1.1 200 OK\r\n"));
		assert_string_equal(body(r->reply), want);
		r->good = false;
		r->reason = "eth0: down\neth1: gone\n";
		(void)snprintf(want, sizeof(want), "not %s\n%s", words[i], r->reason);
		assert_true(begins(ask(r, requests[i]), "HTTP/1.1 503 Service Unavailable\r\n"));
		assert_string_equal(body(r->reply), want);
	}
}

static void
the_index_leads_to_the_rest(void **state)
{
	struct rig *r = *state;
	const char *reply = ask(r, GET("/"));

	assert_true(begins(reply, "HTTP/1.1 200 OK\r\n"));
	assert_non_null(strstr(reply, "\r\nContent-Type: text/html; charset=utf-8\r\n"));
	assert_non_null(strstr(reply, "<a href=\"/metrics\">"));
}

static void
a_head_has_the_length_and_no_body(void **state)
{
	struct rig *r = *state;
	const char *reply = ask(r, "HEAD / HTTP/1.1\r\nHost: x\r\n\r\n");

	assert_true(begins(reply, "HTTP/1.1 200 OK\r\n"));
	assert_string_equal(body(reply), "");
	assert_null(strstr(reply, "\r\nContent-Length: 0\r\n"));
	assert_non_null(strstr(reply, "\r\nContent-Length: "));
	assert_true(begins(ask(r, "HEAD /metrics HTTP/1.1\r\nHost: x\r\n\r\n"), "HTTP/1.1 200"));
	assert_string_equal(body(reply), "");
}

static void
a_path_has_one_name(void **state)
{
	static const char *const wrong[] = {
		"/metrics/",
		"//metrics",
		"/./metrics",
		"/-/../metrics",
		"/%6detrics",
		"/metrics%00",
		"/metrics;x",
		"/metric",
		"/metricsx",
		"/Metrics",
		"/-/reload",
		"/-/quit",
		"/-/ready/",
		"/../../etc/passwd",
		"http://x/metrics",
		"*",
		"?/metrics",
	};
	struct rig *r = *state;
	char request[128];

	for (size_t i = 0; i < sizeof(wrong) / sizeof(wrong[0]); i++) {
		(void)snprintf(
			request, sizeof(request), "GET %s HTTP/1.1\r\nHost: x\r\n\r\n", wrong[i]);
		assert_true(begins(ask(r, request), "HTTP/1.1 404 Not Found\r\n"));
		assert_null(strstr(r->reply, "naiad_"));
	}
	assert_int_equal(r->collected, 0);
	assert_true(begins(ask(r, GET("/metrics?x=/")), "HTTP/1.1 200"));
}

static void
other_methods_are_not_allowed(void **state)
{
	static const char *const methods[] = { "POST", "PUT", "DELETE", "OPTIONS", "TRACE",
		"PATCH" };
	struct rig *r = *state;
	char request[128];

	for (size_t i = 0; i < sizeof(methods) / sizeof(methods[0]); i++) {
		(void)snprintf(request, sizeof(request),
			"%s /metrics HTTP/1.1\r\nHost: x\r\nContent-Length: 0\r\n\r\n", methods[i]);
		assert_true(begins(ask(r, request), "HTTP/1.1 405 Method Not Allowed\r\n"));
		assert_non_null(strstr(r->reply, "\r\nAllow: GET, HEAD\r\n"));
	}
	assert_true(begins(ask(r, "BREW /metrics HTTP/1.1\r\nHost: x\r\n\r\n"), "HTTP/1.1 "));
	assert_null(strstr(r->reply, "naiad_"));
	assert_int_equal(r->collected, 0);
}

static void
what_is_no_request_costs_the_connection(void **state)
{
	static const char *const wrong[] = {
		"\r\n\r\n",
		"\x16\x03\x01\x02\x01\xfc\x03\x03 hello\r\n\r\n",
		"GET /metrics\r\n\r\n",
		"GET /metrics HTTP/9.9\r\n\r\n",
		"GET /metrics HTTP/1.1\r\nno colon\r\n\r\n",
		"GET /metrics HTTP/1.1\r\nContent-Length: x\r\n\r\n",
		"GET /metrics HTTP/1.1\r\nContent-Length: -1\r\n\r\n",
		"GET /metrics HTTP/1.1\r\nHost: x\r\nContent-Length: 5\r\n\r\nhello",
		"POST /metrics HTTP/1.1\r\nHost: x\r\nContent-Length: 5\r\n\r\nhello",
		"POST /metrics HTTP/1.1\r\nHost: x\r\nTransfer-Encoding: chunked\r\n\r\n5\r\nhello\r\n0\r\n\r\n",
		"POST /metrics HTTP/1.1\r\nHost: x\r\nExpect: 100-continue\r\nContent-Length: 5\r\n\r\n",
	};
	struct rig *r = *state;

	for (size_t i = 0; i < sizeof(wrong) / sizeof(wrong[0]); i++) {
		const char *reply = ask(r, wrong[i]);

		assert_null(strstr(reply, "naiad_"));
		assert_false(begins(reply, "HTTP/1.1 2"));
	}
	assert_true(begins(ask(r, GET("/metrics")), "HTTP/1.1 200"));
}

static void
one_request_is_answered_and_what_follows_is_not(void **state)
{
	struct rig *r = *state;
	const char *reply = ask(r, GET("/-/healthy") GET("/metrics") GET("/metrics"));

	assert_true(begins(reply, "HTTP/1.1 200"));
	assert_string_equal(body(reply), "healthy\n");
	assert_int_equal(r->collected, 0);
	reply = ask(r, "GET /-/healthy HTTP/1.0\r\nConnection: keep-alive\r\n\r\n");
	assert_true(begins(reply, "HTTP/1.0 200"));
	assert_null(strstr(reply, "keep-alive"));
}

static const char header_begin[] = "GET /metrics HTTP/1.1\r\nHost: x\r\nX: ";

static void
headers_have_a_most(void **state)
{
	static char request[HTTP_CLIENTS_REQUEST_MAX * 4];
	struct rig *r = *state;

	memset(request, 'a', sizeof(request));
	memcpy(request, header_begin, sizeof(header_begin) - 1);
	size_t most = HTTP_CLIENTS_REQUEST_MAX - 8;
	memcpy(request + most, "\r\n\r\n", 5);
	assert_true(begins(ask(r, request), "HTTP/1.1 200"));
	most = HTTP_CLIENTS_REQUEST_MAX + 8;
	memset(request + HTTP_CLIENTS_REQUEST_MAX - 8, 'a', 16);
	memcpy(request + most, "\r\n\r\n", 5);
	assert_false(begins(ask(r, request), "HTTP/1.1 200"));
	assert_null(strstr(r->reply, "naiad_"));
}

static void
a_megabyte_of_headers_is_not_read(void **state)
{
	struct rig *r = *state;
	size_t length = REPLY_MAX;
	char *request = malloc(length);
	int fd = dial(r);

	assert_non_null(request);
	memset(request, 'a', length);
	memcpy(request, header_begin, sizeof(header_begin) - 1);
	assert_true(talk(r, fd, request, length));
	assert_null(strstr(r->reply, "naiad_"));
	(void)close(fd);
	free(request);
}

static void
an_address_that_is_taken_is_one_line(void **state)
{
	struct rig *r = *state;
	struct metrics_http *other = NULL;
	char error[256];
	const struct metrics_plan plan = {
		.listen = metrics_http_where(r->metrics),
		.collect = collect,
		.healthy = check,
		.ready = check,
		.context = r,
	};

	assert_int_equal(
		metrics_http_open(r->base, &plan, &other, error, sizeof(error)), -EADDRINUSE);
	assert_null(other);
	assert_non_null(strstr(error, "somebody else listens there"));
	metrics_http_close(NULL);
}

int
main(void)
{
#define RIG_TEST(name_) cmocka_unit_test_setup_teardown(name_, setup, teardown)
	const struct CMUnitTest tests[] = {
		RIG_TEST(metrics_are_told),
		RIG_TEST(openmetrics_is_told_to_who_takes_it),
		RIG_TEST(a_page_is_made_at_most_ten_times_a_second),
		RIG_TEST(checks_tell_their_reasons),
		RIG_TEST(the_index_leads_to_the_rest),
		RIG_TEST(a_head_has_the_length_and_no_body),
		RIG_TEST(a_path_has_one_name),
		RIG_TEST(other_methods_are_not_allowed),
		RIG_TEST(what_is_no_request_costs_the_connection),
		RIG_TEST(one_request_is_answered_and_what_follows_is_not),
		RIG_TEST(headers_have_a_most),
		RIG_TEST(a_megabyte_of_headers_is_not_read),
		RIG_TEST(an_address_that_is_taken_is_one_line),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
