#include "exporters/community_id.h"

#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <string.h>

#include <cmocka.h>

struct vector {
	const char *a, *b;
	const char *id;
	uint16_t a_port, b_port;
	uint8_t ip_proto;
};

/* The baseline of the specification, seed 0 (corelight/community-id-spec, baseline_deflt.json). */
static const struct vector baseline[] = {
	{ "fe80::200:86ff:fe05:80da", "fe80::260:97ff:fe07:69ea",
		"1:dGHyGvjMfljg6Bppwm3bg0LO8TY=", 135, 136, 58 },
	{ "fe80::260:97ff:fe07:69ea", "fe80::200:86ff:fe05:80da",
		"1:dGHyGvjMfljg6Bppwm3bg0LO8TY=", 136, 135, 58 },
	{ "fe80::260:97ff:fe07:69ea", "fe80::200:86ff:fe05:80da",
		"1:zavyT/cezQr1fmImYCwYnMXbgck=", 135, 136, 58 },
	{ "fe80::200:86ff:fe05:80da", "fe80::260:97ff:fe07:69ea",
		"1:zavyT/cezQr1fmImYCwYnMXbgck=", 136, 135, 58 },
	{ "3ffe:501:1800:2345::2", "3ffe:507:0:1:200:86ff:fe05:80da",
		"1:2ObVBgIn28oZvibYZhZMBgh7WdQ=", 3, 0, 58 },
	{ "3ffe:501:410:0:2c0:dfff:fe47:33e", "3ffe:507:0:1:200:86ff:fe05:80da",
		"1:hLZd0XGWojozrvxqE0dWB1iM6R0=", 1, 4, 58 },
	{ "3ffe:507:0:1:200:86ff:fe05:80da", "3ffe:501:0:1001::2",
		"1:+TW+HtLHvV1xnGhV1lv7XoJrqQg=", 128, 129, 58 },
	{ "3ffe:501:0:1001::2", "3ffe:507:0:1:200:86ff:fe05:80da",
		"1:+TW+HtLHvV1xnGhV1lv7XoJrqQg=", 129, 128, 58 },
	{ "fe80::200:86ff:fe05:80da", "ff02::2", "1:hO+sN4H+MG5MY/8hIrXPqc4ZQz0=", 133, 134, 58 },
	{ "fe80::260:97ff:fe07:69ea", "ff02::1", "1:pkvHqCL88/tg1k4cPigmZXUtL00=", 134, 133, 58 },
	{ "192.168.0.89", "192.168.0.1", "1:X0snYXpgwiv9TZtqg64sgzUn6Dk=", 8, 0, 1 },
	{ "192.168.0.1", "192.168.0.89", "1:X0snYXpgwiv9TZtqg64sgzUn6Dk=", 0, 8, 1 },
	{ "10.0.0.1", "10.0.0.2", "1:YHxtAirCG//0OzkcVAukqKQN9xM=", 11, 0, 1 },
	{ "2001:470:e5bf:dead:4957:2174:e82c:4887", "2607:f8b0:400c:c03::1a",
		"1:/qFaeAR+gFe1KYjMzVDsMv+wgU4=", 63943, 25, 6 },
	{ "2607:f8b0:400c:c03::1a", "2001:470:e5bf:dead:4957:2174:e82c:4887",
		"1:/qFaeAR+gFe1KYjMzVDsMv+wgU4=", 25, 63943, 6 },
	{ "192.168.170.8", "192.168.170.56", "1:MP2EtRCAUIZvTw6MxJHLV7N7JDs=", 7, 7, 132 },
	{ "192.168.170.56", "192.168.170.8", "1:MP2EtRCAUIZvTw6MxJHLV7N7JDs=", 7, 7, 132 },
	{ "128.232.110.120", "66.35.250.204", "1:LQU9qZlK+B5F3KDmev6m5PMibrg=", 34855, 80, 6 },
	{ "66.35.250.204", "128.232.110.120", "1:LQU9qZlK+B5F3KDmev6m5PMibrg=", 80, 34855, 6 },
	{ "192.168.1.52", "8.8.8.8", "1:d/FP5EW3wiY1vCndhwleRRKHowQ=", 54585, 53, 17 },
	{ "8.8.8.8", "192.168.1.52", "1:d/FP5EW3wiY1vCndhwleRRKHowQ=", 53, 54585, 17 },
	{ "10.1.12.1", "10.1.12.2", "1:KHlLkgoJW7ifUTyTSgyVfkFHzKw=", 0, 0, 46 },
	{ "10.1.12.2", "10.1.12.1", "1:KHlLkgoJW7ifUTyTSgyVfkFHzKw=", 9, 9, 46 },
};

/* Worked out by hand with Python's hashlib, from the text of the specification. */
static const struct vector corners[] = {
	{ "10.0.0.2", "10.0.0.1", "1:JHjlyD5IJJjl3wHWOMj46lLWZag=", 3, 1, 1 },
	{ "127.0.0.1", "127.0.0.1", "1:FCx8WNNKcB1IALH/+VHHqEe6L/k=", 80, 5000, 6 },
	{ "127.0.0.1", "127.0.0.1", "1:FCx8WNNKcB1IALH/+VHHqEe6L/k=", 5000, 80, 6 },
};

static void
check(struct community_id *c, const struct vector *v)
{
	char text[COMMUNITY_ID_MAX];
	struct addr a;
	struct addr b;

	assert_true(addr_parse(v->a, &a));
	assert_true(addr_parse(v->b, &b));
	assert_int_equal(community_id_text(c, &a, &b, v->a_port, v->b_port, v->ip_proto, text),
		strlen(v->id));
	assert_string_equal(text, v->id);
}

static void
the_baseline_of_the_specification_is_met(void **state)
{
	(void)state;
	for (size_t i = 0; i < sizeof(baseline) / sizeof(baseline[0]); i++)
		check(*state, &baseline[i]);
}

static void
a_message_without_an_answer_keeps_its_direction_and_ports_break_ties(void **state)
{
	for (size_t i = 0; i < sizeof(corners) / sizeof(corners[0]); i++)
		check(*state, &corners[i]);
}

/* Both ways of a conversation have one id exactly where a type and its answer are known. */
static void
request_and_answer_share_an_id(void **state)
{
	static const uint8_t pairs[][3] = { { 1, 8, 0 }, { 1, 13, 14 }, { 1, 15, 16 },
		{ 1, 17, 18 }, { 1, 10, 9 }, { 58, 128, 129 }, { 58, 133, 134 }, { 58, 135, 136 },
		{ 58, 130, 131 }, { 58, 139, 140 }, { 58, 144, 145 } };
	struct addr a = addr_v4(10, 0, 0, 1);
	struct addr b = addr_v4(10, 0, 0, 2);

	for (unsigned proto = 1; proto <= 58; proto += 57)
		for (unsigned type = 0; type < 256; type++) {
			char there[COMMUNITY_ID_MAX];
			char back[COMMUNITY_ID_MAX];
			uint16_t answer = 200; /* of no pair */
			bool known = false;

			for (size_t i = 0; i < sizeof(pairs) / sizeof(pairs[0]); i++)
				for (unsigned side = 1; side <= 2; side++)
					if (pairs[i][0] == proto && pairs[i][side] == type) {
						answer = pairs[i][3 - side];
						known = true;
					}
			(void)community_id_text(
				*state, &a, &b, (uint16_t)type, answer, (uint8_t)proto, there);
			(void)community_id_text(
				*state, &b, &a, answer, (uint16_t)type, (uint8_t)proto, back);
			if (known)
				assert_string_equal(there, back);
			else
				assert_string_not_equal(there, back);
		}
}

static int
setup(void **state)
{
	static struct community_id c;

	*state = &c;
	return community_id_init(&c);
}

static int
teardown(void **state)
{
	community_id_done(*state);
	community_id_done(*state); /* once more is fine */
	return 0;
}

int
main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test_setup_teardown(
			the_baseline_of_the_specification_is_met, setup, teardown),
		cmocka_unit_test_setup_teardown(
			a_message_without_an_answer_keeps_its_direction_and_ports_break_ties, setup,
			teardown),
		cmocka_unit_test_setup_teardown(request_and_answer_share_an_id, setup, teardown),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
