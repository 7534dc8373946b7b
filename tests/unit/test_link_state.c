#include "daemon/loop/capture/link_state.h"

#include "tests/support/link_build.h"

#include <errno.h>
#include <linux/if_link.h>
#include <linux/rtnetlink.h>
#include <net/if.h>
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

#include <cmocka.h>

enum {
	HEADER = sizeof(struct nlmsghdr),
	FIRST_AT = HEADER + sizeof(struct ifinfomsg),
	NAME_AT = FIRST_AT + 12 + 8 + 4 + sizeof(struct rtnl_link_stats64),
};

static const struct link_spec eth0 = {
	.type = RTM_NEWLINK,
	.ifindex = 7,
	.name = "eth0",
	.flags = IFF_UP | IFF_BROADCAST,
	.missed = 41,
};

static bool
read_spec(const struct link_spec *spec, struct link_state *ret_link)
{
	uint8_t message[LINK_MESSAGE_MAX];
	size_t length = link_build(spec, message);

	return link_state_read(cursor_over(message + HEADER, length - HEADER), ret_link);
}

static void
a_message_is_an_interface(void **state)
{
	struct link_state link;
	struct link_spec spec = eth0;

	(void)state;
	assert_true(read_spec(&spec, &link));
	assert_int_equal(link.ifindex, 7);
	assert_string_equal(link.name, "eth0");
	assert_true(link.is_up);
	assert_int_equal(link.missed, 42); /* and one for want of room */
	spec.flags = IFF_BROADCAST;
	spec.name = "a-name-of-15-by";
	assert_true(read_spec(&spec, &link));
	assert_false(link.is_up);
	assert_string_equal(link.name, "a-name-of-15-by");
}

static void
what_is_not_about_an_interface_itself_is_none(void **state)
{
	struct link_state link;
	struct link_spec spec = eth0;

	(void)state;
	spec.family = AF_BRIDGE; /* it left its bridge */
	assert_false(read_spec(&spec, &link));
	spec = eth0;
	spec.name = NULL;
	assert_false(read_spec(&spec, &link));
	spec.name = "a-name-of-16-byt";
	assert_false(read_spec(&spec, &link));
}

static void
a_name_is_ended_here(void **state)
{
	uint8_t message[LINK_MESSAGE_MAX];
	struct link_state link;
	struct link_spec spec = eth0;

	(void)state;
	spec.name = "a-name-of-16-bytes!";
	(void)link_build(&spec, message);
	message[NAME_AT] = 4 + 16; /* 16 bytes of it, and no NUL */
	size_t length = NAME_AT + 4 + 16;
	assert_true(link_state_read(cursor_over(message + HEADER, length - HEADER), &link));
	assert_string_equal(link.name, "a-name-of-16-by");
}

/* At every length; each copy lies at the end of its memory, so that a read past it is seen. */
static void
a_message_that_is_cut_inside_something_yields_nothing(void **state)
{
	uint8_t message[LINK_MESSAGE_MAX];
	struct link_state link;
	size_t length = link_build(&eth0, message);

	(void)state;
	for (size_t cut = HEADER; cut < length; cut++) {
		uint8_t *copy = malloc(cut - HEADER + 1);
		assert_non_null(copy);
		memcpy(copy, message + HEADER, cut - HEADER);
		bool is_padding = cut >= NAME_AT + 4 + sizeof("eth0");
		link = (struct link_state){ .ifindex = -5 };
		assert_int_equal(
			link_state_read(cursor_over(copy, cut - HEADER), &link), is_padding);
		assert_int_equal(link.ifindex, is_padding ? 7 : -5);
		free(copy);
	}
	message[FIRST_AT] = 3; /* an attribute shorter than its header */
	assert_false(link_state_read(cursor_over(message + HEADER, length - HEADER), &link));
}

static void
the_kernel_answers(void **state)
{
	struct link_state link;
	struct link_state again;
	int fd = link_state_open();

	(void)state;
	assert_true(fd >= 0);
	if (if_nametoindex("lo") == 0) {
		(void)close(fd);
		print_message("skipped: there is no loopback here\n");
		skip();
	}
	assert_int_equal(link_state_ask(fd, 0, "lo", &link), 0);
	assert_string_equal(link.name, "lo");
	assert_int_equal(link.ifindex, if_nametoindex("lo"));
	assert_int_equal(link_state_ask(fd, link.ifindex, NULL, &again), 0);
	assert_string_equal(again.name, "lo");
	assert_int_equal(link_state_ask(fd, 0, "no-such-link", &again), -ENODEV);
	assert_int_equal(link_state_ask(fd, 0x7ffffff0, NULL, &again), -ENODEV);
	assert_int_equal(link_state_ask(fd, 0, "a-name-that-is-too-long", &again), -ENODEV);
	/* answers go with their questions */
	assert_int_equal(link_state_ask(fd, 0, "lo", &again), 0);
	assert_int_equal(again.ifindex, link.ifindex);
	(void)close(fd);
	assert_int_equal(link_state_ask(fd, 0, "lo", &again), -EBADF);
}

int
main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(a_message_is_an_interface),
		cmocka_unit_test(what_is_not_about_an_interface_itself_is_none),
		cmocka_unit_test(a_name_is_ended_here),
		cmocka_unit_test(a_message_that_is_cut_inside_something_yields_nothing),
		cmocka_unit_test(the_kernel_answers),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
