#include "daemon/input/ip_proto_word.h"

#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <string.h>

#include <cmocka.h>

static void
protocols_are_known_by_name_and_by_number(void **state)
{
	static const struct {
		const char *text;
		uint8_t number;
	} cases[] = { { "TCP", 6 }, { "udp", 17 }, { "ICMP", 1 }, { "IPv6-ICMP", 58 },
		{ "icmp6", 58 }, { "IGMP", 2 }, { "GRE", 47 }, { "SCTP", 132 }, { "000", 0 },
		{ "002", 2 }, { "6", 6 }, { "255", 255 } };
	uint8_t number;

	(void)state;
	for (size_t i = 0; i < sizeof(cases) / sizeof(cases[0]); i++) {
		assert_true(ip_proto_word(cases[i].text, strlen(cases[i].text), &number));
		assert_int_equal(number, cases[i].number);
	}
}

static void
anything_else_is_no_protocol(void **state)
{
	static const char *const words[] = { "", "tc", "tcpp", "256", "-1", "arp" };
	uint8_t number = 7;

	(void)state;
	for (size_t i = 0; i < sizeof(words) / sizeof(words[0]); i++)
		assert_false(ip_proto_word(words[i], strlen(words[i]), &number));
	assert_int_equal(number, 7);
}

int
main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(protocols_are_known_by_name_and_by_number),
		cmocka_unit_test(anything_else_is_no_protocol),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
