#include "daemon/whitelist/whitelist_text.h"

#include "daemon/base/time_text.h"

#include <netinet/in.h>
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <string.h>

#include <cmocka.h>

static void
a_port_has_a_protocol_or_any(void **state)
{
	static const struct {
		const char *text;
		uint16_t port; /* 0: refused */
		uint8_t ip_proto;
	} cases[] = {
		{ "443/tcp", 443, IPPROTO_TCP },
		{ "53/udp", 53, IPPROTO_UDP },
		{ "3868/sctp", 3868, IPPROTO_SCTP },
		{ "1", 1, 0 },
		{ "65535", 65535, 0 },
		{ "65536", 0, 0 },
		{ "99999999999999999999999/tcp", 0, 0 },
		{ "0", 0, 0 },
		{ "0/tcp", 0, 0 },
		{ "", 0, 0 },
		{ "/tcp", 0, 0 },
		{ "443/", 0, 0 },
		{ "443/TCP", 0, 0 },
		{ "443/tcpx", 0, 0 },
		{ "443 /tcp", 0, 0 },
		{ "-1", 0, 0 },
		{ "https", 0, 0 },
	};

	(void)state;
	for (size_t i = 0; i < sizeof(cases) / sizeof(cases[0]); i++) {
		uint16_t port = 7;
		uint8_t ip_proto = 7;
		bool good = whitelist_port_parse(cases[i].text, &port, &ip_proto);

		assert_int_equal(good, cases[i].port > 0);
		assert_int_equal(port, good ? cases[i].port : 7);
		assert_int_equal(ip_proto, good ? cases[i].ip_proto : 7);
	}
}

static void
a_system_is_a_number_that_somebody_has(void **state)
{
	static const struct {
		const char *text;
		uint32_t asn; /* 0: refused */
	} cases[] = {
		{ "AS15169", 15169 },
		{ "as15169", 15169 },
		{ "15169", 15169 },
		{ "4294967295", UINT32_MAX },
		{ "4294967296", 0 },
		{ "0", 0 },
		{ "AS0", 0 },
		{ "AS", 0 },
		{ "S15169", 0 },
		{ "A15169", 0 },
		{ "15169x", 0 },
		{ "", 0 },
	};

	(void)state;
	for (size_t i = 0; i < sizeof(cases) / sizeof(cases[0]); i++) {
		uint32_t asn = 0;

		assert_int_equal(whitelist_asn_parse(cases[i].text, &asn), cases[i].asn > 0);
		assert_int_equal(asn, cases[i].asn);
	}
}

static void
a_time_is_a_day_or_a_second(void **state)
{
	static const struct {
		const char *text;
		uint64_t seconds;
	} cases[] = {
		{ "1970-01-01", 0 },
		{ "1970-03-01", UINT64_C(59) * 86400 },
		{ "2000-02-29", 951782400 },
		{ "2020-09-13T12:26:40Z", 1600000000 },
		{ "2026-12-31", 1798675200 },
		{ "2026-12-31T23:59:59Z", 1798761599 },
		{ "2100-03-01", 4107542400 },
		{ "2500-12-31", UINT64_C(16756675200) },
	};
	static const char *const bad[] = {
		"",
		"2026",
		"2026-12",
		"2026-1-1",
		"2026-13-01",
		"2026-00-01",
		"2026-12-32",
		"2026-12-00",
		"2025-02-29",
		"2100-02-29",
		"1969-12-31",
		"2501-01-01",
		"2026-12-31T",
		"2026-12-31T00:00:00",
		"2026-12-31T24:00:00Z",
		"2026-12-31T00:60:00Z",
		"2026-12-31T00:00:60Z",
		"2026-12-31T00:00:00Zx",
		"2026-12-31 00:00:00Z",
		"2026-12-31T00:00:00+01",
		"2026/12/31",
		"20261231",
	};
	uint64_t ns = 0;

	(void)state;
	for (size_t i = 0; i < sizeof(cases) / sizeof(cases[0]); i++) {
		assert_true(whitelist_time_parse(cases[i].text, &ns));
		assert_int_equal(ns, cases[i].seconds * NS_PER_S);
	}
	for (size_t i = 0; i < sizeof(bad) / sizeof(bad[0]); i++)
		assert_false(whitelist_time_parse(bad[i], &ns));
}

static void
a_name_is_one_that_is_known_whole(void **state)
{
	static const char sixty_two[] =
		"aaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaa.aaaaaaaaaaaaaaaaaaaaaaaaa.abc";
	static const char *const good[] = { "zaZA09-.example.com", "=www.Example.com",
		"a.b.c.d.e.f.g.h.i.j", "local", "_tcp.example", "xn--bcher-kva.example",
		"example.com.", sixty_two };
	static const char *const bad[] = { "", "=", ".", "=.", ".example.com", "a..b",
		"exa mple.com", "m\xc3\xbcll.example", "*.example.com", "http://example.com",
		"a.b.c.d.e.f.g.h.i.j.k",
		"aaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaa.aaaaaaaaaaaaaaaaaaaaaaaaa.abc" };
	struct whitelist_name name;

	(void)state;
	assert_int_equal(strlen(sixty_two), 62);
	for (size_t i = 0; i < sizeof(good) / sizeof(good[0]); i++) {
		assert_true(whitelist_name_parse(good[i], &name));
		assert_int_equal(name.is_exact, good[i][0] == '=');
	}
	for (size_t i = 0; i < sizeof(bad) / sizeof(bad[0]); i++)
		assert_false(whitelist_name_parse(bad[i], &name));
	assert_true(whitelist_name_parse("=www.example.com.", &name));
	assert_int_equal(name.text.length, 15);
	assert_memory_equal(name.text.at, "www.example.com", 15);
}

int
main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(a_port_has_a_protocol_or_any),
		cmocka_unit_test(a_system_is_a_number_that_somebody_has),
		cmocka_unit_test(a_time_is_a_day_or_a_second),
		cmocka_unit_test(a_name_is_one_that_is_known_whole),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
