/* redis_rig.h -- a connection to a Redis with an owner that writes down what it is told, for tests. */
#pragma once

#include "exporters/redis/redis_link.h"

#include "tests/support/scratch.h"

#include <event2/event.h>
#include <signal.h>
#include <stdint.h>
#include <sys/ioctl.h>
#include <unistd.h>

struct redis_rig {
	struct scratch *scratch;
	struct event_base *base;
	struct redis_link *link;
	struct redis_place place;
	char path[100]; /* of the socket */
	uint64_t now_ms;
	unsigned up, lost, settled, told;
	uint64_t mark; /* the last that was settled, and how */
	enum redis_reply worst;
	uint64_t question;            /* the last that was answered */
	char answer[256];             /* its items, a blank after each */
	void (*on_up)(void *context); /* NULL: nothing is sent from inside */
	int log_read, stderr_copy;    /* what is logged */
	char log[8192];
};

static inline void
redis_rig_on_up(void *context)
{
	struct redis_rig *r = context;

	r->up++;
	if (r->on_up != NULL)
		r->on_up(r);
}

static inline void
redis_rig_on_lost(void *context)
{
	struct redis_rig *r = context;

	r->lost++;
}

static inline void
redis_rig_on_settled(void *context, uint64_t mark, enum redis_reply worst)
{
	struct redis_rig *r = context;

	r->settled++;
	r->mark = mark;
	r->worst = worst;
}

static inline void
redis_rig_on_told(void *context, uint64_t question, const char *const items[], size_t count)
{
	struct redis_rig *r = context;
	size_t length = 0;

	r->told++;
	r->question = question;
	(void)snprintf(r->answer, sizeof(r->answer), "%s", items == NULL ? "error" : "");
	for (size_t i = 0; i < count && length < sizeof(r->answer) - 1; i++)
		length += (size_t)snprintf(
			r->answer + length, sizeof(r->answer) - length, "%s ", items[i]);
}

/* What is logged meanwhile goes into a pipe. */
static inline struct redis_rig *
redis_rig_new(void)
{
	struct redis_rig *r = calloc(1, sizeof(*r));
	int ends[2];

	if (r == NULL || pipe(ends) != 0)
		abort();
	(void)signal(SIGPIPE, SIG_IGN);
	r->scratch = scratch_new();
	r->base = event_base_new();
	r->now_ms = 1000;
	(void)snprintf(r->path, sizeof(r->path), "%s/sock", r->scratch->directory);
	r->place.path = r->path;
	(void)fflush(stderr);
	r->log_read = ends[0];
	r->stderr_copy = dup(STDERR_FILENO);
	(void)dup2(ends[1], STDERR_FILENO);
	(void)close(ends[1]);
	return r;
}

static inline void
redis_rig_open(struct redis_rig *r)
{
	const struct redis_owner owner = { r, redis_rig_on_up, redis_rig_on_lost,
		redis_rig_on_settled, redis_rig_on_told };

	r->link = redis_link_open(r->base, "redis test", &r->place, &owner);
}

/* How many bytes were logged until now. */
static inline int
redis_rig_logged(const struct redis_rig *r)
{
	int bytes = 0;

	return ioctl(r->log_read, FIONREAD, &bytes) == 0 ? bytes : 0;
}

/* Everything that was logged; stderr is itself again. */
static inline const char *
redis_rig_log(struct redis_rig *r)
{
	if (r->stderr_copy < 0)
		return r->log;
	(void)fflush(stderr);
	(void)dup2(r->stderr_copy, STDERR_FILENO);
	(void)close(r->stderr_copy);
	r->stderr_copy = -1;
	ssize_t n = read(r->log_read, r->log, sizeof(r->log) - 1);
	r->log[n > 0 ? n : 0] = '\0';
	return r->log;
}

static inline void
redis_rig_free(struct redis_rig *r)
{
	redis_link_close(r->link);
	event_base_free(r->base);
	(void)redis_rig_log(r);
	(void)close(r->log_read);
	scratch_free(r->scratch);
	free(r);
}

static inline void
redis_rig_turn(struct redis_rig *r)
{
	redis_link_tick(r->link, r->now_ms * 1000000);
	for (int i = 0; i < 4; i++)
		(void)event_base_loop(r->base, EVLOOP_NONBLOCK);
}

/* Ticks that last up to a time, one each 100 ms of the time that the link is told. */
static inline void
redis_rig_until(struct redis_rig *r, uint64_t ms)
{
	for (; r->now_ms <= ms; r->now_ms += 100)
		redis_rig_turn(r);
}

/* Send a command of words with blanks between them. */
static inline void
redis_rig_send(struct redis_rig *r, const char *words)
{
	struct redis_sink sink = redis_link_sink(r->link);
	const char *argv[16];
	size_t lengths[16];
	size_t argc = 0;

	while (*words != '\0' && argc < 16) {
		argv[argc] = words;
		lengths[argc] = strcspn(words, " ");
		words += lengths[argc];
		words += *words == ' ';
		argc++;
	}
	sink.command(sink.context, argc, argv, lengths);
}
