#include "daemon/loop/privilege/privilege_caps.h"

#include "daemon/loop/privilege/privilege.h"
#include "tests/support/child_rig.h"

#include <errno.h>
#include <linux/capability.h>
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <sys/prctl.h>
#include <sys/socket.h>
#include <sys/syscall.h>
#include <unistd.h>

#include <cmocka.h>

enum { ANSWER = 4711 };

struct sets {
	struct __user_cap_data_struct word[_LINUX_CAPABILITY_U32S_3];
};

static struct sets
sets_now(void)
{
	struct __user_cap_header_struct header = { .version = _LINUX_CAPABILITY_VERSION_3 };
	struct sets now;

	CHILD_CHECK(syscall(SYS_capget, &header, now.word) == 0);
	return now;
}

static void
only_with_net_raw(void)
{
	if (!privilege_caps_net_raw())
		skip();
}

static int
open_packet_socket(void *context)
{
	unsigned *calls = context;

	(*calls)++;
	CHILD_CHECK((sets_now().word[0].effective & CAP_TO_MASK(CAP_NET_RAW)) != 0);
	int fd = socket(AF_PACKET, SOCK_RAW | SOCK_CLOEXEC, 0);
	CHILD_CHECK(fd >= 0);
	(void)close(fd);
	return ANSWER;
}

static void
keep_it_asleep(void *context)
{
	unsigned calls = 0;

	(void)context;
	CHILD_CHECK(privilege_caps_leave(true) == 0);
	struct sets now = sets_now();
	CHILD_CHECK(now.word[0].permitted == CAP_TO_MASK(CAP_NET_RAW));
	CHILD_CHECK(now.word[1].permitted == 0);
	CHILD_CHECK(now.word[0].effective == 0 && now.word[1].effective == 0);
	CHILD_CHECK(now.word[0].inheritable == 0 && now.word[1].inheritable == 0);
	CHILD_CHECK(privilege_caps_net_raw());
	CHILD_CHECK(socket(AF_PACKET, SOCK_RAW | SOCK_CLOEXEC, 0) == -1 && errno == EPERM);

	CHILD_CHECK(privilege_with_net_raw(open_packet_socket, &calls) == ANSWER);
	CHILD_CHECK(calls == 1);
	CHILD_CHECK(sets_now().word[0].effective == 0);
	CHILD_CHECK(sets_now().word[0].permitted == CAP_TO_MASK(CAP_NET_RAW));
	CHILD_CHECK(privilege_with_net_raw(open_packet_socket, &calls) == ANSWER);
}

static void
the_capability_sleeps_until_it_is_needed(void **state)
{
	(void)state;
	only_with_net_raw();
	assert_true(child_holds(keep_it_asleep, NULL));
}

static void
drop_it(void *context)
{
	unsigned calls = 0;

	(void)context;
	CHILD_CHECK(privilege_caps_leave(false) == 0);
	CHILD_CHECK(sets_now().word[0].permitted == 0 && sets_now().word[1].permitted == 0);
	CHILD_CHECK(!privilege_caps_net_raw());
	CHILD_CHECK(privilege_with_net_raw(open_packet_socket, &calls) == -EPERM);
	CHILD_CHECK(calls == 0);
	CHILD_CHECK(privilege_caps_leave(true) == 0); /* and it does not come back */
	CHILD_CHECK(!privilege_caps_net_raw());
}

static void
what_was_dropped_is_refused_without_a_call(void **state)
{
	(void)state;
	assert_true(child_holds(drop_it, NULL));
}

static void
use_it_awake(void *context)
{
	unsigned calls = 0;
	struct sets before = sets_now();

	(void)context;
	CHILD_CHECK(privilege_with_net_raw(open_packet_socket, &calls) == ANSWER);
	CHILD_CHECK(sets_now().word[0].effective == before.word[0].effective);
}

static void
before_the_drop_it_is_simply_used(void **state)
{
	(void)state;
	only_with_net_raw();
	assert_true(child_holds(use_it_awake, NULL));
}

static void
empty_ambient(void *context)
{
	struct __user_cap_header_struct header = { .version = _LINUX_CAPABILITY_VERSION_3 };
	struct sets now = sets_now();

	(void)context;
	now.word[0].inheritable = CAP_TO_MASK(CAP_NET_RAW);
	CHILD_CHECK(syscall(SYS_capset, &header, now.word) == 0);
	CHILD_CHECK(prctl(PR_CAP_AMBIENT, PR_CAP_AMBIENT_RAISE, CAP_NET_RAW, 0, 0) == 0);
	CHILD_CHECK(privilege_caps_leave(true) == 0);
	CHILD_CHECK(prctl(PR_CAP_AMBIENT, PR_CAP_AMBIENT_IS_SET, CAP_NET_RAW, 0, 0) == 0);
	CHILD_CHECK(sets_now().word[0].inheritable == 0);
}

static void
nothing_is_left_to_hand_on(void **state)
{
	(void)state;
	only_with_net_raw();
	assert_true(child_holds(empty_ambient, NULL));
}

static void
empty_bounding(void *context)
{
	(void)context;
	CHILD_CHECK(privilege_caps_empty_bounding() == 0);
	for (unsigned long cap = 0; cap <= CAP_LAST_CAP; cap++)
		CHILD_CHECK(prctl(PR_CAPBSET_READ, cap, 0, 0, 0) <= 0);
	CHILD_CHECK(privilege_caps_leave(false) == 0);
	CHILD_CHECK(privilege_caps_empty_bounding() == -EPERM);
}

static void
the_bounding_set_is_emptied_where_that_is_allowed(void **state)
{
	(void)state;
	if (geteuid() != 0)
		skip();
	assert_true(child_holds(empty_bounding, NULL));
}

int
main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(the_capability_sleeps_until_it_is_needed),
		cmocka_unit_test(what_was_dropped_is_refused_without_a_call),
		cmocka_unit_test(before_the_drop_it_is_simply_used),
		cmocka_unit_test(nothing_is_left_to_hand_on),
		cmocka_unit_test(the_bounding_set_is_emptied_where_that_is_allowed),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
