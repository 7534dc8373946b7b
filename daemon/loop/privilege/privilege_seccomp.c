/*
 * privilege_seccomp.c -- what each of our processes may still ask of the kernel.
 *
 * A list of what is allowed; all else is refused and written to the audit log (or the kernel's, where
 * no auditd runs) by the kernel itself, with the number of the call. Nothing is killed: a daemon that
 * runs for months outlives updates of libc and libpcap, and a call that one of those tries first and
 * can do without must not end it. Hence two kinds of refusal:
 *   - what is known and not ours (`refused`) gets EPERM, which is what it is;
 *   - what nobody has named gets ENOSYS, as from an older kernel, and libraries have a plan for that.
 * Only a call by another architecture's entry (int 0x80, x32) ends the process: no library does that.
 *
 * Names, not numbers: libseccomp knows which of them exist on this architecture, and leaves out the
 * rest. Both spellings of 32-bit systems (64-bit offsets, 64-bit time) are therefore listed.
 */
#include "daemon/loop/privilege/privilege_seccomp.h"

#include <errno.h>
#include <fcntl.h>
#include <linux/sockios.h>
#include <net/if.h>
#include <seccomp.h>
#include <stdint.h>
#include <stdio.h>
#include <string.h>
#include <sys/ioctl.h>
#include <sys/mman.h>
#include <sys/prctl.h>
#include <sys/socket.h>
#include <unistd.h>

/* int and unsigned int arguments: the upper half of the register is not looked at by the kernel. */
#define INT_MASK UINT64_C(0xffffffff)

static const char *const both[] = {
	/* memory; mmap and mprotect have conditions */
	"brk", "munmap", "mremap", "madvise",
	/* time */
	"clock_gettime", "clock_gettime64", "clock_getres", "clock_getres_time64", "gettimeofday",
	"time", "nanosleep", "clock_nanosleep", "clock_nanosleep_time64",
	/* signals to ourselves */
	"rt_sigaction", "rt_sigprocmask", "rt_sigreturn", "sigreturn", "sigaltstack",
	"restart_syscall",
	/* descriptors that are open; ioctl has conditions */
	"read", "readv", "pread64", "write", "writev", "pwrite64", "close", "dup", "dup3", "fcntl",
	"fcntl64", "lseek", "_llseek", "fstat", "fstat64",
	/* looking at files, as far as Landlock lets */
	"stat", "stat64", "lstat", "lstat64", "newfstatat", "fstatat64", "statx", "access",
	"faccessat", "faccessat2", "readlink", "readlinkat", "getdents", "getdents64", "getcwd",
	/* the loop */
	"epoll_create1", "epoll_ctl", "epoll_wait", "epoll_pwait", "epoll_pwait2", "poll", "ppoll",
	"ppoll_time64", "select", "_newselect", "pselect6", "pselect6_time64", "timerfd_create",
	"timerfd_settime", "timerfd_settime64", "timerfd_gettime", "timerfd_gettime64", "signalfd4",
	"eventfd2", "pipe2",
	/* sockets that are there; socket has conditions */
	"recv", "recvfrom", "recvmsg", "send", "sendto", "sendmsg", "shutdown", "getsockopt",
	"setsockopt", "getsockname", "getpeername",
	/* who and what we are, and what we use */
	"getpid", "gettid", "getppid", "getuid", "getuid32", "geteuid", "geteuid32", "getgid",
	"getgid32", "getegid", "getegid32", "capget", "getrusage", "getrlimit", "ugetrlimit",
	"sysinfo", "uname", "getrandom", "futex", "futex_time64", "sched_yield",
	/* the end */
	"exit", "exit_group", NULL
};

static const char *const engine_only[] = {
	/* connections to listeners that were bound at start, and datagrams of routers */
	"accept", "accept4", "recvmmsg", "recvmmsg_time64",
	/* how the writer ended */
	"wait4", "waitid", "waitpid", NULL
};

static const char *const writer_only[] = {
	/* files; which ones, Landlock says */
	"open", "openat", "mkdir", "mkdirat", "rename", "renameat", "renameat2", "unlink",
	"unlinkat", "rmdir", "ftruncate", "ftruncate64", "fallocate", "fsync", "fdatasync",
	"fchmod", "flock", "statfs", "statfs64", "fstatfs", "fstatfs64",
	/* to syslog and back */
	"connect", "sendmmsg", NULL
};

/* Known, and not ours. clone3 is not here: libc must hear ENOSYS to try clone, and be refused. */
static const char *const refused[] = {
	/* other programs, and more of us */
	"execve", "execveat", "fork", "vfork", "clone",
	/* other processes */
	"ptrace", "process_vm_readv", "process_vm_writev", "process_madvise", "pidfd_open",
	"pidfd_getfd", "pidfd_send_signal", "kcmp", "rt_sigqueueinfo", "rt_tgsigqueueinfo", "tkill",
	/* another view of the file system */
	"mount", "umount2", "move_mount", "open_tree", "fsopen", "fspick", "fsconfig", "fsmount",
	"mount_setattr", "pivot_root", "chroot", "unshare", "setns",
	/* large parts of the kernel that a sensor has no use for */
	"bpf", "perf_event_open", "userfaultfd", "keyctl", "add_key", "request_key",
	"io_uring_setup", "io_uring_enter", "io_uring_register", "io_setup", "io_submit",
	"fanotify_init", "inotify_init1", "memfd_create", "memfd_secret", "shmget", "shmat",
	"msgget", "semget", "mq_open", "modify_ldt", "personality", "pkey_mprotect",
	/* the machine */
	"init_module", "finit_module", "delete_module", "kexec_load", "kexec_file_load", "reboot",
	"swapon", "swapoff", "settimeofday", "clock_settime", "clock_settime64", "adjtimex",
	"clock_adjtime", "clock_adjtime64", "sethostname", "setdomainname", "syslog", "acct",
	"quotactl", "iopl", "ioperm", "open_by_handle_at", "name_to_handle_at",
	/* who we are: that is settled */
	"setuid", "setuid32", "setgid", "setgid32", "setreuid", "setreuid32", "setregid",
	"setregid32", "setresuid", "setresuid32", "setresgid", "setresgid32", "setgroups",
	"setgroups32", "setfsuid", "setfsuid32", "setfsgid", "setfsgid32", "setrlimit", "prctl",
	"seccomp", "landlock_create_ruleset", "landlock_add_rule", "landlock_restrict_self",
	/* nobody connects to us but where we listen already */
	"listen", "socketpair",
	/* files that are none of ours, in any process */
	"creat", "link", "linkat", "symlink", "symlinkat", "mknod", "mknodat", "truncate",
	"truncate64", "chmod", "fchmodat", "chown", "chown32", "fchown", "fchown32", "lchown",
	"lchown32", "fchownat", "setxattr", "fsetxattr", "lsetxattr", "chdir", "fchdir", NULL
};

static const char *const engine_refused[] = { "mkdir", "mkdirat", "rename", "renameat", "renameat2",
	"unlink", "unlinkat", "rmdir", "ftruncate", "ftruncate64", "fchmod", "connect", NULL };
static const char *const writer_refused[] = { "accept", "accept4", "recvmmsg", "recvmmsg_time64",
	"bind", "capset", NULL };

/*
 * Requests of ioctl(2): a terminal's name and size and a socket's fill, and what libpcap asks of an
 * interface. TIOCSTI, which types into a terminal, is the reason why there is a list.
 */
static const unsigned long both_requests[] = { TCGETS, TIOCGWINSZ, FIONREAD, FIONBIO, 0 };
static const unsigned long writer_requests[] = { SIOCOUTQ, 0 }; /* what a peer has not taken yet */
static const unsigned long reopen_requests[] = { SIOCGIFNAME, SIOCGIFINDEX, SIOCGIFFLAGS,
	SIOCGIFMTU, SIOCGIFHWADDR, SIOCETHTOOL, SIOCBONDINFOQUERY, 0 };

/* Families of socket(2). libpcap asks AF_UNIX sockets about interfaces, where it gets no AF_NETLINK. */
static const struct {
	int family;
	bool reopening; /* an engine that keeps CAP_NET_RAW; another one opens no socket at all */
	bool writer;
} families[] = {
	{ AF_UNIX, true, true },
	{ AF_INET, false, true },
	{ AF_INET6, false, true },
	{ AF_PACKET, true, false },
	{ AF_NETLINK, false, false },
	{ AF_ALG, false, false },
	{ AF_VSOCK, false, false },
	{ AF_BLUETOOTH, false, false },
};

static bool
family_is_open(const struct privilege_plan *plan, size_t i)
{
	if (plan->process == PRIVILEGE_WRITER)
		return families[i].writer;
	return plan->keep_net_raw && families[i].reopening;
}

/* A name that this libseccomp does not know is newer than it is, and falls to ENOSYS. */
static int
rule(scmp_filter_ctx filter, uint32_t action, const char *name, unsigned count,
	const struct scmp_arg_cmp *conditions)
{
	int call = seccomp_syscall_resolve_name(name);

	return call == __NR_SCMP_ERROR
		       ? 0
		       : seccomp_rule_add_array(filter, action, call, count, conditions);
}

static int
rules(scmp_filter_ctx filter, uint32_t action, const char *const *names)
{
	int error = 0;

	for (; error == 0 && *names != NULL; names++)
		error = rule(filter, action, *names, 0, NULL);
	return error;
}

/* A rule on the bits `mask` of one argument. */
static int
rule_bits(scmp_filter_ctx filter, uint32_t action, const char *name, unsigned argument,
	uint64_t mask, uint64_t value)
{
	const struct scmp_arg_cmp bits = SCMP_CMP(argument, SCMP_CMP_MASKED_EQ, mask, value);

	return rule(filter, action, name, 1, &bits);
}

/* `name` is allowed where the bits `mask` of its argument are all zero, and EPERM with each of them. */
static int
rule_without(scmp_filter_ctx filter, const char *name, unsigned argument, uint64_t mask)
{
	int error = rule_bits(filter, SCMP_ACT_ALLOW, name, argument, mask, 0);

	for (uint64_t bit = 1; error == 0 && bit <= mask; bit <<= 1)
		if ((mask & bit) != 0)
			error = rule_bits(filter, SCMP_ACT_ERRNO(EPERM), name, argument, bit, bit);
	return error;
}

static int
memory_rules(scmp_filter_ctx filter)
{
	static const char *const calls[] = { "mmap", "mmap2", "mprotect" };
	int error = 0;

	/* no page is ever made code: what runs is what was loaded at start */
	for (size_t i = 0; error == 0 && i < sizeof(calls) / sizeof(calls[0]); i++)
		error = rule_without(filter, calls[i], 2, PROT_EXEC);
	return error;
}

static int
ioctl_rules(scmp_filter_ctx filter, const unsigned long *requests)
{
	int error = 0;

	for (; error == 0 && *requests != 0; requests++)
		error = rule_bits(filter, SCMP_ACT_ALLOW, "ioctl", 1, INT_MASK, *requests);
	return error;
}

static int
socket_rules(scmp_filter_ctx filter, const struct privilege_plan *plan)
{
	int error = 0;

	for (size_t i = 0; error == 0 && i < sizeof(families) / sizeof(families[0]); i++)
		error = rule_bits(filter,
			family_is_open(plan, i) ? SCMP_ACT_ALLOW : SCMP_ACT_ERRNO(EPERM), "socket",
			0, INT_MASK, (uint64_t)families[i].family);
	return error;
}

/* Signals reach ourselves (abort, raise) and the one process that the plan names. */
static int
signal_rules(scmp_filter_ctx filter, pid_t may_signal)
{
	int error = rule_bits(filter, SCMP_ACT_ALLOW, "tgkill", 0, INT_MASK, (uint64_t)getpid());

	if (error == 0)
		error = rule_bits(filter, SCMP_ACT_ALLOW, "kill", 0, INT_MASK, (uint64_t)getpid());
	if (error == 0 && may_signal > 0)
		error = rule_bits(
			filter, SCMP_ACT_ALLOW, "kill", 0, INT_MASK, (uint64_t)may_signal);
	return error;
}

/* Limits can be read; prlimit64 is how libc does that. */
static int
limit_rules(scmp_filter_ctx filter)
{
	return rule_bits(filter, SCMP_ACT_ALLOW, "prlimit64", 2, UINT64_MAX, 0);
}

static int
engine_rules(scmp_filter_ctx filter, const struct privilege_plan *plan)
{
	static const char *const reopening[] = { "bind", "capset", NULL };
	const uint64_t writing = O_WRONLY | O_RDWR | O_CREAT | O_TRUNC | O_APPEND;
	uint32_t bind_and_capset = plan->keep_net_raw ? SCMP_ACT_ALLOW : SCMP_ACT_ERRNO(EPERM);

	int error = rules(filter, SCMP_ACT_ALLOW, engine_only);
	if (error == 0)
		error = rules(filter, SCMP_ACT_ERRNO(EPERM), engine_refused);
	if (error == 0)
		error = rules(filter, bind_and_capset, reopening);
	if (error == 0 && plan->keep_net_raw)
		error = ioctl_rules(filter, reopen_requests);
	/* read-only without Landlock too: settings at a reload, /sys and /proc */
	if (error == 0)
		error = rule_without(filter, "openat", 2, writing);
	if (error == 0)
		error = rule_without(filter, "open", 1, writing);
	return error;
}

static int
writer_rules(scmp_filter_ctx filter)
{
	int error = rules(filter, SCMP_ACT_ALLOW, writer_only);

	if (error == 0)
		error = ioctl_rules(filter, writer_requests);
	return error != 0 ? error : rules(filter, SCMP_ACT_ERRNO(EPERM), writer_refused);
}

static int
filter_fill(scmp_filter_ctx filter, const struct privilege_plan *plan)
{
	int error = seccomp_attr_set(filter, SCMP_FLTATR_ACT_BADARCH, SCMP_ACT_KILL_PROCESS);

	/* ask the kernel to log what it refuses; one before 4.14 cannot */
	(void)seccomp_attr_set(filter, SCMP_FLTATR_CTL_LOG, 1);
	if (error == 0)
		error = rules(filter, SCMP_ACT_ALLOW, both);
	if (error == 0)
		error = rules(filter, SCMP_ACT_ERRNO(EPERM), refused);
	if (error == 0)
		error = memory_rules(filter);
	if (error == 0)
		error = limit_rules(filter);
	if (error == 0)
		error = ioctl_rules(filter, both_requests);
	if (error == 0)
		error = socket_rules(filter, plan);
	if (error == 0)
		error = signal_rules(filter, plan->may_signal);
	if (error != 0)
		return error;
	return plan->process == PRIVILEGE_ENGINE ? engine_rules(filter, plan)
						 : writer_rules(filter);
}

int
privilege_seccomp(const struct privilege_plan *plan, char *ret_error, size_t error_size)
{
	if (prctl(PR_GET_SECCOMP, 0, 0, 0, 0) < 0) {
		(void)snprintf(ret_error, error_size, "no seccomp here (%s)", strerror(errno));
		return 0;
	}
	int error = -ENOMEM;
	scmp_filter_ctx filter = seccomp_init(SCMP_ACT_ERRNO(ENOSYS));
	if (filter != NULL)
		error = filter_fill(filter, plan);
	if (error == 0)
		error = seccomp_load(filter);
	if (error != 0)
		(void)snprintf(ret_error, error_size,
			"cannot enter the filter of system calls: %s; set service.sandbox: false to "
			"go without",
			strerror(-error));
	seccomp_release(filter);
	return error == 0 ? 1 : error;
}
