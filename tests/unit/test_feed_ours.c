#include "daemon/loop/feed_ours.h"

#include <setjmp.h>
#include <stdarg.h>
#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

#include <cmocka.h>

static struct cidr
net_of(const char *text)
{
	struct cidr net;

	assert_true(cidr_parse(text, &net));
	return net;
}

static bool
has(const struct cidr *nets, size_t count, const char *text)
{
	struct cidr net = net_of(text);

	for (size_t i = 0; i < count; i++)
		if (nets[i].prefix_len == net.prefix_len && addr_equal(&nets[i].base, &net.base))
			return true;
	return false;
}

/* Write a file. returns its path, to be removed and freed */
static char *
file_of(const char *text)
{
	char *path = strdup("/tmp/test_feed_ours.XXXXXX");

	assert_non_null(path);
	int fd = mkstemp(path);
	assert_true(fd >= 0);
	assert_int_equal(write(fd, text, strlen(text)), (ssize_t)strlen(text));
	assert_int_equal(close(fd), 0);
	return path;
}

static void
what_is_set_and_what_the_interfaces_have_is_ours(void **state)
{
	struct setting_cidr home[] = { { net_of("23.1.0.0/16") }, { net_of("::/0") },
		{ net_of("0.0.0.0/0") }, { net_of("10.0.0.0/8") }, { net_of("2000::/18") },
		{ net_of("2000::/19") } };
	const struct settings s = { .home_network = { .items = home, .count = 6 } };
	const struct cidr prefix = net_of("192.0.2.0/24");
	struct cidr ours[FEED_OURS_MAX];

	(void)state;
	size_t count = feed_ours(&s, &prefix, 1, NULL, ours);
	assert_int_equal(count, 4);
	assert_true(has(ours, count, "23.1.0.0/16"));
	assert_true(has(ours, count, "10.0.0.0/8"));
	assert_true(has(ours, count, "2000::/19"));
	assert_true(has(ours, count, "192.0.2.0/24"));
}

static void
gateways_and_resolvers_are_ours(void **state)
{
	char routes_text[512];
	const uint8_t bytes[] = { 192, 0, 2, 1 };
	const struct settings s = { 0 };
	struct cidr ours[FEED_OURS_MAX];
	uint32_t gateway;

	(void)state;
	memcpy(&gateway, bytes, sizeof(gateway));
	(void)snprintf(routes_text, sizeof(routes_text),
		"Iface\tDestination\tGateway \tFlags\neth0\t00000000\t%08X\t0003\n"
		"eth0\t00000000\t00000000\t0003\neth0\t0002000A\t01010101\t0001\neth0\n",
		gateway);
	char *routes = file_of(routes_text);
	char *resolvers = file_of("# nameserver 9.9.9.9\nnameserver 23.5.5.5\nsearch x.example\n"
				  "nameserver fe80::1%eth0\nnameserver what\nnameserver\n");
	size_t count = feed_ours(&s, NULL, 0, &(struct feed_ours_files){ routes, resolvers }, ours);
	assert_int_equal(count, 3);
	assert_true(has(ours, count, "192.0.2.1"));
	assert_true(has(ours, count, "23.5.5.5"));
	assert_true(has(ours, count, "fe80::1"));
	(void)unlink(routes);
	(void)unlink(resolvers);
	assert_int_equal(
		feed_ours(&s, NULL, 0, &(struct feed_ours_files){ routes, resolvers }, ours), 0);
	free(routes);
	free(resolvers);
}

static void
there_is_room_for_all_of_them_and_no_more(void **state)
{
	struct setting_cidr home[64];
	struct cidr prefixes[SETTINGS_PREFIXES_MAX];
	char text[1024] = "";
	struct settings s = { .home_network = { .items = home, .count = 64 } };
	struct cidr ours[FEED_OURS_MAX];

	(void)state;
	for (size_t i = 0; i < 64; i++)
		home[i].value = prefixes[i] = net_of("192.0.2.0/24");
	for (size_t i = 0; i <= FEED_OURS_OF_FILE; i++)
		(void)snprintf(text + strlen(text), 32, "nameserver 23.0.0.%zu\n", i);
	char *resolvers = file_of(text);
	size_t count = feed_ours(&s, prefixes, SETTINGS_PREFIXES_MAX,
		&(struct feed_ours_files){ NULL, resolvers }, ours);
	assert_int_equal(count, 64 + SETTINGS_PREFIXES_MAX + FEED_OURS_OF_FILE);
	assert_true(has(ours, count, "23.0.0.7"));
	assert_false(has(ours, count, "23.0.0.8"));
	(void)unlink(resolvers);
	free(resolvers);
}

int
main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(what_is_set_and_what_the_interfaces_have_is_ours),
		cmocka_unit_test(gateways_and_resolvers_are_ours),
		cmocka_unit_test(there_is_room_for_all_of_them_and_no_more),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
