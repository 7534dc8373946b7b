#include "ctl/mute_rule.h"

#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <stdio.h>
#include <string.h>

#include <cmocka.h>

/* 2026-12-01T00:00:00Z */
#define UNTIL UINT64_C(1796083200000000000)

static const struct mute_rule rule = { .name = "mute 1",
	.until_ns = UNTIL,
	.source = "10.0.0.1",
	.destination = "fe80::1",
	.kind = "A_SCAN" };

#define ITEM(indent)                                                                      \
	indent "- name: \"mute 1\"\n" indent "  until: \"2026-12-01T00:00:00Z\"\n" indent \
	       "  effect: no-evidence\n" indent                                           \
	       "  match: {src: \"10.0.0.1\", dst: \"fe80::1\", detector: \"A_SCAN\"}\n"

static void
becomes(const char *settings, const char *want)
{
	char memory[4096];
	struct strbuf out;
	const char *why = NULL;

	strbuf_init(&out, memory, sizeof(memory));
	if (!mute_rule_insert(&rule, settings, &out, &why))
		fail_msg("%s: %s", settings, why);
	assert_string_equal(memory, want);
}

static void
refused(const char *settings)
{
	char memory[4096];
	struct strbuf out;
	const char *why = NULL;

	strbuf_init(&out, memory, sizeof(memory));
	assert_false(mute_rule_insert(&rule, settings, &out, &why));
	assert_non_null(strstr(why, "by hand"));
}

static void
a_file_without_a_whitelist_gets_one_at_its_end(void **state)
{
	(void)state;
	becomes("", "whitelist:\n  rules:\n" ITEM("    "));
	becomes("a: 1\n", "a: 1\n\nwhitelist:\n  rules:\n" ITEM("    "));
	becomes("a: 1", "a: 1\n\nwhitelist:\n  rules:\n" ITEM("    "));
	becomes("#whitelist:\nx:\n  whitelist: 1\n",
		"#whitelist:\nx:\n  whitelist: 1\n\nwhitelist:\n  rules:\n" ITEM("    "));
}

static void
a_rule_comes_first_and_is_indented_as_the_others(void **state)
{
	(void)state;
	becomes("whitelist:\n  rules:\n    - name: x\n",
		"whitelist:\n  rules:\n" ITEM("    ") "    - name: x\n");
	becomes("whitelist: # ours\n rules:\n # why\n\n - name: x\nb: 1\n",
		"whitelist: # ours\n rules:\n # why\n\n" ITEM(" ") " - name: x\nb: 1\n");
	becomes("whitelist:\r\n  rules:\r\n  - {}\r\n",
		"whitelist:\r\n  rules:\r\n" ITEM("  ") "  - {}\r\n");
}

static void
rules_that_are_none_yet_get_their_first(void **state)
{
	(void)state;
	becomes("whitelist:\n  rules: []\nb: 1\n", "whitelist:\n  rules: \n" ITEM("    ") "b: 1\n");
	becomes("whitelist:\n  rules:\nb: 1\n", "whitelist:\n  rules:\n" ITEM("    ") "b: 1\n");
	becomes("whitelist:\n   slips_csv: x\nb: 1\n",
		"whitelist:\n   rules:\n" ITEM("     ") "   slips_csv: x\nb: 1\n");
	becomes("whitelist:", "whitelist:\n  rules:\n" ITEM("    "));
	/* One that is deeper is somebody else's. */
	becomes("whitelist:\n  x:\n    rules: []\n",
		"whitelist:\n  rules:\n" ITEM("    ") "  x:\n    rules: []\n");
}

static void
what_stands_in_one_line_is_left_to_a_person(void **state)
{
	(void)state;
	refused("whitelist: {rules: []}\n");
	refused("whitelist:\n  rules: [{name: x}]\n");
	refused("whitelist: null\n");
}

static void
only_addresses_and_names_of_kinds_get_into_a_rule(void **state)
{
	const char *why = NULL;
	struct mute_rule r = rule;

	(void)state;
	assert_true(mute_rule_is_clean(&r, &why));
	assert_null(why);
	r.kind = "A}\nservice: x";
	assert_false(mute_rule_is_clean(&r, &why));
	r.kind = "";
	assert_false(mute_rule_is_clean(&r, &why));
	r = rule;
	r.source = "10.0.0.1\"";
	assert_false(mute_rule_is_clean(&r, &why));
	r = rule;
	r.destination = "*";
	assert_false(mute_rule_is_clean(&r, &why));
	r = rule;
	r.note = "a\nb";
	assert_false(mute_rule_is_clean(&r, &why));
	r = rule;
	r.source = NULL;
	assert_true(mute_rule_is_clean(&r, &why));
	r = rule;
	r.destination = NULL;
	assert_true(mute_rule_is_clean(&r, &why));
	r.source = r.destination = NULL;
	assert_false(mute_rule_is_clean(&r, &why));
	assert_non_null(strstr(why, "everybody"));
}

static void
a_note_is_quoted(void **state)
{
	char memory[512];
	struct strbuf out;
	struct mute_rule r = rule;

	(void)state;
	r.note = "our \"scanner\" \\ ask: #Kim";
	r.destination = NULL;
	r.kind = NULL;
	strbuf_init(&out, memory, sizeof(memory));
	mute_rule_print(&r, 0, &out);
	assert_non_null(strstr(memory, "\n  comment: \"our \\\"scanner\\\" \\\\ ask: #Kim\"\n"));
	assert_non_null(strstr(memory, "match: {src: \"10.0.0.1\"}\n"));
}

int
main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(a_file_without_a_whitelist_gets_one_at_its_end),
		cmocka_unit_test(a_rule_comes_first_and_is_indented_as_the_others),
		cmocka_unit_test(rules_that_are_none_yet_get_their_first),
		cmocka_unit_test(what_stands_in_one_line_is_left_to_a_person),
		cmocka_unit_test(only_addresses_and_names_of_kinds_get_into_a_rule),
		cmocka_unit_test(a_note_is_quoted),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
