#include "tests/support/view_rig.h"
#include "viewer/screens/timeline_find.h"

/* All of it, as --print waits for it. */
static const struct timeline_found *
found(struct model *m, size_t count)
{
	const struct timeline_found *f = timeline_find(m, count);

	while (timeline_find_on(m))
		f = timeline_find(m, count);
	return f;
}

static void
so_many_are_found_and_no_more(void **state)
{
	struct view_rig v;
	const struct timeline_found *f;

	(void)state;
	view_begin(&v, 24, 80, true);
	v.sample.entries = SAMPLE_TOLD + FOUND_MAX + 1;
	(void)strcpy(v.model.filter, "Telnet");
	f = found(&v.model, v.sample.entries);
	assert_int_equal(f->count, FOUND_MAX);
	assert_int_equal(f->numbers[0], SAMPLE_TOLD);
	assert_string_equal(f->entries[FOUND_MAX - 1].uid, "Cscan10006");
	(void)strcpy(v.model.filter, "Cscan10006"); /* the last but one */
	f = found(&v.model, v.sample.entries);
	assert_int_equal(f->count, 1);
	assert_int_equal(f->numbers[0], 10006);
	view_end(&v);
}

static void
what_was_found_is_kept_until_something_else_is_asked(void **state)
{
	struct view_rig v;

	(void)state;
	view_begin(&v, 24, 80, true);
	(void)strcpy(v.model.filter, "ssh");
	const struct timeline_found *f = found(&v.model, 40);
	assert_int_equal(f->count, 1);
	v.sample.asked_most = 0;
	assert_ptr_equal(found(&v.model, 40), f);
	assert_int_equal(v.sample.asked_most, 0);
	v.model.stamp++;
	(void)found(&v.model, 40);
	assert_int_not_equal(v.sample.asked_most, 0);
	v.sample.asked_most = 0;
	v.model.number++;
	(void)found(&v.model, 40);
	assert_int_not_equal(v.sample.asked_most, 0);
	v.sample.asked_most = 0;
	(void)strcpy(v.model.host, "another");
	(void)found(&v.model, 40);
	assert_int_not_equal(v.sample.asked_most, 0);
	assert_int_equal(found(&v.model, 40)->count, 1);
	v.model.stamp++;
	assert_int_equal(found(&v.model, 0)->count, 0);
	view_end(&v);
}

static void
a_longer_filter_looks_at_what_the_shorter_one_found(void **state)
{
	struct view_rig v;

	(void)state;
	view_begin(&v, 24, 80, true);
	(void)strcpy(v.model.filter, "198.51.0.");
	assert_int_equal(found(&v.model, 40)->count, 33);
	v.sample.asked_most = 0;
	(void)strcpy(v.model.filter, "198.51.0.2");
	const struct timeline_found *f = found(&v.model, 40);
	assert_int_equal(f->count, 10);
	assert_int_equal(f->numbers[9], 29);
	assert_string_equal(f->entries[9].uid, "Cscan29");
	assert_int_equal(v.sample.asked_most, 0);
	(void)strcpy(v.model.filter, "198.51.0."); /* shorter again */
	assert_int_equal(found(&v.model, 40)->count, 33);
	v.sample.entries = FOUND_MAX + 100; /* of so many not all were kept */
	v.model.stamp++;
	(void)strcpy(v.model.filter, "Tel");
	(void)found(&v.model, v.sample.entries);
	(void)strcpy(v.model.filter, "Telnet");
	v.sample.asked_most = 0;
	(void)found(&v.model, v.sample.entries);
	assert_int_not_equal(v.sample.asked_most, 0);
	view_end(&v);
}

static void
an_entry_is_found_by_any_of_its_texts(void **state)
{
	static const char *const texts[] = { "dl.gafdemo.example", "203.0.113.99", "80/TCP",
		"Chttp", "Status", "Wget", "http" };
	struct view_rig v;

	(void)state;
	view_begin(&v, 24, 80, true);
	for (size_t i = 0; i < sizeof(texts) / sizeof(texts[0]); i++) {
		(void)strcpy(v.model.filter, texts[i]);
		const struct timeline_found *f = found(&v.model, 2);
		assert_true(f->count > 0);
		assert_string_equal(f->entries[f->count - 1].service, "HTTP");
		assert_string_equal(f->entries[f->count - 1].names, "dl.gafdemo.example");
		assert_string_equal(f->entries[f->count - 1].peer, "203.0.113.99");
		assert_string_equal(f->entries[f->count - 1].port, "80/TCP");
		assert_string_equal(f->entries[f->count - 1].uid, "Chttp");
		assert_int_equal(f->entries[f->count - 1].pair_count, 3);
		assert_string_equal(f->entries[f->count - 1].pairs[2].label, "UA");
		assert_string_equal(f->entries[f->count - 1].pairs[2].value, "Wget/1.20");
	}
	(void)strcpy(v.model.filter, "self-signed");
	assert_string_equal(found(&v.model, 6)->entries[0].warning, "self-signed certificate");
	(void)strcpy(v.model.filter, "not recognised");
	assert_string_equal(found(&v.model, 6)->entries[0].critical, "Protocol not recognised.");
	view_end(&v);
}

static void
a_long_one_is_looked_at_in_pieces(void **state)
{
	struct view_rig v;

	(void)state;
	view_begin(&v, 24, 80, true);
	v.sample.entries = 2 * FIND_AT_ONCE + 1;
	v.sample.asked_most = 0;
	(void)strcpy(v.model.filter, "Cscan"); /* all but those with a story */
	const struct timeline_found *f = timeline_find(&v.model, v.sample.entries);
	assert_int_equal(f->count, FIND_AT_ONCE - SAMPLE_TOLD);
	assert_int_equal(f->reached, FIND_AT_ONCE);
	assert_false(timeline_found_is_whole(f));
	assert_ptr_equal(timeline_find(&v.model, v.sample.entries), f);
	assert_int_equal(f->reached, FIND_AT_ONCE); /* a picture alone reads nothing */
	assert_true(timeline_find_on(&v.model));
	assert_false(timeline_found_is_whole(f));
	assert_true(timeline_find_on(&v.model));
	assert_true(timeline_found_is_whole(f));
	assert_int_equal(f->count, v.sample.entries - SAMPLE_TOLD);
	assert_int_equal(f->numbers[f->count - 1], v.sample.entries - 1);
	assert_string_equal(f->entries[f->count - 1].uid, "Cscan2048");
	assert_int_equal(v.sample.asked_most, FIND_AT_ONCE);
	assert_false(timeline_find_on(&v.model));
	view_end(&v);
}

static void
who_types_on_meanwhile_is_not_set_back(void **state)
{
	struct view_rig v;

	(void)state;
	view_begin(&v, 24, 80, true);
	v.sample.entries = (size_t)3 * FIND_AT_ONCE;
	(void)strcpy(v.model.filter, "Cscan2");
	const struct timeline_found *f = timeline_find(&v.model, v.sample.entries);
	assert_true(timeline_find_on(&v.model));
	(void)strcpy(v.model.filter, "Cscan20");
	assert_ptr_equal(timeline_find(&v.model, v.sample.entries), f);
	assert_int_equal(f->reached, 2 * FIND_AT_ONCE);
	while (timeline_find_on(&v.model))
		continue;
	assert_int_equal(f->count, 1 + 10 + 100); /* 20, 200 and 2000 */
	assert_int_equal(f->numbers[0], 20);
	view_end(&v);
}

static void
what_was_found_stands_until_a_newer_timeline_is_read(void **state)
{
	struct view_rig v;

	(void)state;
	view_begin(&v, 24, 80, true);
	v.sample.entries = FIND_AT_ONCE + 1;
	(void)strcpy(v.model.filter, "Cscan10");
	const struct timeline_found *f = found(&v.model, v.sample.entries);
	assert_int_equal(f->count, 1 + 10 + 25); /* 10, 100 to 109, 1000 to 1024 */
	v.sample.entries += 2;
	v.model.stamp++;
	assert_ptr_equal(timeline_find(&v.model, v.sample.entries), f);
	assert_int_equal(f->count, 36);
	assert_true(timeline_find_on(&v.model));
	f = timeline_find(&v.model, v.sample.entries);
	assert_int_equal(f->count, 38);
	assert_int_equal(f->stamp, v.model.stamp);
	assert_false(timeline_find_on(&v.model));
	v.model.stamp++; /* nor is one kept that is of another filter */
	(void)timeline_find(&v.model, v.sample.entries);
	(void)strcpy(v.model.filter, "Cscan2");
	assert_int_equal(timeline_find(&v.model, v.sample.entries)->count, 10 + 100);
	while (timeline_find_on(&v.model))
		(void)timeline_find(&v.model, v.sample.entries);
	assert_int_equal(timeline_find(&v.model, v.sample.entries)->count, 10 + 100);
	view_end(&v);
}

static void
what_a_source_did_not_tell_is_asked_for_again(void **state)
{
	struct view_rig v;

	(void)state;
	view_begin(&v, 24, 80, true);
	v.sample.entries = FIND_AT_ONCE + 1;
	(void)strcpy(v.model.filter, "Cscan10");
	const struct timeline_found *f = timeline_find(&v.model, v.sample.entries);
	v.sample.is_silent = true;
	assert_true(timeline_find_on(&v.model));
	assert_int_equal(f->reached, FIND_AT_ONCE);
	assert_string_equal(v.model.trouble, "no word of any entry");
	assert_false(model_go_on(&v.model)); /* not at once */
	v.sample.is_silent = false;
	v.model.trouble[0] = '\0';
	assert_true(timeline_find_on(&v.model));
	assert_true(timeline_found_is_whole(f));
	assert_int_equal(f->count, 36);
	view_end(&v);
}

int
main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(so_many_are_found_and_no_more),
		cmocka_unit_test(what_was_found_is_kept_until_something_else_is_asked),
		cmocka_unit_test(a_longer_filter_looks_at_what_the_shorter_one_found),
		cmocka_unit_test(a_long_one_is_looked_at_in_pieces),
		cmocka_unit_test(who_types_on_meanwhile_is_not_set_back),
		cmocka_unit_test(what_was_found_stands_until_a_newer_timeline_is_read),
		cmocka_unit_test(what_a_source_did_not_tell_is_asked_for_again),
		cmocka_unit_test(an_entry_is_found_by_any_of_its_texts),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
