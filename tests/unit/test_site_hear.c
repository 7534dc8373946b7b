/* test_site_hear.c -- names that hosts tell: of themselves, and of the servers that they talk to. */
#include "daemon/base/time_text.h"
#include "daemon/observation.h"
#include "daemon/site/site.h"
#include "daemon/transactions/dns.h"
#include "daemon/transactions/http.h"
#include "daemon/transactions/name.h"
#include "daemon/transactions/quic.h"
#include "daemon/transactions/tls.h"

#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <string.h>

#include <cmocka.h>

static struct site *
new_site(uint32_t names)
{
	static const struct hash_key key = { { 1, 2 } };
	struct site *s = site_new(&(struct site_plan){ .names = names, .macs = 4 }, &key);

	assert_non_null(s);
	return s;
}

/* A client talks to `web` and names it. */
static void
client_says(struct site *s, uint64_t at_s, struct observation o)
{
	static struct obs_talk talk;

	talk = (struct obs_talk){ .orig = addr_v4(10, 0, 0, 5), .resp = addr_v4(1, 2, 3, 4) };
	o.talk = &talk;
	o.ts_ns = at_s * NS_PER_S;
	site_learn(s, &o);
}

static void
client_asks(struct site *s, uint64_t at_s, const char *host, const char *uri)
{
	const struct obs_http http = { .host = host, .uri = uri };

	client_says(s, at_s, (struct observation){ .kind = OBS_HTTP, .http = &http });
}

static void
what_a_client_calls_its_server_is_its_word(void **state)
{
	const struct addr web = addr_v4(1, 2, 3, 4);
	const struct addr client = addr_v4(10, 0, 0, 5);
	const struct obs_tls tls = { .server_name = "a.example" };
	const struct obs_tls silent = { 0 };
	const struct obs_quic quic = { .server_name = "b.example" };
	struct site_name names[SITE_NAMES_OF_ADDRESS];
	struct site *s = new_site(4);

	(void)state;
	client_says(s, 1, (struct observation){ .kind = OBS_TLS, .tls = &silent });
	assert_int_equal(site_name_of(s, &web, 2, names), 0);
	client_says(s, 1, (struct observation){ .kind = OBS_TLS, .tls = &tls });
	client_says(s, 2, (struct observation){ .kind = OBS_QUIC, .quic = &quic });
	client_asks(s, 3, "c.example:8080", "/");
	assert_int_equal(site_name_of(s, &web, 4, names), 3);
	assert_string_equal(names[0].text, "c.example");
	assert_int_equal(names[0].source, SITE_NAME_HTTP);
	assert_string_equal(names[1].text, "b.example");
	assert_int_equal(names[1].source, SITE_NAME_TLS);
	assert_string_equal(names[2].text, "a.example");
	assert_int_equal(names[2].source, SITE_NAME_TLS);
	assert_true(addr_equal(&names[2].resolver, &client));
	assert_false(site_is_resolved(s, &web, 4));
	client_asks(s, 4, "d.example", "/"); /* there is no room for a word */
	assert_int_equal(site_name_of(s, &web, 5, names), 3);
	assert_string_equal(names[0].text, "c.example");
	site_free(s);
}

static void
a_clients_word_is_confirmed_once_an_hour(void **state)
{
	static const char longer[] =
		"0123456789012345678901234567890123456789012345678901234567890123456789.example";
	const struct addr web = addr_v4(1, 2, 3, 4);
	struct site_name names[SITE_NAMES_OF_ADDRESS];
	struct site *s = new_site(4);

	(void)state;
	client_asks(s, 1, longer, "/");
	client_asks(s, 3600, longer, "/");
	assert_int_equal(site_name_of(s, &web, 3601 * NS_PER_S, names), 1);
	assert_int_equal(names[0].seen_ns, NS_PER_S);
	client_asks(s, 3601, longer, "/");
	assert_int_equal(site_name_of(s, &web, 3601 * NS_PER_S, names), 1);
	assert_int_equal(names[0].seen_ns, 3601 * NS_PER_S);
	site_free(s);
}

static void
a_clients_word_takes_nothing_from_what_dns_said(void **state)
{
	struct addr web = addr_v4(1, 2, 3, 4);
	struct dns_answer a = { .addr = web };
	const struct obs_dns dns = { .client = addr_v4(10, 0, 0, 5),
		.server = addr_v4(8, 8, 8, 8),
		.query = "A.example",
		.answers = &a,
		.answer_count = 1 };
	struct site_name names[SITE_NAMES_OF_ADDRESS];
	struct site *s = new_site(4);

	(void)state;
	site_learn(s, &(struct observation){ .kind = OBS_DNS, .ts_ns = 5, .dns = &dns });
	client_asks(s, 7200, "a.example", "/");
	assert_int_equal(site_name_of(s, &web, 7200 * NS_PER_S, names), 1);
	assert_int_equal(names[0].source, SITE_NAME_DNS);
	assert_int_equal(names[0].seen_ns, 5);
	site_free(s);
}

static void
not_every_host_of_a_request_is_a_name(void **state)
{
	static char longer[300];
	const struct addr web = addr_v4(1, 2, 3, 4);
	struct site_name names[SITE_NAMES_OF_ADDRESS];
	struct site *s = new_site(4);

	(void)state;
	memset(longer, 'x', sizeof(longer) - 1);
	client_asks(s, 1, NULL, "/");
	client_asks(s, 1, "a.example", NULL);
	client_asks(s, 1, "a.example", "http://a.example/"); /* of a proxy */
	client_asks(s, 1, "a.example:443", "a.example:443");
	client_asks(s, 1, "1.2.3.4:80", "/");
	client_asks(s, 1, "[::1]", "/");
	client_asks(s, 1, "", "/");
	client_asks(s, 1, longer, "/");
	assert_int_equal(site_name_of(s, &web, 2, names), 0);
	site_free(s);
}

static void
each_name_has_the_protocol_that_brought_it(void **state)
{
	static const char *const by[] = { "mdns", "llmnr", "nbns", "ssdp" };
	const struct addr who = addr_v4(10, 0, 0, 5);
	struct site_name names[SITE_NAMES_OF_ADDRESS];

	(void)state;
	for (size_t i = 0; i < sizeof(by) / sizeof(by[0]); i++) {
		const struct obs_name said = {
			.addr = who, .sender = who, .name = "pc", .by = by[i]
		};
		struct site *s = new_site(4);

		site_learn(s, &(struct observation){ .kind = OBS_NAME, .ts_ns = 5, .name = &said });
		assert_int_equal(site_name_of(s, &who, 6, names), 1);
		assert_string_equal(site_name_source_name(names[0].source), by[i]);
		assert_true(site_name_is_believed(names[0].source));
		site_free(s);
	}
}

int
main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(what_a_client_calls_its_server_is_its_word),
		cmocka_unit_test(a_clients_word_is_confirmed_once_an_hour),
		cmocka_unit_test(a_clients_word_takes_nothing_from_what_dns_said),
		cmocka_unit_test(not_every_host_of_a_request_is_a_name),
		cmocka_unit_test(each_name_has_the_protocol_that_brought_it),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
