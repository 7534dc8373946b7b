/* test_dns_own_name.c -- names of hosts nearby, as multicast DNS, LLMNR and NetBIOS tell them. */
#include "daemon/proto/dns_own_name.h"

#include "tests/support/dns_build.h"
#include "tests/support/proto_rig.h"

#include <setjmp.h>
#include <stdarg.h>

#include <cmocka.h>

extern const struct protocol protocol_dns;

#define HOST "fhfaebeecacacacacacacacacacacaaa" /* WPAD, a host */

static const char *
told(const struct dns_build *b, uint16_t port)
{
	static struct proto_rig rig;
	struct dns_header h;
	struct dns_question q;

	proto_rig_init(&rig, &protocol_dns);
	struct proto_call call = proto_rig_call(&rig, false);
	call.src_port = call.dst_port = port;
	uint8_t *exact = malloc(b->size);
	memcpy(exact, b->bytes, b->size);
	struct cursor message = cursor_over(exact, b->size);
	struct cursor c = message;
	assert_true(dns_header_read(&c, &h));
	if (!dns_questions_read(message, &c, &h, &q))
		c.short_read = true;
	dns_own_names(&call, message, c, &h, &q);
	free(exact);
	proto_rig_done(&rig);
	return rig.text;
}

#define SAYS(addr, name, by) "- addr=" addr " sender=10.0.0.2 name=" name " by=" by "\n"

static void
multicast_answers_name_addresses_in_all_sections(void **state)
{
	struct dns_build b;

	(void)state;
	dns_build_header(&b, 0, 0x8400, 0, 2, 0, 1);
	dns_build_alias(&b, "_ipp._tcp.local", DNS_PTR, 1, "x.local");
	dns_build_record(&b, "Printer.local", DNS_A, 1, "\12\0\0\2", 4);
	dns_build_record(
		&b, "printer.local", DNS_AAAA, 1, "\xfe\x80\0\0\0\0\0\0\0\0\0\0\0\0\0\1", 16);
	assert_string_equal(told(&b, 5353),
		SAYS("10.0.0.2", "printer.local", "mdns") SAYS("fe80::1", "printer.local", "mdns"));
	b.bytes[2] = 0; /* what a question carries is what is known already */
	assert_string_equal(told(&b, 5353), "");
}

static void
servers_are_not_believed_but_those_nearby_are(void **state)
{
	struct dns_build b;

	(void)state;
	dns_build_header(&b, 0, 0x8000, 1, 1, 0, 0);
	dns_build_question(&b, "wpad", DNS_A, 1);
	dns_build_record(&b, "wpad", DNS_A, 1, "\12\0\0\2", 4);
	assert_string_equal(told(&b, 5355), SAYS("10.0.0.2", "wpad", "llmnr"));
	assert_string_equal(told(&b, 53), "");
}

static void
nobody_has_a_group_for_an_address_or_no_name(void **state)
{
	struct dns_build b;

	(void)state;
	dns_build_header(&b, 0, 0x8400, 0, 3, 0, 0);
	dns_build_record(&b, "x.local", DNS_A, 1, "\340\0\0\373", 4);
	dns_build_record(&b, "x.local", DNS_A, 1, "\0\0\0\0", 4);
	dns_build_record(&b, "", DNS_A, 1, "\12\0\0\2", 4);
	assert_string_equal(told(&b, 5353), "");
}

static void
a_netbios_answer_names_each_address_of_a_host(void **state)
{
	struct dns_build b;

	(void)state;
	dns_build_header(&b, 0, 0x8500, 0, 1, 0, 0);
	dns_build_record(&b, HOST, DNS_NB, 1, "\0\0\12\0\0\1\x80\0\12\0\0\2\x60\0\12\0\0\3", 18);
	assert_string_equal(
		told(&b, 137), SAYS("10.0.0.1", "WPAD", "nbns") SAYS("10.0.0.3", "WPAD", "nbns"));
	dns_build_header(&b, 0, 0x8500, 0, 1, 0, 0);
	dns_build_record(&b, "fhfaebeecacacacacacacacacacacabm", DNS_NB, 1, "\0\0\12\0\0\1", 6);
	assert_string_equal(told(&b, 137), ""); /* 0x1c is a domain's */
	dns_build_header(&b, 0, 0x8500, 0, 1, 0, 0);
	dns_build_record(&b, "x", DNS_NB, 1, "\0\0\12\0\0\1", 6); /* no name of NetBIOS */
	assert_string_equal(told(&b, 137), "");
}

static void
a_registration_names_its_host(void **state)
{
	static const unsigned opcodes[] = { 5, 8, 9 };
	struct dns_build b;

	(void)state;
	for (size_t i = 0; i < 3; i++) {
		dns_build_header(&b, 0, opcodes[i] << 11, 1, 0, 0, 1);
		dns_build_question(&b, HOST, DNS_NB, 1);
		dns_build_record(&b, HOST, DNS_NB, 1, "\0\0\12\0\0\1", 6);
		assert_string_equal(told(&b, 137), SAYS("10.0.0.1", "WPAD", "nbns"));
	}
	dns_build_header(&b, 0, 6 << 11, 1, 0, 0, 1); /* it gives its name up */
	dns_build_question(&b, HOST, DNS_NB, 1);
	dns_build_record(&b, HOST, DNS_NB, 1, "\0\0\12\0\0\1", 6);
	assert_string_equal(told(&b, 137), "");
}

static void
a_status_lists_the_names_of_its_sender(void **state)
{
	static const char names[] = "\4"
				    "FILER          \0\4\0"
				    "FILER          \x20\4\0"
				    "WORKGROUP      \0\x84\0"
				    "OTHER          \0\4\0";
	struct dns_build b;

	(void)state;
	dns_build_header(&b, 0, 0x8400, 0, 1, 0, 0);
	dns_build_record(&b, HOST, DNS_NBSTAT, 1, names, sizeof(names) - 1);
	assert_string_equal(
		told(&b, 137), SAYS("10.0.0.2", "FILER", "nbns") SAYS("10.0.0.2", "OTHER", "nbns"));
	assert_string_equal(told(&b, 138), ""); /* SRV, elsewhere */
	b.bytes[12 + 34 + 9] -= 1;
	b.size -= 1;
	assert_string_equal(told(&b, 137), SAYS("10.0.0.2", "FILER", "nbns"));
}

static void
at_most_eight_names_of_a_message_are_told(void **state)
{
	struct dns_build b;
	unsigned lines = 0;

	(void)state;
	dns_build_header(&b, 0, 0x8400, 0, 9, 0, 0);
	for (uint8_t i = 1; i <= 9; i++)
		dns_build_record(&b, "x.local", DNS_A, 1, &(uint8_t[4]){ 10, 0, 0, i }, 4);
	const char *text = told(&b, 5353);
	for (; *text != '\0'; text++)
		lines += *text == '\n';
	assert_int_equal(lines, 8);
}

static void
cut_at_every_byte_nothing_is_read_past_it(void **state)
{
	struct dns_build b;

	(void)state;
	dns_build_header(&b, 0, 0x8400, 0, 2, 0, 0);
	dns_build_record(&b, HOST, DNS_NB, 1, "\0\0\12\0\0\1", 6);
	dns_build_record(&b, "printer.local", DNS_A, 1, "\12\0\0\2", 4);
	for (size_t whole = b.size; b.size >= 12; b.size--)
		assert_int_equal(strstr(told(&b, 5353), "printer") != NULL, b.size == whole);
}

int
main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(multicast_answers_name_addresses_in_all_sections),
		cmocka_unit_test(servers_are_not_believed_but_those_nearby_are),
		cmocka_unit_test(nobody_has_a_group_for_an_address_or_no_name),
		cmocka_unit_test(a_netbios_answer_names_each_address_of_a_host),
		cmocka_unit_test(a_registration_names_its_host),
		cmocka_unit_test(a_status_lists_the_names_of_its_sender),
		cmocka_unit_test(at_most_eight_names_of_a_message_are_told),
		cmocka_unit_test(cut_at_every_byte_nothing_is_read_past_it),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
