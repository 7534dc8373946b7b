#include "daemon/loop/unix_socket.h"

#include "tests/support/scratch.h"

#include <errno.h>
#include <fcntl.h>
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <string.h>
#include <sys/socket.h>
#include <sys/stat.h>
#include <sys/un.h>
#include <unistd.h>

#include <cmocka.h>

struct place {
	struct scratch *scratch;
	char path[UNIX_SOCKET_PATH_MAX + 1];
	char error[512];
	struct unix_socket socket;
};

static int
begin(void **state)
{
	static struct place p;

	memset(&p, 0, sizeof(p));
	p.socket.fd = -1;
	p.scratch = scratch_new();
	assert_non_null(p.scratch);
	(void)snprintf(p.path, sizeof(p.path), "%s/s", p.scratch->directory);
	*state = &p;
	return 0;
}

static int
end(void **state)
{
	struct place *p = *state;

	unix_socket_close(&p->socket);
	scratch_free(p->scratch);
	return 0;
}

enum { BACKLOG = 64 };

static int
listen_at(struct place *p, const char *path)
{
	return unix_socket_open(&p->socket, path, BACKLOG, NULL, p->error, sizeof(p->error));
}

static int
connects(const char *path)
{
	struct sockaddr_un a = { .sun_family = AF_UNIX };
	int fd = socket(AF_UNIX, SOCK_STREAM, 0);

	assert_true(strlen(path) < sizeof(a.sun_path));
	memcpy(a.sun_path, path, strlen(path) + 1);
	int r = connect(fd, (const struct sockaddr *)&a, sizeof(a)) == 0 ? 0 : -errno;
	(void)close(fd);
	return r;
}

static mode_t
type_of(const char *path)
{
	struct stat st;

	return lstat(path, &st) == 0 ? st.st_mode & S_IFMT : 0;
}

static void
it_is_made_for_owner_and_group_and_removed_at_the_end(void **state)
{
	struct place *p = *state;
	mode_t before = umask(0);
	struct stat st;

	assert_int_equal(listen_at(p, p->path), 0);
	assert_int_equal(umask(before), 0); /* it was put back */
	assert_int_equal(lstat(p->path, &st), 0);
	assert_int_equal(st.st_mode, S_IFSOCK | 0660);
	assert_int_equal(p->socket.group, getegid());
	assert_int_equal(connects(p->path), 0);
	assert_int_equal(fcntl(p->socket.fd, F_GETFD) & FD_CLOEXEC, FD_CLOEXEC);
	unix_socket_close(&p->socket);
	assert_int_equal(type_of(p->path), 0);
	unix_socket_close(&p->socket);
}

static void
it_is_given_to_a_user_and_a_group(void **state)
{
	struct place *p = *state;
	struct stat st;

	if (geteuid() != 0)
		skip();
	const struct unix_socket_owner owner = { .user = 901, .group = 902 };
	assert_int_equal(
		unix_socket_open(&p->socket, p->path, BACKLOG, &owner, p->error, sizeof(p->error)),
		0);
	assert_int_equal(lstat(p->path, &st), 0);
	assert_int_equal(st.st_uid, 901);
	assert_int_equal(st.st_gid, 902);
	assert_int_equal(st.st_mode, S_IFSOCK | 0660);
	assert_int_equal(p->socket.group, 902);
}

/* What a sensor leaves behind that was killed. */
static void
leave_stale(const char *path)
{
	struct sockaddr_un a = { .sun_family = AF_UNIX };
	int fd = socket(AF_UNIX, SOCK_STREAM, 0);

	memcpy(a.sun_path, path, strlen(path) + 1);
	assert_int_equal(bind(fd, (const struct sockaddr *)&a, sizeof(a)), 0);
	(void)close(fd);
	assert_int_equal(connects(path), -ECONNREFUSED);
}

static void
a_socket_on_which_nobody_answers_is_replaced(void **state)
{
	struct place *p = *state;

	leave_stale(p->path);
	assert_int_equal(listen_at(p, p->path), 0);
	assert_int_equal(connects(p->path), 0);
}

static void
a_socket_on_which_somebody_answers_is_left_alone(void **state)
{
	struct place *p = *state;
	struct unix_socket second;

	assert_int_equal(listen_at(p, p->path), 0);
	int next_fd = dup(0);
	(void)close(next_fd);
	assert_int_equal(
		unix_socket_open(&second, p->path, BACKLOG, NULL, p->error, sizeof(p->error)),
		-EADDRINUSE);
	assert_non_null(strstr(p->error, "another process answers there"));
	assert_int_equal(second.fd, -1);
	unix_socket_close(&second);
	assert_int_equal(connects(p->path), 0);
	assert_int_equal(dup(0), next_fd); /* nothing was left open */
	(void)close(next_fd);
}

static void
what_cannot_be_given_away_is_not_left_behind(void **state)
{
	struct place *p = *state;

	if (geteuid() != 0)
		skip();
	assert_int_equal(chmod(p->scratch->directory, 0777), 0);
	assert_int_equal(seteuid(65534), 0);
	const struct unix_socket_owner owner = { .user = 0, .group = 0 };
	int r = unix_socket_open(&p->socket, p->path, BACKLOG, &owner, p->error, sizeof(p->error));
	assert_int_equal(seteuid(0), 0);
	assert_int_equal(r, -EPERM);
	assert_int_equal(p->socket.fd, -1);
	assert_int_equal(type_of(p->path), 0);
}

/* Nobody takes the connections, and the queue is full. */
static void
somebody_who_is_busy_is_somebody(void **state)
{
	struct place *p = *state;
	struct sockaddr_un a = { .sun_family = AF_UNIX };
	struct unix_socket second;
	int busy = socket(AF_UNIX, SOCK_STREAM, 0);
	int waiting[4];

	memcpy(a.sun_path, p->path, strlen(p->path) + 1);
	assert_int_equal(bind(busy, (const struct sockaddr *)&a, sizeof(a)), 0);
	assert_int_equal(listen(busy, 0), 0);
	for (size_t i = 0; i < 4; i++) {
		waiting[i] = socket(AF_UNIX, SOCK_STREAM | SOCK_NONBLOCK, 0);
		(void)connect(waiting[i], (const struct sockaddr *)&a, sizeof(a));
	}
	assert_int_equal(
		unix_socket_open(&second, p->path, BACKLOG, NULL, p->error, sizeof(p->error)),
		-EADDRINUSE);
	for (size_t i = 0; i < 4; i++)
		(void)close(waiting[i]);
	(void)close(busy);
}

static void
what_is_no_socket_is_left_alone(void **state)
{
	struct place *p = *state;
	int fd = open(p->path, O_CREAT | O_WRONLY, 0600);

	assert_int_equal(write(fd, "mine", 4), 4);
	(void)close(fd);
	assert_int_equal(listen_at(p, p->path), -EEXIST);
	assert_non_null(strstr(p->error, "is not a socket"));
	assert_string_equal(scratch_read(p->scratch, "s"), "mine");
	assert_int_equal(unlink(p->path), 0);
	assert_int_equal(mkdir(p->path, 0700), 0);
	assert_int_equal(listen_at(p, p->path), -EEXIST);
	assert_int_equal(type_of(p->path), S_IFDIR);
}

/* To a stale socket, to one that answers, to a file, to nothing. */
static void
a_symbolic_link_is_never_followed(void **state)
{
	struct place *p = *state;
	char target[UNIX_SOCKET_PATH_MAX + 1];

	(void)snprintf(target, sizeof(target), "%s/target", p->scratch->directory);
	assert_int_equal(symlink(target, p->path), 0);
	assert_int_equal(listen_at(p, p->path), -EEXIST);
	assert_int_equal(type_of(target), 0);
	leave_stale(target);
	assert_int_equal(listen_at(p, p->path), -EEXIST);
	assert_int_equal(type_of(target), S_IFSOCK);
	assert_int_equal(type_of(p->path), S_IFLNK);
}

static void
what_cannot_be_made_says_what_to_do(void **state)
{
	struct place *p = *state;
	char path[UNIX_SOCKET_PATH_MAX + 2];

	(void)snprintf(path, sizeof(path), "%s/none/s", p->scratch->directory);
	assert_int_equal(listen_at(p, path), -ENOENT);
	assert_non_null(strstr(p->error, "its directory is not there: make it"));
	assert_int_equal(listen_at(p, ""), -ENOENT);
	memset(path, 'x', sizeof(path));
	memcpy(path, "/tmp/", 5);
	path[UNIX_SOCKET_PATH_MAX + 1] = '\0';
	assert_int_equal(listen_at(p, path), -ENAMETOOLONG);
	assert_non_null(strstr(p->error, "107 bytes"));
}

static void
a_path_of_the_most_bytes_is_taken(void **state)
{
	struct place *p = *state;
	char path[UNIX_SOCKET_PATH_MAX + 1];
	size_t at = (size_t)snprintf(path, sizeof(path), "%s/", p->scratch->directory);

	memset(path + at, 'x', sizeof(path) - at);
	path[UNIX_SOCKET_PATH_MAX] = '\0';
	assert_int_equal(listen_at(p, path), 0);
	assert_int_equal(connects(path), 0);
}

static void
what_took_its_place_is_not_removed(void **state)
{
	struct place *p = *state;

	assert_int_equal(listen_at(p, p->path), 0);
	assert_int_equal(unlink(p->path), 0);
	int fd = open(p->path, O_CREAT | O_WRONLY, 0600);
	(void)close(fd);
	unix_socket_close(&p->socket);
	assert_int_equal(type_of(p->path), S_IFREG);
}

int
main(void)
{
#define TEST(name) cmocka_unit_test_setup_teardown(name, begin, end)
	const struct CMUnitTest tests[] = {
		TEST(it_is_made_for_owner_and_group_and_removed_at_the_end),
		TEST(it_is_given_to_a_user_and_a_group),
		TEST(a_socket_on_which_nobody_answers_is_replaced),
		TEST(a_socket_on_which_somebody_answers_is_left_alone),
		TEST(what_cannot_be_given_away_is_not_left_behind),
		TEST(somebody_who_is_busy_is_somebody),
		TEST(what_is_no_socket_is_left_alone),
		TEST(a_symbolic_link_is_never_followed),
		TEST(what_cannot_be_made_says_what_to_do),
		TEST(a_path_of_the_most_bytes_is_taken),
		TEST(what_took_its_place_is_not_removed),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
