#include "daemon/loop/control/control_peer.h"

#include <errno.h>
#include <fcntl.h>
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <sys/socket.h>
#include <unistd.h>

#include <cmocka.h>

enum { OURS = 901, OTHER = 902, SOCKET_GROUP = 77 };

static struct control_peer
judged(uid_t uid, const gid_t *groups, size_t count)
{
	struct control_peer p;

	control_peer_judge(uid, groups, count, OURS, SOCKET_GROUP, &p);
	assert_int_equal(p.uid, uid);
	return p;
}

static void
root_and_our_own_user_may_change(void **state)
{
	static const gid_t groups[] = { 5 };

	(void)state;
	assert_true(judged(0, groups, 1).may_ask);
	assert_true(judged(0, groups, 1).may_change);
	assert_true(judged(OURS, groups, 1).may_ask);
	assert_true(judged(OURS, groups, 1).may_change);
}

static void
a_member_of_the_group_may_ask_and_not_change(void **state)
{
	static const gid_t first[] = { SOCKET_GROUP, 5 };
	static const gid_t last[] = { 4, 5, SOCKET_GROUP };

	(void)state;
	assert_true(judged(OTHER, first, 2).may_ask);
	assert_false(judged(OTHER, first, 2).may_change);
	assert_true(judged(OTHER, last, 3).may_ask);
	assert_false(judged(OTHER, last, 3).may_change);
}

static void
anybody_else_may_do_nothing(void **state)
{
	static const gid_t groups[] = { 4, 5, SOCKET_GROUP };

	(void)state;
	assert_false(judged(OTHER, groups, 2).may_ask);
	assert_false(judged(OTHER, groups, 2).may_change);
	assert_false(judged(OTHER, groups, 0).may_ask);
}

static void
the_kernel_tells_who_it_is(void **state)
{
	int fds[2];
	struct control_peer p;

	(void)state;
	assert_int_equal(socketpair(AF_UNIX, SOCK_STREAM, 0, fds), 0);
	assert_int_equal(control_peer_of(fds[0], (gid_t)-2, &p), 0);
	assert_int_equal(p.uid, geteuid());
	assert_true(p.may_ask);
	assert_true(p.may_change);
	(void)close(fds[0]);
	(void)close(fds[1]);
}

static void
what_is_no_unix_socket_may_do_nothing(void **state)
{
	int fd = open("/dev/null", O_RDONLY);
	struct control_peer p = { .may_ask = true, .may_change = true };

	(void)state;
	assert_int_equal(control_peer_of(fd, 0, &p), -ENOTSOCK);
	assert_false(p.may_ask);
	assert_false(p.may_change);
	(void)close(fd);
}

int
main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(root_and_our_own_user_may_change),
		cmocka_unit_test(a_member_of_the_group_may_ask_and_not_change),
		cmocka_unit_test(anybody_else_may_do_nothing),
		cmocka_unit_test(the_kernel_tells_who_it_is),
		cmocka_unit_test(what_is_no_unix_socket_may_do_nothing),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
