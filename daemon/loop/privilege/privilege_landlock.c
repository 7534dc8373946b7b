/*
 * privilege_landlock.c -- everything is refused by Landlock but what a rule grants.
 *
 * The kernel is asked for its ABI, and gets the rights that it knows: an old kernel closes less, a
 * new one no more than what is written here. glibc has no wrappers, and Debian 12's
 * <linux/landlock.h> ends at ABI 2, so the three calls and the later constants are ours; they are
 * part of the kernel's stable interface (linux/landlock.h of 6.12).
 */
#define _GNU_SOURCE /* O_PATH */

#include "daemon/loop/privilege/privilege_landlock.h"

#include "daemon/base/log.h"

#include <errno.h>
#include <fcntl.h>
#include <linux/landlock.h>
#include <stdint.h>
#include <stdio.h>
#include <string.h>
#include <sys/stat.h>
#include <sys/syscall.h>
#include <unistd.h>

#define ACCESS_FS_TRUNCATE     (UINT64_C(1) << 14) /* ABI 3 */
#define ACCESS_NET_BIND_TCP    (UINT64_C(1) << 0)  /* ABI 4 */
#define ACCESS_NET_CONNECT_TCP (UINT64_C(1) << 1)  /* ABI 4 */
#define ACCESS_FS_IOCTL_DEV    (UINT64_C(1) << 15) /* ABI 5 */
#define SCOPE_ABSTRACT_UNIX    (UINT64_C(1) << 0)  /* ABI 6 */
#define SCOPE_SIGNAL           (UINT64_C(1) << 1)  /* ABI 6 */

enum {
	ABI_REFER = 2,
	ABI_TRUNCATE = 3,
	ABI_NET = 4,
	ABI_IOCTL_DEV = 5,
	ABI_SCOPE = 6,
};

/* struct landlock_ruleset_attr of ABI 6; older ones are its beginning. */
struct ruleset {
	uint64_t handled_fs;
	uint64_t handled_net;
	uint64_t scoped;
};

#define READ_FILE LANDLOCK_ACCESS_FS_READ_FILE
#define READ      (READ_FILE | LANDLOCK_ACCESS_FS_READ_DIR)
/* What a rule on a single file may grant: the rest is about directories. */
#define OF_A_FILE (READ_FILE | LANDLOCK_ACCESS_FS_WRITE_FILE | ACCESS_FS_TRUNCATE)
#define WRITE                                                                           \
	(READ | OF_A_FILE | LANDLOCK_ACCESS_FS_MAKE_REG | LANDLOCK_ACCESS_FS_MAKE_DIR | \
		LANDLOCK_ACCESS_FS_REMOVE_FILE | LANDLOCK_ACCESS_FS_REMOVE_DIR |        \
		LANDLOCK_ACCESS_FS_REFER)
#define EVERY_FS_OF_ABI_1 ((LANDLOCK_ACCESS_FS_MAKE_SYM << 1) - 1)

/*
 * libpcap reads an interface's counters, and whether it is the port of a switch chip, below
 * /sys/class/net, whose entries are links into /sys/devices.
 */
static const char *const engine_reads[] = { "/sys/class/net", "/sys/devices", NULL };

static struct ruleset
ruleset_of(const struct privilege_plan *plan, int abi)
{
	struct ruleset r = { .handled_fs = EVERY_FS_OF_ABI_1 };

	if (abi >= ABI_REFER)
		r.handled_fs |= LANDLOCK_ACCESS_FS_REFER;
	if (abi >= ABI_TRUNCATE)
		r.handled_fs |= ACCESS_FS_TRUNCATE;
	if (abi >= ABI_NET)
		r.handled_net = ACCESS_NET_BIND_TCP;
	if (abi >= ABI_NET && plan->process == PRIVILEGE_ENGINE)
		r.handled_net |= ACCESS_NET_CONNECT_TCP;
	if (abi >= ABI_IOCTL_DEV)
		r.handled_fs |= ACCESS_FS_IOCTL_DEV;
	if (abi >= ABI_SCOPE)
		r.scoped = SCOPE_ABSTRACT_UNIX;
	if (abi >= ABI_SCOPE && plan->may_signal == 0)
		r.scoped |= SCOPE_SIGNAL;
	return r;
}

static size_t
ruleset_size(int abi)
{
	if (abi >= ABI_SCOPE)
		return sizeof(struct ruleset);
	return abi >= ABI_NET ? offsetof(struct ruleset, scoped)
			      : offsetof(struct ruleset, handled_net);
}

/* Grant `access`, as far as it is handled and fits what `fd` is. */
static int
grant_fd(int rules, uint64_t handled, int fd, uint64_t access)
{
	struct stat st;

	if (fstat(fd, &st) != 0)
		return -errno;
	if (!S_ISDIR(st.st_mode))
		access &= OF_A_FILE;
	const struct landlock_path_beneath_attr rule = {
		.allowed_access = access & handled,
		.parent_fd = fd,
	};
	return syscall(SYS_landlock_add_rule, rules, LANDLOCK_RULE_PATH_BENEATH, &rule, 0) == 0
		       ? 0
		       : -errno;
}

static int
grant(int rules, uint64_t handled, const char *path, uint64_t access)
{
	int fd = open(path, O_PATH | O_CLOEXEC);

	if (fd < 0)
		return -errno;
	int error = grant_fd(rules, handled, fd, access);
	(void)close(fd);
	return error;
}

static int
grant_reads(int rules, uint64_t handled, const char *const *paths, const char **ret_path)
{
	for (; paths != NULL && *paths != NULL; paths++) {
		int error = grant(rules, handled, *paths, READ);
		if (error == -ENOENT || error == -EACCES) {
			log_debug("sandbox", "%s: %s, left out", *paths, strerror(-error));
			continue;
		}
		*ret_path = *paths;
		if (error != 0)
			return error;
	}
	return 0;
}

/*
 * Our own /proc/PID, for the metrics of the process. procfs makes a directory's inode anew once its
 * name has fallen out of the cache, and the rule would be gone with the old one: the descriptor stays
 * open for the life of the process to hold it. Without a /proc there is nothing to grant.
 */
static int
grant_own_proc(int rules, uint64_t handled)
{
	int fd = open("/proc/self", O_PATH | O_CLOEXEC);

	return fd < 0 ? 0 : grant_fd(rules, handled, fd, READ);
}

/* ret_path  whose rule it was that failed */
static int
grant_all(int rules, uint64_t handled, const struct privilege_plan *plan, const char **ret_path)
{
	int error = grant_reads(rules, handled, plan->read_paths, ret_path);

	if (error == 0 && plan->process == PRIVILEGE_ENGINE)
		error = grant_reads(rules, handled, engine_reads, ret_path);
	for (const char *const *path = plan->write_paths;
		error == 0 && path != NULL && *path != NULL; path++) {
		*ret_path = *path;
		error = grant(rules, handled, *path, WRITE);
	}
	if (error != 0)
		return error;
	*ret_path = "/proc/self";
	return grant_own_proc(rules, handled);
}

int
privilege_landlock(const struct privilege_plan *plan, char *ret_error, size_t error_size)
{
	const char *path = NULL;
	long abi = syscall(
		SYS_landlock_create_ruleset, NULL, (size_t)0, LANDLOCK_CREATE_RULESET_VERSION);

	if (abi < 1) { /* not built in, switched off at boot, or refused by a container's filter */
		(void)snprintf(ret_error, error_size, "no Landlock here (%s)", strerror(errno));
		return 0;
	}
	const struct ruleset r = ruleset_of(plan, (int)abi);
	int rules = (int)syscall(SYS_landlock_create_ruleset, &r, ruleset_size((int)abi), 0);
	if (rules < 0) {
		int error = -errno;
		(void)snprintf(ret_error, error_size,
			"cannot make Landlock's rules: %s; set service.sandbox: false to go without",
			strerror(-error));
		return error;
	}
	int error = grant_all(rules, r.handled_fs, plan, &path);
	if (error != 0)
		(void)snprintf(ret_error, error_size,
			"cannot keep %s open for the sandbox: %s; make it, let service.user in, or name another",
			path, strerror(-error));
	else if (syscall(SYS_landlock_restrict_self, rules, 0) != 0) {
		error = -errno;
		(void)snprintf(ret_error, error_size,
			"cannot enter Landlock's rules: %s; set service.sandbox: false to go without",
			strerror(-error));
	}
	(void)close(rules);
	return error == 0 ? (int)abi : error;
}
