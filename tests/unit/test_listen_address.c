#include "daemon/loop/listen_address.h"

#include "tests/support/scratch.h"

#include <errno.h>
#include <fcntl.h>
#include <netinet/in.h>
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <sys/socket.h>
#include <sys/stat.h>
#include <sys/un.h>
#include <unistd.h>

#include <cmocka.h>

enum { BACKLOG = 4 };

static char error[256];

static int
open_at(const char *text, struct listen_address *a)
{
	error[0] = '\0';
	return listen_address_open(text, BACKLOG, NULL, a, error, sizeof(error));
}

/* "unix:DIRECTORY/NAME", and the same as a socket's address. */
static const char *
unix_text(const struct scratch *s, const char *name, struct sockaddr_un *ret_address)
{
	static char text[128];

	(void)snprintf(text, sizeof(text), "unix:%s/%s", s->directory, name);
	*ret_address = (struct sockaddr_un){ .sun_family = AF_UNIX };
	(void)snprintf(ret_address->sun_path, sizeof(ret_address->sun_path), "%s", text + 5);
	return text;
}

static bool
answers(const struct sockaddr_un *address)
{
	int fd = socket(AF_UNIX, SOCK_STREAM, 0);
	bool yes = connect(fd, (const struct sockaddr *)address, sizeof(*address)) == 0;

	(void)close(fd);
	return yes;
}

static void
an_address_and_a_port_are_listened_on(void **state)
{
	struct listen_address a;
	struct listen_address again;

	(void)state;
	assert_int_equal(open_at("127.0.0.1:0", &a), 0);
	assert_memory_equal(a.text, "127.0.0.1:", 10);
	assert_string_not_equal(a.text, "127.0.0.1:0");
	assert_false(a.is_public);
	assert_int_equal(a.unix_socket.fd, -1);
	assert_true(fcntl(a.fd, F_GETFL) & O_NONBLOCK);
	assert_true(fcntl(a.fd, F_GETFD) & FD_CLOEXEC);

	assert_int_equal(open_at(a.text, &again), -EADDRINUSE);
	assert_int_equal(again.fd, -1);
	assert_non_null(strstr(error, a.text));
	assert_non_null(strstr(error, "somebody else listens there"));
	assert_null(strchr(error, '\n'));
	listen_address_close(&again);

	char text[LISTEN_ADDRESS_TEXT_MAX];
	(void)snprintf(text, sizeof(text), "%s", a.text);
	listen_address_close(&a);
	assert_int_equal(a.fd, -1);
	assert_int_equal(open_at(text, &again), 0);
	listen_address_close(&again);
	listen_address_close(&again);
}

/* The side that closes first keeps the port in TIME_WAIT: a restart must not wait for it. */
static void
a_port_that_was_just_served_is_taken_again(void **state)
{
	struct sockaddr_in to = { .sin_family = AF_INET };
	socklen_t length = sizeof(to);
	struct listen_address a;
	char text[LISTEN_ADDRESS_TEXT_MAX];

	(void)state;
	assert_int_equal(open_at("127.0.0.1:0", &a), 0);
	(void)snprintf(text, sizeof(text), "%s", a.text);
	assert_int_equal(getsockname(a.fd, (struct sockaddr *)&to, &length), 0);
	int client = socket(AF_INET, SOCK_STREAM, 0);
	assert_int_equal(connect(client, (const struct sockaddr *)&to, sizeof(to)), 0);
	int server = accept(a.fd, NULL, NULL);
	assert_true(server >= 0);
	(void)close(server);
	(void)close(client);
	listen_address_close(&a);
	assert_int_equal(open_at(text, &a), 0);
	listen_address_close(&a);
}

static void
an_address_of_ipv6_is_in_brackets(void **state)
{
	struct listen_address a;
	int result = open_at("[::1]:0", &a);

	(void)state;
	if (result == -EAFNOSUPPORT || result == -EADDRNOTAVAIL)
		skip(); /* no IPv6 here */
	assert_int_equal(result, 0);
	assert_memory_equal(a.text, "[::1]:", 6);
	assert_false(a.is_public);
	listen_address_close(&a);
}

static void
what_others_can_reach_is_told(void **state)
{
	struct listen_address a;

	(void)state;
	assert_int_equal(open_at("0.0.0.0:0", &a), 0);
	assert_true(a.is_public);
	listen_address_close(&a);
}

static void
an_address_that_this_machine_does_not_have_is_said(void **state)
{
	struct listen_address a;

	(void)state;
	assert_int_equal(open_at("192.0.2.1:0", &a), -EADDRNOTAVAIL);
	assert_non_null(strstr(error, "does not have that address"));
}

static void
what_is_no_address_is_refused(void **state)
{
	static const char *const wrong[] = {
		"",
		":",
		":9947",
		"9947",
		"localhost:9947",
		"127.0.0.1",
		"127.0.0.1:",
		"127.0.0.1:x",
		"127.0.0.1:+1",
		"127.0.0.1:65536",
		"127.0.0.1:99999999999999999999",
		"127.0.0.1:80:80",
		"127.0.0.1:80 ",
		"127.1:80",
		"[127.0.0.1]:80",
		"::1:80",
		"[::1]",
		"[::1]80",
		"[::1",
		"[]:80",
		"[0000:0000:0000:0000:0000:0000:0000:0000:0000:00000]:80",
		"unix:",
		"unix:relative/path",
	};
	struct listen_address a;

	(void)state;
	for (size_t i = 0; i < sizeof(wrong) / sizeof(wrong[0]); i++) {
		assert_int_equal(open_at(wrong[i], &a), -EINVAL);
		assert_int_equal(a.fd, -1);
		assert_memory_equal(error, "\"", 1);
	}
	assert_int_equal(open_at("localhost\n:1", &a), -EINVAL);
	assert_null(strchr(error, '\n'));
}

static void
a_unix_socket_is_for_owner_and_group_and_goes_with_us(void **state)
{
	struct scratch *s = *state;
	struct sockaddr_un address;
	const char *text = unix_text(s, "mode.sock", &address);
	struct listen_address a;
	struct stat st;
	mode_t mask = umask(0);

	assert_int_equal(open_at(text, &a), 0);
	assert_int_equal(umask(mask), 0); /* was put back */
	assert_false(a.is_public);
	assert_string_equal(a.text, text);
	assert_int_equal(lstat(address.sun_path, &st), 0);
	assert_int_equal(st.st_mode & 07777, 0660);
	assert_true(answers(&address));
	listen_address_close(&a);
	assert_int_equal(lstat(address.sun_path, &st), -1);
}

static void
a_path_as_long_as_a_socket_may_have_is_taken(void **state)
{
	struct scratch *s = *state;
	char text[160];
	struct listen_address a;
	int length = snprintf(text, sizeof(text), "unix:%s/", s->directory);

	memset(text + length, 'x', sizeof(text) - (size_t)length);
	text[5 + 108] = '\0';
	assert_int_equal(open_at(text, &a), -ENAMETOOLONG);
	assert_non_null(strstr(error, "107"));
	text[5 + 107] = '\0';
	assert_int_equal(open_at(text, &a), 0);
	assert_string_equal(a.text, text);
	listen_address_close(&a);
}

static void
a_socket_that_nobody_answers_on_is_replaced(void **state)
{
	struct scratch *s = *state;
	struct sockaddr_un address;
	const char *text = unix_text(s, "stale.sock", &address);
	struct listen_address a;
	int stale = socket(AF_UNIX, SOCK_STREAM, 0);

	assert_int_equal(bind(stale, (const struct sockaddr *)&address, sizeof(address)), 0);
	(void)close(stale);
	assert_false(answers(&address));
	assert_int_equal(open_at(text, &a), 0);
	assert_true(answers(&address));
	listen_address_close(&a);
}

static void
a_socket_that_somebody_answers_on_is_left_alone(void **state)
{
	struct scratch *s = *state;
	struct sockaddr_un address;
	const char *text = unix_text(s, "served.sock", &address);
	struct listen_address a;
	struct listen_address other;

	assert_int_equal(open_at(text, &a), 0);
	assert_int_equal(open_at(text, &other), -EADDRINUSE);
	assert_non_null(strstr(error, "another process answers there"));
	listen_address_close(&other);
	assert_true(answers(&address));
	listen_address_close(&a);
}

static void
what_is_no_socket_is_left_alone(void **state)
{
	struct scratch *s = *state;
	struct sockaddr_un address;
	const char *text = unix_text(s, "file", &address);
	struct listen_address a;
	struct stat st;
	int fd = open(address.sun_path, O_CREAT | O_WRONLY, 0600);

	(void)close(fd);
	assert_int_equal(open_at(text, &a), -EEXIST);
	assert_non_null(strstr(error, "not a socket"));
	assert_int_equal(lstat(address.sun_path, &st), 0);
	assert_true(S_ISREG(st.st_mode));
}

static void
a_symbolic_link_is_not_followed(void **state)
{
	struct scratch *s = *state;
	struct sockaddr_un target;
	struct sockaddr_un link;
	struct listen_address a;
	struct stat st;

	(void)unix_text(s, "target.sock", &target);
	const char *text = unix_text(s, "link.sock", &link);
	assert_int_equal(symlink(target.sun_path, link.sun_path), 0);
	assert_int_equal(open_at(text, &a), -EEXIST); /* to nothing */
	int stale = socket(AF_UNIX, SOCK_STREAM, 0);
	assert_int_equal(bind(stale, (const struct sockaddr *)&target, sizeof(target)), 0);
	(void)close(stale);
	assert_int_equal(open_at(text, &a), -EEXIST); /* to a stale socket */
	assert_int_equal(lstat(target.sun_path, &st), 0);
	assert_int_equal(lstat(link.sun_path, &st), 0);
	assert_true(S_ISLNK(st.st_mode));
}

static void
a_socket_that_took_our_place_is_not_removed(void **state)
{
	struct scratch *s = *state;
	struct sockaddr_un address;
	const char *text = unix_text(s, "replaced.sock", &address);
	struct listen_address a;
	struct listen_address other;

	assert_int_equal(open_at(text, &a), 0);
	assert_int_equal(unlink(address.sun_path), 0);
	assert_int_equal(open_at(text, &other), 0);
	listen_address_close(&a);
	assert_true(answers(&address));
	listen_address_close(&other);
}

static void
a_directory_that_is_not_there_is_said(void **state)
{
	struct scratch *s = *state;
	struct sockaddr_un address;
	struct listen_address a;

	assert_int_equal(open_at(unix_text(s, "none/x.sock", &address), &a), -ENOENT);
	assert_non_null(strstr(error, "its directory is not there"));
}

static int
setup(void **state)
{
	*state = scratch_new();
	return *state == NULL ? -1 : 0;
}

static int
teardown(void **state)
{
	scratch_free(*state);
	return 0;
}

int
main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(an_address_and_a_port_are_listened_on),
		cmocka_unit_test(a_port_that_was_just_served_is_taken_again),
		cmocka_unit_test(an_address_of_ipv6_is_in_brackets),
		cmocka_unit_test(what_others_can_reach_is_told),
		cmocka_unit_test(an_address_that_this_machine_does_not_have_is_said),
		cmocka_unit_test(what_is_no_address_is_refused),
		cmocka_unit_test(a_unix_socket_is_for_owner_and_group_and_goes_with_us),
		cmocka_unit_test(a_path_as_long_as_a_socket_may_have_is_taken),
		cmocka_unit_test(a_socket_that_nobody_answers_on_is_replaced),
		cmocka_unit_test(a_socket_that_somebody_answers_on_is_left_alone),
		cmocka_unit_test(what_is_no_socket_is_left_alone),
		cmocka_unit_test(a_symbolic_link_is_not_followed),
		cmocka_unit_test(a_socket_that_took_our_place_is_not_removed),
		cmocka_unit_test(a_directory_that_is_not_there_is_said),
	};

	return cmocka_run_group_tests(tests, setup, teardown);
}
