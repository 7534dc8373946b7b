/* test_capture_link.c -- two numberings of one thing, with libpcap for an oracle; how a link is refused. */
#include "daemon/decode/decode.h"
#include "daemon/loop/capture/capture_link.h"

#include <pcap/pcap.h>
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdio.h>
#include <string.h>

#include <cmocka.h>

/* What libpcap makes of a file of `link`: a DLT_, or PCAP_ERROR when it does not open it. */
static int
oracle_dlt(uint16_t link)
{
	uint8_t header[24] = { 0xd4, 0xc3, 0xb2, 0xa1, 2, 0, 4, 0, [18] = 4, [20] = (uint8_t)link,
		(uint8_t)(link >> 8) };
	char why[PCAP_ERRBUF_SIZE];
	FILE *file = fmemopen(header, sizeof(header), "rb");
	assert_non_null(file);
	pcap_t *p = pcap_fopen_offline(file, why);

	if (p == NULL) {
		(void)fclose(file);
		return PCAP_ERROR;
	}
	int dlt = pcap_datalink(p);
	pcap_close(p);
	return dlt;
}

static void
numbers_and_names_are_libpcaps(void **state)
{
	unsigned named = 0;

	(void)state;
	for (unsigned link = 0; link < 1000; link++) {
		int dlt = oracle_dlt((uint16_t)link);
		const char *name = pcap_datalink_val_to_name(dlt);
		if (dlt == PCAP_ERROR || name == NULL)
			continue;
		named++;
		assert_int_equal(capture_link_dlt(capture_link_of(link)), dlt);
		assert_string_equal(capture_link_name(capture_link_of(link)), name);
	}
	assert_true(named > 150);
	assert_string_equal(capture_link_name(999), "a number without a name");
}

static void
what_decode_follows_is_called_as_libpcap_calls_it(void **state)
{
	(void)state;
	for (unsigned link = 0; link <= UINT16_MAX; link++) {
		const char *name = decode_link_name((uint16_t)link);
		if (name != NULL)
			assert_string_equal(capture_link_name(capture_link_of(link)), name);
	}
}

static void
bits_above_the_number_are_not_the_number(void **state)
{
	(void)state;
	assert_int_equal(capture_link_of(0x30000001), 1); /* FCS of 4 bytes, of DLT_EN10MB */
	assert_int_equal(capture_link_of(12), 101);
	assert_int_equal(capture_link_of(14), 101);
}

static void
a_refusal_says_what_it_is_and_what_would_do(void **state)
{
	char error[512];

	(void)state;
	capture_link_refuse("a.pcap", 253, error, sizeof(error));
	assert_string_equal(error,
		"a.pcap: link type 253 (NETLINK) is not supported: leave it out; supported are NULL, "
		"EN10MB, PPP, PPP_SERIAL, PPP_ETHER, RAW, IEEE802_11, LOOP, LINUX_SLL, "
		"IEEE802_11_RADIO, IPV4, IPV6, NFLOG, LINUX_SLL2");
}

int
main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(numbers_and_names_are_libpcaps),
		cmocka_unit_test(what_decode_follows_is_called_as_libpcap_calls_it),
		cmocka_unit_test(bits_above_the_number_are_not_the_number),
		cmocka_unit_test(a_refusal_says_what_it_is_and_what_would_do),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
