#include "daemon/loop/notify.h"

#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/socket.h>
#include <sys/un.h>
#include <unistd.h>

#include <cmocka.h>

struct manager {
	int fd;
	char name[64];
};

/* A service manager under an abstract name, which leaves nothing behind. */
static int
manager_start(void **state)
{
	static struct manager m;
	struct sockaddr_un address = { .sun_family = AF_UNIX };

	m.fd = socket(AF_UNIX, SOCK_DGRAM, 0);
	int length = snprintf(m.name, sizeof(m.name), "@naiad-test-notify-%d", (int)getpid());
	memcpy(address.sun_path + 1, m.name + 1, (size_t)length - 1);
	assert_int_equal(
		bind(m.fd, (struct sockaddr *)&address,
			(socklen_t)(offsetof(struct sockaddr_un, sun_path) + (size_t)length)),
		0);
	(void)unsetenv("WATCHDOG_USEC");
	(void)unsetenv("WATCHDOG_PID");
	*state = &m;
	return 0;
}

static int
manager_stop(void **state)
{
	const struct manager *m = *state;

	return close(m->fd);
}

static void
a_message_is_one_datagram(void **state)
{
	const struct manager *m = *state;
	struct notify n;
	char got[64] = "";

	(void)setenv("NOTIFY_SOCKET", m->name, 1);
	notify_open(&n);
	notify_send(&n, "READY=1\nSTATUS=eth0");
	assert_int_equal(recv(m->fd, got, sizeof(got) - 1, MSG_DONTWAIT), 19);
	assert_string_equal(got, "READY=1\nSTATUS=eth0");
	assert_int_equal(n.watchdog_ns, 0);
	notify_close(&n);
	notify_close(&n);
}

static void
children_do_not_inherit_the_name(void **state)
{
	const struct manager *m = *state;
	struct notify n;

	(void)setenv("NOTIFY_SOCKET", m->name, 1);
	(void)setenv("WATCHDOG_USEC", "1000", 1);
	(void)setenv("WATCHDOG_PID", "1", 1);
	notify_open(&n);
	assert_null(getenv("NOTIFY_SOCKET"));
	assert_null(getenv("WATCHDOG_USEC"));
	assert_null(getenv("WATCHDOG_PID"));
	notify_close(&n);
}

static uint64_t
watchdog_of(const struct manager *m, const char *usec, const char *pid)
{
	struct notify n;

	(void)setenv("NOTIFY_SOCKET", m->name, 1);
	(void)setenv("WATCHDOG_USEC", usec, 1);
	if (pid != NULL)
		(void)setenv("WATCHDOG_PID", pid, 1);
	notify_open(&n);
	notify_close(&n);
	return n.watchdog_ns;
}

static void
the_watchdog_is_taken_when_it_is_ours(void **state)
{
	const struct manager *m = *state;
	char self[16];

	(void)snprintf(self, sizeof(self), "%d", (int)getpid());
	assert_int_equal(watchdog_of(m, "30000000", NULL), 30 * UINT64_C(1000000000));
	assert_int_equal(watchdog_of(m, "30000000", self), 30 * UINT64_C(1000000000));
	assert_int_equal(watchdog_of(m, "30000000", "1"), 0);
	assert_int_equal(watchdog_of(m, "18446744073709551615", NULL), 0);
}

static void
without_a_manager_nothing_happens(void **state)
{
	struct notify n;

	(void)state;
	(void)unsetenv("NOTIFY_SOCKET");
	notify_open(&n);
	assert_int_equal(n.fd, -1);
	notify_send(&n, "READY=1");
	notify_close(&n);
}

static void
a_manager_that_cannot_be_reached_is_no_reason_to_stop(void **state)
{
	static const char *const names[] = { "relative", "@", "/", "/nonexistent/notify",
		"@naiad-test-nobody-listens" };
	char longest[200];
	struct notify n;

	(void)state;
	for (size_t i = 0; i < sizeof(names) / sizeof(names[0]); i++) {
		(void)setenv("NOTIFY_SOCKET", names[i], 1);
		notify_open(&n);
		assert_int_equal(n.fd, -1);
	}
	memset(longest, 'x', sizeof(longest));
	longest[0] = '/';
	longest[sizeof(longest) - 1] = '\0';
	(void)setenv("NOTIFY_SOCKET", longest, 1);
	notify_open(&n);
	assert_int_equal(n.fd, -1);
}

static void
a_manager_that_does_not_read_never_holds_us(void **state)
{
	const struct manager *m = *state;
	struct notify n;

	(void)setenv("NOTIFY_SOCKET", m->name, 1);
	notify_open(&n);
	for (int i = 0; i < 100000; i++)
		notify_send(&n, "WATCHDOG=1");
	notify_close(&n);
}

int
main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test_setup_teardown(
			a_message_is_one_datagram, manager_start, manager_stop),
		cmocka_unit_test_setup_teardown(
			children_do_not_inherit_the_name, manager_start, manager_stop),
		cmocka_unit_test_setup_teardown(
			the_watchdog_is_taken_when_it_is_ours, manager_start, manager_stop),
		cmocka_unit_test(without_a_manager_nothing_happens),
		cmocka_unit_test(a_manager_that_cannot_be_reached_is_no_reason_to_stop),
		cmocka_unit_test_setup_teardown(
			a_manager_that_does_not_read_never_holds_us, manager_start, manager_stop),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
