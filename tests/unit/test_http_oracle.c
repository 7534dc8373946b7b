/*
 * Our reading of HTTP against libhtp's: made-up conversations of both sides, whole and cut, must be the
 * same requests with the same responses. Where the library is not installed the test says so.
 */
#include <stdio.h>

#ifdef HAVE_LIBHTP

#include "daemon/transactions/http.h"
#include "tests/support/proto_rig.h"

#include <htp/htp.h>
#include <setjmp.h>
#include <stdarg.h>

#include <cmocka.h>

extern const struct protocol protocol_http;

enum { CONVERSATIONS = 2000, REQUESTS_MAX = 5, SIDE_MAX = 16 * 1024, TEXT_MAX = 64 };

/* What both must say of one request. */
struct said {
	char method[TEXT_MAX], uri[TEXT_MAX], host[TEXT_MAX];
	uint64_t request_bytes, response_bytes;
	int status;
};

struct talk {
	char side[2][SIDE_MAX]; /* [1] asks */
	size_t size[2];
	unsigned requests;
};

struct heard {
	struct said said[2 * REQUESTS_MAX];
	unsigned count;
};

static unsigned
chance(uint32_t *seed, unsigned below)
{
	*seed = *seed * 1664525 + 1013904223;
	return (*seed >> 16) % below;
}

static void
say(struct talk *t, bool from_orig, const char *text)
{
	size_t size = strlen(text);

	assert_true(t->size[from_orig] + size < SIDE_MAX);
	memcpy(&t->side[from_orig][t->size[from_orig]], text, size);
	t->size[from_orig] += size;
}

/* Headers that say where the body ends, an empty line, and the body. */
static void
say_body(struct talk *t, bool from_orig, uint32_t *seed)
{
	static const char filler[] = "0123456789\r\n\r\nGET / HTTP/1.1\r\n<html>";
	unsigned size = chance(seed, 60);
	unsigned parts = chance(seed, 3);
	char text[256];

	if (chance(seed, 2) == 0) {
		(void)snprintf(text, sizeof(text), "%s: %u\r\n\r\n%.*s",
			chance(seed, 2) == 0 ? "Content-Length" : "content-length",
			size < sizeof(filler) - 1 ? size : (unsigned)sizeof(filler) - 1, (int)size,
			filler);
		say(t, from_orig, text);
		return;
	}
	say(t, from_orig, "Transfer-Encoding: chunked\r\n\r\n");
	for (unsigned i = 0; i < parts; i++) {
		unsigned part = 1 + chance(seed, (unsigned)sizeof(filler) - 2);
		(void)snprintf(text, sizeof(text), "%x%s\r\n%.*s\r\n", part,
			chance(seed, 4) == 0 ? ";a=b" : "", (int)part, filler);
		say(t, from_orig, text);
	}
	say(t, from_orig, chance(seed, 4) == 0 ? "0\r\nTrailer: x\r\n\r\n" : "0\r\n\r\n");
}

static void
make_talk(struct talk *t, uint32_t seed)
{
	static const char *const methods[] = { "GET", "HEAD", "POST", "PUT", "OPTIONS", "DELETE" };
	static const char *const answers[] = { "200 OK", "404 Not Found", "304 Not Modified",
		"204 No Content", "500", "301 Moved Permanently" };
	char text[256];

	memset(t, 0, sizeof(*t));
	t->requests = 1 + chance(&seed, REQUESTS_MAX);
	for (unsigned i = 0; i < t->requests; i++) {
		unsigned method = chance(&seed, 6);
		unsigned answer = chance(&seed, 6);
		(void)snprintf(text, sizeof(text), "%s /%u?a=%u HTTP/1.1\r\nHost: h%u.example\r\n",
			methods[method], i, chance(&seed, 1000), i);
		say(t, true, text);
		if (chance(&seed, 3) == 0)
			say(t, true,
				"X-Long: aaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaa\r\n");
		if (method == 2 || method == 3)
			say_body(t, true, &seed);
		else
			say(t, true, "\r\n");
		if (chance(&seed, 5) == 0)
			say(t, false, "HTTP/1.1 100 Continue\r\n\r\n");
		(void)snprintf(text, sizeof(text), "HTTP/1.1 %s\r\nServer: s\r\n", answers[answer]);
		say(t, false, text);
		if (method == 1 || answer == 2 || answer == 3)
			say(t, false, "Content-Length: 0\r\n\r\n");
		else
			say_body(t, false, &seed);
	}
}

static void
copy(char *ret_text, bstr *b)
{
	size_t size = b == NULL ? 0 : bstr_len(b);

	assert_true(size < TEXT_MAX);
	if (size > 0)
		memcpy(ret_text, bstr_ptr(b), size);
}

static void
ask_libhtp(const struct talk *t, struct heard *ret_heard)
{
	htp_cfg_t *settings = htp_config_create();
	htp_connp_t *parser = htp_connp_create(settings);

	memset(ret_heard, 0, sizeof(*ret_heard));
	htp_connp_open(parser, "10.0.0.1", 40000, "10.0.0.2", 80, NULL);
	(void)htp_connp_req_data(parser, NULL, t->side[1], t->size[1]);
	(void)htp_connp_res_data(parser, NULL, t->side[0], t->size[0]);
	htp_connp_close(parser, NULL);
	const htp_list_t *list = htp_connp_get_connection(parser)->transactions;
	for (size_t i = 0; i < htp_list_size(list); i++) {
		const htp_tx_t *tx = htp_list_get(list, i);
		struct said *said = &ret_heard->said[ret_heard->count++];
		copy(said->method, tx->request_method);
		copy(said->uri, tx->request_uri);
		copy(said->host, tx->request_hostname);
		said->request_bytes = (uint64_t)tx->request_entity_len;
		said->response_bytes = (uint64_t)tx->response_entity_len;
		said->status = tx->response_status_number;
	}
	htp_connp_destroy_all(parser);
	htp_config_destroy(settings);
}

static void
hear(void *context, const struct observation *o)
{
	struct heard *h = context;

	if (o->kind != OBS_HTTP)
		return;
	assert_true(h->count < 2 * REQUESTS_MAX);
	struct said *said = &h->said[h->count++];
	(void)snprintf(
		said->method, TEXT_MAX, "%s", o->http->method != NULL ? o->http->method : "");
	(void)snprintf(said->uri, TEXT_MAX, "%s", o->http->uri != NULL ? o->http->uri : "");
	(void)snprintf(said->host, TEXT_MAX, "%s", o->http->host != NULL ? o->http->host : "");
	said->request_bytes = o->http->request_body_len;
	said->response_bytes = o->http->response_body_len;
	said->status = (int)o->http->status_code;
}

static void
quiet(void *context, enum weird kind)
{
	(void)context;
	(void)kind;
}

static void
ask_ours(const struct talk *t, size_t part, struct heard *ret_heard)
{
	static struct proto_rig rig;

	memset(ret_heard, 0, sizeof(*ret_heard));
	proto_rig_init(&rig, &protocol_http);
	struct proto_call call = proto_rig_call(&rig, true);
	call.emit = hear;
	call.context = ret_heard;
	call.weird = quiet;
	for (int side = 1; side >= 0; side--) {
		struct cursor c = cursor_over(t->side[side], t->size[side]);
		call.from_orig = side == 1;
		while (cursor_left(&c) > 0)
			assert_int_equal(
				protocol_http.parse(&call,
					cursor_sub(&c,
						part < cursor_left(&c) ? part : cursor_left(&c))),
				PROTO_MORE);
	}
	protocol_http.end(&call);
	proto_rig_done(&rig);
}

static void
both_hear_the_same(void **state)
{
	static struct talk t;
	static struct heard theirs;
	static struct heard ours;
	unsigned requests = 0;

	(void)state;
	for (uint32_t seed = 0; seed < CONVERSATIONS; seed++) {
		make_talk(&t, seed);
		ask_libhtp(&t, &theirs);
		assert_int_equal(theirs.count, t.requests);
		ask_ours(&t, seed % 4 == 0 ? SIZE_MAX : 1 + seed % 40, &ours);
		assert_int_equal(ours.count, theirs.count);
		for (unsigned i = 0; i < ours.count; i++) {
			const struct said *a = &ours.said[i];
			const struct said *b = &theirs.said[i];
			assert_string_equal(a->method, b->method);
			assert_string_equal(a->uri, b->uri);
			assert_string_equal(a->host, b->host);
			assert_int_equal(a->request_bytes, b->request_bytes);
			assert_int_equal(a->response_bytes, b->response_bytes);
			assert_int_equal(a->status, b->status);
		}
		requests += ours.count;
	}
	printf("%d conversations with %u requests\n", CONVERSATIONS, requests);
}

int
main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(both_hear_the_same),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}

#else

enum { SKIPPED = 77 };

int
main(void)
{
	puts("skipped: libhtp (libhtp-dev) is not installed");
	return SKIPPED;
}

#endif
