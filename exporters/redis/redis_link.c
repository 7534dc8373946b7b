/*
 * Down, connecting, greeting, up. The socket is libevent's, which also keeps what it does not take at once: that and
 * the queue of what is expected are bounded by the owner, who asks redis_link_pending().
 *
 * A server is left when it is not reached, closes, says what is not understood or not asked for, or does not
 * answer for REDIS_ANSWER_MS while nothing of what it was sent leaves us either. After each failure the pause doubles.
 * It is short again once a mark was settled with all before it taken; and it stays short while nobody listens or
 * the server is loading, for that is cheap to ask and soon over.
 *
 * A server that goes away is said once, and once when it is back, and so is one that refuses what is written: when
 * that is over is the owner's to say, for a full one takes what is small.
 */
#include "exporters/redis/redis_link.h"

#include "daemon/base/log.h"
#include "daemon/base/time_text.h"
#include "exporters/redis/redis_link_answer.h"
#include "exporters/redis/redis_link_state.h"
#include "exporters/redis/redis_protocol.h"

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

/* What one turn of the loop writes: libevent's 16 KiB are little where turns are rare, as over files. */
enum { WRITE_AT_ONCE = 256 * 1024 };

void
redis_link_enter(struct redis_link *l, enum link_state state)
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

void
redis_link_lost(struct redis_link *l, const char *cause, unsigned pause_max_ms)
{
	bool was_up = l->state == LINK_UP;

	if (episode_begin(&l->trouble))
		log_warnx("output",
			"%s: cannot be written to, what it is to show is kept and it is tried again: %s",
			l->name, cause);
	connection_end(l);
	(void)backoff_next(&l->pause, MS(REDIS_PAUSE_MIN_MS), MS(pause_max_ms));
	redis_link_enter(l, LINK_DOWN);
	if (was_up)
		l->owner.lost(l->owner.context);
}

static void
lost_by_error(struct redis_link *l, int error)
{
	bool nobody_listens = error == ECONNREFUSED || error == ENOENT;

	redis_link_lost(
		l, strerror(error), nobody_listens ? REDIS_PAUSE_AWAY_MS : REDIS_PAUSE_MAX_MS);
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

/*
 * Who needs a password is not let in without. The databases are tried here, for a SELECT that is refused later
 * would let what follows it into another one.
 */
static void
greet(struct redis_link *l)
{
	const char *password = l->place.password != NULL ? l->place.password : "";
	char most[12];
	const char *const user[] = { "AUTH", l->place.user, password };
	const char *const nobody[] = { "AUTH", password };
	const char *const try_most[] = { "SELECT", most };
	static const char *const select[] = { "SELECT", "0" };
	const struct redis_expected greeting = { .what = REDIS_EXPECT_GREETING };

	redis_link_enter(l, LINK_GREETING);
	if (is_given(l->place.user))
		send_words(l, greeting, 3, user);
	else if (is_given(password))
		send_words(l, greeting, 2, nobody);
	(void)snprintf(most, sizeof(most), "%u", l->place.db_most);
	if (l->place.db_most > 0)
		send_words(l, greeting, 2, try_most);
	send_words(l, greeting, 2, select);
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
		redis_link_answers_take(l);
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
		redis_link_lost(l, "it closed the connection", REDIS_PAUSE_MAX_MS);
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
	(void)bufferevent_set_max_single_write(l->stream, WRITE_AT_ONCE);
	if (bufferevent_socket_connect(l->stream, to, (int)length) < 0)
		lost_by_error(l, errno);
}

static void
on_found(void *context, const struct sockaddr *to, socklen_t length, const char *cause)
{
	struct redis_link *l = context;

	if (to == NULL)
		redis_link_lost(l, cause, REDIS_PAUSE_MAX_MS);
	else
		connect_begin(l, to, length);
}

static void
try_now(struct redis_link *l)
{
	struct sockaddr_un to = { .sun_family = AF_UNIX };

	redis_link_enter(l, LINK_CONNECTING);
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

void
redis_link_takes_again(struct redis_link *l)
{
	if (episode_end(&l->refusal))
		log_info("output", "%s: takes what is written again", l->name);
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
		redis_link_marks_reach(l);
	if (has_moved(l))
		l->since_ns = monotonic_ns;
	uint64_t passed_ns = monotonic_ns - l->since_ns;
	if (l->state == LINK_DOWN) {
		if (passed_ns >= l->pause.pause_ns)
			try_now(l);
	} else if (l->is_broken) {
		lost_by_error(l, ENOMEM);
	} else if (passed_ns >= MS(REDIS_ANSWER_MS)) {
		redis_link_lost(l,
			l->stream != NULL ? "it does not answer" : "no name server answers",
			REDIS_PAUSE_MAX_MS);
	}
}
