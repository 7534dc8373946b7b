#include "daemon/loop/input_udp.h"

#include <arpa/inet.h>
#include <errno.h>
#include <netinet/in.h>
#include <poll.h>
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <stdio.h>
#include <string.h>
#include <sys/socket.h>
#include <unistd.h>

#include <cmocka.h>

#define NOW_NS UINT64_C(1700000000000000000)

enum { SMALL_BUFFER = 64 * 1024 };

struct place {
	struct input_udp *udp;
	int sender;
	char error[256];
	/* What was taken. */
	unsigned count;
	size_t length; /* of the last */
	struct addr from;
	uint8_t first;
};

static int
open_at(struct place *p, const char *path, struct setting_cidr *from, size_t from_count)
{
	const struct live_input_settings s = {
		.type = LIVE_INPUT_NETFLOW,
		.path = path,
		.from = { .items = from, .count = from_count },
		.buffer = SMALL_BUFFER,
	};
	struct input_where where;

	assert_int_equal(input_where_parse(&s, &where, p->error, sizeof(p->error)), 0);
	return input_udp_open(&s, &where, &p->udp, p->error, sizeof(p->error));
}

static int
begin(void **state)
{
	static struct place p;

	p = (struct place){ .sender = socket(AF_INET, SOCK_DGRAM, 0) };
	assert_true(p.sender >= 0);
	*state = &p;
	return 0;
}

static int
end(void **state)
{
	struct place *p = *state;

	input_udp_close(p->udp);
	(void)close(p->sender);
	return 0;
}

static void
take(void *context, const struct addr *from, struct cursor bytes)
{
	struct place *p = context;

	p->count++;
	p->length = cursor_left(&bytes);
	p->from = *from;
	p->first = cursor_u8(&bytes);
}

static void
send_bytes(const struct place *p, const void *bytes, size_t length)
{
	const struct sockaddr_in to = {
		.sin_family = AF_INET,
		.sin_port = htons(input_udp_port(p->udp)),
		.sin_addr = { htonl(INADDR_LOOPBACK) },
	};

	assert_int_equal(
		sendto(p->sender, bytes, length, 0, (const struct sockaddr *)&to, sizeof(to)),
		(ssize_t)length);
}

static bool
take_all(struct place *p)
{
	return input_udp_read(p->udp, NOW_NS, take, p);
}

static void
datagrams_are_handed_on_with_who_sent_them(void **state)
{
	struct place *p = *state;
	const struct addr here = addr_v4(127, 0, 0, 1);

	assert_int_equal(open_at(p, "udp:127.0.0.1:0", NULL, 0), 0);
	assert_false(take_all(p));
	assert_int_equal(p->count, 0);
	send_bytes(p, "one", 3);
	send_bytes(p, "seven..", 7);
	struct pollfd wait = { .fd = input_udp_fd(p->udp), .events = POLLIN };
	assert_int_equal(poll(&wait, 1, 30000), 1);
	assert_false(take_all(p));
	assert_int_equal(p->count, 2);
	assert_int_equal(p->length, 7);
	assert_int_equal(p->first, 's');
	assert_true(addr_equal(&p->from, &here));
	const struct input_udp_counters *c = input_udp_counters(p->udp);
	assert_int_equal(c->datagrams, 2);
	assert_int_equal(c->bytes, 10);
	assert_int_equal(c->last_ns, NOW_NS);
	assert_int_equal(c->refused + c->cut + c->dropped, 0);
	assert_true(c->buffer_size >= SMALL_BUFFER);
}

static void
whoever_is_not_on_the_list_is_counted_and_not_heard(void **state)
{
	struct place *p = *state;
	struct setting_cidr from[2];

	assert_true(cidr_parse("192.0.2.0/24", &from[0].value));
	assert_true(cidr_parse("2001:db8::/32", &from[1].value));
	assert_int_equal(open_at(p, "udp:127.0.0.1:0", from, 2), 0);
	send_bytes(p, "x", 1);
	(void)take_all(p);
	assert_int_equal(p->count, 0);
	assert_int_equal(input_udp_counters(p->udp)->refused, 1);
	assert_int_equal(input_udp_counters(p->udp)->datagrams, 0);
}

static void
the_last_network_of_the_list_counts_too(void **state)
{
	struct place *p = *state;
	struct setting_cidr from[2];

	assert_true(cidr_parse("192.0.2.0/24", &from[0].value));
	assert_true(cidr_parse("127.0.0.1/32", &from[1].value));
	assert_int_equal(open_at(p, "udp:127.0.0.1:0", from, 2), 0);
	send_bytes(p, "x", 1);
	(void)take_all(p);
	assert_int_equal(p->count, 1);
}

static void
a_datagram_that_is_too_long_is_not_looked_at(void **state)
{
	static const uint8_t bytes[INPUT_UDP_MAX + 1];
	struct place *p = *state;

	assert_int_equal(open_at(p, "udp:127.0.0.1:0", NULL, 0), 0);
	send_bytes(p, bytes, INPUT_UDP_MAX + 1);
	(void)take_all(p);
	assert_int_equal(p->count, 0);
	assert_int_equal(input_udp_counters(p->udp)->cut, 1);
	send_bytes(p, bytes, INPUT_UDP_MAX);
	(void)take_all(p);
	assert_int_equal(p->length, INPUT_UDP_MAX);
}

static void
a_turn_takes_a_batch_and_says_that_there_is_more(void **state)
{
	struct place *p = *state;

	assert_int_equal(open_at(p, "udp:127.0.0.1:0", NULL, 0), 0);
	for (unsigned i = 0; i < INPUT_UDP_BATCH + 1; i++)
		send_bytes(p, "x", 1);
	assert_true(take_all(p));
	assert_int_equal(p->count, INPUT_UDP_BATCH);
	assert_false(take_all(p));
	assert_int_equal(p->count, INPUT_UDP_BATCH + 1);
}

static void
what_the_kernel_drops_is_counted(void **state)
{
	static const uint8_t bytes[8192];
	struct place *p = *state;
	unsigned sent = 0;

	assert_int_equal(open_at(p, "udp:127.0.0.1:0", NULL, 0), 0);
	for (; sent < 64; sent++)
		send_bytes(p, bytes, sizeof(bytes));
	while (take_all(p))
		;
	const struct input_udp_counters *c = input_udp_counters(p->udp);
	assert_true(c->dropped > 0);
	assert_int_equal(c->datagrams + c->dropped, sent);
	assert_int_equal(input_udp_counters(p->udp)->dropped, c->dropped);
}

static void
ipv6_is_heard_where_it_is_named(void **state)
{
	struct place *p = *state;

	int r = open_at(p, "udp:[::1]:0", NULL, 0);
	if (r == -EADDRNOTAVAIL || r == -EAFNOSUPPORT)
		skip();
	assert_int_equal(r, 0);
	const struct sockaddr_in6 to = {
		.sin6_family = AF_INET6,
		.sin6_port = htons(input_udp_port(p->udp)),
		.sin6_addr = IN6ADDR_LOOPBACK_INIT,
	};
	int sender = socket(AF_INET6, SOCK_DGRAM, 0);
	assert_int_equal(sendto(sender, "x", 1, 0, (const struct sockaddr *)&to, sizeof(to)), 1);
	(void)close(sender);
	(void)take_all(p);
	assert_int_equal(p->count, 1);
	assert_false(addr_is_v4(&p->from));
}

static void
an_address_that_is_taken_is_named(void **state)
{
	struct place *p = *state;
	struct place second = { .sender = -1 };
	char path[64];

	assert_int_equal(open_at(p, "udp:127.0.0.1:0", NULL, 0), 0);
	(void)snprintf(path, sizeof(path), "udp:127.0.0.1:%u", input_udp_port(p->udp));
	assert_int_equal(open_at(&second, path, NULL, 0), -EADDRINUSE);
	assert_non_null(strstr(second.error, "somebody else listens there"));
	assert_int_equal(open_at(&second, "udp:192.0.2.1:2055", NULL, 0), -EADDRNOTAVAIL);
	assert_string_equal(second.error,
		"inputs: cannot listen on udp:192.0.2.1:2055: this machine does not have that address");
}

int
main(void)
{
#define TEST(name) cmocka_unit_test_setup_teardown(name, begin, end)
	const struct CMUnitTest tests[] = {
		TEST(datagrams_are_handed_on_with_who_sent_them),
		TEST(whoever_is_not_on_the_list_is_counted_and_not_heard),
		TEST(the_last_network_of_the_list_counts_too),
		TEST(a_datagram_that_is_too_long_is_not_looked_at),
		TEST(a_turn_takes_a_batch_and_says_that_there_is_more),
		TEST(what_the_kernel_drops_is_counted),
		TEST(ipv6_is_heard_where_it_is_named),
		TEST(an_address_that_is_taken_is_named),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
