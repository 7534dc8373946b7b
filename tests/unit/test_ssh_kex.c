/* test_ssh_kex.c -- offers, what is common to them, and names that are none. */
#include "daemon/proto/ssh_kex.h"

#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <string.h>

#include <cmocka.h>

/* An offer that has the same in each list. */
static struct ssh_kex
offer(const char *names)
{
	struct ssh_kex kex;

	for (size_t i = 0; i < SSH_LIST_COUNT; i++)
		kex.lists[i] = cursor_over(names, strlen(names));
	return kex;
}

static const char *
agreed(const char *client, const char *server)
{
	static char name[SSH_ALG_MAX];
	struct ssh_kex c = offer(client);
	struct ssh_kex s = offer(server);

	ssh_kex_agree(&c, &s, SSH_LIST_KEX, name);
	return name;
}

static void
the_first_of_the_client_s_that_the_server_has_is_taken(void **state)
{
	(void)state;
	assert_string_equal(agreed("a,b,c", "c,b"), "b");
	assert_string_equal(agreed("b", "b"), "b");
	assert_string_equal(agreed("ab,abc", "abc,abcd"), "abc");
	assert_string_equal(agreed("a,,b", ",b"), "b");
	assert_string_equal(agreed("a,b", "c"), "");
	assert_string_equal(agreed("", "c"), "");
	assert_string_equal(agreed("a", ""), "");
}

/* RFC 4251 section 6: printable, and at most 64 characters. */
static void
what_is_no_name_is_passed(void **state)
{
	static const char bytes[] = { ' ', '\n', 0x7f, (char)0xff };
	char text[80];

	(void)state;
	for (size_t i = 0; i < sizeof(bytes); i++) {
		char name[] = { 'x', bytes[i], ',', 'b', '\0' };
		assert_string_equal(agreed(name, name), "b");
	}
	for (size_t size = 63; size <= 65; size++) {
		memset(text, 'n', size);
		memcpy(text + size, ",b", 3);
		assert_int_equal(strlen(agreed(text, text)), size <= 64 ? size : 1);
	}
}

static void
directions_that_differ_are_both_told(void **state)
{
	struct ssh_kex client = offer("a,b");
	struct ssh_kex server = offer("b,a");
	char text[SSH_BOTH_MAX];

	(void)state;
	ssh_kex_agree_both(&client, &server, SSH_LIST_MAC_TO_SERVER, text);
	assert_string_equal(text, "a");
	server.lists[SSH_LIST_MAC_TO_CLIENT] = cursor_over("b", 1);
	ssh_kex_agree_both(&client, &server, SSH_LIST_MAC_TO_SERVER, text);
	assert_string_equal(text, "To server: a, to client: b");
	server.lists[SSH_LIST_MAC_TO_CLIENT] = cursor_over("x", 1);
	ssh_kex_agree_both(&client, &server, SSH_LIST_MAC_TO_SERVER, text);
	assert_string_equal(text, "");
}

int
main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(the_first_of_the_client_s_that_the_server_has_is_taken),
		cmocka_unit_test(what_is_no_name_is_passed),
		cmocka_unit_test(directions_that_differ_are_both_told),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
