#define _GNU_SOURCE /* O_TMPFILE */

#include "daemon/loop/privilege/privilege_seccomp.h"

#include "tests/support/child_rig.h"
#include "tests/support/scratch.h"
#include "tests/support/wal_rig.h"

#include <errno.h>
#include <fcntl.h>
#include <linux/sockios.h>
#include <setjmp.h>
#include <signal.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <stdlib.h>
#include <string.h>
#include <sys/ioctl.h>
#include <sys/mman.h>
#include <sys/prctl.h>
#include <sys/resource.h>
#include <sys/socket.h>
#include <sys/stat.h>
#include <sys/syscall.h>
#include <termios.h>

#include <cmocka.h>

/* In the child: from here on only the filter, no Landlock, no lack of capabilities. */
static void
enter(const struct privilege_plan *plan)
{
	char error[512];

	CHILD_CHECK(prctl(PR_SET_NO_NEW_PRIVS, 1, 0, 0, 0) == 0);
	CHILD_CHECK(privilege_seccomp(plan, error, sizeof(error)) == 1);
}

/* returns 0 or errno */
static int
try_open(const char *path, int flags)
{
	int fd = open(path, flags | O_CLOEXEC, 0600);

	if (fd < 0)
		return errno;
	(void)close(fd);
	return 0;
}

static int
try_socket(int family)
{
	int fd = socket(family, SOCK_DGRAM | SOCK_CLOEXEC, 0);

	if (fd < 0)
		return errno;
	(void)close(fd);
	return 0;
}

static void
open_as_the_engine(void *context)
{
	(void)context;
	enter(&(struct privilege_plan){ .process = PRIVILEGE_ENGINE });
	CHILD_CHECK(try_open("/etc/passwd", O_RDONLY) == 0);
	CHILD_CHECK(try_open("/tmp", O_RDONLY | O_DIRECTORY | O_NONBLOCK) == 0);
	CHILD_CHECK(try_open("/dev/null", O_WRONLY) == EPERM);
	CHILD_CHECK(try_open("/dev/null", O_RDWR) == EPERM);
	CHILD_CHECK(try_open("/dev/null", O_RDONLY | O_TRUNC) == EPERM);
	CHILD_CHECK(try_open("/dev/null", O_RDONLY | O_APPEND) == EPERM);
	CHILD_CHECK(try_open("/tmp/naiad_test_created", O_RDONLY | O_CREAT) == EPERM);
	CHILD_CHECK(try_open("/tmp", O_RDWR | O_TMPFILE) == EPERM);
	CHILD_CHECK(unlink("/nonexistent") == -1 && errno == EPERM);
	CHILD_CHECK(rename("/nonexistent", "/nonexistent2") == -1 && errno == EPERM);
	CHILD_CHECK(mkdir("/nonexistent/x", 0700) == -1 && errno == EPERM);
	CHILD_CHECK(ftruncate(-1, 0) == -1 && errno == EPERM);
}

static void
the_engine_opens_for_reading_only(void **state)
{
	(void)state;
	assert_true(child_holds(open_as_the_engine, NULL));
}

static void
sockets_of_a_closed_engine(void *context)
{
	(void)context;
	enter(&(struct privilege_plan){ .process = PRIVILEGE_ENGINE });
	CHILD_CHECK(try_socket(AF_PACKET) == EPERM);
	CHILD_CHECK(try_socket(AF_UNIX) == EPERM);
	CHILD_CHECK(try_socket(AF_INET) == EPERM);
	CHILD_CHECK(bind(-1, NULL, 0) == -1 && errno == EPERM);
	CHILD_CHECK(syscall(SYS_capset, NULL, NULL) == -1 && errno == EPERM);
}

static void
sockets_of_a_reopening_engine(void *context)
{
	(void)context;
	enter(&(struct privilege_plan){ .process = PRIVILEGE_ENGINE, .keep_net_raw = true });
	CHILD_CHECK(geteuid() != 0 || try_socket(AF_PACKET) == 0);
	CHILD_CHECK(try_socket(AF_UNIX) == 0);
	CHILD_CHECK(try_socket(AF_INET) == EPERM);
	CHILD_CHECK(try_socket(AF_INET6) == EPERM);
	CHILD_CHECK(try_socket(AF_NETLINK) == EPERM);
	CHILD_CHECK(try_socket(AF_ALG) == EPERM);
	CHILD_CHECK(try_socket(AF_TIPC) == ENOSYS); /* one that nobody named */
	CHILD_CHECK(bind(-1, NULL, 0) == -1 && errno == EBADF);
	CHILD_CHECK(connect(-1, NULL, 0) == -1 && errno == EPERM);
	CHILD_CHECK(syscall(SYS_capset, NULL, NULL) == -1 && errno == EFAULT);
}

static void
sockets_of_the_writer(void *context)
{
	(void)context;
	enter(&(struct privilege_plan){ .process = PRIVILEGE_WRITER, .keep_net_raw = true });
	CHILD_CHECK(try_socket(AF_PACKET) == EPERM);
	CHILD_CHECK(try_socket(AF_NETLINK) == EPERM);
	CHILD_CHECK(try_socket(AF_UNIX) == 0);
	CHILD_CHECK(try_socket(AF_INET) == 0);
	CHILD_CHECK(bind(-1, NULL, 0) == -1 && errno == EPERM);
	CHILD_CHECK(connect(-1, NULL, 0) == -1 && errno == EBADF);
	CHILD_CHECK(syscall(SYS_capset, NULL, NULL) == -1 && errno == EPERM);
}

static void
each_process_has_its_own_families_of_sockets(void **state)
{
	(void)state;
	assert_true(child_holds(sockets_of_a_closed_engine, NULL));
	assert_true(child_holds(sockets_of_a_reopening_engine, NULL));
	assert_true(child_holds(sockets_of_the_writer, NULL));
}

static void
ask_devices(void *context)
{
	bool reopening = *(bool *)context;
	char byte = 0;

	enter(&(struct privilege_plan){ .keep_net_raw = reopening });
	CHILD_CHECK(ioctl(-1, FIONREAD, &byte) == -1 && errno == EBADF);
	CHILD_CHECK(ioctl(-1, TIOCGWINSZ, &byte) == -1 && errno == EBADF);
	CHILD_CHECK(ioctl(-1, TIOCSTI, &byte) == -1 && errno == ENOSYS);
	CHILD_CHECK(ioctl(-1, SIOCOUTQ, &byte) == -1 && errno == ENOSYS);
	CHILD_CHECK(ioctl(-1, SIOCGIFMTU, &byte) == -1 && errno == (reopening ? EBADF : ENOSYS));
}

/* Without an answer the writer would believe for ever that nothing had arrived. */
static void
ask_sockets(void *context)
{
	int unread = 0;

	(void)context;
	enter(&(struct privilege_plan){ .process = PRIVILEGE_WRITER });
	CHILD_CHECK(ioctl(-1, SIOCOUTQ, &unread) == -1 && errno == EBADF);
	CHILD_CHECK(ioctl(-1, SIOCGIFMTU, &unread) == -1 && errno == ENOSYS);
}

static void
requests_to_devices_are_a_list(void **state)
{
	bool reopening = false;

	(void)state;
	assert_true(child_holds(ask_devices, &reopening));
	reopening = true;
	assert_true(child_holds(ask_devices, &reopening));
	assert_true(child_holds(ask_sockets, NULL));
}

static void
make_code(void *context)
{
	const size_t size = 4096;

	(void)context;
	enter(&(struct privilege_plan){ .process = PRIVILEGE_WRITER });
	void *page = mmap(NULL, size, PROT_READ | PROT_WRITE, MAP_PRIVATE | MAP_ANONYMOUS, -1, 0);
	CHILD_CHECK(page != MAP_FAILED);
	CHILD_CHECK(mprotect(page, size, PROT_READ) == 0);
	CHILD_CHECK(mprotect(page, size, PROT_READ | PROT_EXEC) == -1 && errno == EPERM);
	CHILD_CHECK(mmap(NULL, size, PROT_EXEC, MAP_PRIVATE | MAP_ANONYMOUS, -1, 0) == MAP_FAILED);
	CHILD_CHECK(errno == EPERM);
}

static void
no_page_becomes_code(void **state)
{
	(void)state;
	assert_true(child_holds(make_code, NULL));
}

static volatile sig_atomic_t caught;

static void catch (int number)
{
	caught = number;
}

static void
send_signals(void *context)
{
	pid_t parent = getppid();
	pid_t named = *(bool *)context ? parent : 0;

	CHILD_CHECK(signal(SIGUSR1, catch) != SIG_ERR);
	enter(&(struct privilege_plan){ .may_signal = named });
	CHILD_CHECK(kill(parent, 0) == (named == parent ? 0 : -1));
	CHILD_CHECK(kill(1, 0) == -1 && errno == ENOSYS);
	CHILD_CHECK(kill(0, 0) == -1 && errno == ENOSYS);
	CHILD_CHECK(kill(-1, 0) == -1 && errno == ENOSYS);
	CHILD_CHECK(syscall(SYS_tgkill, parent, parent, 0) == -1 && errno == ENOSYS);
	CHILD_CHECK(raise(SIGUSR1) == 0);
	CHILD_CHECK(caught == SIGUSR1);
}

static void
signals_reach_ourselves_and_one_more(void **state)
{
	bool named = false;

	(void)state;
	assert_true(child_holds(send_signals, &named));
	named = true;
	assert_true(child_holds(send_signals, &named));
}

static void
limits(void *context)
{
	struct rlimit limit;

	(void)context;
	CHILD_CHECK(getrlimit(RLIMIT_NOFILE, &limit) == 0);
	enter(&(struct privilege_plan){ 0 });
	CHILD_CHECK(getrlimit(RLIMIT_NOFILE, &limit) == 0);
	CHILD_CHECK(setrlimit(RLIMIT_NOFILE, &limit) == -1);
}

static void
limits_are_read_and_not_set(void **state)
{
	(void)state;
	assert_true(child_holds(limits, NULL));
}

static void
write_a_store(void *context)
{
	const struct scratch *s = context;

	enter(&(struct privilege_plan){ .process = PRIVILEGE_WRITER });
	wal_work(s->directory);
}

static void
the_writer_keeps_a_store(void **state)
{
	struct scratch *s = scratch_new();

	(void)state;
	assert_non_null(s);
	assert_true(wal_leave(s->directory));
	assert_true(child_holds(write_a_store, s));
	scratch_free(s);
}

static void
call_what_is_not_ours(void *context)
{
	(void)context;
	enter(&(struct privilege_plan){ 0 });
	CHILD_CHECK(fork() == -1 && errno == EPERM);
	CHILD_CHECK(syscall(SYS_clone3, NULL, 0) == -1 && errno == ENOSYS);
	CHILD_CHECK(syscall(SYS_execve, "/bin/true", NULL, NULL) == -1 && errno == EPERM);
	CHILD_CHECK(syscall(100000) == -1 && errno == ENOSYS);
	/* and it cannot be opened again */
	CHILD_CHECK(prctl(PR_GET_SECCOMP) == -1 && errno == EPERM);
	CHILD_CHECK(syscall(SYS_seccomp, 1, 0, NULL) == -1 && errno == EPERM);
}

static void
the_known_is_refused_and_the_unknown_does_not_exist(void **state)
{
	(void)state;
	assert_true(child_holds(call_what_is_not_ours, NULL));
}

static void
enter_twice(void *context)
{
	char error[512];

	(void)context;
	/* prctl, by which the kernel is asked, is refused inside */
	enter(&(struct privilege_plan){ 0 });
	CHILD_CHECK(privilege_seccomp(&(struct privilege_plan){ 0 }, error, sizeof(error)) == 0);
	CHILD_CHECK(strstr(error, "no seccomp here") != NULL);
}

static void
a_kernel_that_does_not_answer_has_none(void **state)
{
	(void)state;
	assert_true(child_holds(enter_twice, NULL));
}

int
main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(the_engine_opens_for_reading_only),
		cmocka_unit_test(each_process_has_its_own_families_of_sockets),
		cmocka_unit_test(requests_to_devices_are_a_list),
		cmocka_unit_test(no_page_becomes_code),
		cmocka_unit_test(signals_reach_ourselves_and_one_more),
		cmocka_unit_test(limits_are_read_and_not_set),
		cmocka_unit_test(the_writer_keeps_a_store),
		cmocka_unit_test(the_known_is_refused_and_the_unknown_does_not_exist),
		cmocka_unit_test(a_kernel_that_does_not_answer_has_none),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
