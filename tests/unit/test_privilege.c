#define _GNU_SOURCE /* getresuid */

#include "daemon/loop/privilege/privilege.h"

#include "daemon/loop/privilege/privilege_caps.h"
#include "tests/support/child_rig.h"

#include <errno.h>
#include <fcntl.h>
#include <grp.h>
#include <pwd.h>
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <string.h>
#include <sys/prctl.h>
#include <sys/resource.h>
#include <sys/socket.h>
#include <sys/stat.h>

#include <cmocka.h>

enum { NOBODY = 65534 };

static void
only_root(void)
{
	if (geteuid() != 0)
		skip();
}

/* In the child: what was logged since the last call; "" when nothing was. */
static const char *
logged(void)
{
	static char text[512];
	static int from = -1;
	int ends[2];

	if (from < 0) {
		CHILD_CHECK(pipe2(ends, O_CLOEXEC | O_NONBLOCK) == 0);
		CHILD_CHECK(dup2(ends[1], STDERR_FILENO) == STDERR_FILENO);
		from = ends[0];
	}
	ssize_t length = read(from, text, sizeof(text) - 1);
	text[length < 0 ? 0 : length] = '\0';
	return text;
}

/* In the child. */
static void
drop(const struct privilege_plan *plan)
{
	char error[512] = "";
	int result = privilege_drop(plan, error, sizeof(error));

	if (result != 0)
		(void)fprintf(stderr, "%s\n", error);
	CHILD_CHECK(result == 0);
}

static void
become_nobody(void *context)
{
	uid_t uids[3];
	gid_t gids[3];
	gid_t groups[16];
	const gid_t more[] = { 0, 4 };

	(void)context;
	CHILD_CHECK(setgroups(2, more) == 0);
	drop(&(struct privilege_plan){ .user = "nobody", .keep_net_raw = true });
	CHILD_CHECK(getresuid(&uids[0], &uids[1], &uids[2]) == 0);
	CHILD_CHECK(getresgid(&gids[0], &gids[1], &gids[2]) == 0);
	const struct passwd *nobody = getpwnam("nobody");
	CHILD_CHECK(nobody != NULL && nobody->pw_uid != 0);
	for (unsigned i = 0; i < 3; i++)
		CHILD_CHECK(uids[i] == nobody->pw_uid && gids[i] == nobody->pw_gid);
	int count = getgroups(16, groups);
	CHILD_CHECK(count >= 0);
	for (int i = 0; i < count; i++)
		CHILD_CHECK(groups[i] == nobody->pw_gid); /* those of root are gone */
	CHILD_CHECK(setuid(0) == -1 && seteuid(0) == -1 && setgid(0) == -1);
	CHILD_CHECK(privilege_caps_net_raw()); /* it outlived the change of user */
	CHILD_CHECK(socket(AF_PACKET, SOCK_RAW | SOCK_CLOEXEC, 0) == -1);
	CHILD_CHECK(prctl(PR_GET_KEEPCAPS) == 0);
	CHILD_CHECK(prctl(PR_CAPBSET_READ, 0) == 0 && prctl(PR_CAPBSET_READ, 13) == 0);
}

static void
root_becomes_the_user_with_its_groups(void **state)
{
	(void)state;
	only_root();
	assert_true(child_holds(become_nobody, NULL));
}

static void
close_the_process(void *context)
{
	struct rlimit core;

	(void)context;
	(void)umask(0);
	CHILD_CHECK(geteuid() != 0 || setuid(NOBODY) == 0);
	/* as anybody else: the user is not looked at, the capability may be missing */
	(void)logged();
	drop(&(struct privilege_plan){ .user = "no-such-user", .keep_net_raw = true });
	CHILD_CHECK(strstr(logged(), "CAP_NET_RAW is not held") != NULL);
	CHILD_CHECK(prctl(PR_GET_NO_NEW_PRIVS, 0, 0, 0, 0) == 1);
	CHILD_CHECK(prctl(PR_GET_DUMPABLE) == 0);
	CHILD_CHECK(getrlimit(RLIMIT_CORE, &core) == 0);
	CHILD_CHECK(core.rlim_cur == 0 && core.rlim_max == 0);
	CHILD_CHECK(umask(0) == 0027);
	CHILD_CHECK(prctl(PR_GET_SECCOMP) == 0); /* sandbox: false */
}

static void
a_plain_user_closes_what_it_can(void **state)
{
	(void)state;
	assert_true(child_holds(close_the_process, NULL));
}

static void
stay_root(void *context)
{
	(void)context;
	drop(&(struct privilege_plan){ 0 });
	CHILD_CHECK(geteuid() == 0);
	CHILD_CHECK(!privilege_caps_net_raw());
	CHILD_CHECK(setuid(NOBODY) == -1 && errno == EPERM); /* no capability is left to do it */
}

static void
root_without_a_user_keeps_no_capability(void **state)
{
	(void)state;
	only_root();
	assert_true(child_holds(stay_root, NULL));
}

static void
enter_sandbox(void *context)
{
	const char *reads[] = { "/etc/passwd", NULL };

	(void)context;
	(void)logged();
	drop(&(struct privilege_plan){ .user = "nobody", .sandbox = true, .read_paths = reads });
	const char *said = logged(); /* what is missing in this kernel, if it is */
	CHILD_CHECK(said[0] == '\0' || strstr(said, "no Landlock here") != NULL);
	CHILD_CHECK(open("/etc/passwd", O_RDONLY | O_CLOEXEC) >= 0);
	CHILD_CHECK(open("/dev/null", O_WRONLY | O_CLOEXEC) == -1 && errno == EPERM);
	CHILD_CHECK(fork() == -1 && errno == EPERM);
}

static void
the_sandbox_is_entered_last(void **state)
{
	(void)state;
	assert_true(child_holds(enter_sandbox, NULL));
}

struct refused {
	struct privilege_plan plan;
	int error;
	const char *says;
};

static void
be_refused(void *context)
{
	const struct refused *r = context;
	char error[512] = "";

	CHILD_CHECK(privilege_drop(&r->plan, error, sizeof(error)) == r->error);
	(void)fprintf(stderr, "%s\n", error);
	CHILD_CHECK(strstr(error, r->says) != NULL);
	CHILD_CHECK(strchr(error, '\n') == NULL);
	CHILD_CHECK(geteuid() != 0 || privilege_caps_net_raw()); /* nothing was given up */
}

static void
a_user_that_is_not_there_is_named_with_what_to_do(void **state)
{
	struct refused r = { { .user = "no-such-user" }, -ENOENT,
		"no user no-such-user to become: make it (useradd" };

	(void)state;
	only_root();
	assert_true(child_holds(be_refused, &r));
	r.says = "or set service.user";
	assert_true(child_holds(be_refused, &r));
}

static void
root_is_nobody_to_become(void **state)
{
	struct refused r = { { .user = "root" }, -EINVAL, "service.user: root is root" };

	(void)state;
	only_root();
	assert_true(child_holds(be_refused, &r));
}

static void
an_engine_that_writes_contradicts_itself(void **state)
{
	const char *paths[] = { "/var/log/naiad", NULL };
	struct refused r = { { .process = PRIVILEGE_ENGINE, .write_paths = paths }, -EINVAL,
		"/var/log/naiad: the engine writes no files" };

	(void)state;
	assert_true(child_holds(be_refused, &r));
}

int
main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(root_becomes_the_user_with_its_groups),
		cmocka_unit_test(a_plain_user_closes_what_it_can),
		cmocka_unit_test(root_without_a_user_keeps_no_capability),
		cmocka_unit_test(the_sandbox_is_entered_last),
		cmocka_unit_test(a_user_that_is_not_there_is_named_with_what_to_do),
		cmocka_unit_test(root_is_nobody_to_become),
		cmocka_unit_test(an_engine_that_writes_contradicts_itself),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
