/*
 * privilege.c -- the order in which rights are given up, so that each step still has what it needs.
 *
 * The user first, because that takes capabilities; capabilities next; then what needs none of them.
 * The filter of system calls is last: it refuses all that came before it.
 */
#define _GNU_SOURCE /* setresuid, setresgid */

#include "daemon/loop/privilege/privilege.h"

#include "daemon/base/log.h"
#include "daemon/loop/privilege/privilege_caps.h"
#include "daemon/loop/privilege/privilege_landlock.h"
#include "daemon/loop/privilege/privilege_seccomp.h"

#include <errno.h>
#include <grp.h>
#include <pwd.h>
#include <stdarg.h>
#include <stdio.h>
#include <string.h>
#include <sys/prctl.h>
#include <sys/resource.h>
#include <sys/stat.h>
#include <unistd.h>

enum { PASSWD_TEXT_MAX = 16384, UMASK = 0027 };

/* Where a refusal goes: one line. */
struct refusal {
	char *text;
	size_t size;
};

/* returns `error`, so that a refusal is one statement */
__attribute__((format(printf, 3, 4))) static int
refuse(const struct refusal *r, int error, const char *fmt, ...)
{
	va_list arguments;

	va_start(arguments, fmt);
	(void)vsnprintf(r->text, r->size, fmt, arguments);
	va_end(arguments);
	return error;
}

/* returns 0 with whom to become, or -errno with a line; ret_user's strings live in `memory` */
static int
user_find(const char *name, char memory[PASSWD_TEXT_MAX], struct passwd *ret_user,
	const struct refusal *r)
{
	struct passwd *found = NULL;

	int error = getpwnam_r(name, ret_user, memory, PASSWD_TEXT_MAX, &found);
	if (found == NULL && (error == 0 || error == ENOENT))
		return refuse(r, -ENOENT,
			"there is no user %s to become: make it (useradd --system --no-create-home "
			"--shell /usr/sbin/nologin %s), or set service.user to one that is there",
			name, name);
	if (found == NULL)
		return refuse(r, -error, "cannot look up the user %s: %s; set service.user", name,
			strerror(error));
	if (found->pw_uid == 0)
		return refuse(r, -EINVAL,
			"service.user: %s is root; name a user without rights, such as _naiad",
			name);
	return 0;
}

static int
user_become(const struct passwd *user, const struct refusal *r)
{
	/* the permitted capabilities outlive the change of user until privilege_caps_leave() has chosen */
	if (prctl(PR_SET_KEEPCAPS, 1, 0, 0, 0) != 0 ||
		initgroups(user->pw_name, user->pw_gid) != 0 ||
		setresgid(user->pw_gid, user->pw_gid, user->pw_gid) != 0 ||
		setresuid(user->pw_uid, user->pw_uid, user->pw_uid) != 0 ||
		prctl(PR_SET_KEEPCAPS, 0, 0, 0, 0) != 0) {
		int error = errno;
		return refuse(r, -error,
			"cannot become the user %s: %s; start naiad as that user, with CAP_NET_RAW "
			"(AmbientCapabilities=CAP_NET_RAW in a unit)",
			user->pw_name, strerror(error));
	}
	return 0;
}

/* Asked of the kernel, since a mistake in the order above would be silent. */
static int
user_cannot_go_back(const struct refusal *r)
{
	if (setuid(0) == 0 || seteuid(0) == 0 || setgid(0) == 0 || setegid(0) == 0)
		return refuse(r, -EPERM,
			"the user was changed and could be changed back: a bug, please report it");
	return 0;
}

/* As root: the user of the plan. As anybody else: we have nothing to give. */
static int
user_drop(const struct privilege_plan *plan, bool *ret_changed, const struct refusal *r)
{
	char memory[PASSWD_TEXT_MAX];
	struct passwd user;

	*ret_changed = false;
	if (geteuid() != 0)
		return 0;
	int error = plan->user == NULL ? 0 : user_find(plan->user, memory, &user, r);
	if (error != 0)
		return error;
	/* where a container has no CAP_SETPCAP, no_new_privs below has the same effect */
	error = privilege_caps_empty_bounding();
	if (error != 0 && error != -EPERM)
		return refuse(r, error, "cannot empty the bounding set of capabilities: %s",
			strerror(-error));
	if (plan->user == NULL)
		return 0;
	*ret_changed = true;
	return user_become(&user, r);
}

static int
caps_drop(const struct privilege_plan *plan, const struct refusal *r)
{
	int error = privilege_caps_leave(plan->keep_net_raw);

	if (error != 0)
		return refuse(r, error,
			"cannot give up capabilities: %s; a filter of system calls around naiad must "
			"allow capset (SystemCallFilter=capset in a unit)",
			strerror(-error));
	if (plan->keep_net_raw && !privilege_caps_net_raw())
		log_warnx("sandbox",
			"CAP_NET_RAW is not held: an interface that goes away is not opened again");
	return 0;
}

static int
core_dumps_off(void)
{
	struct rlimit now;
	const struct rlimit none = { .rlim_cur = 0, .rlim_max = 0 };

	/* under a unit with LimitCORE=0 there is nothing to set, and setting may be refused */
	if (getrlimit(RLIMIT_CORE, &now) == 0 && now.rlim_cur == 0 && now.rlim_max == 0)
		return 0;
	return setrlimit(RLIMIT_CORE, &none);
}

/* What the wire brought is in our memory: no core file holds it, no neighbour reads it. */
static int
process_close(const struct refusal *r)
{
	(void)umask(UMASK);
	if (prctl(PR_SET_NO_NEW_PRIVS, 1, 0, 0, 0) != 0 ||
		prctl(PR_SET_DUMPABLE, 0, 0, 0, 0) != 0 || core_dumps_off() != 0) {
		int error = errno;
		return refuse(r, -error, "cannot close the process: %s", strerror(error));
	}
	return 0;
}

/* One line a sandbox, said by the engine: the writer is under the same kernel. */
static void
report_missing(const struct privilege_plan *plan, const char *why)
{
	if (plan->process == PRIVILEGE_ENGINE)
		log_warnx("sandbox", "%s: going on without it", why);
}

static int
sandbox_enter(const struct privilege_plan *plan, const struct refusal *r)
{
	int result = privilege_landlock(plan, r->text, r->size);

	if (result == 0)
		report_missing(plan, r->text);
	if (result < 0)
		return result;
	result = privilege_seccomp(plan, r->text, r->size);
	if (result == 0)
		report_missing(plan, r->text);
	return result < 0 ? result : 0;
}

int
privilege_drop(const struct privilege_plan *plan, char *ret_error, size_t error_size)
{
	struct refusal r;
	bool changed;

	r.text = ret_error;
	r.size = error_size;
	if (plan->process == PRIVILEGE_ENGINE && plan->write_paths != NULL &&
		plan->write_paths[0] != NULL)
		return refuse(&r, -EINVAL, "%s: the engine writes no files", plan->write_paths[0]);
	int error = user_drop(plan, &changed, &r);
	if (error == 0)
		error = caps_drop(plan, &r);
	if (error == 0 && changed)
		error = user_cannot_go_back(&r);
	if (error == 0)
		error = process_close(&r);
	if (error == 0 && plan->sandbox)
		error = sandbox_enter(plan, &r);
	return error;
}
