#include "ctl/case_explain.h"

#include "tests/support/case_rows.h"

#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <stdlib.h>
#include <string.h>

#include <cmocka.h>

/* returns what is told, to be freed */
static char *
explain(const struct source_evidence *e, double added)
{
	struct case_explained x;
	struct table_terminal terminal = { .width = 0 };
	char *text = NULL;
	size_t length = 0;

	terminal.out = open_memstream(&text, &length);
	assert_non_null(terminal.out);
	case_explain_make(e, added, NULL, 0, &x);
	case_explain_show(&x, &terminal);
	assert_int_equal(fclose(terminal.out), 0);
	for (size_t i = 0; i < length; i++)
		if (text[i] != '\n' &&
			((unsigned char)text[i] < ' ' || (unsigned char)text[i] >= 0x7f))
			fail_msg("a control byte in:\n%s", text);
	return text;
}

/* It is told with these words. */
static void
tells(const struct source_evidence *e, double added, const char *words)
{
	char *text = explain(e, added);

	if (strstr(text, words) == NULL)
		fail_msg("no \"%s\" in:\n%s", words, text);
	free(text);
}

static void
an_id_is_known_by_its_beginning(void **state)
{
	const struct source_evidence rows[] = { case_row("ab1", "low", 1, 0),
		case_row("ab2", "low", 1, 0), case_row("ab", "low", 1, 0),
		case_row("c1", "low", 1, 0), case_row("c1", "low", 1, 0) };
	const struct source_evidence *e = NULL;

	(void)state;
	assert_int_equal(case_explain_find(rows, 5, "ab1", &e), 1);
	assert_ptr_equal(e, &rows[0]);
	assert_int_equal(case_explain_find(rows, 2, "ab", &e), 2);
	assert_int_equal(case_explain_find(rows, 5, "a", &e), 2);
	assert_int_equal(case_explain_find(rows, 5, "c", &e), 1);
	assert_int_equal(case_explain_find(rows, 5, "x", &e), 0);
	assert_null(e);
	assert_int_equal(case_explain_find(rows, 0, "", &e), 0);
}

static void
an_alert_is_known_by_the_beginning_of_its_id(void **state)
{
	const struct case_alert rows[] = { { .alert = { .id = "ab1" } },
		{ .alert = { .id = "ab2" } }, { .alert = { .id = "c" } } };
	const struct case_alert *a = NULL;

	(void)state;
	assert_int_equal(case_explain_find_alert(rows, 3, "ab2", &a), 1);
	assert_ptr_equal(a, &rows[1]);
	assert_int_equal(case_explain_find_alert(rows, 3, "c", &a), 1);
	assert_ptr_equal(a, &rows[2]);
	assert_int_equal(case_explain_find_alert(rows, 3, "ab", &a), 2);
	assert_int_equal(case_explain_find_alert(rows, 3, "x", &a), 0);
	assert_null(a);
}

static void
what_was_seen_and_about_whom_is_told(void **state)
{
	struct source_evidence e = case_row("a", "high", 0.5, 0.4);

	(void)state;
	e.observed = 12;
	e.threshold = 10;
	e.unit = "hosts";
	tells(&e, 0.4, "12 hosts; it is told from 10 on");
	tells(&e, 0.4, "10.0.0.1, who did it (attacker)");
	tells(&e, 0.4, "high (0.80) x confidence 0.50 = 0.40");
	tells(&e, 0.4, "2026-12-01 00:00:00 UTC, in window 1");
	tells(&e, 0.4, "none are named");
	e.role = "victim";
	tells(&e, 0.4, "to whom it was done (victim)");
	e.about = "203.0.113.5";
	tells(&e, 0.4, "about     203.0.113.5\n");
	e.about_place = "NL";
	tells(&e, 0.4, "203.0.113.5 (NL)");
	e.technique = "T1046";
	tells(&e, 0.4, "T1046 Network Service Discovery (Discovery)");
	e.technique = "T0000";
	tells(&e, 0.4, "ATT&CK    T0000\n");
	e.threshold = 0;
	tells(&e, 0.4, "12 hosts\n");
	e.observed = 1;
	tells(&e, 0.4, "observed  1 host\n");
	e.observed = 0;
	char *text = explain(&e, 0.4);
	assert_null(strstr(text, "observed"));
	free(text);
}

static void
what_it_added_or_why_not_is_told(void **state)
{
	struct source_evidence e = case_row("a", "high", 0.5, 0.7);

	(void)state;
	tells(&e, 0.4, "it added 0.40: 0.70 after it");
	tells(&e, -1, "it was counted: 0.70 after it");
	e.sum = -1;
	tells(&e, -1, "the sum is not told");
	e.counted = false;
	tells(&e, 0, "the same was counted already");
	e.role = "victim";
	tells(&e, 0, "who suffers is not accused");
	e.confidence = 0;
	tells(&e, 0, "with a confidence of 0 it weighs nothing");
	e.threat = "info";
	tells(&e, 0, "for information");
	e.silenced_by = "backup";
	tells(&e, 0, "the rule \"backup\" of the whitelist silenced it");
	e.decisive = true;
	tells(&e, 0, "an alert was raised for it alone");
}

static void
hostile_texts_stay_in_their_place(void **state)
{
	static const char *const uids[] = { "\x1b[2J", "\r\n" };
	struct source_evidence e = case_row("\x1b]0;x\a", "\x1b[31m", 1, 0);

	(void)state;
	e.title = e.text = e.about = e.about_place = e.port = e.kind = "\x1b[2J\n\xc2\x9b";
	e.technique = e.detector = e.source = e.twin = e.silenced_by = e.unit = "\x1b[2J\n";
	e.observed = 1;
	e.uids = uids;
	e.uid_count = 2;
	tells(&e, 0, "\\x1b[2J\\x0a");
}

int
main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(an_id_is_known_by_its_beginning),
		cmocka_unit_test(an_alert_is_known_by_the_beginning_of_its_id),
		cmocka_unit_test(what_was_seen_and_about_whom_is_told),
		cmocka_unit_test(what_it_added_or_why_not_is_told),
		cmocka_unit_test(hostile_texts_stay_in_their_place),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
