#include "daemon/proto/dns_record.h"

#include "tests/support/dns_build.h"

#include <setjmp.h>
#include <stdarg.h>
#include <stdlib.h>

#include <cmocka.h>

/* The text of a record with such data, in a message that ends with it; "!" when it has none. */
static const char *
text_of(unsigned type, const char *owner, const void *data, size_t size)
{
	static char text[DNS_TEXT_BYTES];
	struct dns_build b;
	struct dns_record r;
	struct strbuf out;

	dns_build_header(&b, 1, 0x8000, 0, 1, 0, 0);
	dns_build_record(&b, owner, type, 60, data, size);
	uint8_t *exact = malloc(b.size);
	memcpy(exact, b.bytes, b.size);
	struct cursor message = cursor_over(exact, b.size);
	struct cursor c = message;
	(void)cursor_take(&c, 12);
	assert_true(dns_record_read(message, &c, &r));
	assert_int_equal(r.ttl_s, 60);
	assert_int_equal(cursor_left(&c), 0);
	strbuf_init(&out, text, sizeof(text));
	bool has_text = dns_record_text(message, &r, &out);
	free(exact);
	return has_text ? text : "!";
}

#define TEXT(type, data) text_of(type, "x.org", data, sizeof(data) - 1)

static void
addresses_and_names_are_written_as_they_are(void **state)
{
	(void)state;
	assert_string_equal(TEXT(DNS_A, "\1\2\3\4"), "1.2.3.4");
	assert_string_equal(TEXT(DNS_AAAA, "\x20\1\xd\xb8\0\0\0\0\0\0\0\0\0\0\0\1"), "2001:db8::1");
	assert_string_equal(TEXT(DNS_NS, "\2ns\xc0\14"), "ns.x.org");
	assert_string_equal(TEXT(DNS_CNAME, "\1y\3net\0"), "y.net");
	assert_string_equal(TEXT(DNS_PTR, "\1y\0"), "y");
	assert_string_equal(TEXT(DNS_SOA, "\2ns\0\4mail\0\0\0\0\0"), "ns");
	assert_string_equal(TEXT(DNS_MX, "\0\12\2mx\0"), "mx");
	assert_string_equal(TEXT(DNS_SRV, "\0\1\0\2\0\120\3srv\0"), "srv");
}

static void
strings_come_with_their_lengths(void **state)
{
	(void)state;
	assert_string_equal(TEXT(DNS_TXT, "\5hello\3you"), "TXT 5 hello TXT 3 you");
	assert_string_equal(TEXT(DNS_TXT, "\0"), "TXT 0 ");
	assert_string_equal(TEXT(DNS_TXT, "\3a\0\xff"), "TXT 3 a\\x00\xff");
	assert_string_equal(TEXT(DNS_TXT, "\1a\5cut"), "TXT 1 a");
	assert_string_equal(TEXT(DNS_TXT, ""), "!");
	assert_string_equal(TEXT(DNS_SPF, "\3all"), "SPF 3 all");
}

static void
what_else_has_a_text(void **state)
{
	(void)state;
	assert_string_equal(
		TEXT(DNS_NAPTR, "\0\144\0\12\1s\10SIPS+D2T\0\1y\0"), "NAPTR 100 10 s SIPS+D2T y");
	assert_string_equal(TEXT(DNS_DS, "\1\2\5\1abc"), "DS 5 1");
	assert_string_equal(TEXT(DNS_DNSKEY, "\1\1\3\12key"), "DNSKEY 10");
	assert_string_equal(TEXT(DNS_SSHFP, "\1\1\xa6\xb9"), "SSHFP: a6b9");
	assert_string_equal(
		TEXT(DNS_RRSIG, "\0\34\5\2\0\0\0\1\0\0\0\0\0\0\0\0\1\1\1y\0sig"), "RRSIG 28 y");
	assert_string_equal(
		TEXT(DNS_RRSIG, "\0\34\5\2\0\0\0\1\0\0\0\0\0\0\0\0\1\1\0sig"), "RRSIG 28 <Root>");
	assert_string_equal(TEXT(DNS_NSEC, "\1y\0types"), "NSEC x.org y");
	assert_string_equal(TEXT(DNS_NSEC3, ""), "NSEC3");
	assert_string_equal(TEXT(DNS_NSEC3PARAM, ""), "NSEC3PARAM");
	assert_string_equal(TEXT(DNS_LOC, "\0\22\25\23 and so on"), "LOC:  18 21 19");
	assert_string_equal(TEXT(DNS_HTTPS, "\0\1\0\0\1\0\3\2h2"), "HTTPS 1 .");
	assert_string_equal(TEXT(DNS_SVCB, "\0\0\1y\0"), "SVCB 0 y");
	assert_string_equal(TEXT(DNS_CAA, "\0\5issueca.org"), "CAA 0 issue ca.org");
	assert_string_equal(TEXT(10, "null"), "<unknown type=10>");
	assert_string_equal(TEXT(DNS_HINFO, ""), "!");
	assert_string_equal(TEXT(DNS_OPT, ""), "!");
	assert_string_equal(TEXT(DNS_TSIG, ""), "!");
}

static void
netbios_records_are_not_what_their_numbers_say(void **state)
{
	static const char wpad[] = "fhfaebeecacacacacacacacacacacaaa";

	(void)state;
	assert_string_equal(text_of(DNS_NB, wpad, "\0\0\12\0\0\1", 6), "10.0.0.1");
	assert_string_equal(text_of(DNS_NB, wpad, "\0\0\12\0\0", 5), "!");
	assert_string_equal(TEXT(DNS_NB, "\0\0\12\0\0\1"), "<unknown type=32>");
	assert_string_equal(text_of(DNS_NBSTAT, wpad, "\0\0\0\0\0\0\1y\0", 9), "!");
}

static void
data_that_is_cut_has_no_text(void **state)
{
	static const struct {
		unsigned type;
		size_t size;
		const char *data;
	} rows[] = {
		{ DNS_A, 4, "\1\2\3\4" },
		{ DNS_AAAA, 16, "0123456789abcdef" },
		{ DNS_NS, 3, "\1y\0" },
		{ DNS_MX, 5, "\0\1\1y\0" },
		{ DNS_SRV, 9, "\0\1\0\2\0\3\1y\0" },
		{ DNS_DS, 4, "\1\2\5\1" },
		{ DNS_DNSKEY, 4, "\1\1\3\12" },
		{ DNS_RRSIG, 21, "\0\34\5\2\0\0\0\1\0\0\0\0\0\0\0\0\1\1\1y\0" },
		{ DNS_NSEC, 3, "\1y\0" },
		{ DNS_NAPTR, 10, "\0\144\0\12\0\0\0\1y\0" },
		{ DNS_HTTPS, 5, "\0\1\1y\0" },
		{ DNS_LOC, 4, "\0\1\2\3" },
		{ DNS_CAA, 4, "\0\2ab" },
		{ DNS_SSHFP, 2, "\1\1" },
	};

	(void)state;
	for (size_t i = 0; i < sizeof(rows) / sizeof(rows[0]); i++) {
		assert_string_not_equal(
			text_of(rows[i].type, "x", rows[i].data, rows[i].size), "!");
		for (size_t size = 0; size < rows[i].size; size++)
			assert_string_equal(text_of(rows[i].type, "x", rows[i].data, size), "!");
	}
	assert_string_equal(TEXT(DNS_A, "\1\2\3\4\5"), "!");
}

static size_t
addresses_of(unsigned type, const void *data, size_t size, struct addr *ret, size_t room)
{
	const struct dns_record r = {
		.type = (uint16_t)type, .class = DNS_CLASS_IN, .data = cursor_over(data, size)
	};

	return dns_record_addresses(&r, ret, room);
}

static void
hints_are_addresses(void **state)
{
	static const char service[] = "\0\1\0"
				      "\0\1\0\3\2h2"
				      "\0\4\0\10\1\1\1\1\2\2\2\2"
				      "\0\6\0\20\x20\1\xd\xb8\0\0\0\0\0\0\0\0\0\0\0\1";
	struct addr found[4];
	struct addr second = addr_v4(2, 2, 2, 2);

	(void)state;
	assert_int_equal(addresses_of(DNS_HTTPS, service, sizeof(service) - 1, found, 4), 3);
	assert_true(addr_equal(&found[1], &second));
	assert_int_equal(found[2].byte[15], 1);
	assert_int_equal(addresses_of(DNS_SVCB, service, sizeof(service) - 1, found, 2), 2);
	assert_int_equal(addresses_of(DNS_HTTPS, service, sizeof(service) - 2, found, 4), 2);
	assert_int_equal(addresses_of(DNS_HTTPS, "\0\1\1", 3, found, 4), 0);
	assert_int_equal(addresses_of(DNS_TXT, service, sizeof(service) - 1, found, 4), 0);
	assert_int_equal(addresses_of(DNS_A, "\1\2\3\4", 4, found, 0), 0);
	assert_int_equal(addresses_of(DNS_A, "\1\2\3\4", 4, found, 1), 1);
}

static void
only_of_the_internet_addresses_are_taken(void **state)
{
	const struct dns_record r = {
		.type = DNS_A, .class = 3, .data = cursor_over("\1\2\3\4", 4)
	};
	struct addr found;

	(void)state;
	assert_int_equal(dns_record_addresses(&r, &found, 1), 0);
}

static void
a_record_that_is_cut_is_none(void **state)
{
	struct dns_build b;
	struct dns_record r;

	(void)state;
	dns_build_header(&b, 1, 0x8000, 0, 1, 0, 0);
	dns_build_record(&b, "x.org", DNS_A, 60, "\1\2\3\4", 4);
	for (size_t size = 12; size <= b.size; size++) {
		struct cursor message = cursor_over(b.bytes, size);
		struct cursor c = message;
		(void)cursor_take(&c, 12);
		assert_int_equal(dns_record_read(message, &c, &r), size == b.size);
	}
}

int
main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(addresses_and_names_are_written_as_they_are),
		cmocka_unit_test(strings_come_with_their_lengths),
		cmocka_unit_test(what_else_has_a_text),
		cmocka_unit_test(netbios_records_are_not_what_their_numbers_say),
		cmocka_unit_test(data_that_is_cut_has_no_text),
		cmocka_unit_test(hints_are_addresses),
		cmocka_unit_test(only_of_the_internet_addresses_are_taken),
		cmocka_unit_test(a_record_that_is_cut_is_none),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
