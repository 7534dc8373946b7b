#include "daemon/whitelist/whitelist_match.h"

#include "daemon/whitelist/whitelist_text.h"

#include <netinet/in.h>
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <string.h>

#include <cmocka.h>

/* A client that speaks to a web server, of which everything is known. */
static struct {
	struct addr client, server;
	struct whitelist_case c;
	struct whitelist_facts f;
} t;

static struct site_name
named(const char *text, enum site_name_source source)
{
	return (struct site_name){ .text = text, .source = source };
}

static int
setup(void **state)
{
	(void)state;
	memset(&t, 0, sizeof(t));
	t.client = addr_v4(10, 0, 0, 5);
	t.server = addr_v4(192, 0, 2, 1);
	t.c = (struct whitelist_case){ .src = &t.client,
		.dst = &t.server,
		.port = 443,
		.ip_proto = IPPROTO_TCP,
		.kind = "SCAN",
		.detector = "scan" };
	t.f.about = &t.c;
	t.f.src = (struct whitelist_party){ .addr = &t.client,
		.names = { named("laptop.lan", SITE_NAME_DHCP) },
		.name_count = 1,
		.mac = { { 0, 1, 2, 3, 4, 5 } } };
	t.f.dst = (struct whitelist_party){ .addr = &t.server,
		.names = { named("www.Example.com", SITE_NAME_DNS),
			named("liar.example.net", SITE_NAME_TLS) },
		.name_count = 2,
		.asn = 64496,
		.org = "Example-Hosting LLC" };
	return 0;
}

static struct whitelist_rule
rule(uint32_t members)
{
	return (struct whitelist_rule){
		.members = members, .ends = WHITELIST_AT_EITHER, .until_ns = UINT64_MAX
	};
}

static bool
holds(const struct whitelist_rule *r)
{
	return whitelist_rule_holds(r, &t.f, 100);
}

static struct whitelist_name
name(const char *text)
{
	struct whitelist_name n;

	assert_true(whitelist_name_parse(text, &n));
	return n;
}

static void
a_name_is_itself_and_those_below_it(void **state)
{
	static const struct {
		const char *wanted, *have;
		bool matches;
	} cases[] = {
		{ "example.com", "example.com", true },
		{ "example.com", "EXAMPLE.com.", true },
		{ "example.com", "www.example.com", true },
		{ "example.com", "a.b.example.com", true },
		{ "example.com", "notexample.com", false },
		{ "example.com", "example.com.evil.example", false },
		{ "example.com", "xample.com", false },
		{ "example.com", "com", false },
		{ "example.com", "", false },
		{ "=example.com", "example.com", true },
		{ "=example.com", "www.example.com", false },
	};

	(void)state;
	for (size_t i = 0; i < sizeof(cases) / sizeof(cases[0]); i++) {
		struct whitelist_name wanted = name(cases[i].wanted);
		assert_int_equal(whitelist_name_matches(&wanted, cases[i].have), cases[i].matches);
	}
}

static void
networks_are_of_who_did_it_and_to_whom(void **state)
{
	struct whitelist_rule r = rule(WHITELIST_SRC);

	(void)state;
	assert_true(cidr_parse("10.0.0.0/8", &r.src));
	assert_true(holds(&r));
	t.c.src = &t.server;
	assert_false(holds(&r));
	t.c.src = NULL;
	assert_false(holds(&r));
	setup(NULL);
	r = rule(WHITELIST_DST);
	assert_true(cidr_parse("192.0.2.1", &r.dst));
	assert_true(holds(&r));
	t.c.dst = &t.client;
	assert_false(holds(&r));
	setup(NULL);
	r = rule(WHITELIST_EITHER);
	r.either = (struct cidr){ t.client, 128 };
	assert_true(holds(&r));
	r.either = (struct cidr){ t.server, 128 };
	assert_true(holds(&r));
	t.c.dst = NULL;
	assert_false(holds(&r));
}

static void
a_port_is_of_its_protocol_or_of_any(void **state)
{
	struct whitelist_rule r = rule(WHITELIST_PORT);

	(void)state;
	r.port = 443;
	assert_true(holds(&r));
	r.ip_proto = IPPROTO_TCP;
	assert_true(holds(&r));
	r.ip_proto = IPPROTO_UDP;
	assert_false(holds(&r));
	r.ip_proto = 0;
	r.port = 80;
	assert_false(holds(&r));
}

static void
a_detector_is_a_kind_or_who_raises_it_and_no_traffic(void **state)
{
	struct whitelist_rule r = rule(WHITELIST_DETECTOR);

	(void)state;
	r.detector = "SCAN";
	assert_true(holds(&r));
	r.detector = "scan";
	assert_true(holds(&r));
	r.detector = "SCANS";
	assert_false(holds(&r));
	r.detector = "SCAN";
	t.c.kind = t.c.detector = NULL;
	assert_false(holds(&r));
}

static void
names_cards_and_systems_are_of_the_ends_that_are_meant(void **state)
{
	static const struct {
		uint32_t member;
		uint32_t end; /* who has it */
	} cases[] = {
		{ WHITELIST_DOMAIN, WHITELIST_AT_DST },
		{ WHITELIST_SNI, WHITELIST_AT_DST },
		{ WHITELIST_ASN, WHITELIST_AT_DST },
		{ WHITELIST_ORG, WHITELIST_AT_DST },
		{ WHITELIST_MAC, WHITELIST_AT_SRC },
	};

	(void)state;
	for (size_t i = 0; i < sizeof(cases) / sizeof(cases[0]); i++) {
		struct whitelist_rule r = rule(cases[i].member);
		r.domain = name("example.com");
		r.sni = name("liar.example.net");
		r.asn = 64496;
		r.org = "hosting";
		r.mac = t.f.src.mac;
		assert_true(holds(&r));
		r.ends = cases[i].end;
		assert_true(holds(&r));
		r.ends = WHITELIST_AT_EITHER & ~cases[i].end;
		assert_false(holds(&r));
		struct whitelist_party swap = t.f.src;
		t.f.src = t.f.dst;
		t.f.dst = swap;
		assert_true(holds(&r));
		setup(NULL);
	}
}

static void
a_client_gives_its_server_no_name(void **state)
{
	struct whitelist_rule r = rule(WHITELIST_DOMAIN);

	(void)state;
	r.domain = name("example.net");
	assert_false(holds(&r));
	r.domain = name("lan");
	assert_true(holds(&r)); /* its own name is its to give */
	r = rule(WHITELIST_SNI);
	r.sni = name("example.net");
	assert_true(holds(&r));
	r.sni = name("example.com"); /* nobody called it that */
	assert_false(holds(&r));
}

static void
a_name_that_is_asked_for_is_of_who_is_asked(void **state)
{
	struct whitelist_rule r = rule(WHITELIST_DOMAIN);

	(void)state;
	r.domain = name("asked.example");
	assert_false(holds(&r));
	t.c.name = "www.asked.example";
	assert_true(holds(&r));
	r.ends = WHITELIST_AT_SRC;
	assert_false(holds(&r));
	r = rule(WHITELIST_SNI);
	r.sni = name("asked.example");
	assert_false(holds(&r));
}

static void
an_organisation_is_whole_words_of_its_name(void **state)
{
	static const struct {
		const char *have, *wanted;
		bool matches;
	} cases[] = {
		{ "Example-Hosting LLC", "example", true },
		{ "Example-Hosting LLC", "hosting llc", true },
		{ "Example-Hosting LLC", "LLC", true },
		{ "NOTEXAMPLE", "example", false },
		{ "EXAMPLES", "example", false },
		{ "Examples of Example", "example", true },
		{ "", "example", false },
		{ NULL, "example", false },
	};
	struct whitelist_rule r = rule(WHITELIST_ORG);

	(void)state;
	for (size_t i = 0; i < sizeof(cases) / sizeof(cases[0]); i++) {
		t.f.dst.org = cases[i].have;
		r.org = cases[i].wanted;
		assert_int_equal(holds(&r), cases[i].matches);
	}
}

static void
the_five_are_known_by_systems_and_believed_names(void **state)
{
	struct whitelist_rule r = rule(WHITELIST_ORG);

	(void)state;
	r.org = "google";
	r.known_org = ORGANISATION_GOOGLE;
	assert_false(holds(&r));
	t.f.dst.asn = 15169;
	assert_true(holds(&r));
	t.f.dst.asn = 0;
	t.f.dst.names[0] = named("www.google.com", SITE_NAME_DNS);
	assert_true(holds(&r));
	t.f.dst.names[0].source = SITE_NAME_HTTP;
	assert_false(holds(&r));
	t.f.dst.names[0] = named("www.apple.com", SITE_NAME_DNS);
	assert_false(holds(&r));
}

static void
all_that_is_given_has_to_hold(void **state)
{
	struct whitelist_rule r = rule(1023);

	(void)state;
	r.src = (struct cidr){ t.client, 128 };
	r.dst = (struct cidr){ t.server, 128 };
	r.either = r.src;
	r.domain = name("example.com");
	r.sni = name("example.net");
	r.asn = 64496;
	r.org = "example";
	r.mac = t.f.src.mac;
	r.port = 443;
	r.detector = "SCAN";
	assert_true(holds(&r));
	struct whitelist_rule wrong[10];
	for (size_t i = 0; i < 10; i++)
		wrong[i] = r;
	wrong[0].src = (struct cidr){ t.server, 128 };
	wrong[1].dst = (struct cidr){ t.client, 128 };
	wrong[2].either = (struct cidr){ addr_v4(1, 1, 1, 1), 128 };
	wrong[3].domain = name("other.example");
	wrong[4].sni = name("other.example");
	wrong[5].asn = 1;
	wrong[6].org = "other";
	wrong[7].mac.byte[5] = 9;
	wrong[8].port = 1;
	wrong[9].detector = "OTHER";
	for (size_t i = 0; i < 10; i++)
		assert_false(holds(&wrong[i]));
}

static void
a_rule_ends(void **state)
{
	struct whitelist_rule r = rule(WHITELIST_PORT);

	(void)state;
	r.port = 443;
	r.until_ns = 101;
	assert_true(holds(&r));
	r.until_ns = 100;
	assert_false(holds(&r));
}

int
main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test_setup(a_name_is_itself_and_those_below_it, setup),
		cmocka_unit_test_setup(networks_are_of_who_did_it_and_to_whom, setup),
		cmocka_unit_test_setup(a_port_is_of_its_protocol_or_of_any, setup),
		cmocka_unit_test_setup(a_detector_is_a_kind_or_who_raises_it_and_no_traffic, setup),
		cmocka_unit_test_setup(
			names_cards_and_systems_are_of_the_ends_that_are_meant, setup),
		cmocka_unit_test_setup(a_client_gives_its_server_no_name, setup),
		cmocka_unit_test_setup(a_name_that_is_asked_for_is_of_who_is_asked, setup),
		cmocka_unit_test_setup(an_organisation_is_whole_words_of_its_name, setup),
		cmocka_unit_test_setup(the_five_are_known_by_systems_and_believed_names, setup),
		cmocka_unit_test_setup(all_that_is_given_has_to_hold, setup),
		cmocka_unit_test_setup(a_rule_ends, setup),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
