/*
 * Down, connecting, greeting, up. The socket is libevent's, which also keeps what it does not take at once: that and
 * the queue of what is expected are bounded by the owner, who asks redis_link_pending().
 *
 * A server is left when it is not reached, closes, says what is not understood or not asked for, or does not
 * answer for REDIS_ANSWER_MS while nothing of what it was sent leaves us either. After each failure the pause doubles.
 * It is short again once a mark was settled with all before it taken; and it stays short while nobody listens or
 * the server is loading, for that is cheap to ask and soon over.
 *
 * A server that goes away is said once, and once when it is back, and so is one that refuses what is written.
 */
#include "exporters/redis/redis_link.h"

#include "daemon/base/log.h"
#include "daemon/base/time_text.h"
#include "exporters/episode.h"
#include "exporters/redis/redis_expected.h"
#include "exporters/redis/redis_protocol.h"
#include "exporters/resolver.h"

#include <assert.h>
#include <errno.h>
#include <event2/buffer.h>
#include <event2/bufferevent.h>
#include <event2/event.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/socket.h>
#include <sys/un.h>
#include <unistd.h>

#define MS(n) ((uint64_t)(n)*NS_PER_MS)

enum { LINK_NAME_MAX = 192, CAUSE_MAX = 256, QUOTED_MAX = 128 };

enum link_state {
	LINK_DOWN,
	LINK_CONNECTING, /* or its name is resolved */
	LINK_GREETING,
	LINK_UP,
};

struct redis_link {
	struct event_base *base;
	struct redis_place place;
	struct redis_owner owner;
	char name[LINK_NAME_MAX];
	struct resolver resolver;

	enum link_state state;
	struct bufferevent *stream; /* NULL: down, or its name is resolved */
	struct redis_reader *reader;
	struct redis_queue expected;
	bool is_broken; /* memory was out while something was written */

	uint64_t since_ns; /* when something happened last, as far as ticks tell */
	bool moved;        /* something happened after the last tick */
	size_t unsent;     /* bytes, at the last tick */
	uint64_t pause_ns;

	enum redis_reply worst; /* since the last mark */
	struct episode trouble, refusal;
};

static void
state_enter(struct redis_link *l, enum link_state state)
{
	l->state = state;
	l->moved = true;
}

static void
connection_end(struct redis_link *l)
{
	resolver_drop(&l->resolver);
	if (l->stream != NULL)
		bufferevent_free(l->stream);
	redis_reader_free(l->reader);
	l->stream = NULL;
	l->reader = NULL;
	redis_queue_done(&l->expected);
	l->unsent = 0;
	l->is_broken = false;
	l->worst = REDIS_TAKEN;
}

/* pause_max_ms  how long it is left alone at the most */
static void
lost(struct redis_link *l, const char *cause, unsigned pause_max_ms)
{
	bool was_up = l->state == LINK_UP;

	if (episode_begin(&l->trouble))
		log_warnx("output",
			"%s: cannot be written to, what it is to show is kept and it is tried again: %s",
			l->name, cause);
	connection_end(l);
	l->pause_ns = l->pause_ns * 2 < MS(pause_max_ms) ? l->pause_ns * 2 : MS(pause_max_ms);
	if (l->pause_ns < MS(REDIS_PAUSE_MIN_MS))
		l->pause_ns = MS(REDIS_PAUSE_MIN_MS);
	state_enter(l, LINK_DOWN);
	if (was_up)
		l->owner.lost(l->owner.context);
}

static void
lost_by_error(struct redis_link *l, int error)
{
	bool nobody_listens = error == ECONNREFUSED || error == ENOENT;

	lost(l, strerror(error), nobody_listens ? REDIS_PAUSE_AWAY_MS : REDIS_PAUSE_MAX_MS);
}

/* `what`, and after it what the server said, if it did. */
static void
lost_by_words(struct redis_link *l, const char *what, const struct redis_answer *said,
	unsigned pause_max_ms)
{
	char memory[CAUSE_MAX];
	struct strbuf cause;

	strbuf_init(&cause, memory, sizeof(memory));
	strbuf_text(&cause, what);
	if (said->error != NULL) {
		strbuf_text(&cause, ": ");
		log_quote(&cause, said->error, said->error_length, QUOTED_MAX);
	}
	lost(l, cause.text, pause_max_ms);
}

static void
send_command(struct redis_link *l, struct redis_expected expected, size_t argc,
	const char *const argv[], const size_t lengths[])
{
	size_t length = 0;

	if (l->is_broken)
		return;
	if (l->expected.count == 0)
		l->moved = true;
	char *text = redis_text(argc, argv, lengths, &length);
	expected.bytes = (uint32_t)length;
	l->is_broken = text == NULL || !redis_queue_push(&l->expected, expected) ||
		       bufferevent_write(l->stream, text, length) < 0;
	redis_text_free(text);
}

static void
send_words(
	struct redis_link *l, struct redis_expected expected, size_t argc, const char *const argv[])
{
	size_t lengths[REDIS_ARGS_MAX];

	assert(argc <= REDIS_ARGS_MAX);
	for (size_t i = 0; i < argc; i++)
		lengths[i] = strlen(argv[i]);
	send_command(l, expected, argc, argv, lengths);
}

static bool
is_given(const char *text)
{
	return text != NULL && text[0] != '\0';
}

/* Nobody is let in without a password where one is wanted: that SELECT is answered is the test of it. */
static void
greet(struct redis_link *l)
{
	static const char *const select[] = { "SELECT", "0" };
	const char *const user[] = { "AUTH", l->place.user, l->place.password };
	const char *const nobody[] = { "AUTH", l->place.password };
	const struct redis_expected greeting = { .what = REDIS_EXPECT_GREETING };

	state_enter(l, LINK_GREETING);
	if (is_given(l->place.user))
		send_words(l, greeting, 3, user);
	else if (is_given(l->place.password))
		send_words(l, greeting, 2, nobody);
	send_words(l, greeting, 2, select);
}

static void
greeting_answered(struct redis_link *l, const struct redis_answer *answer)
{
	static const char loading[] = "LOADING";

	if (answer->error != NULL) {
		bool is_loading = strncmp(answer->error, loading, strlen(loading)) == 0;

		lost_by_words(l, "it does not let us in", answer,
			is_loading ? REDIS_PAUSE_AWAY_MS : REDIS_PAUSE_MAX_MS);
	} else if (l->expected.count == 0) {
		state_enter(l, LINK_UP);
		if (episode_end(&l->trouble))
			log_info("output", "%s: is reached again", l->name);
		l->owner.up(l->owner.context);
	}
}

static void
question_answered(struct redis_link *l, uint64_t number, const struct redis_answer *answer)
{
	size_t count = redis_answer_strings(answer, NULL);
	const char **items = count > 0 ? malloc(count * sizeof(*items)) : NULL;

	if (items != NULL)
		(void)redis_answer_strings(answer, items);
	l->owner.told(l->owner.context, number, items, items != NULL ? count : 0);
	free(items);
}

static void
refused(struct redis_link *l, const struct redis_answer *answer)
{
	char memory[CAUSE_MAX];
	struct strbuf said;

	l->worst = REDIS_REFUSED;
	if (!episode_begin(&l->refusal))
		return;
	strbuf_init(&said, memory, sizeof(memory));
	log_quote(&said, answer->error, answer->error_length, QUOTED_MAX);
	log_warnx("output", "%s: refuses what is written, and it is written again later: %s",
		l->name, said.text);
}

/* Those with nothing before them. What the owner marks meanwhile has its turn later. */
static void
marks_reach(struct redis_link *l)
{
	for (size_t count = l->expected.count; count > 0; count--) {
		struct redis_expected mark;
		enum redis_reply worst = l->worst;

		if (redis_queue_first(&l->expected)->what != REDIS_EXPECT_MARK)
			break;
		(void)redis_queue_pop(&l->expected, &mark);
		l->worst = REDIS_TAKEN;
		if (worst == REDIS_TAKEN) {
			l->pause_ns = 0;
			if (episode_end(&l->refusal))
				log_info("output", "%s: takes what is written again", l->name);
		}
		l->owner.settled(l->owner.context, mark.number, worst);
	}
}

static void
answer_take(struct redis_link *l, const struct redis_answer *answer)
{
	struct redis_expected expected;

	l->moved = true;
	marks_reach(l);
	if (!redis_queue_pop(&l->expected, &expected)) {
		lost_by_words(l, "it says what nobody asked", answer, REDIS_PAUSE_MAX_MS);
		return;
	}
	if (expected.what == REDIS_EXPECT_GREETING) {
		greeting_answered(l, answer);
		return;
	}
	if (answer->error != NULL)
		refused(l, answer);
	if (expected.what == REDIS_EXPECT_QUESTION)
		question_answered(l, expected.number, answer);
	marks_reach(l);
}

static void
answers_take(struct redis_link *l)
{
	while (l->state != LINK_DOWN) {
		struct redis_answer answer;
		int result = redis_reader_next(l->reader, &answer);

		if (result == 0)
			return;
		if (result < 0) {
			lost(l,
				result == -EMSGSIZE ? "it says more than is taken"
						    : "it does not talk as a Redis does",
				REDIS_PAUSE_MAX_MS);
			return;
		}
		answer_take(l, &answer);
		redis_answer_free(&answer);
	}
}

static void
on_readable(struct bufferevent *stream, void *context)
{
	struct evbuffer *in = bufferevent_get_input(stream);
	struct redis_link *l = context;
	size_t length;

	while (l->state != LINK_DOWN && (length = evbuffer_get_contiguous_space(in)) > 0) {
		const unsigned char *bytes = evbuffer_pullup(in, (ev_ssize_t)length);

		redis_reader_feed(l->reader, (const char *)bytes, length);
		(void)evbuffer_drain(in, length);
		answers_take(l);
	}
}

static void
on_event(struct bufferevent *stream, short what, void *context)
{
	struct redis_link *l = context;

	if ((what & BEV_EVENT_CONNECTED) != 0) {
		(void)bufferevent_enable(stream, EV_READ);
		greet(l);
	} else if ((what & BEV_EVENT_EOF) != 0) {
		lost(l, "it closed the connection", REDIS_PAUSE_MAX_MS);
	} else {
		lost_by_error(l, EVUTIL_SOCKET_ERROR());
	}
}

static void
connect_begin(struct redis_link *l, const struct sockaddr *to, socklen_t length)
{
	int fd = socket(to->sa_family, SOCK_STREAM | SOCK_NONBLOCK | SOCK_CLOEXEC, 0);

	if (fd < 0) {
		lost_by_error(l, errno);
		return;
	}
	l->reader = redis_reader_new();
	l->stream = bufferevent_socket_new(l->base, fd, BEV_OPT_CLOSE_ON_FREE);
	if (l->stream == NULL)
		(void)close(fd);
	if (l->stream == NULL || l->reader == NULL) {
		lost_by_error(l, ENOMEM);
		return;
	}
	bufferevent_setcb(l->stream, on_readable, NULL, on_event, l);
	if (bufferevent_socket_connect(l->stream, to, (int)length) < 0)
		lost_by_error(l, errno);
}

static void
on_found(void *context, const struct sockaddr *to, socklen_t length, const char *cause)
{
	struct redis_link *l = context;

	if (to == NULL)
		lost(l, cause, REDIS_PAUSE_MAX_MS);
	else
		connect_begin(l, to, length);
}

static void
try_now(struct redis_link *l)
{
	struct sockaddr_un to = { .sun_family = AF_UNIX };

	state_enter(l, LINK_CONNECTING);
	if (!is_given(l->place.path)) {
		resolver_ask(&l->resolver, l->place.host, l->place.port, SOCK_STREAM, on_found, l);
	} else if (strlen(l->place.path) >= sizeof(to.sun_path)) {
		lost_by_error(l, ENAMETOOLONG);
	} else {
		memcpy(to.sun_path, l->place.path, strlen(l->place.path));
		connect_begin(l, (const struct sockaddr *)&to, sizeof(to));
	}
}

struct redis_link *
redis_link_open(struct event_base *base, const char *name, const struct redis_place *place,
	const struct redis_owner *owner)
{
	struct redis_link *l = calloc(1, sizeof(*l));

	if (l == NULL)
		return NULL;
	l->base = base;
	l->place = *place;
	l->owner = *owner;
	(void)snprintf(l->name, sizeof(l->name), "%s", name);
	resolver_init(&l->resolver, base);
	return l;
}

void
redis_link_close(struct redis_link *l)
{
	if (l == NULL)
		return;
	connection_end(l);
	resolver_done(&l->resolver);
	free(l);
}

bool
redis_link_is_up(const struct redis_link *l)
{
	return l->state == LINK_UP;
}

uint64_t
redis_link_pending(const struct redis_link *l)
{
	return l->expected.bytes;
}

static void
on_command(void *context, size_t argc, const char *const argv[], const size_t lengths[])
{
	struct redis_link *l = context;

	if (l->state == LINK_UP)
		send_command(l, (struct redis_expected){ .what = REDIS_EXPECT_COMMAND }, argc, argv,
			lengths);
}

struct redis_sink
redis_link_sink(struct redis_link *l)
{
	return (struct redis_sink){ .context = l, .command = on_command };
}

void
redis_link_mark(struct redis_link *l, uint64_t mark)
{
	const struct redis_expected expected = { .what = REDIS_EXPECT_MARK, .number = mark };

	if (l->state == LINK_UP && !redis_queue_push(&l->expected, expected))
		l->is_broken = true;
}

void
redis_link_ask(struct redis_link *l, uint64_t question, size_t argc, const char *const argv[])
{
	const struct redis_expected expected = { .what = REDIS_EXPECT_QUESTION,
		.number = question };

	if (l->state == LINK_UP)
		send_words(l, expected, argc, argv);
}

/* Since the last tick; or nothing is to happen. */
static bool
has_moved(struct redis_link *l)
{
	size_t unsent = 0;

	if (l->stream != NULL)
		unsent = evbuffer_get_length(bufferevent_get_output(l->stream));
	bool moved =
		l->moved || unsent < l->unsent || (l->state == LINK_UP && l->expected.count == 0);
	l->moved = false;
	l->unsent = unsent;
	return moved;
}

void
redis_link_tick(struct redis_link *l, uint64_t monotonic_ns)
{
	if (l->state == LINK_UP)
		marks_reach(l);
	if (has_moved(l))
		l->since_ns = monotonic_ns;
	uint64_t passed_ns = monotonic_ns - l->since_ns;
	if (l->state == LINK_DOWN) {
		if (passed_ns >= l->pause_ns)
			try_now(l);
	} else if (l->is_broken) {
		lost_by_error(l, ENOMEM);
	} else if (passed_ns >= MS(REDIS_ANSWER_MS)) {
		lost(l, "it does not answer", REDIS_PAUSE_MAX_MS);
	}
}
