#include "daemon/loop/privilege/privilege_landlock.h"

#include "tests/support/child_rig.h"
#include "tests/support/scratch.h"
#include "tests/support/wal_rig.h"

#include <arpa/inet.h>
#include <errno.h>
#include <fcntl.h>
#include <netinet/in.h>
#include <setjmp.h>
#include <signal.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <sys/prctl.h>
#include <sys/resource.h>
#include <sys/socket.h>
#include <sys/stat.h>
#include <sys/un.h>
#include <termios.h>

#include <cmocka.h>

enum { PATH_MAX_HERE = 128, ABI_TRUNCATE = 3, ABI_NET = 4, ABI_IOCTL_DEV = 5, ABI_SCOPE = 6 };

/* A directory to write to, one to read from, one that is neither; each with a file in it. */
struct place {
	struct scratch *scratch;
	char written[PATH_MAX_HERE];
	char read[PATH_MAX_HERE];
	char other[PATH_MAX_HERE];
	char error[512];
};

static const char *
below(const char *directory, const char *name)
{
	static char path[2 * PATH_MAX_HERE];

	(void)snprintf(path, sizeof(path), "%s/%s", directory, name);
	return path;
}

static void
make_directory(const struct place *p, const char *name, char ret_path[PATH_MAX_HERE])
{
	(void)snprintf(ret_path, PATH_MAX_HERE, "%s/%s", p->scratch->directory, name);
	assert_int_equal(mkdir(ret_path, 0700), 0);
	int fd = open(below(ret_path, "file"), O_WRONLY | O_CREAT | O_CLOEXEC, 0600);
	assert_true(fd >= 0);
	assert_int_equal(close(fd), 0);
}

static int
setup(void **state)
{
	struct place *p = calloc(1, sizeof(*p));

	assert_non_null(p);
	p->scratch = scratch_new();
	assert_non_null(p->scratch);
	make_directory(p, "written", p->written);
	make_directory(p, "read", p->read);
	make_directory(p, "other", p->other);
	*state = p;
	return 0;
}

static int
teardown(void **state)
{
	struct place *p = *state;

	scratch_free(p->scratch);
	free(p);
	return 0;
}

/* In the child. returns the ABI; without Landlock there is nothing to test */
static int
enter(struct place *p, const struct privilege_plan *plan)
{
	CHILD_CHECK(prctl(PR_SET_NO_NEW_PRIVS, 1, 0, 0, 0) == 0);
	int abi = privilege_landlock(plan, p->error, sizeof(p->error));
	if (abi == 0)
		(void)fprintf(stderr, "%s: nothing of this was tested\n", p->error);
	if (abi == 0)
		_exit(0);
	CHILD_CHECK(abi > 0);
	return abi;
}

static int
enter_as(struct place *p, enum privilege_process process)
{
	const char *reads[] = { p->read, "/nonexistent", below(p->other, "file"), NULL };
	const char *writes[] = { p->written, NULL };
	const struct privilege_plan plan = {
		.process = process,
		.read_paths = reads,
		.write_paths = process == PRIVILEGE_WRITER ? writes : NULL,
	};

	return enter(p, &plan);
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

static void
look_around(void *context)
{
	struct place *p = context;

	(void)enter_as(p, PRIVILEGE_ENGINE);
	CHILD_CHECK(try_open(below(p->read, "file"), O_RDONLY) == 0);
	CHILD_CHECK(try_open(p->read, O_RDONLY | O_DIRECTORY) == 0);
	CHILD_CHECK(try_open(below(p->read, "file"), O_WRONLY) == EACCES);
	CHILD_CHECK(try_open(below(p->read, "new"), O_WRONLY | O_CREAT) == EACCES);
	CHILD_CHECK(try_open(below(p->other, "file"), O_RDONLY) == 0); /* named by itself */
	CHILD_CHECK(try_open(p->other, O_RDONLY | O_DIRECTORY) == EACCES);
	CHILD_CHECK(try_open(below(p->written, "file"), O_RDONLY) == EACCES);
	CHILD_CHECK(try_open("/etc/passwd", O_RDONLY) == EACCES);
	CHILD_CHECK(try_open("/proc/self/stat", O_RDONLY) == 0);
	CHILD_CHECK(try_open("/proc/self/fd", O_RDONLY | O_DIRECTORY) == 0);
	CHILD_CHECK(try_open("/proc/uptime", O_RDONLY) == EACCES);
	CHILD_CHECK(try_open("/sys/class/net", O_RDONLY | O_DIRECTORY) == 0);
	CHILD_CHECK(try_open("/sys/class/net/lo/mtu", O_RDONLY) == 0);
}

static void
the_engine_reads_what_it_is_given_and_no_more(void **state)
{
	assert_true(child_holds(look_around, *state));
}

static void
live_as_a_log(void *context)
{
	struct place *p = context;
	char from[2 * PATH_MAX_HERE];

	int abi = enter_as(p, PRIVILEGE_WRITER);
	CHILD_CHECK(try_open(below(p->written, "new"), O_WRONLY | O_CREAT | O_EXCL) == 0);
	CHILD_CHECK(try_open(below(p->written, "new"), O_WRONLY | O_TRUNC) == 0);
	CHILD_CHECK(try_open(below(p->written, "new"), O_RDWR) == 0);
	CHILD_CHECK(try_open(p->written, O_RDONLY | O_DIRECTORY) == 0);
	CHILD_CHECK(mkdir(below(p->written, "spool"), 0700) == 0);
	(void)snprintf(from, sizeof(from), "%s", below(p->written, "new"));
	if (abi >= 2) /* before it, no file could change its directory */
		CHILD_CHECK(rename(from, below(p->written, "spool/new")) == 0);
	if (abi >= 2)
		CHILD_CHECK(unlink(below(p->written, "spool/new")) == 0);
	CHILD_CHECK(rmdir(below(p->written, "spool")) == 0);

	CHILD_CHECK(symlink("/etc/passwd", below(p->written, "link")) == -1 && errno == EACCES);
	CHILD_CHECK(mknod(below(p->written, "socket"), S_IFSOCK | 0600, 0) == -1);
	CHILD_CHECK(errno == EACCES);
	CHILD_CHECK(try_open(below(p->read, "file"), O_WRONLY) == EACCES);
	CHILD_CHECK(try_open(below(p->other, "new"), O_WRONLY | O_CREAT) == EACCES);
	CHILD_CHECK(unlink(below(p->other, "file")) == -1 && errno == EACCES);
	if (abi >= ABI_TRUNCATE)
		CHILD_CHECK(truncate(below(p->other, "file"), 0) == -1 && errno == EACCES);
	CHILD_CHECK(try_open("/sys/class/net", O_RDONLY | O_DIRECTORY) == EACCES);
}

static void
the_writer_has_its_directory_and_no_other(void **state)
{
	assert_true(child_holds(live_as_a_log, *state));
}

static void
write_a_store(void *context)
{
	struct place *p = context;

	(void)enter_as(p, PRIVILEGE_WRITER);
	wal_work(p->written);
	CHILD_CHECK(wal_open(p->read) == NULL);
	CHILD_CHECK(wal_open(p->other) == NULL);
}

static void
the_writer_keeps_a_store_in_its_directory(void **state)
{
	const struct place *p = *state;

	assert_true(wal_leave(p->written));
	assert_true(child_holds(write_a_store, *state));
}

static void
connect_by_path(void *context)
{
	struct place *p = context;
	struct sockaddr_un to = { .sun_family = AF_UNIX };

	(void)snprintf(to.sun_path, sizeof(to.sun_path), "%s", below(p->other, "socket"));
	(void)enter_as(p, PRIVILEGE_WRITER);
	int fd = socket(AF_UNIX, SOCK_STREAM | SOCK_CLOEXEC, 0);
	CHILD_CHECK(connect(fd, (const struct sockaddr *)&to, sizeof(to)) == 0);
}

/* A server's socket lies where it likes, and comes anew with the server. */
static void
the_writer_connects_to_a_socket_anywhere(void **state)
{
	const struct place *p = *state;
	struct sockaddr_un name = { .sun_family = AF_UNIX };

	(void)snprintf(name.sun_path, sizeof(name.sun_path), "%s", below(p->other, "socket"));
	int fd = socket(AF_UNIX, SOCK_STREAM | SOCK_CLOEXEC, 0);
	assert_int_equal(bind(fd, (const struct sockaddr *)&name, sizeof(name)), 0);
	assert_int_equal(listen(fd, 1), 0);
	assert_true(child_holds(connect_by_path, *state));
	assert_int_equal(close(fd), 0);
}

static void
ask_a_device(void *context)
{
	struct place *p = context;
	const char *reads[] = { "/dev/zero", NULL };
	struct termios settings;

	int abi = enter(p, &(struct privilege_plan){ .read_paths = reads });
	int fd = open("/dev/zero", O_RDONLY | O_CLOEXEC);
	CHILD_CHECK(fd >= 0);
	if (abi >= ABI_IOCTL_DEV)
		CHILD_CHECK(tcgetattr(fd, &settings) == -1 && errno == EACCES);
}

static void
a_device_that_is_read_is_not_driven(void **state)
{
	assert_true(child_holds(ask_a_device, *state));
}

static int
tcp_to_loopback(int (*act)(int, const struct sockaddr *, socklen_t))
{
	struct sockaddr_in to = { .sin_family = AF_INET, .sin_port = htons(9) };

	to.sin_addr.s_addr = htonl(INADDR_LOOPBACK);
	int fd = socket(AF_INET, SOCK_STREAM | SOCK_CLOEXEC, 0);
	CHILD_CHECK(fd >= 0);
	int error = act(fd, (const struct sockaddr *)&to, sizeof(to)) == 0 ? 0 : errno;
	(void)close(fd);
	return error;
}

static void
reach_out(void *context)
{
	enum privilege_process process = *(enum privilege_process *)context;
	struct place p;

	if (enter(&p, &(struct privilege_plan){ .process = process }) < ABI_NET)
		return;
	CHILD_CHECK(tcp_to_loopback(bind) == EACCES);
	if (process == PRIVILEGE_ENGINE)
		CHILD_CHECK(tcp_to_loopback(connect) == EACCES);
	else
		CHILD_CHECK(tcp_to_loopback(connect) != EACCES);
}

static void
only_the_writer_connects_and_nobody_listens(void **state)
{
	enum privilege_process process = PRIVILEGE_ENGINE;

	(void)state;
	assert_true(child_holds(reach_out, &process));
	process = PRIVILEGE_WRITER;
	assert_true(child_holds(reach_out, &process));
}

static void
signal_parent(void *context)
{
	struct place p;
	pid_t may_signal = *(pid_t *)context;
	const struct privilege_plan plan = { .process = PRIVILEGE_ENGINE,
		.may_signal = may_signal };

	if (enter(&p, &plan) < ABI_SCOPE)
		return;
	if (may_signal == 0)
		CHILD_CHECK(kill(getppid(), 0) == -1 && errno == EPERM);
	else
		CHILD_CHECK(kill(getppid(), 0) == 0);
	CHILD_CHECK(kill(getpid(), 0) == 0);
}

static void
signals_stay_inside_unless_one_is_named(void **state)
{
	pid_t named = 0;

	(void)state;
	assert_true(child_holds(signal_parent, &named));
	named = getpid();
	assert_true(child_holds(signal_parent, &named));
}

static void
send_to_abstract(void *context)
{
	const struct sockaddr_un *to = context;
	struct place p;

	int fd = socket(AF_UNIX, SOCK_DGRAM | SOCK_CLOEXEC, 0);
	int connected = socket(AF_UNIX, SOCK_DGRAM | SOCK_CLOEXEC, 0);
	CHILD_CHECK(connect(connected, (const struct sockaddr *)to, sizeof(*to)) == 0);
	if (enter(&p, &(struct privilege_plan){ 0 }) < ABI_SCOPE)
		return;
	CHILD_CHECK(sendto(fd, "x", 1, 0, (const struct sockaddr *)to, sizeof(*to)) == -1);
	CHILD_CHECK(errno == EPERM);
	CHILD_CHECK(send(connected, "x", 1, 0) == 1); /* NOTIFY_SOCKET of a container */
}

static void
abstract_sockets_are_out_of_reach_unless_connected(void **state)
{
	struct sockaddr_un name = { .sun_family = AF_UNIX };

	(void)state;
	(void)snprintf(&name.sun_path[1], sizeof(name.sun_path) - 1, "naiad_test.%d", getpid());
	int fd = socket(AF_UNIX, SOCK_DGRAM | SOCK_CLOEXEC, 0);
	assert_int_equal(bind(fd, (const struct sockaddr *)&name, sizeof(name)), 0);
	assert_true(child_holds(send_to_abstract, &name));
	assert_int_equal(close(fd), 0);
}

static void
name_what_is_not_there(void *context)
{
	struct place *p = context;
	const char *writes[] = { p->written, "/nonexistent/logs", NULL };
	const struct privilege_plan plan = { .process = PRIVILEGE_WRITER, .write_paths = writes };

	CHILD_CHECK(prctl(PR_SET_NO_NEW_PRIVS, 1, 0, 0, 0) == 0);
	int result = privilege_landlock(&plan, p->error, sizeof(p->error));
	if (result == 0)
		return; /* no Landlock here */
	CHILD_CHECK(result == -ENOENT);
	CHILD_CHECK(strstr(p->error, "/nonexistent/logs") != NULL);
	CHILD_CHECK(strstr(p->error, "make it") != NULL);
}

static void
a_write_path_must_be_there(void **state)
{
	assert_true(child_holds(name_what_is_not_there, *state));
}

static void
enter_with_new_privileges(void *context)
{
	struct place *p = context;

	/* neither no_new_privs nor CAP_SYS_ADMIN */
	if (geteuid() == 0)
		CHILD_CHECK(setuid(65534) == 0);
	int result = privilege_landlock(&(struct privilege_plan){ 0 }, p->error, sizeof(p->error));
	CHILD_CHECK(result == -EPERM || result == 0);
	if (result != 0)
		CHILD_CHECK(strstr(p->error, "service.sandbox: false") != NULL);
}

static void
what_the_kernel_refuses_is_an_error_with_a_way_out(void **state)
{
	assert_true(child_holds(enter_with_new_privileges, *state));
}

static void
enter_without_descriptors(void *context)
{
	struct place *p = context;
	const struct rlimit none = { 0 };

	CHILD_CHECK(prctl(PR_SET_NO_NEW_PRIVS, 1, 0, 0, 0) == 0);
	CHILD_CHECK(setrlimit(RLIMIT_NOFILE, &none) == 0);
	int result = privilege_landlock(&(struct privilege_plan){ 0 }, p->error, sizeof(p->error));
	CHILD_CHECK(result == -EMFILE || result == 0);
	if (result != 0)
		CHILD_CHECK(strstr(p->error, "cannot make Landlock's rules") != NULL);
}

static void
no_rules_is_an_error_and_no_sandbox(void **state)
{
	assert_true(child_holds(enter_without_descriptors, *state));
}

int
main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test_setup_teardown(
			the_engine_reads_what_it_is_given_and_no_more, setup, teardown),
		cmocka_unit_test_setup_teardown(
			the_writer_has_its_directory_and_no_other, setup, teardown),
		cmocka_unit_test_setup_teardown(
			the_writer_keeps_a_store_in_its_directory, setup, teardown),
		cmocka_unit_test_setup_teardown(
			the_writer_connects_to_a_socket_anywhere, setup, teardown),
		cmocka_unit_test_setup_teardown(
			a_device_that_is_read_is_not_driven, setup, teardown),
		cmocka_unit_test(only_the_writer_connects_and_nobody_listens),
		cmocka_unit_test(signals_stay_inside_unless_one_is_named),
		cmocka_unit_test(abstract_sockets_are_out_of_reach_unless_connected),
		cmocka_unit_test_setup_teardown(a_write_path_must_be_there, setup, teardown),
		cmocka_unit_test_setup_teardown(
			what_the_kernel_refuses_is_an_error_with_a_way_out, setup, teardown),
		cmocka_unit_test_setup_teardown(
			no_rules_is_an_error_and_no_sandbox, setup, teardown),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
