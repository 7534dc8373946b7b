#include "daemon/whitelist/whitelist_build.h"

#include "daemon/base/arena.h"

#include <errno.h>
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
	char complaints[4096];
	const char *slips;
} t;

static void
complain(void *context, const char *line)
{
	(void)context;
	size_t length = strlen(t.complaints);
	(void)snprintf(t.complaints + length, sizeof(t.complaints) - length, "%s\n", line);
}

static bool
is_detector(const char *name)
{
	return strcmp(name, "SCAN") == 0 || strcmp(name, "scan") == 0;
}

static int
setup(void **state)
{
	(void)state;
	memset(&t, 0, sizeof(t));
	arena_init(&t.arena, (size_t)8 * 1024 * 1024, NULL);
	return 0;
}

static int
teardown(void **state)
{
	(void)state;
	whitelist_free(t.w);
	arena_done(&t.arena);
	return 0;
}

static int
build(struct whitelist_rule_settings *rules, size_t count)
{
	const struct whitelist_settings s = { .rules = { .items = rules, .count = count } };

	whitelist_free(t.w);
	return whitelist_build(&(struct whitelist_plan){ .settings = &s,
				       .path = "n.yaml",
				       .slips_path = "w.csv",
				       .slips = t.slips,
				       .slips_length = t.slips == NULL ? 0 : strlen(t.slips),
				       .is_detector = is_detector,
				       .arena = &t.arena,
				       .complain = complain },
		&t.w);
}

static struct cidr
net(const char *text)
{
	struct cidr c;

	assert_true(cidr_parse(text, &c));
	return c;
}

static void
without_rules_there_is_no_whitelist(void **state)
{
	(void)state;
	assert_int_equal(build(NULL, 0), 0);
	assert_null(t.w);
	t.slips = "; nothing\n";
	assert_int_equal(build(NULL, 0), 0);
	assert_null(t.w);
}

static void
every_member_is_taken(void **state)
{
	struct whitelist_rule_settings rule = { .effect = WHITELIST_NO_EVIDENCE,
		.name = "all",
		.until = "1970-01-02",
		.match = { .src = net("10.0.0.0/8"),
			.dst = net("192.0.2.1"),
			.either = net("2001:db8::/32"),
			.domain = "example.com",
			.sni = "=www.example.com",
			.asn = "AS5",
			.org = "Google",
			.mac = "00:11:22:33:44:55",
			.port = "443/tcp",
			.detector = "SCAN" } };

	(void)state;
	assert_int_equal(build(&rule, 1), 0);
	const struct whitelist_rule *r = &t.w->rules[0];
	assert_int_equal(r->members, 1023);
	assert_int_equal(t.w->asked, 1023);
	assert_int_equal(r->ends, WHITELIST_AT_EITHER);
	assert_int_equal(r->effect, WHITELIST_NO_EVIDENCE);
	assert_int_equal(r->until_ns, UINT64_C(86400000000000));
	assert_int_equal(r->asn, 5);
	assert_int_equal(r->known_org, ORGANISATION_GOOGLE);
	assert_int_equal(r->port, 443);
	assert_int_equal(r->ip_proto, IPPROTO_TCP);
	assert_true(r->sni.is_exact && !r->domain.is_exact);
	assert_false(t.w->ignores);
	assert_ptr_equal(whitelist_rule_of_name(t.w, "all"), r);
}

static void
a_rule_without_a_name_is_called_by_its_place(void **state)
{
	struct whitelist_rule_settings rules[3] = {
		{ .name = "", .match = { .port = "1" } },
		{ .name = "middle", .match = { .port = "2" }, .effect = WHITELIST_IGNORE_TRAFFIC },
		{ .match = { .port = "3" } },
	};

	(void)state;
	assert_int_equal(build(rules, 3), 0);
	assert_ptr_equal(whitelist_rule_of_name(t.w, "rule 1"), &t.w->rules[0]);
	assert_ptr_equal(whitelist_rule_of_name(t.w, "middle"), &t.w->rules[1]);
	assert_ptr_equal(whitelist_rule_of_name(t.w, "rule 3"), &t.w->rules[2]);
	assert_null(whitelist_rule_of_name(t.w, "rule 2"));
	assert_int_equal(whitelist_rule_at(t.w, &t.w->rules[2]), 2);
	assert_int_equal(t.w->rules[0].until_ns, UINT64_MAX);
	assert_true(t.w->ignores);
}

static void
all_that_is_wrong_is_told_with_line_and_key(void **state)
{
	struct whitelist_rule_settings rules[] = {
		{ .line = 3, .match = { .port = "443/tpc" } },
		{ .line = 7, .match = { .asn = "google", .mac = "1:2:3" } },
		{ .line = 9, .match = { .domain = "*.example.com" }, .until = "tomorrow" },
		{ .line = 12, .match = { .sni = "a b" } },
		{ .line = 15, .match = { .detector = "SCANN" } },
		{ .line = 18, .match = { .detector = "scan" }, .effect = WHITELIST_IGNORE_TRAFFIC },
		{ .line = 20 },
		{ .line = 21, .match = { .org = "" } },
		{ .line = 22, .match = { .mac = "01:11:22:33:44:55" } },
	};
	static const char *const told[] = {
		"n.yaml:3: whitelist.rules[1].match.port: \"443/tpc\" is no port, expected one as 443/tcp",
		"n.yaml:7: whitelist.rules[2].match.asn: \"google\" is no autonomous system, expected",
		"n.yaml:7: whitelist.rules[2].match.mac: \"1:2:3\" is no network card, expected",
		"n.yaml:9: whitelist.rules[3].until: \"tomorrow\" is no time, expected",
		"n.yaml:9: whitelist.rules[3].match.domain: \"*.example.com\" is no name, expected",
		"n.yaml:12: whitelist.rules[4].match.sni: \"a b\" is no name",
		"n.yaml:15: whitelist.rules[5].match.detector: \"SCANN\" is neither a kind",
		"n.yaml:18: whitelist.rules[6].match.detector: no detector has seen traffic",
		"n.yaml:20: whitelist.rules[7].match: nothing is given, expected at least one of",
		"n.yaml:21: whitelist.rules[8].match.org: \"\" names no organisation",
		"n.yaml:22: whitelist.rules[9].match.mac: \"01:11:22:33:44:55\" is no network card",
	};

	(void)state;
	assert_int_equal(build(rules, sizeof(rules) / sizeof(rules[0])), -EINVAL);
	assert_null(t.w);
	for (size_t i = 0; i < sizeof(told) / sizeof(told[0]); i++)
		if (strstr(t.complaints, told[i]) == NULL)
			fail_msg("not told: %s\nbut: %s", told[i], t.complaints);
}

static void
no_two_rules_have_one_name(void **state)
{
	struct whitelist_rule_settings rules[] = {
		{ .name = "a", .match = { .port = "1" } },
		{ .name = "b", .match = { .port = "1" } },
		{ .name = "a", .match = { .port = "1" } },
	};

	(void)state;
	assert_int_equal(build(rules, 3), -EINVAL);
	assert_string_equal(t.complaints,
		"n.yaml: whitelist.rules: \"a\" is the name of two rules, expected one for each\n");
	assert_int_equal(build(rules, 2), 0);
}

static void
lines_of_slips_come_after_the_rules(void **state)
{
	struct whitelist_rule_settings rule = { .name = "own", .match = { .port = "1" } };

	(void)state;
	t.slips =
		"ip,192.0.2.1,src,flows\nip,192.0.2.2,dst,flows\nip,192.0.2.3,both,flows\n"
		"\ndomain,example.com,src,alerts\norganization,apple,dst,both\nmac,00:11:22:33:44:55,src,both\n";
	assert_int_equal(build(&rule, 1), 0);
	assert_int_equal(t.w->count, 7);
	assert_string_equal(t.w->rules[1].name, "slips:1");
	assert_int_equal(t.w->rules[1].members, WHITELIST_SRC);
	assert_int_equal(t.w->rules[2].members, WHITELIST_DST);
	assert_int_equal(t.w->rules[3].members, WHITELIST_EITHER);
	assert_string_equal(t.w->rules[4].name, "slips:5");
	assert_int_equal(t.w->rules[4].members, WHITELIST_DOMAIN);
	assert_int_equal(t.w->rules[4].ends, WHITELIST_AT_SRC);
	assert_int_equal(t.w->rules[4].until_ns, UINT64_MAX);
	assert_int_equal(t.w->rules[5].known_org, ORGANISATION_APPLE);
	assert_int_equal(t.w->rules[6].members, WHITELIST_MAC);
	uint64_t before = t.w->slips;
	t.slips = "ip,192.0.2.1,src,flows\n";
	assert_int_equal(build(&rule, 1), 0);
	assert_true(t.w->slips != before);
}

static void
a_bad_value_of_slips_is_told_with_its_line(void **state)
{
	(void)state;
	t.slips =
		"\nip,192.0.2.300,src,flows\ndomain,a b c*,src,flows\nhost,x,src,flows\nmac,x,src,flows\norganization,,src,flows\n";
	assert_int_equal(build(NULL, 0), -EINVAL);
	assert_non_null(strstr(t.complaints, "w.csv:2: \"192.0.2.300\" is no address"));
	assert_non_null(strstr(t.complaints, "w.csv:3: \"abc*\" is no name"));
	assert_non_null(strstr(t.complaints, "w.csv:4: \"host\" is no type"));
	assert_non_null(strstr(t.complaints, "w.csv:5: \"x\" is no network card"));
	assert_non_null(strstr(t.complaints, "w.csv:6: \"\" names no organisation"));
}

static void
both_files_together_have_one_cap(void **state)
{
	struct whitelist_rule_settings *rules = calloc(WHITELIST_RULES_MAX, sizeof(*rules));

	(void)state;
	assert_non_null(rules);
	for (size_t i = 0; i < WHITELIST_RULES_MAX; i++)
		rules[i].match.port = "1";
	assert_int_equal(build(rules, WHITELIST_RULES_MAX), 0);
	t.slips = "ip,192.0.2.1,src,flows\n";
	assert_int_equal(build(rules, WHITELIST_RULES_MAX - 1), 0);
	assert_int_equal(build(rules, WHITELIST_RULES_MAX), -EINVAL);
	assert_non_null(strstr(t.complaints, "no room for more than 4096 rules"));
	free(rules);
}

static void
without_memory_it_says_so(void **state)
{
	struct whitelist_rule_settings rule = { .match = { .port = "1" } };

	(void)state;
	for (size_t cap = 0; cap < 4096; cap += 16) {
		arena_done(&t.arena);
		arena_init(&t.arena, cap, NULL);
		int r = build(&rule, 1);
		assert_true(r == 0 || r == -ENOMEM);
		if (r == 0)
			return;
		assert_null(t.w);
	}
	fail_msg("it never had enough");
}

int
main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test_setup_teardown(
			without_rules_there_is_no_whitelist, setup, teardown),
		cmocka_unit_test_setup_teardown(every_member_is_taken, setup, teardown),
		cmocka_unit_test_setup_teardown(
			a_rule_without_a_name_is_called_by_its_place, setup, teardown),
		cmocka_unit_test_setup_teardown(
			all_that_is_wrong_is_told_with_line_and_key, setup, teardown),
		cmocka_unit_test_setup_teardown(no_two_rules_have_one_name, setup, teardown),
		cmocka_unit_test_setup_teardown(
			lines_of_slips_come_after_the_rules, setup, teardown),
		cmocka_unit_test_setup_teardown(
			a_bad_value_of_slips_is_told_with_its_line, setup, teardown),
		cmocka_unit_test_setup_teardown(both_files_together_have_one_cap, setup, teardown),
		cmocka_unit_test_setup_teardown(without_memory_it_says_so, setup, teardown),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
