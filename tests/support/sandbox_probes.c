#define _GNU_SOURCE /* O_PATH, unshare */

#include "tests/support/sandbox_probes.h"

#include <arpa/inet.h>
#include <dirent.h>
#include <errno.h>
#include <fcntl.h>
#include <linux/keyctl.h>
#include <netinet/in.h>
#include <sched.h>
#include <signal.h>
#include <stdbool.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/epoll.h>
#include <sys/eventfd.h>
#include <sys/inotify.h>
#include <sys/ioctl.h>
#include <sys/mman.h>
#include <sys/mount.h>
#include <sys/prctl.h>
#include <sys/ptrace.h>
#include <sys/resource.h>
#include <sys/signalfd.h>
#include <sys/socket.h>
#include <sys/stat.h>
#include <sys/statvfs.h>
#include <sys/syscall.h>
#include <sys/timerfd.h>
#include <sys/wait.h>
#include <unistd.h>

enum { NO_SUCH_PROCESS = 0x3fffffff, PATH_MAX_HERE = 512, OWN_FILE_MODE = 0640 };

static int
result_of(long returned)
{
	return returned < 0 ? -errno : 0;
}

/* A descriptor that was granted is not kept. */
static int
result_of_fd(int fd)
{
	if (fd < 0)
		return -errno;
	(void)close(fd);
	return 0;
}

static const char *
below(const char *directory, const char *name, char ret_path[PATH_MAX_HERE])
{
	(void)snprintf(ret_path, PATH_MAX_HERE, "%s/%s", directory, name);
	return ret_path;
}

/* What must be refused in each of our processes. */

static int
read_shadow(const struct sandbox_place *p)
{
	(void)p;
	return result_of_fd(open("/etc/shadow", O_RDONLY | O_CLOEXEC));
}

static int
read_a_public_file(const struct sandbox_place *p)
{
	(void)p;
	return result_of_fd(open("/etc/passwd", O_RDONLY | O_CLOEXEC));
}

static int
write_elsewhere(const struct sandbox_place *p)
{
	char path[PATH_MAX_HERE];

	return result_of_fd(open(
		below(p->other, "written", path), O_WRONLY | O_CREAT | O_CLOEXEC, OWN_FILE_MODE));
}

static int
empty_elsewhere(const struct sandbox_place *p)
{
	char path[PATH_MAX_HERE];

	return result_of_fd(open(below(p->other, "victim", path), O_RDWR | O_TRUNC | O_CLOEXEC));
}

static int
unlink_elsewhere(const struct sandbox_place *p)
{
	char path[PATH_MAX_HERE];

	return result_of(unlink(below(p->other, "victim", path)));
}

static int
link_elsewhere(const struct sandbox_place *p)
{
	char path[PATH_MAX_HERE];

	return result_of(symlink("/etc/passwd", below(p->other, "link", path)));
}

static int
socket_path_elsewhere(const struct sandbox_place *p)
{
	char path[PATH_MAX_HERE];

	return result_of(mknod(below(p->other, "socket", path), S_IFSOCK | OWN_FILE_MODE, 0));
}

static int
run_program(const struct sandbox_place *p)
{
	char name[] = "/nonexistent";
	char *arguments[] = { name, NULL };

	(void)p;
	return result_of(execve(name, arguments, &arguments[1]));
}

static int
run_open_program(const struct sandbox_place *p)
{
	char empty[] = "";
	char *arguments[] = { empty, NULL };

	(void)p;
	return result_of(syscall(SYS_execveat, -1, empty, arguments, &arguments[1], AT_EMPTY_PATH));
}

static int
make_process(const struct sandbox_place *p)
{
	(void)p;
	return result_of(syscall(SYS_clone, (long)CLONE_SIGHAND, 0L, 0L, 0L, 0L)); /* EINVAL */
}

static int
make_process_new_way(const struct sandbox_place *p)
{
	(void)p;
	return result_of(syscall(SYS_clone3, NULL, (size_t)0));
}

static int
trace(const struct sandbox_place *p)
{
	(void)p;
	return result_of(ptrace(PTRACE_ATTACH, NO_SUCH_PROCESS, NULL, NULL));
}

static int
read_other_memory(const struct sandbox_place *p)
{
	(void)p;
	return result_of(
		syscall(SYS_process_vm_readv, (long)NO_SUCH_PROCESS, NULL, 0L, NULL, 0L, 0L));
}

static int
signal_another(const struct sandbox_place *p)
{
	(void)p;
	return result_of(kill(1, 0));
}

static int
signal_all(const struct sandbox_place *p)
{
	(void)p;
	return result_of(kill(-1, 0));
}

static int
socket_of(int family, int type)
{
	return result_of_fd(socket(family, type | SOCK_CLOEXEC, 0));
}

static int
socket_inet(const struct sandbox_place *p)
{
	(void)p;
	return socket_of(AF_INET, SOCK_STREAM);
}

static int
socket_inet6(const struct sandbox_place *p)
{
	(void)p;
	int result = socket_of(AF_INET6, SOCK_DGRAM);
	return result == -EAFNOSUPPORT ? 0 : result; /* a kernel without IPv6 */
}

static int
socket_netlink(const struct sandbox_place *p)
{
	(void)p;
	return socket_of(AF_NETLINK, SOCK_RAW);
}

static int
socket_packet(const struct sandbox_place *p)
{
	(void)p;
	return socket_of(AF_PACKET, SOCK_RAW);
}

static int
listen_anew(const struct sandbox_place *p)
{
	(void)p;
	return result_of(listen(-1, 1));
}

static int
connect_out(const struct sandbox_place *p)
{
	(void)p;
	return result_of(connect(-1, NULL, 0));
}

static int
mount_something(const struct sandbox_place *p)
{
	(void)p;
	return result_of(mount("none", "/nonexistent", "none", 0, NULL));
}

static int
leave_namespaces(const struct sandbox_place *p)
{
	(void)p;
	return result_of(unshare(0));
}

static int
load_bpf(const struct sandbox_place *p)
{
	(void)p;
	return result_of(syscall(SYS_bpf, -1L, NULL, 0L));
}

static int
handle_faults(const struct sandbox_place *p)
{
	(void)p;
	return result_of_fd((int)syscall(SYS_userfaultfd, (long)O_CLOEXEC));
}

static int
use_keys(const struct sandbox_place *p)
{
	(void)p;
	return result_of(syscall(
		SYS_keyctl, (long)KEYCTL_GET_KEYRING_ID, (long)KEY_SPEC_THREAD_KEYRING, 0L));
}

static int
make_ring(const struct sandbox_place *p)
{
	(void)p;
	return result_of_fd((int)syscall(SYS_io_uring_setup, 1L, NULL));
}

static int
count_events(const struct sandbox_place *p)
{
	(void)p;
	return result_of_fd((int)syscall(SYS_perf_event_open, NULL, 0L, -1L, -1L, 0L));
}

static int
load_module(const struct sandbox_place *p)
{
	(void)p;
	return result_of(syscall(SYS_init_module, NULL, 0L, ""));
}

static int
type_into_terminal(const struct sandbox_place *p)
{
	(void)p;
	return result_of(ioctl(-1, TIOCSTI, ""));
}

static int
make_code(const struct sandbox_place *p)
{
	(void)p;
	void *page = mmap(NULL, 1, PROT_READ | PROT_EXEC, MAP_PRIVATE | MAP_ANONYMOUS, -1, 0);
	if (page == MAP_FAILED)
		return -errno;
	(void)munmap(page, 1);
	return 0;
}

static int
turn_into_code(const struct sandbox_place *p)
{
	(void)p;
	return result_of(mprotect(NULL, 0, PROT_READ | PROT_EXEC));
}

static int
become_root(const struct sandbox_place *p)
{
	(void)p;
	return result_of(syscall(SYS_setresuid, -1L, -1L, -1L));
}

static int
dump_core(const struct sandbox_place *p)
{
	(void)p;
	return result_of(prctl(PR_SET_DUMPABLE, 1, 0, 0, 0));
}

static int
change_mode(const struct sandbox_place *p)
{
	(void)p;
	return result_of(chmod("/nonexistent", OWN_FILE_MODE));
}

/* A call that no header knows yet: as on an older kernel. */
static int
call_of_the_future(const struct sandbox_place *p)
{
	(void)p;
	return result_of(syscall(100000L));
}

/* What our processes live on. */

static int
read_own_file(const struct sandbox_place *p)
{
	return result_of_fd(open(p->read, O_RDONLY | O_CLOEXEC));
}

static int
read_own_status(const struct sandbox_place *p)
{
	(void)p;
	return result_of_fd(open("/proc/self/stat", O_RDONLY | O_CLOEXEC));
}

static int
list_own_descriptors(const struct sandbox_place *p)
{
	(void)p;
	DIR *d = opendir("/proc/self/fd");
	if (d == NULL)
		return -errno;
	errno = 0;
	bool found = readdir(d) != NULL;
	int error = errno;
	(void)closedir(d);
	return found ? 0 : -error;
}

static int
read_interface(const struct sandbox_place *p)
{
	(void)p;
	return result_of_fd(
		open("/sys/class/net/lo/statistics/rx_fifo_errors", O_RDONLY | O_CLOEXEC));
}

static int
turn_the_loop(const struct sandbox_place *p)
{
	struct epoll_event event = { .events = EPOLLIN };
	sigset_t signals;

	(void)p;
	(void)sigemptyset(&signals);
	int loop = epoll_create1(EPOLL_CLOEXEC);
	int wake = eventfd(1, EFD_CLOEXEC);
	int timer = timerfd_create(CLOCK_MONOTONIC, TFD_CLOEXEC);
	int signal_fd = signalfd(-1, &signals, SFD_CLOEXEC);
	int result = loop < 0 || wake < 0 || timer < 0 || signal_fd < 0 ||
				     epoll_ctl(loop, EPOLL_CTL_ADD, wake, &event) != 0 ||
				     epoll_wait(loop, &event, 1, 0) != 1
			     ? -errno
			     : 0;
	(void)close(loop);
	(void)close(wake);
	(void)close(timer);
	(void)close(signal_fd);
	return result;
}

static int
use_memory(const struct sandbox_place *p)
{
	const size_t size = (size_t)8 << 20;

	(void)p;
	void *block = mmap(NULL, size, PROT_READ | PROT_WRITE, MAP_PRIVATE | MAP_ANONYMOUS, -1, 0);
	if (block == MAP_FAILED)
		return -errno;
	int result = result_of(madvise(block, size, MADV_DONTNEED));
	(void)munmap(block, size);
	return result;
}

static int
measure_self(const struct sandbox_place *p)
{
	struct rusage usage;
	struct rlimit limit;

	(void)p;
	if (getrusage(RUSAGE_SELF, &usage) != 0 || getrlimit(RLIMIT_NOFILE, &limit) != 0)
		return -errno;
	return 0;
}

static int
wait_for_child(const struct sandbox_place *p)
{
	(void)p;
	return waitpid(-1, NULL, WNOHANG) < 0 && errno != ECHILD ? -errno : 0;
}

static int
accept_connection(const struct sandbox_place *p)
{
	(void)p;
	return accept4(-1, NULL, NULL, SOCK_CLOEXEC) < 0 && errno != EBADF ? -errno : 0;
}

static int
take_datagrams(const struct sandbox_place *p)
{
	struct mmsghdr none = { 0 };

	(void)p;
	return recvmmsg(-1, &none, 1, MSG_DONTWAIT, NULL) < 0 && errno != EBADF ? -errno : 0;
}

static int
watch_anew(const struct sandbox_place *p)
{
	int fd = inotify_init1(IN_CLOEXEC);

	(void)p;
	if (fd < 0)
		return -errno;
	(void)close(fd);
	return 0;
}

/* Create, write, sync, cut, rename over, measure the disk, remove: the life of a log file. */
static int
write_own_files(const struct sandbox_place *p)
{
	char first[PATH_MAX_HERE];
	char second[PATH_MAX_HERE];
	char directory[PATH_MAX_HERE];
	struct statvfs disk;

	int fd = open(below(p->write, "probe.new", first),
		O_WRONLY | O_CREAT | O_TRUNC | O_APPEND | O_CLOEXEC, OWN_FILE_MODE);
	if (fd < 0)
		return -errno;
	int result = write(fd, "line\n", 5) != 5 || fdatasync(fd) != 0 || ftruncate(fd, 1) != 0 ||
				     rename(first, below(p->write, "probe", second)) != 0 ||
				     mkdir(below(p->write, "probe.d", directory), 0750) != 0 ||
				     rmdir(directory) != 0 || statvfs(p->write, &disk) != 0 ||
				     unlink(second) != 0
			     ? -errno
			     : 0;
	(void)close(fd);
	return result;
}

static int
send_to_syslog(const struct sandbox_place *p)
{
	struct sockaddr_in to = { .sin_family = AF_INET, .sin_port = htons(9) };

	(void)p;
	to.sin_addr.s_addr = htonl(INADDR_LOOPBACK);
	int fd = socket(AF_INET, SOCK_DGRAM | SOCK_CLOEXEC, 0);
	if (fd < 0)
		return -errno;
	int result = result_of(connect(fd, (const struct sockaddr *)&to, sizeof(to)));
	(void)close(fd);
	return result;
}

static int
socket_unix(const struct sandbox_place *p)
{
	(void)p;
	return socket_of(AF_UNIX, SOCK_DGRAM);
}

struct probe {
	const char *name;
	int (*attempt)(const struct sandbox_place *p);
};

#define PROBE(name_)          \
	{                     \
#name_, name_ \
	}
static const struct probe probes[] = {
	PROBE(read_shadow),
	PROBE(read_a_public_file),
	PROBE(write_elsewhere),
	PROBE(empty_elsewhere),
	PROBE(link_elsewhere),
	PROBE(socket_path_elsewhere),
	PROBE(unlink_elsewhere),
	PROBE(run_program),
	PROBE(run_open_program),
	PROBE(make_process),
	PROBE(make_process_new_way),
	PROBE(trace),
	PROBE(read_other_memory),
	PROBE(signal_another),
	PROBE(signal_all),
	PROBE(socket_inet),
	PROBE(socket_inet6),
	PROBE(socket_netlink),
	PROBE(socket_packet),
	PROBE(socket_unix),
	PROBE(listen_anew),
	PROBE(connect_out),
	PROBE(mount_something),
	PROBE(leave_namespaces),
	PROBE(load_bpf),
	PROBE(handle_faults),
	PROBE(use_keys),
	PROBE(make_ring),
	PROBE(count_events),
	PROBE(load_module),
	PROBE(type_into_terminal),
	PROBE(make_code),
	PROBE(turn_into_code),
	PROBE(become_root),
	PROBE(dump_core),
	PROBE(change_mode),
	PROBE(call_of_the_future),
	PROBE(read_own_file),
	PROBE(read_own_status),
	PROBE(list_own_descriptors),
	PROBE(read_interface),
	PROBE(turn_the_loop),
	PROBE(use_memory),
	PROBE(measure_self),
	PROBE(wait_for_child),
	PROBE(accept_connection),
	PROBE(take_datagrams),
	PROBE(watch_anew),
	PROBE(write_own_files),
	PROBE(send_to_syslog),
};

struct sandbox_place
sandbox_place_from_environment(void)
{
	return (struct sandbox_place){
		.read = getenv("SANDBOX_READ"),
		.write = getenv("SANDBOX_WRITE"),
		.other = getenv("SANDBOX_OTHER"),
	};
}

void
sandbox_probe_tell(int fd, const char *name, int result)
{
	char line[128];
	int length;

	if (result == 0)
		length = snprintf(line, sizeof(line), "%s allowed\n", name);
	else if (result == -EPERM || result == -EACCES || result == -ENOSYS)
		length = snprintf(line, sizeof(line), "%s refused\n", name);
	else
		length = snprintf(line, sizeof(line), "%s reached (%s)\n", name, strerror(-result));
	if (length > 0 && write(fd, line, (size_t)length) != length)
		_exit(1);
}

void
sandbox_probes_run(int fd, const struct sandbox_place *place)
{
	for (size_t i = 0; i < sizeof(probes) / sizeof(probes[0]); i++)
		sandbox_probe_tell(fd, probes[i].name, probes[i].attempt(place));
}
