#include "daemon/feeds/feed_load.h"

#include <setjmp.h>
#include <stdarg.h>
#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include <cmocka.h>

#include <errno.h>

enum { LISTS = 3 };

static const struct hash_key key = { { 5, 6 } };

/* Lists whose bytes are texts. */
struct rig {
	struct feed_list lists[LISTS];
	const char *text[LISTS];
	const char *again[LISTS]; /* in the second pass; NULL: the same */
	int error[LISTS];         /* of open() */
	int error_again[LISTS];
	int read_error[LISTS];
	size_t list, at;
	bool is_again, is_open;
	unsigned opened[LISTS];
	uint64_t most_bytes;
	const struct cidr *ours;
	size_t ours_count;
	bool (*is_public_suffix)(void *user, struct intel_text name);
	struct feed_report reports[LISTS];
	unsigned steps;
};

static int
rig_open(void *context, size_t list, bool again)
{
	struct rig *r = context;
	int error = again ? r->error_again[list] : r->error[list];

	assert_false(r->is_open);
	r->opened[list]++;
	r->list = list;
	r->at = 0;
	r->is_again = again;
	r->is_open = error == 0;
	return error;
}

static ssize_t
rig_read(void *context, char *ret_bytes, size_t room)
{
	struct rig *r = context;
	const char *text =
		r->is_again && r->again[r->list] != NULL ? r->again[r->list] : r->text[r->list];
	size_t left = strlen(text) - r->at;
	size_t length = left < room ? left : room;

	assert_true(r->is_open);
	if (r->read_error[r->list] != 0)
		return r->read_error[r->list];
	memcpy(ret_bytes, text + r->at, length);
	r->at += length;
	return (ssize_t)length;
}

static void
rig_close(void *context)
{
	struct rig *r = context;

	assert_true(r->is_open);
	r->is_open = false;
}

static struct rig
rig_of(const char *a, const char *b, const char *c)
{
	return (struct rig){
		.lists = { { .name = "a", .level = THREAT_LOW, .tag = "" },
			{ .name = "b", .level = THREAT_HIGH, .tag = "tagged" },
			{ .name = "c", .category = LIST_DOH, .tag = "" } },
		.text = { a, b, c },
		.most_bytes = 1 << 20,
	};
}

/* returns NULL when it failed */
static struct intel *
rig_load(struct rig *r, const struct intel *before)
{
	struct feed_load_plan plan = {
		.lists = r->lists,
		.list_count = LISTS,
		.before = before,
		.most_bytes = r->most_bytes,
		.key = key,
		.source = { rig_open, rig_read, rig_close, r },
	};
	enum feed_load_state done = FEED_LOAD_MORE;
	struct intel *made = NULL;

	feed_gate_init(&plan.gate, r->ours, r->ours_count);
	plan.gate.is_public_suffix = r->is_public_suffix;
	memset(r->opened, 0, sizeof(r->opened));
	struct feed_load *l = feed_load_new(&plan);
	assert_non_null(l);
	for (r->steps = 0; done == FEED_LOAD_MORE; r->steps++)
		done = feed_load_step(l);
	assert_int_equal(feed_load_step(l), done);
	for (size_t i = 0; i < LISTS; i++)
		r->reports[i] = *feed_load_report(l, i);
	if (done == FEED_LOAD_DONE) {
		made = feed_load_take(l);
		for (size_t i = 0; i < LISTS; i++)
			r->lists[i].before = r->reports[i].count;
	}
	feed_load_free(l);
	assert_false(r->is_open);
	return made;
}

static const struct intel_hit *
hit(const struct intel *i, const char *text, struct intel_found *room)
{
	struct addr a;

	return addr_parse(text, &a)
		       ? intel_find_addr(i, LIST_MALICIOUS, &a, room)
		       : intel_find_name(i, LIST_MALICIOUS, text, strlen(text), room, NULL);
}

static bool
has(const struct intel *i, const char *text)
{
	struct intel_found room;

	return hit(i, text, &room) != NULL;
}

static void
several_lists_become_one_store(void **state)
{
	struct rig r = rig_of("23.1.1.1\nbad.example\n", "23.1.1.1,critical,worse\n23.2.0.0/16\n",
		"dns.example\n10.0.0.0/8\n");
	struct intel_found room;
	struct addr a;

	(void)state;
	r.lists[1].is_info = true;
	struct intel *i = rig_load(&r, NULL);
	const struct intel_hit *h = hit(i, "23.1.1.1", &room);
	assert_string_equal(h->source, "b");
	assert_string_equal(h->tag, "tagged");
	assert_true(h->is_info);
	assert_int_equal(h->level, THREAT_CRITICAL);
	assert_string_equal(h->next->source, "a");
	assert_int_equal(h->next->level, THREAT_LOW);
	assert_string_equal(h->next->tag, "");
	assert_int_equal(hit(i, "23.2.3.4", &room)->level, THREAT_HIGH);
	assert_false(has(i, "dns.example"));
	assert_non_null(intel_find_name(i, LIST_DOH, "dns.example", 11, &room, NULL));
	assert_true(addr_parse("10.0.0.1", &a));
	assert_null(intel_find_addr(i, LIST_DOH, &a, &room));
	assert_int_equal(r.reports[0].count, 2);
	assert_int_equal(r.reports[0].types[INTEL_NAME], 1);
	assert_int_equal(r.reports[0].types[INTEL_NETWORK], 1);
	assert_int_equal(r.reports[0].stats.lines, 2);
	assert_int_equal(r.reports[2].skipped, 1);
	assert_int_equal(r.reports[2].count, 1);
	for (size_t l = 0; l < LISTS; l++)
		assert_int_equal(r.opened[l], 2);
	intel_free(i);
}

static void
a_refused_list_says_what_it_said_before(void **state)
{
	struct rig r = rig_of("23.1.1.1\n", "bad.example\n23.2.0.0/16\n2a00::1\n", "x.example\n");

	(void)state;
	struct intel *old = rig_load(&r, NULL);
	r.text[0] = "23.3.3.3\n";
	r.text[1] = "23.4.4.4\n0.0.0.0/0\n23.5.5.5\n";
	struct intel *i = rig_load(&r, old);
	intel_free(old);
	assert_true(has(i, "23.3.3.3"));
	assert_false(has(i, "23.1.1.1"));
	assert_true(has(i, "bad.example"));
	assert_true(has(i, "23.2.3.4"));
	assert_true(has(i, "2a00::1"));
	assert_false(has(i, "23.4.4.4"));
	assert_int_equal(r.reports[1].refusal, FEED_TOO_BROAD);
	assert_int_equal(r.reports[1].line, 2);
	assert_true(r.reports[1].is_kept);
	assert_int_equal(r.reports[1].count, 3);
	assert_int_equal(r.reports[1].types[INTEL_HASH], 2);
	assert_int_equal(r.reports[1].stats.lines, 0);
	assert_int_equal(r.opened[1], 1);
	/* and a second time, of what was kept */
	struct intel *third = rig_load(&r, i);
	intel_free(i);
	assert_true(has(third, "bad.example"));
	assert_int_equal(r.reports[1].count, 3);
	intel_free(third);
}

static void
a_list_refused_at_first_says_nothing(void **state)
{
	struct rig r = rig_of("0.0.0.0/0\n", "", "x.example\n");

	(void)state;
	r.error[2] = -EACCES;
	struct intel *i = rig_load(&r, NULL);
	assert_int_equal(intel_count(i), 0);
	assert_int_equal(r.reports[0].line, 1);
	assert_false(r.reports[0].is_kept);
	assert_int_equal(r.reports[0].count, 0);
	assert_int_equal(r.reports[1].refusal, FEED_EMPTY);
	assert_int_equal(r.reports[1].line, 0);
	assert_int_equal(r.reports[2].refusal, FEED_UNOPENED);
	assert_int_equal(r.reports[2].error, EACCES);
	intel_free(i);
}

static void
a_list_of_half_its_length_is_taken_and_a_shorter_one_is_not(void **state)
{
	char all[101 * 16] = "";
	struct rig r = rig_of(all, "y.example\n", "x.example\n");

	(void)state;
	for (unsigned n = 0; n < 101; n++)
		(void)snprintf(all + strlen(all), 16, "23.1.1.%u\n", n);
	struct intel *old = rig_load(&r, NULL);
	assert_int_equal(r.reports[0].count, 101);
	strstr(all, "23.1.1.50\n")[0] = '\0';
	struct intel *i = rig_load(&r, old);
	assert_int_equal(r.reports[0].refusal, FEED_SHRUNK);
	assert_int_equal(r.reports[0].line, 0);
	assert_int_equal(r.reports[0].count, 101);
	assert_true(has(i, "23.1.1.100"));
	intel_free(old);
	(void)snprintf(all + strlen(all), 16, "23.1.1.50\n");
	struct intel *next = rig_load(&r, i);
	assert_int_equal(r.reports[0].refusal, FEED_ACCEPTED);
	assert_int_equal(r.reports[0].count, 51);
	assert_false(has(next, "23.1.1.100"));
	intel_free(i);
	intel_free(next);
}

static void
a_list_that_names_us_is_refused_if_it_accuses(void **state)
{
	struct cidr ours;
	struct rig r = rig_of("23.1.1.77\n", "23.9.9.9\n", "23.1.1.1\n");

	(void)state;
	assert_true(cidr_parse("23.1.1.0/24", &ours));
	r.ours = &ours;
	r.ours_count = 1;
	struct intel *i = rig_load(&r, NULL);
	assert_int_equal(r.reports[0].refusal, FEED_OURS);
	assert_int_equal(r.reports[1].refusal, FEED_ACCEPTED);
	assert_int_equal(r.reports[2].refusal, FEED_ACCEPTED);
	assert_int_equal(r.reports[2].count, 1);
	intel_free(i);
	r.lists[2].category = LIST_TOR;
	intel_free(rig_load(&r, NULL));
	assert_int_equal(r.reports[2].refusal, FEED_OURS);
}

static bool
is_suffix(void *user, struct intel_text name)
{
	(void)user;
	return name.length == 10 && memcmp(name.at, "co.example", 10) == 0;
}

static void
only_a_list_that_accuses_may_not_name_public_suffixes(void **state)
{
	struct rig r = rig_of("co.example\nx.co.example\n", "x.example\n", "co.example\n");

	(void)state;
	r.is_public_suffix = is_suffix;
	struct intel *i = rig_load(&r, NULL);
	assert_false(has(i, "co.example"));
	assert_true(has(i, "x.co.example"));
	assert_int_equal(r.reports[0].skipped, 1);
	assert_int_equal(r.reports[2].skipped, 0);
	assert_int_equal(r.reports[2].count, 1);
	intel_free(i);
}

static void
a_list_that_changes_meanwhile_waits_for_the_next_time(void **state)
{
	struct rig r = rig_of("23.1.1.1\n", "23.2.2.2\n", "x.example\n");

	(void)state;
	struct intel *old = rig_load(&r, NULL);
	r.text[1] = "23.3.3.3\n";
	r.text[0] = "23.4.4.4\n";
	r.error_again[1] = -ESTALE;
	struct intel *i = rig_load(&r, old);
	intel_free(old);
	assert_int_equal(r.reports[1].refusal, FEED_CHANGED);
	assert_int_equal(r.reports[1].count, 1);
	assert_true(has(i, "23.2.2.2"));
	assert_false(has(i, "23.3.3.3"));
	assert_true(has(i, "23.4.4.4"));
	assert_int_equal(r.reports[0].count, 1);
	assert_int_equal(r.reports[2].count, 1);
	assert_int_equal(r.opened[0], 4);
	assert_int_equal(r.opened[1], 2);
	intel_free(i);
}

static void
a_list_that_cannot_be_read_to_its_end_is_refused(void **state)
{
	struct rig r = rig_of("23.1.1.1\n", "23.2.2.2\n", "x.example\n");

	(void)state;
	r.read_error[1] = -EIO;
	struct intel *i = rig_load(&r, NULL);
	assert_int_equal(r.reports[1].refusal, FEED_UNOPENED);
	assert_int_equal(r.reports[1].error, EIO);
	assert_true(has(i, "23.1.1.1"));
	intel_free(i);
	r.read_error[1] = -EFBIG;
	intel_free(rig_load(&r, NULL));
	assert_int_equal(r.reports[1].refusal, FEED_TOO_LARGE);
}

/* `count` addresses, in order. */
static char *
addresses(unsigned count)
{
	enum { LINE = 15, ROOM = 2 * LINE };
	char *all = calloc(count + 1, LINE);

	assert_non_null(all);
	for (size_t n = 0; n < count; n++)
		(void)snprintf(all + n * LINE, ROOM, "23.%zu.%zu.%zu\n", 100 + n / 10000 % 100,
			100 + n / 100 % 100, 100 + n % 100);
	return all;
}

/* What a store for so many addresses costs at least, with what is said of them. */
static uint64_t
bytes_for(uint32_t count)
{
	const struct intel_room room = { .addrs = count };

	return intel_room_bytes(&room);
}

static void
what_fits_is_taken_and_one_more_is_told_by_its_line(void **state)
{
	char *all = addresses(20000);
	struct rig r = rig_of(all, "23.2.2.2\n", "x.example\n");
	struct intel *small;

	(void)state;
	r.text[0] = "23.1.1.1\n";
	small = rig_load(&r, NULL);
	r.text[0] = all;
	r.lists[0].before = 1;
	/* room for the texts comes from what the last 1000 do not need */
	r.most_bytes = bytes_for(19000);
	struct intel *i = rig_load(&r, small);
	assert_int_equal(r.reports[0].refusal, FEED_TOO_LARGE);
	assert_int_equal(r.reports[0].line, 19001);
	assert_true(r.reports[0].is_kept);
	assert_true(has(i, "23.1.1.1"));
	assert_true(has(i, "23.2.2.2"));
	intel_free(i);
	r.most_bytes = bytes_for(20000) + 4096;
	i = rig_load(&r, small);
	assert_int_equal(r.reports[0].refusal, FEED_ACCEPTED);
	assert_int_equal(intel_count(i), 20002);
	assert_true(intel_bytes(i) <= r.most_bytes);
	intel_free(i);
	intel_free(small);
	free(all);
}

static void
what_is_said_counts_as_well(void **state)
{
	char *all = calloc(2000, 64);
	struct rig r = rig_of(all, "23.2.2.2\n", "x.example\n");

	(void)state;
	assert_non_null(all);
	for (size_t n = 0, at = 0; n < 2000; n++)
		at += (size_t)snprintf(all + at, 64, "23.1.%zu.%zu,high,a text of number %zu\n",
			n / 200, n % 200, n);
	r.most_bytes = bytes_for(2001) + 30000;
	struct intel *i = rig_load(&r, NULL);
	assert_int_equal(r.reports[0].refusal, FEED_TOO_LARGE);
	assert_true(r.reports[0].line > 500 && r.reports[0].line < 1500);
	assert_true(has(i, "23.2.2.2"));
	assert_false(has(i, "23.1.0.0"));
	assert_int_equal(r.reports[1].count, 1);
	intel_free(i);
	free(all);
}

static void
what_is_kept_has_to_fit_or_nothing_changes(void **state)
{
	char *all = addresses(20000);
	char *more = addresses(19990);
	struct rig r = rig_of("23.1.1.1\n", all, "x.example\n");

	(void)state;
	r.most_bytes = bytes_for(20010) + 4096;
	struct intel *old = rig_load(&r, NULL);
	assert_int_equal(r.reports[1].count, 20000);
	r.text[0] = more;
	r.text[1] = "0.0.0.0/0\n";
	assert_null(rig_load(&r, old));
	intel_free(old);
	free(all);
	free(more);
}

static void
each_step_is_short(void **state)
{
	char *all = addresses(20000);
	struct rig r = rig_of(all, "23.2.2.2\n", "x.example\n");

	(void)state;
	struct intel *old = rig_load(&r, NULL);
	/* five slices of 64 KiB and the end of it, twice, and openings */
	assert_true(r.steps >= 2 * (20000 * 15 / FEED_SLICE + 2));
	r.text[0] = "0.0.0.0/0\n";
	intel_free(rig_load(&r, old));
	assert_true(r.steps > 2 * 20000 * 5 / 4 / 16384);
	intel_free(old);
	free(all);
}

static void
it_may_be_ended_halfway(void **state)
{
	struct rig r = rig_of("23.1.1.1\n", "bad.example\n", "x.example\n");

	(void)state;
	struct intel *i = rig_load(&r, NULL);
	unsigned steps = r.steps;
	intel_free(i);
	feed_load_free(NULL);
	for (unsigned most = 0; most < steps; most++) {
		const struct feed_load_plan plan = {
			.lists = r.lists,
			.list_count = LISTS,
			.most_bytes = r.most_bytes,
			.key = key,
			.source = { rig_open, rig_read, rig_close, &r },
		};
		struct feed_load *l = feed_load_new(&plan);
		for (unsigned n = 0; n < most; n++)
			assert_int_equal(feed_load_step(l), FEED_LOAD_MORE);
		feed_load_free(l);
		assert_false(r.is_open);
	}
}

int
main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(several_lists_become_one_store),
		cmocka_unit_test(a_refused_list_says_what_it_said_before),
		cmocka_unit_test(a_list_refused_at_first_says_nothing),
		cmocka_unit_test(a_list_of_half_its_length_is_taken_and_a_shorter_one_is_not),
		cmocka_unit_test(a_list_that_names_us_is_refused_if_it_accuses),
		cmocka_unit_test(only_a_list_that_accuses_may_not_name_public_suffixes),
		cmocka_unit_test(a_list_that_changes_meanwhile_waits_for_the_next_time),
		cmocka_unit_test(a_list_that_cannot_be_read_to_its_end_is_refused),
		cmocka_unit_test(what_fits_is_taken_and_one_more_is_told_by_its_line),
		cmocka_unit_test(what_is_said_counts_as_well),
		cmocka_unit_test(what_is_kept_has_to_fit_or_nothing_changes),
		cmocka_unit_test(each_step_is_short),
		cmocka_unit_test(it_may_be_ended_halfway),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
