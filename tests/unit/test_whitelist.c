/* The real site and the real index: which rule is found, and which of several. */
#include "daemon/whitelist/whitelist.h"

#include "daemon/base/arena.h"
#include "daemon/observation.h"
#include "daemon/site/site.h"
#include "daemon/transactions/dns.h"
#include "daemon/transactions/tls.h"
#include "daemon/whitelist/whitelist_build.h"

#include <netinet/in.h>
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include <cmocka.h>

static struct {
	struct arena arena;
	struct whitelist *w;
	struct site *site;
	struct addr client, server;
} t;

static const struct hash_key key = { { 1, 2 } };

static int
setup(void **state)
{
	(void)state;
	memset(&t, 0, sizeof(t));
	arena_init(&t.arena, (size_t)8 * 1024 * 1024, NULL);
	t.site = site_new(&(struct site_plan){ .names = 8, .macs = 8 }, &key);
	t.client = addr_v4(10, 0, 0, 5);
	t.server = addr_v4(192, 0, 2, 1);
	return 0;
}

static int
teardown(void **state)
{
	(void)state;
	whitelist_free(t.w);
	arena_done(&t.arena);
	site_free(t.site);
	return 0;
}

static void
complain(void *context, const char *line)
{
	(void)context;
	fail_msg("%s", line);
}

static void
build(struct whitelist_rule_settings *rules, size_t count)
{
	const struct whitelist_settings s = { .rules = { .items = rules, .count = count } };

	whitelist_free(t.w);
	assert_int_equal(whitelist_build(&(struct whitelist_plan){ .settings = &s,
						 .path = "n.yaml",
						 .arena = &t.arena,
						 .complain = complain },
				 &t.w),
		0);
}

static struct cidr
net(const char *text)
{
	struct cidr c;

	assert_true(cidr_parse(text, &c));
	return c;
}

/* The name of the rule that is found; "" for none. */
static const char *
found(const char *kind, const char *asked)
{
	const struct whitelist_rule *r = whitelist_find(t.w, t.site,
		&(struct whitelist_case){ .src = &t.client,
			.dst = &t.server,
			.port = 443,
			.ip_proto = IPPROTO_TCP,
			.name = asked,
			.kind = kind,
			.detector = kind },
		100);

	return r == NULL ? "" : r->name;
}

static void
resolve(const char *name)
{
	struct dns_answer a = { .addr = t.server };
	const struct obs_dns dns = { .client = t.client,
		.server = addr_v4(10, 0, 0, 1),
		.query = name,
		.answers = &a,
		.answer_count = 1 };

	site_learn(t.site, &(struct observation){ .kind = OBS_DNS, .ts_ns = 50, .dns = &dns });
}

static void
call(const char *name)
{
	const struct obs_tls tls = { .server_name = name };
	const struct obs_talk talk = { .orig = t.client, .resp = t.server, .resp_port = 443 };

	site_learn(t.site,
		&(struct observation){ .kind = OBS_TLS, .ts_ns = 60, .talk = &talk, .tls = &tls });
}

static void
without_a_whitelist_nothing_is_found(void **state)
{
	(void)state;
	assert_string_equal(found("SCAN", NULL), "");
	assert_null(whitelist_rule_of_name(NULL, "a"));
}

static void
networks_names_and_the_rest_are_all_looked_at(void **state)
{
	struct whitelist_rule_settings rules[] = {
		{ .name = "net", .match = { .dst = net("192.0.2.0/24") } },
		{ .name = "name", .match = { .domain = "example.com" } },
		{ .name = "sni", .match = { .sni = "called.example" } },
		{ .name = "port", .match = { .port = "443" } },
		{ .name = "card", .match = { .mac = "00:01:02:03:04:05" } },
	};
	const struct obs_arp arp = { .operation = 1,
		.sender = t.client,
		.sender_mac = { { 0, 1, 2, 3, 4, 5 } },
		.target = addr_v4(10, 0, 0, 1) };

	(void)state;
	for (size_t i = 0; i < sizeof(rules) / sizeof(rules[0]); i++) {
		build(&rules[i], 1);
		bool at_once = i == 0 || i == 3;
		assert_string_equal(found("SCAN", NULL), at_once ? rules[i].name : "");
	}
	resolve("www.example.com");
	call("called.example");
	site_learn(t.site, &(struct observation){ .kind = OBS_ARP, .ts_ns = 50, .arp = &arp });
	for (size_t i = 0; i < sizeof(rules) / sizeof(rules[0]); i++) {
		build(&rules[i], 1);
		assert_string_equal(found("SCAN", NULL), rules[i].name);
	}
}

static void
either_end_may_have_the_name_and_either_may_be_nobody(void **state)
{
	struct whitelist_rule_settings rules[] = {
		{ .name = "name", .match = { .domain = "example.com" } },
		{ .name = "net", .match = { .either = net("10.0.0.0/8") } },
	};

	(void)state;
	build(rules, 1);
	struct addr other = t.server;
	t.server = t.client;
	resolve("www.example.com");
	t.server = other;
	assert_string_equal(found("SCAN", NULL), "name");
	build(rules + 1, 1);
	const struct whitelist_case nobody = { .kind = "SCAN", .detector = "scan" };
	assert_null(whitelist_find(t.w, t.site, &nobody, 100));
	const struct whitelist_case victim = {
		.dst = &t.client, .kind = "SCAN", .detector = "scan"
	};
	assert_non_null(whitelist_find(t.w, t.site, &victim, 100));
}

static void
a_client_cannot_whitelist_itself(void **state)
{
	struct whitelist_rule_settings rules[] = {
		{ .name = "rule",
			.match = { .domain = "example.com" },
			.effect = WHITELIST_IGNORE_TRAFFIC },
	};

	(void)state;
	build(rules, 1);
	call("www.example.com");
	assert_string_equal(found(NULL, NULL), "");
	assert_string_equal(found("SCAN", NULL), "");
	resolve("c2.example.net");
	assert_string_equal(found(NULL, NULL), "");
	resolve("www.example.com");
	assert_string_equal(found(NULL, NULL), "rule");
}

static void
a_question_is_found_by_its_name(void **state)
{
	struct whitelist_rule_settings rules[] = {
		{ .name = "rule",
			.match = { .domain = "example.com" },
			.effect = WHITELIST_IGNORE_TRAFFIC },
	};

	(void)state;
	build(rules, 1);
	assert_string_equal(found(NULL, "www.example.com"), "rule");
	assert_string_equal(found(NULL, "www.example.org"), "");
	assert_string_equal(found(NULL, "..no name"), "");
}

static void
the_strongest_holds_and_of_equals_the_first(void **state)
{
	struct whitelist_rule_settings rules[] = {
		{ .name = "mild", .match = { .dst = net("192.0.2.1") } },
		{ .name = "wide",
			.match = { .dst = net("192.0.0.0/8") },
			.effect = WHITELIST_NO_EVIDENCE },
		{ .name = "port", .match = { .port = "443/tcp" }, .effect = WHITELIST_NO_EVIDENCE },
		{ .name = "same",
			.match = { .dst = net("192.0.2.1") },
			.effect = WHITELIST_NO_EVIDENCE },
	};

	(void)state;
	build(rules, 1);
	assert_string_equal(found("SCAN", NULL), "mild");
	build(rules, 4);
	assert_string_equal(found("SCAN", NULL), "wide");
	build(rules + 2, 2);
	assert_string_equal(found("SCAN", NULL), "port");
	build(rules + 3, 1);
	assert_string_equal(found("SCAN", NULL), "same");
}

static void
traffic_is_for_rules_that_ignore_it(void **state)
{
	struct whitelist_rule_settings rules[] = {
		{ .name = "evidence", .match = { .port = "443" }, .effect = WHITELIST_NO_EVIDENCE },
		{ .name = "traffic",
			.match = { .port = "443" },
			.effect = WHITELIST_IGNORE_TRAFFIC },
	};

	(void)state;
	build(rules, 1);
	assert_string_equal(found(NULL, NULL), "");
	assert_string_equal(found("SCAN", NULL), "evidence");
	rules[1].match.port = "80";
	build(rules, 2);
	assert_string_equal(found(NULL, NULL), "");
	rules[1].match.port = "443";
	build(rules, 2);
	assert_string_equal(found(NULL, NULL), "traffic");
	assert_string_equal(found("SCAN", NULL), "traffic"); /* it does all that the other does */
}

/* Every rule of a full whitelist is found, and none that is not meant. */
static void
a_full_whitelist_finds_each_of_its_rules(void **state)
{
	struct whitelist_rule_settings *rules = calloc(WHITELIST_RULES_MAX, sizeof(*rules));
	char(*names)[24] = calloc(WHITELIST_RULES_MAX, sizeof(*names));

	(void)state;
	assert_non_null(rules);
	assert_non_null(names);
	for (unsigned i = 0; i < WHITELIST_RULES_MAX; i++) {
		(void)snprintf(names[i], sizeof(names[i]), "n%u.example", i);
		rules[i].name = names[i];
		if (i % 2 == 0)
			rules[i].match.domain = names[i];
		else
			rules[i].match.dst = (struct cidr){
				addr_v4(192, 1, (uint8_t)(i / 256), (uint8_t)(i % 256)), 128
			};
	}
	build(rules, WHITELIST_RULES_MAX);
	for (unsigned i = 0; i < WHITELIST_RULES_MAX; i++) {
		t.server = i % 2 == 0 ? addr_v4(192, 0, 2, 1)
				      : addr_v4(192, 1, (uint8_t)(i / 256), (uint8_t)(i % 256));
		t.client = addr_v4(10, 0, 0, 5);
		assert_string_equal(found("SCAN", i % 2 == 0 ? names[i] : NULL), names[i]);
	}
	for (unsigned i = 0; i < WHITELIST_RULES_MAX; i++)
		assert_ptr_equal(whitelist_rule_of_name(t.w, names[i]), &t.w->rules[i]);
	assert_null(whitelist_rule_of_name(t.w, "n4096.example"));
	assert_null(whitelist_rule_of_name(t.w, ""));
	assert_null(whitelist_rule_of_name(t.w, "z"));
	t.server = addr_v4(192, 2, 0, 1);
	assert_string_equal(found("SCAN", "n4096.example"), "");
	free(names);
	free(rules);
}

int
main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test_setup_teardown(
			without_a_whitelist_nothing_is_found, setup, teardown),
		cmocka_unit_test_setup_teardown(
			networks_names_and_the_rest_are_all_looked_at, setup, teardown),
		cmocka_unit_test_setup_teardown(
			either_end_may_have_the_name_and_either_may_be_nobody, setup, teardown),
		cmocka_unit_test_setup_teardown(a_client_cannot_whitelist_itself, setup, teardown),
		cmocka_unit_test_setup_teardown(a_question_is_found_by_its_name, setup, teardown),
		cmocka_unit_test_setup_teardown(
			the_strongest_holds_and_of_equals_the_first, setup, teardown),
		cmocka_unit_test_setup_teardown(
			traffic_is_for_rules_that_ignore_it, setup, teardown),
		cmocka_unit_test_setup_teardown(
			a_full_whitelist_finds_each_of_its_rules, setup, teardown),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
