#include "tests/support/name_rig.h"

#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <stdio.h>

#include <cmocka.h>

extern const struct detector detector_dns_failed;

static int
setup(void **state)
{
	static struct rig rig;

	rig_open(&rig, &detector_dns_failed);
	*state = &rig;
	return 0;
}

static int
teardown(void **state)
{
	rig_done(*state);
	return 0;
}

/* Ask in vain for the domains `first` to before `end`, whose first labels have `length` letters. */
static void
ask_in_vain(struct rig *r, unsigned first, unsigned end, int length)
{
	char name[128];

	for (unsigned i = first; i < end; i++) {
		(void)snprintf(name, sizeof(name), "www.%0*u.com", length, i);
		rig_name_fails(r, name);
	}
}

static void
ten_domains_that_do_not_exist_are_told(void **state)
{
	struct rig *r = *state;

	ask_in_vain(r, 0, 9, 7);
	assert_int_equal(r->raised_count, 0);
	ask_in_vain(r, 9, 10, 7);
	assert_int_equal(r->raised_count, 1);
	const struct raised *e = rig_last(r);
	assert_string_equal(e->kind->name, "DGA_NXDOMAINS");
	assert_string_equal(e->kind->technique, "T1568.002");
	assert_int_equal(e->kind->signature_id, 5200101);
	assert_int_equal(e->threat, THREAT_HIGH);
	assert_float_equal(e->confidence, 0.1, 1e-9);
	assert_int_equal(e->role, EVIDENCE_ATTACKER);
	assert_false(e->decisive);
	assert_int_equal(e->observed, 10);
	assert_int_equal(e->threshold, 10);
	assert_int_equal(e->uid_count, 1);
	assert_string_equal(e->text,
		"asked for 10 different domains that do not exist, among them 0000009.com");
}

static void
each_five_more_are_told_again(void **state)
{
	struct rig *r = *state;

	ask_in_vain(r, 0, 14, 7);
	assert_int_equal(r->raised_count, 1);
	ask_in_vain(r, 14, 15, 7);
	assert_int_equal(r->raised_count, 2);
	ask_in_vain(r, 15, 20, 7);
	assert_int_equal(r->raised_count, 3);
}

static void
twenty_five_of_one_length_convict(void **state)
{
	struct rig *r = *state;

	ask_in_vain(r, 0, 24, 7);
	assert_false(rig_last(r)->decisive);
	ask_in_vain(r, 24, 25, 7);
	assert_int_equal(rig_last(r)->observed, 25);
	assert_true(rig_last(r)->decisive);
}

static void
below_sixty_per_cent_of_one_length_do_not_convict(void **state)
{
	struct rig *r = *state;

	ask_in_vain(r, 0, 14, 7);
	ask_in_vain(r, 14, 25, 9);
	assert_int_equal(rig_last(r)->observed, 25);
	assert_false(rig_last(r)->decisive); /* 56 per cent */
	ask_in_vain(r, 25, 29, 7);
	ask_in_vain(r, 29, 30, 9);
	assert_true(rig_last(r)->decisive); /* 18 of 30: 60 per cent */
}

static void
lengths_are_told_apart_up_to_the_longest_label(void **state)
{
	struct rig *r = *state;

	ask_in_vain(r, 0, 13, 63);
	ask_in_vain(r, 13, 25, 62);
	assert_false(rig_last(r)->decisive);
	ask_in_vain(r, 25, 33, 64); /* no label is so long: it is as one of 63 */
	ask_in_vain(r, 33, 40, 90);
	assert_true(rig_last(r)->decisive);
}

static void
what_one_registers_counts_once(void **state)
{
	struct rig *r = *state;
	char name[64];

	for (unsigned i = 0; i < 50; i++) {
		(void)snprintf(name, sizeof(name), "%u.example.co.uk", i);
		rig_name_fails(r, name);
		(void)snprintf(name, sizeof(name), "%u.EXAMPLE.co.uk", i);
		rig_name_fails(r, name);
	}
	assert_int_equal(r->raised_count, 0);
	ask_in_vain(r, 0, 8, 7);
	assert_int_equal(r->raised_count, 0);
	ask_in_vain(r, 8, 9, 7);
	assert_int_equal(r->raised_count, 1);
}

static void
names_of_the_inside_do_not_count(void **state)
{
	static const char *const ends[] = { "", ".local", ".lan", ".in-addr.arpa", ".home.arpa",
		".localdomain", ".Home" };
	struct rig *r = *state;
	char name[64];

	for (size_t e = 0; e < sizeof(ends) / sizeof(ends[0]); e++)
		for (unsigned i = 0; i < 20; i++) {
			(void)snprintf(name, sizeof(name), "host%u%s", i, ends[e]);
			rig_name_fails(r, name);
		}
	assert_int_equal(r->raised_count, 0);
	assert_int_equal(r->memory.used_bytes, 0);
}

static void
only_the_answer_that_there_is_none_counts(void **state)
{
	struct rig *r = *state;
	char name[64];

	for (unsigned i = 0; i < 20; i++) {
		(void)snprintf(name, sizeof(name), "www.%u.com", i);
		rig_dns(r, &(struct obs_dns){ .query = name, .rcode = 0 });
		rig_dns(r, &(struct obs_dns){ .query = name, .rcode = 2 });
		rig_dns(r, &(struct obs_dns){ .query = name, .rcode = TRANSACTION_UNSET });
		rig_dns(r, &(struct obs_dns){ .rcode = 3 });
		rig_dns(r, &(struct obs_dns){
				   .query = name, .rcode = 3, .server = addr_v4(224, 0, 0, 251) });
	}
	assert_int_equal(r->raised_count, 0);
}

static void
the_count_stands_still_at_512(void **state)
{
	struct rig *r = *state;

	ask_in_vain(r, 0, 512, 7);
	assert_int_equal(r->raised_count, 101); /* 10, 15, ... 510 */
	size_t used = r->memory.used_bytes;
	ask_in_vain(r, 512, 2000, 7);
	assert_int_equal(r->memory.used_bytes, used);
	assert_int_equal(r->raised_count, 101);
}

static void
confidence_is_whole_at_a_hundred(void **state)
{
	struct rig *r = *state;

	rig_set_u32(r, "min_domains", 99);
	ask_in_vain(r, 0, 99, 7);
	assert_float_equal(rig_last(r)->confidence, 0.99, 1e-9);
	ask_in_vain(r, 99, 104, 7);
	assert_float_equal(rig_last(r)->confidence, 1, 1e-9);
}

static void
names_that_nobody_could_register_do_not_count(void **state)
{
	struct rig *r = *state;

	rig_set_u32(r, "min_domains", 2);
	rig_name_fails(r, "www.\x1b]0;x.com");
	rig_name_fails(r, "a b.com");
	rig_name_fails(r, "com");
	rig_name_fails(r, "1.2.3.4");
	assert_int_equal(r->raised_count, 0);
}

static void
a_dot_at_the_end_makes_no_difference(void **state)
{
	struct rig *r = *state;

	rig_set_u32(r, "min_domains", 2);
	rig_name_fails(r, "a.com");
	rig_name_fails(r, "a.com.");
	assert_int_equal(r->raised_count, 0);
	rig_name_fails(r, "b.com.");
	assert_string_equal(rig_last(r)->text,
		"asked for 2 different domains that do not exist, among them b.com");
}

static void
hostile_bytes_of_a_name_are_written_out(void **state)
{
	struct rig *r = *state;

	rig_set_u32(r, "min_domains", 2);
	rig_name_fails(r, "a.com");
	rig_name_fails(r, "\xe2\x80\xa8x.com");
	assert_string_equal(rig_last(r)->text,
		"asked for 2 different domains that do not exist, among them \\xe2\\x80\\xa8x.com");
}

static void
of_a_long_name_the_end_is_told(void **state)
{
	struct rig *r = *state;

	rig_set_u32(r, "min_domains", 2);
	ask_in_vain(r, 0, 1, 60);
	ask_in_vain(r, 1, 2, 60); /* 64 bytes */
	assert_string_equal(rig_last(r)->text,
		"asked for 2 different domains that do not exist, among them "
		"000000000000000000000000000000000000000000000000000000000001.com");
	rig_set_u32(r, "min_domains", 3);
	ask_in_vain(r, 2, 7, 61);
	assert_string_equal(rig_last(r)->text,
		"asked for 7 different domains that do not exist, among them "
		"...000000000000000000000000000000000000000000000000000000006.com");
}

static void
a_full_arena_is_quiet(void **state)
{
	struct rig *r = *state;

	ask_in_vain(r, 0, 5, 7);
	r->memory.cap_bytes = r->memory.used_bytes;
	ask_in_vain(r, 5, 100, 7);
	assert_int_equal(r->raised_count, 0);
	rig_window_next(r);
	r->memory.cap_bytes = 64;
	ask_in_vain(r, 0, 100, 7);
	assert_int_equal(r->raised_count, 0);
}

static void
settings_have_bounds(void **state)
{
	struct rig *r = *state;

	assert_false(rig_setting_takes(r, "min_domains", 1));
	assert_true(rig_setting_takes(r, "min_domains", 512));
	assert_false(rig_setting_takes(r, "min_domains", 513));
	assert_false(rig_setting_takes(r, "convict", 1));
	assert_true(rig_setting_takes(r, "convict", 512));
	assert_false(rig_setting_takes(r, "same_length", 0));
	assert_true(rig_setting_takes(r, "same_length", 1));
	assert_true(rig_setting_takes(r, "same_length", 100));
	assert_false(rig_setting_takes(r, "same_length", 101));
}

int
main(void)
{
	const struct CMUnitTest tests[] = {
#define TEST(name) cmocka_unit_test_setup_teardown(name, setup, teardown)
		TEST(ten_domains_that_do_not_exist_are_told),
		TEST(each_five_more_are_told_again),
		TEST(twenty_five_of_one_length_convict),
		TEST(below_sixty_per_cent_of_one_length_do_not_convict),
		TEST(lengths_are_told_apart_up_to_the_longest_label),
		TEST(what_one_registers_counts_once),
		TEST(names_of_the_inside_do_not_count),
		TEST(only_the_answer_that_there_is_none_counts),
		TEST(the_count_stands_still_at_512),
		TEST(confidence_is_whole_at_a_hundred),
		TEST(names_that_nobody_could_register_do_not_count),
		TEST(a_dot_at_the_end_makes_no_difference),
		TEST(hostile_bytes_of_a_name_are_written_out),
		TEST(of_a_long_name_the_end_is_told),
		TEST(a_full_arena_is_quiet),
		TEST(settings_have_bounds),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
