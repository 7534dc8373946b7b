#include "daemon/proto/dns_name.h"

#include "tests/support/dns_build.h"

#include <setjmp.h>
#include <stdarg.h>
#include <stdlib.h>

#include <cmocka.h>

/* Read the name at `at` of a copy that ends where its memory ends; "!" when it is none. */
static const char *
read_at(const void *bytes, size_t size, size_t at, size_t *ret_moved)
{
	static char text[DNS_NAME_MAX];
	uint8_t *exact = malloc(size > 0 ? size : 1);

	memcpy(exact, bytes, size);
	struct cursor message = cursor_over(exact, size);
	struct cursor c = message;
	(void)cursor_take(&c, at);
	bool is_name = dns_name_read(message, &c, text);
	*ret_moved = is_name ? (size_t)(c.at - exact) - at : 0;
	free(exact);
	return is_name ? text : "!";
}

#define READ(bytes, at) read_at(bytes, sizeof(bytes) - 1, at, &moved)

static void
labels_are_joined_in_lower_case(void **state)
{
	size_t moved;

	(void)state;
	assert_string_equal(READ("\3wWw\7Example\3COM\0rest", 0), "www.example.com");
	assert_int_equal(moved, 17);
	assert_string_equal(READ("\0", 0), "");
	assert_int_equal(moved, 1);
}

static void
a_pointer_leads_back_and_takes_two_bytes(void **state)
{
	static const char bytes[] = "\3com\0\1a\xc0\0\1b\xc0\5!";
	size_t moved;

	(void)state;
	assert_string_equal(READ(bytes, 5), "a.com");
	assert_int_equal(moved, 4);
	assert_string_equal(READ(bytes, 9), "b.a.com");
	assert_int_equal(moved, 4);
}

static void
pointers_to_themselves_and_forward_are_none(void **state)
{
	size_t moved;

	(void)state;
	assert_string_equal(READ("\xc0\0", 0), "!");
	assert_string_equal(READ("\1a\xc0\0", 0), "!");
	assert_string_equal(READ("\xc0\2\1a\0", 0), "!");
	/* Each of two goes to the other. */
	assert_string_equal(READ("\xc0\2\xc0\0", 2), "!");
	assert_string_equal(READ("\0\xc0\0", 1), "");
	assert_string_equal(READ("\x40", 0), "!"); /* neither a length nor a pointer */
}

static void
chains_of_pointers_end_after_64(void **state)
{
	uint8_t chain[3 + 2 * 66] = { 0 };
	size_t moved;

	(void)state;
	for (size_t i = 0; i < 66; i++) {
		size_t target = i == 0 ? 0 : 1 + 2 * (i - 1);
		chain[1 + 2 * i] = 0xc0;
		chain[2 + 2 * i] = (uint8_t)target;
	}
	assert_string_equal(read_at(chain, sizeof(chain), 1 + 2 * 63, &moved), "");
	assert_string_equal(read_at(chain, sizeof(chain), 1 + 2 * 64, &moved), "!");
}

static void
a_name_takes_255_bytes_at_most(void **state)
{
	uint8_t wide[256];
	size_t moved;

	(void)state;
	for (size_t i = 0; i < sizeof(wide); i++)
		wide[i] = i % 64 == 0 ? 63 : 'x';
	wide[192] = 61;
	wide[254] = 0; /* 3 * 64 + 62 + 1 */
	const char *name = read_at(wide, 255, 0, &moved);
	assert_int_equal(strlen(name), 253);
	wide[192] = 62;
	wide[255] = 0;
	wide[254] = 'x';
	assert_string_equal(read_at(wide, 256, 0, &moved), "!");
}

static void
a_nul_is_spelled_out_and_what_does_not_fit_is_left_out(void **state)
{
	uint8_t zeros[1 + 63 + 1 + 1 + 1] = { 63 };
	size_t moved;

	(void)state;
	assert_string_equal(READ("\4a.\0\xff\0", 0), "a.\\x00\xff");
	zeros[64] = 1;
	zeros[65] = 'z';
	const char *name = read_at(zeros, sizeof(zeros), 0, &moved);
	assert_int_equal(strlen(name), 254);
	assert_string_equal(name + 248, "\\x00.z");
	uint8_t more[2 * 64 + 1] = { 63 };
	more[64] = 63;
	name = read_at(more, sizeof(more), 0, &moved);
	assert_int_equal(strlen(name), 253);
	assert_string_equal(name + 248, "\\x00.");
}

static void
cut_anywhere_it_is_none(void **state)
{
	static const char bytes[] = "\3com\0\1a\xc0\0";
	size_t moved;

	(void)state;
	for (size_t size = 0; size < sizeof(bytes) - 1; size++)
		assert_string_equal(read_at(bytes, size, size < 5 ? 0 : 5, &moved), "!");
}

static void
netbios_names_are_spelled_in_32_letters(void **state)
{
	char name[NETBIOS_NAME_MAX];
	uint8_t service = 9;

	(void)state;
	assert_true(dns_name_netbios("fhfaebeecacacacacacacacacacacaaa", name, &service));
	assert_string_equal(name, "WPAD");
	assert_int_equal(service, 0);
	assert_true(dns_name_netbios("ckaaaaaaaaaaaaaaaaaaaaaaaaaaaabm.scope", name, &service));
	assert_string_equal(name, "*");
	assert_int_equal(service, 0x1c);
	assert_false(dns_name_netbios("fhfaebeecacacacacacacacacacacaa", name, &service));
	assert_false(dns_name_netbios("fhfaebeecacacacacacacacacacacaaaa", name, &service));
	assert_false(dns_name_netbios("fhfaebeecacacacacacacacacacacaqa", name, &service));
	assert_false(dns_name_netbios("fhfaebeecacacacacacacacacacacaaq", name, &service));
	assert_false(dns_name_netbios("", name, &service));
}

static void
a_netbios_name_of_nuls_fits(void **state)
{
	char name[NETBIOS_NAME_MAX];
	uint8_t bytes[16] = { 0 };
	uint8_t service;

	(void)state;
	bytes[14] = 'x';
	dns_name_netbios_plain(bytes, name, &service);
	assert_int_equal(strlen(name), 14 * 4 + 1);
	assert_string_equal(name + 52, "\\x00x");
	memset(bytes, ' ', sizeof(bytes));
	dns_name_netbios_plain(bytes, name, &service);
	assert_string_equal(name, "");
}

int
main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(labels_are_joined_in_lower_case),
		cmocka_unit_test(a_pointer_leads_back_and_takes_two_bytes),
		cmocka_unit_test(pointers_to_themselves_and_forward_are_none),
		cmocka_unit_test(chains_of_pointers_end_after_64),
		cmocka_unit_test(a_name_takes_255_bytes_at_most),
		cmocka_unit_test(a_nul_is_spelled_out_and_what_does_not_fit_is_left_out),
		cmocka_unit_test(cut_anywhere_it_is_none),
		cmocka_unit_test(netbios_names_are_spelled_in_32_letters),
		cmocka_unit_test(a_netbios_name_of_nuls_fits),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
