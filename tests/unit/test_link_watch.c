#include "daemon/loop/capture/link_watch.h"

#include "tests/support/link_build.h"

#include <linux/rtnetlink.h>
#include <net/if.h>
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/socket.h>
#include <unistd.h>

#include <cmocka.h>

/* What was told, as text: "is 7 eth0 up, gone 7 eth0, lost, ". */
struct told {
	char text[4096];
	size_t length;
};

static void
tell(void *context, const struct link_event *e)
{
	static const char *const changes[] = { "is", "gone", "lost" };
	struct told *t = context;
	size_t room = sizeof(t->text) - t->length;
	int n = e->change == LINK_LOST
			? snprintf(t->text + t->length, room, "lost, ")
			: snprintf(t->text + t->length, room, "%s %d %s%s, ", changes[e->change],
				  e->link.ifindex, e->link.name, e->link.is_up ? " up" : "");

	t->length += (size_t)n;
}

static const struct link_spec specs[] = {
	{ .type = RTM_NEWLINK, .ifindex = 7, .name = "eth0", .flags = IFF_UP },
	{ .type = RTM_NEWADDR, .ifindex = 7, .name = "eth0" },
	{ .type = RTM_DELLINK, .family = AF_BRIDGE, .ifindex = 7, .name = "eth0" },
	{ .type = RTM_DELLINK, .ifindex = 8, .name = "eth11" },
	{ .type = RTM_NEWLINK, .ifindex = 9, .name = "ppp0" },
};

static size_t
build_all(uint8_t *messages)
{
	size_t length = 0;

	for (size_t i = 0; i < sizeof(specs) / sizeof(specs[0]); i++)
		length += link_build(&specs[i], messages + length);
	return length;
}

static void
a_datagram_of_several_messages_is_told_in_order(void **state)
{
	uint8_t messages[8 * LINK_MESSAGE_MAX];
	struct told t = { 0 };

	(void)state;
	size_t length = build_all(messages);
	link_watch_read(cursor_over(messages, length), tell, &t);
	assert_string_equal(t.text, "is 7 eth0 up, gone 8 eth11, is 9 ppp0, ");
	link_watch_read(cursor_over(messages, 0), tell, &t);
	assert_string_equal(t.text, "is 7 eth0 up, gone 8 eth11, is 9 ppp0, ");
}

static void
what_is_cut_is_told_as_lost(void **state)
{
	uint8_t messages[8 * LINK_MESSAGE_MAX];
	size_t length = build_all(messages);

	(void)state;
	for (size_t cut = 1; cut < length; cut++) {
		struct told t = { 0 };
		uint8_t *copy = malloc(cut);
		assert_non_null(copy);
		memcpy(copy, messages, cut);
		link_watch_read(cursor_over(copy, cut), tell, &t);
		bool is_whole = false;
		for (size_t i = 0, at = 0; at < cut; i++) {
			uint8_t one[LINK_MESSAGE_MAX];
			struct nlmsghdr header;
			size_t padded = link_build(&specs[i], one);
			memcpy(&header, one, sizeof(header));
			is_whole = cut >= at + header.nlmsg_len;
			at += padded;
		}
		unsigned lost = 0;
		for (const char *at = t.text; (at = strstr(at, "lost, ")) != NULL; at++)
			lost++;
		assert_int_equal(lost, !is_whole);
		free(copy);
	}
	struct nlmsghdr bad = { .nlmsg_len = sizeof(bad) - 1, .nlmsg_type = RTM_NEWLINK };
	struct told t = { 0 };
	memcpy(messages, &bad, sizeof(bad));
	link_watch_read(cursor_over(messages, length), tell, &t);
	assert_string_equal(t.text, "lost, ");
}

/* A pair of datagram sockets stands in for the kernel. */
static void
at_most_64_datagrams_are_read_a_call(void **state)
{
	uint8_t message[LINK_MESSAGE_MAX];
	struct told t = { 0 };
	int fds[2];

	(void)state;
	size_t length = link_build(&specs[4], message);
	assert_int_equal(socketpair(AF_UNIX, SOCK_DGRAM | SOCK_NONBLOCK, 0, fds), 0);
	assert_int_equal(link_watch_dispatch(fds[0], tell, &t), 0);
	int sent = 0; /* the queue may be as short as 10 */
	while (sent < 70 && send(fds[1], message, length, 0) == (ssize_t)length)
		sent++;
	assert_true(sent > 0);
	assert_int_equal(link_watch_dispatch(fds[0], tell, &t), sent < 64 ? sent : 64);
	assert_int_equal(link_watch_dispatch(fds[0], tell, &t), sent < 64 ? 0 : sent - 64);
	assert_int_equal(t.length, (size_t)sent * strlen("is 9 ppp0, "));
	(void)close(fds[0]);
	(void)close(fds[1]);
}

static void
a_datagram_that_is_too_long_is_told_as_lost(void **state)
{
	static uint8_t large[40000];
	const struct nlmsghdr header = { .nlmsg_len = sizeof(large), .nlmsg_type = RTM_NEWADDR };
	struct told t = { 0 };
	int fds[2];

	(void)state;
	memcpy(large, &header, sizeof(header));
	assert_int_equal(socketpair(AF_UNIX, SOCK_DGRAM | SOCK_NONBLOCK, 0, fds), 0);
	assert_int_equal(send(fds[1], large, sizeof(large), 0), sizeof(large));
	assert_int_equal(link_watch_dispatch(fds[0], tell, &t), 1);
	assert_string_equal(t.text, "lost, ");
	(void)close(fds[0]);
	(void)close(fds[1]);
}

static void
a_watch_is_silent_while_nothing_changes(void **state)
{
	struct told t = { 0 };
	int fd = link_watch_open();

	(void)state;
	assert_true(fd >= 0);
	assert_int_equal(link_watch_dispatch(fd, tell, &t), 0);
	assert_string_equal(t.text, "");
	(void)close(fd);
}

int
main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(a_datagram_of_several_messages_is_told_in_order),
		cmocka_unit_test(what_is_cut_is_told_as_lost),
		cmocka_unit_test(at_most_64_datagrams_are_read_a_call),
		cmocka_unit_test(a_datagram_that_is_too_long_is_told_as_lost),
		cmocka_unit_test(a_watch_is_silent_while_nothing_changes),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
