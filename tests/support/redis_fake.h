/* redis_fake.h -- a server of a test's own for redis_rig.h: it says what it is told to, Redis or not. */
#pragma once

#include "tests/support/peer_rig.h"
#include "tests/support/redis_rig.h"

#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>

#include <cmocka.h>

#define SELECT_0 "*2\r\n$6\r\nSELECT\r\n$1\r\n0\r\n"

struct place {
	struct redis_rig *rig;
	int server, connection;
	char text[70000];
};

static inline int
server_listen(struct place *p)
{
	struct sockaddr_un at = { .sun_family = AF_UNIX };

	p->server = socket(AF_UNIX, SOCK_STREAM | SOCK_NONBLOCK | SOCK_CLOEXEC, 0);
	memcpy(at.sun_path, p->rig->path, strlen(p->rig->path));
	(void)unlink(at.sun_path);
	return p->server >= 0 && bind(p->server, (const struct sockaddr *)&at, sizeof(at)) == 0
		       ? listen(p->server, 4)
		       : -1;
}

static inline void
hang_up(int *fd)
{
	if (*fd >= 0)
		(void)close(*fd);
	*fd = -1;
}

static inline int
setup(void **state)
{
	struct place *p = calloc(1, sizeof(*p));

	p->rig = redis_rig_new();
	p->connection = -1;
	*state = p;
	return server_listen(p);
}

static inline int
teardown(void **state)
{
	struct place *p = *state;

	hang_up(&p->connection);
	hang_up(&p->server);
	redis_rig_free(p->rig);
	free(p);
	return 0;
}

/* What the server was sent since it was asked last. */
static inline const char *
heard(struct place *p)
{
	size_t length = 0;
	ssize_t n;

	while ((n = recv(p->connection, p->text + length, sizeof(p->text) - 1 - length,
			MSG_DONTWAIT)) > 0)
		length += (size_t)n;
	p->text[length] = '\0';
	return p->text;
}

static inline void
say(struct place *p, const char *bytes)
{
	assert_int_equal(send(p->connection, bytes, strlen(bytes), MSG_NOSIGNAL), strlen(bytes));
	redis_rig_turn(p->rig);
}

static inline void
server_accept(struct place *p)
{
	redis_rig_turn(p->rig);
	p->connection = accept(p->server, NULL, NULL);
	assert_true(p->connection >= 0);
	redis_rig_turn(p->rig);
}

static inline void
begin(struct place *p)
{
	redis_rig_open(p->rig);
	server_accept(p);
	assert_string_equal(heard(p), SELECT_0);
	assert_int_equal(p->rig->up, 0); /* nobody has answered yet */
	say(p, "+OK\r\n");
	assert_int_equal(p->rig->up, 1);
	assert_true(redis_link_is_up(p->rig->link));
}

static inline void
assert_left(struct place *p, const char *cause)
{
	char line[256];

	assert_false(redis_link_is_up(p->rig->link));
	assert_int_equal(redis_link_pending(p->rig->link), 0);
	(void)snprintf(line, sizeof(line),
		"naiad: warning: output: redis test: cannot be written to, what it is to show is kept and "
		"it is tried again: %s\n",
		cause);
	assert_string_equal(redis_rig_log(p->rig), line);
}

#define IN_PLACE(test) cmocka_unit_test_setup_teardown(test, setup, teardown)
