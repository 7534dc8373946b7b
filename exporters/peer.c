/*
 * Down, resolving, connecting, up. After each failure the pause doubles, from half a second to half
 * a minute; it is short again once a connection has settled something or held for a while. There is
 * no chance in it: one sensor is no herd.
 *
 * A peer that goes away is said once, and once when it is back.
 */
#include "exporters/peer.h"

#include "daemon/base/log.h"
#include "daemon/base/time_text.h"
#include "exporters/peer_tcp.h"
#include "exporters/peer_udp.h"
#include "exporters/peer_unix.h"

#include <errno.h>
#include <event2/event.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

#define MS(n) ((uint64_t)(n)*NS_PER_MS)

enum {
	PAUSE_FIRST_MS = 500,
	PAUSE_MOST_MS = 30000,
	PATIENCE_MS = 10000, /* for a name or a connection; and what is a connection that held */
};

static const struct peer_kind *const kinds[] = {
	[PEER_UNIX] = &peer_unix,
	[PEER_UDP] = &peer_udp,
	[PEER_TCP] = &peer_tcp,
};

static void
name_make(struct peer *p)
{
	const struct peer_plan *plan = &p->plan;

	if (plan->transport == PEER_UNIX)
		(void)snprintf(p->name, sizeof(p->name), "unix:%s", plan->path);
	else
		(void)snprintf(p->name, sizeof(p->name),
			strchr(plan->host, ':') != NULL ? "%s:[%s]:%u" : "%s:%s:%u",
			plan->transport == PEER_UDP ? "udp" : "tcp", plan->host, plan->port);
}

int
peer_open(struct event_base *base, const struct peer_plan *plan, const struct peer_owner *owner,
	uint64_t now_ns, struct peer **ret_peer)
{
	struct peer *p = calloc(1, sizeof(*p));

	if (p == NULL)
		return -ENOMEM;
	p->kind = kinds[plan->transport];
	p->plan = *plan;
	p->owner = *owner;
	p->base = base;
	resolver_init(&p->resolver, base);
	p->fd = -1;
	p->now_ns = now_ns;
	p->retry_ns = now_ns;
	name_make(p);
	*ret_peer = p;
	return 0;
}

static void
connection_close(struct peer *p)
{
	if (p->readable != NULL)
		event_free(p->readable);
	if (p->writable != NULL)
		event_free(p->writable);
	p->readable = NULL;
	p->writable = NULL;
	if (p->fd >= 0)
		(void)close(p->fd);
	p->fd = -1;
}

static void
trouble_tell(struct peer *p, int error, const char *cause)
{
	if (episode_begin(&p->trouble))
		log_warnx("output",
			"%s: cannot send to %s, findings are kept and it is tried again: %s",
			p->plan.outlet, p->name, cause != NULL ? cause : strerror(-error));
}

static void
trouble_end(struct peer *p)
{
	if (episode_end(&p->trouble))
		log_info("output", "%s: %s is reached again", p->plan.outlet, p->name);
}

static void
state_enter(struct peer *p, enum peer_state state)
{
	p->state = state;
	p->since_ns = p->now_ns;
}

/* `cause` instead of what strerror() makes of `error`, or NULL. */
static void
lost(struct peer *p, int error, const char *cause)
{
	bool was_up = p->state == PEER_STATE_UP;

	if (was_up && (p->settled > 0 || p->now_ns - p->since_ns >= MS(PATIENCE_MS)))
		p->pause = (struct backoff){ 0 };
	trouble_tell(p, error, cause);
	connection_close(p);
	p->doubtful = true;
	p->retry_ns = p->now_ns + backoff_next(&p->pause, MS(PAUSE_FIRST_MS), MS(PAUSE_MOST_MS));
	state_enter(p, PEER_STATE_DOWN);
	if (was_up)
		p->owner.lost(p->owner.context);
}

static void
came_up(struct peer *p)
{
	state_enter(p, PEER_STATE_UP);
	if (p->kind->is_sure)
		trouble_end(p);
	p->owner.ready(p->owner.context);
}

static void
on_readable(evutil_socket_t fd, short what, void *context)
{
	struct peer *p = context;
	int result = p->kind->readable(p);

	(void)fd;
	(void)what;
	if (result < 0)
		lost(p, result, NULL);
}

static void
on_writable(evutil_socket_t fd, short what, void *context)
{
	struct peer *p = context;
	int error = 0;
	socklen_t size = sizeof(error);

	(void)what;
	if (p->state != PEER_STATE_CONNECTING)
		return;
	if (getsockopt(fd, SOL_SOCKET, SO_ERROR, &error, &size) < 0)
		error = errno;
	if (error != 0)
		lost(p, -error, NULL);
	else
		came_up(p);
}

static void
connect_begin(struct peer *p, const struct sockaddr *to, socklen_t length)
{
	p->sent = 0;
	p->delivered = 0;
	p->settled = 0;
	p->age_count = 0;
	int result = p->kind->connect(p, to, length);
	if (result < 0 && result != -EINPROGRESS) {
		lost(p, result, NULL);
		return;
	}
	state_enter(p, PEER_STATE_CONNECTING);
	p->readable = event_new(p->base, p->fd, EV_READ | EV_PERSIST, on_readable, p);
	p->writable = event_new(p->base, p->fd, EV_WRITE, on_writable, p);
	if (p->readable == NULL || p->writable == NULL ||
		(result == -EINPROGRESS && event_add(p->writable, NULL) < 0) ||
		event_add(p->readable, NULL) < 0)
		lost(p, -ENOMEM, NULL);
	else if (result == 0)
		came_up(p);
}

static void
on_found(void *context, const struct sockaddr *to, socklen_t length, const char *cause)
{
	struct peer *p = context;

	if (to == NULL)
		lost(p, -EHOSTUNREACH, cause);
	else
		connect_begin(p, to, length);
}

static void
try_now(struct peer *p)
{
	if (p->kind->is_local) {
		connect_begin(p, NULL, 0);
		return;
	}
	state_enter(p, PEER_STATE_RESOLVING);
	resolver_ask(&p->resolver, p->plan.host, p->plan.port,
		p->plan.transport == PEER_UDP ? SOCK_DGRAM : SOCK_STREAM, on_found, p);
}

bool
peer_is_up(const struct peer *p)
{
	return p->state == PEER_STATE_UP;
}

int
peer_send(struct peer *p, const char *bytes, size_t length)
{
	if (p->state != PEER_STATE_UP)
		return -ENOTCONN;
	int result = p->kind->send(p, bytes, length);
	if (result < 0 && result != -EAGAIN && result != -EMSGSIZE)
		lost(p, result, NULL);
	return result;
}

uint64_t
peer_sent(const struct peer *p)
{
	return p->sent;
}

uint64_t
peer_delivered(const struct peer *p)
{
	return p->delivered;
}

uint64_t
peer_settled(const struct peer *p)
{
	return p->settled;
}

bool
peer_is_waiting(const struct peer *p)
{
	return p->state == PEER_STATE_UP &&
	       (p->kind->is_local ? p->settled : p->delivered) < p->sent;
}

uint64_t
peer_identity(const struct peer *p)
{
	return p->identity;
}

void
peer_age(struct peer *p)
{
	if (p->age_count == 0 || p->ages[p->age_count - 1].at_ns < p->now_ns) {
		if (p->age_count == PEER_AGES) {
			p->age_count--;
			memmove(&p->ages[0], &p->ages[1], p->age_count * sizeof(p->ages[0]));
		}
		p->ages[p->age_count].at_ns = p->now_ns;
		p->ages[p->age_count++].count = p->delivered;
	}
	for (size_t i = 0; i < p->age_count; i++)
		if (p->now_ns - p->ages[i].at_ns >= MS(PEER_AGE_MS) &&
			p->ages[i].count > p->settled)
			p->settled = p->ages[i].count;
}

void
peer_look(struct peer *p)
{
	if (p->state != PEER_STATE_UP)
		return;
	int result = p->kind->look(p);
	if (result < 0) {
		lost(p, result, NULL);
		return;
	}
	if (p->settled > 0) {
		p->doubtful = false;
		trouble_end(p);
	}
}

void
peer_tick(struct peer *p, uint64_t now_ns)
{
	p->now_ns = now_ns;
	p->burst = 0;
	switch (p->state) {
	case PEER_STATE_DOWN:
		if (now_ns >= p->retry_ns)
			try_now(p);
		break;
	case PEER_STATE_RESOLVING:
	case PEER_STATE_CONNECTING:
		if (now_ns - p->since_ns >= MS(PATIENCE_MS)) {
			resolver_drop(&p->resolver);
			lost(p, -ETIMEDOUT, NULL);
		}
		break;
	default:
		peer_look(p);
		break;
	}
}

void
peer_close(struct peer *p)
{
	if (p == NULL)
		return;
	connection_close(p);
	resolver_done(&p->resolver);
	free(p->stream.rest);
	free(p);
}
