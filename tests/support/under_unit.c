/*
 * under_unit USER CALLS PROGRAM [ARGUMENT...] -- run a program as a systemd unit of ours would.
 *
 * CALLS is a file with a system call on each line: what SystemCallFilter= comes to
 * (tests/support/unit_calls). The rest is what systemd does for the unit's other lines: User=,
 * CapabilityBoundingSet= and AmbientCapabilities=CAP_NET_RAW, NoNewPrivileges=, LimitCORE=0, UMask=,
 * RestrictAddressFamilies=, MemoryDenyWriteExecute=, SystemCallErrorNumber=EPERM. Started by root;
 * systemd itself is not needed.
 */
#define _GNU_SOURCE /* setresuid, setresgid */

#include <errno.h>
#include <grp.h>
#include <linux/capability.h>
#include <pwd.h>
#include <seccomp.h>
#include <stdbool.h>
#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/mman.h>
#include <sys/prctl.h>
#include <sys/resource.h>
#include <sys/shm.h>
#include <sys/socket.h>
#include <sys/stat.h>
#include <sys/syscall.h>
#include <unistd.h>

enum { CALL_NAME_MAX = 64, FAMILY_END = 64 };

static void
must(bool good, const char *what)
{
	if (good)
		return;
	perror(what);
	exit(125);
}

static void
net_raw_only(void)
{
	struct __user_cap_header_struct header = { .version = _LINUX_CAPABILITY_VERSION_3 };
	struct __user_cap_data_struct set[_LINUX_CAPABILITY_U32S_3] = { { 0 } };

	set[0].permitted = set[0].effective = set[0].inheritable = CAP_TO_MASK(CAP_NET_RAW);
	must(syscall(SYS_capset, &header, set) == 0, "capset");
	must(prctl(PR_CAP_AMBIENT, PR_CAP_AMBIENT_RAISE, CAP_NET_RAW, 0, 0) == 0, "ambient");
}

static void
become(const char *name)
{
	const struct rlimit no_core = { 0 };
	const struct passwd *user = getpwnam(name);

	must(user != NULL, name);
	for (unsigned long cap = 0; prctl(PR_CAPBSET_READ, cap, 0, 0, 0) >= 0; cap++)
		if (cap != CAP_NET_RAW)
			must(prctl(PR_CAPBSET_DROP, cap, 0, 0, 0) == 0, "bounding set");
	must(prctl(PR_SET_KEEPCAPS, 1, 0, 0, 0) == 0, "keep capabilities");
	must(initgroups(user->pw_name, user->pw_gid) == 0, "groups");
	must(setresgid(user->pw_gid, user->pw_gid, user->pw_gid) == 0, "group");
	must(setresuid(user->pw_uid, user->pw_uid, user->pw_uid) == 0, "user");
	net_raw_only();
	must(setrlimit(RLIMIT_CORE, &no_core) == 0, "core");
	(void)umask(0027);
	must(prctl(PR_SET_NO_NEW_PRIVS, 1, 0, 0, 0) == 0, "no new privileges");
}

static void
calls_only(const char *path)
{
	char name[CALL_NAME_MAX];
	scmp_filter_ctx filter = seccomp_init(SCMP_ACT_ERRNO(EPERM));

	must(filter != NULL, "seccomp");
	FILE *f = fopen(path, "re");
	must(f != NULL, path);
	while (fscanf(f, "%63s", name) == 1) {
		int call = seccomp_syscall_resolve_name(name);
		if (call != __NR_SCMP_ERROR)
			must(seccomp_rule_add(filter, SCMP_ACT_ALLOW, call, 0) == 0, name);
	}
	(void)fclose(f);
	must(seccomp_load(filter) == 0, "SystemCallFilter");
	seccomp_release(filter);
}

/* RestrictAddressFamilies= and MemoryDenyWriteExecute= as src/shared/seccomp-util.c of 252 has them. */
static void
families_and_memory(void)
{
	static const int open_families[] = { AF_PACKET, AF_NETLINK, AF_UNIX, AF_INET, AF_INET6 };
	const uint64_t writable_code = PROT_WRITE | PROT_EXEC;
	scmp_filter_ctx filter = seccomp_init(SCMP_ACT_ALLOW);

	must(filter != NULL, "seccomp");
	for (int family = 0; family < FAMILY_END; family++) {
		bool open = false;
		for (size_t i = 0; i < sizeof(open_families) / sizeof(open_families[0]); i++)
			open |= open_families[i] == family;
		if (!open)
			must(seccomp_rule_add(filter, SCMP_ACT_ERRNO(EAFNOSUPPORT),
				     SCMP_SYS(socket), 1,
				     SCMP_A0(SCMP_CMP_MASKED_EQ, UINT32_MAX, (uint64_t)family)) ==
					0,
				"family");
	}
	must(seccomp_rule_add(filter, SCMP_ACT_ERRNO(EPERM), SCMP_SYS(mmap), 1,
		     SCMP_A2(SCMP_CMP_MASKED_EQ, writable_code, writable_code)) == 0,
		"mmap");
	must(seccomp_rule_add(filter, SCMP_ACT_ERRNO(EPERM), SCMP_SYS(mprotect), 1,
		     SCMP_A2(SCMP_CMP_MASKED_EQ, PROT_EXEC, PROT_EXEC)) == 0,
		"mprotect");
	must(seccomp_rule_add(filter, SCMP_ACT_ERRNO(EPERM), SCMP_SYS(shmat), 1,
		     SCMP_A2(SCMP_CMP_MASKED_EQ, SHM_EXEC, SHM_EXEC)) == 0,
		"shmat");
	must(seccomp_load(filter) == 0, "RestrictAddressFamilies");
	seccomp_release(filter);
}

int
main(int argc, char *argv[])
{
	if (argc < 4) {
		(void)fprintf(stderr, "usage: under_unit USER CALLS PROGRAM [ARGUMENT...]\n");
		return 2;
	}
	become(argv[1]);
	families_and_memory();
	calls_only(argv[2]);
	(void)execv(argv[3], argv + 3);
	perror(argv[3]);
	return 126;
}
