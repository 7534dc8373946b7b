#include "daemon/config/config_scalar.h"

#include "daemon/base/arena.h"
#include "daemon/base/strbuf.h"
#include "tests/support/config_sample.h"

#include <errno.h>
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <stdio.h>
#include <string.h>

#include <cmocka.h>

struct fixture {
	struct sample sample;
	struct arena arena;
	struct strbuf out;
	char memory[2048];
};

static int
fixture_begin(void **state)
{
	static struct fixture f;

	memset(&f, 0, sizeof(f));
	arena_init(&f.arena, 65536, NULL);
	strbuf_init(&f.out, f.memory, sizeof(f.memory));
	config_rows_default(sample_rows(), &f.sample);
	*state = &f;
	return 0;
}

static int
fixture_end(void **state)
{
	struct fixture *f = *state;

	arena_done(&f->arena);
	return 0;
}

static int
parse(struct fixture *f, const char *name, const char *text)
{
	return config_scalar_parse(sample_row(name), text, strlen(text), &f->sample, &f->arena);
}

/* The text is refused, and the struct stays as it was. */
static void
refused(struct fixture *f, const char *name, const char *text)
{
	struct sample before = f->sample;

	if (parse(f, name, text) != -EINVAL)
		fail_msg("%s took \"%s\"", name, text);
	assert_memory_equal(&before, &f->sample, sizeof(before));
}

static const char *
formatted(struct fixture *f, const char *name)
{
	strbuf_reset(&f->out);
	config_scalar_format(sample_row(name), &f->sample, &f->out);
	return f->out.text;
}

/* The text is taken, and is said again as `canonical`. */
static void
said_again(struct fixture *f, const char *name, const char *text, const char *canonical)
{
	if (parse(f, name, text) != 0)
		fail_msg("%s refused \"%s\"", name, text);
	assert_string_equal(formatted(f, name), canonical);
}

static const char *
expected(struct fixture *f, const char *name)
{
	strbuf_reset(&f->out);
	config_scalar_expect(sample_row(name), &f->out);
	return f->out.text;
}

static void
a_boolean_is_true_or_false_and_nothing_else(void **state)
{
	static const char *const wrong[] = { "", "yes", "no", "on", "1", "0", "TRUE", "True", "tru",
		"truee", "falsey" };
	struct fixture *f = *state;

	said_again(f, "verbose", "true", "true");
	assert_true(f->sample.verbose);
	for (size_t i = 0; i < sizeof(wrong) / sizeof(wrong[0]); i++)
		refused(f, "verbose", wrong[i]);
	said_again(f, "verbose", "false", "false");
	assert_false(f->sample.verbose);
}

static void
a_whole_number_is_taken_at_its_bounds_and_refused_past_them(void **state)
{
	static const char *const wrong[] = { "1", "1025", "", "many", "-3", "+3", " 3", "3 ", "3.0",
		"0x10", "030", "3,000", "4294967298", "18446744073709551618",
		"99999999999999999999999" };
	struct fixture *f = *state;

	for (size_t i = 0; i < sizeof(wrong) / sizeof(wrong[0]); i++)
		refused(f, "min_targets", wrong[i]);
	said_again(f, "min_targets", "2", "2");
	said_again(f, "min_targets", "1024", "1024");
	assert_int_equal(f->sample.min_targets, 1024);
}

static void
the_largest_numbers_do_not_wrap(void **state)
{
	struct fixture *f = *state;
	struct config_item all = *sample_row("min_targets");
	uint64_t stored = 0;
	struct config_item bytes = { .type = CONFIG_TYPE_SIZE, .max = UINT64_MAX, .unit = "" };

	all.min = 0;
	all.max = UINT64_MAX; /* a row that forgets that the member has 32 bits */
	assert_int_equal(config_scalar_parse(&all, "4294967295", 10, &f->sample, NULL), 0);
	assert_int_equal(f->sample.min_targets, UINT32_MAX);
	assert_int_equal(config_scalar_parse(&all, "4294967296", 10, &f->sample, NULL), -EINVAL);

	assert_int_equal(config_scalar_parse(&bytes, "18446744073709551615", 20, &stored, NULL), 0);
	assert_true(stored == UINT64_MAX);
	assert_int_equal(
		config_scalar_parse(&bytes, "18446744073709551616", 20, &stored, NULL), -EINVAL);
	assert_int_equal(config_scalar_parse(&bytes, "16777215TiB", 11, &stored, NULL), 0);
	assert_int_equal(config_scalar_parse(&bytes, "16777216TiB", 11, &stored, NULL), -EINVAL);
	assert_true(stored == UINT64_C(16777215) << 40);
}

static void
a_fraction_is_decimal_and_within_bounds(void **state)
{
	static const char *const wrong[] = { "", ".", "-", "e5", "1e", "1e+", "inf", "nan",
		"0x1p-1", "-0.1", "1.000001", "0,5", "0.5 ", " 0.5", "0.5f",
		"0.0000000000000000000000000000001" };
	struct fixture *f = *state;

	for (size_t i = 0; i < sizeof(wrong) / sizeof(wrong[0]); i++)
		refused(f, "ratio", wrong[i]);
	said_again(f, "ratio", "0.5", "0.5");
	said_again(f, "ratio", ".5", "0.5");
	said_again(f, "ratio", "1.", "1");
	said_again(f, "ratio", "0", "0");
	said_again(f, "ratio", "1", "1");
	said_again(f, "ratio", "2.5e-1", "0.25");
	said_again(f, "ratio", "25E-2", "0.25");
	said_again(f, "ratio", "1e+0", "1");
	said_again(f, "ratio", "1e0", "1");
	said_again(f, "ratio", "0.1", "0.1");
	said_again(f, "ratio", "0.30000000000000004", "0.30000000000000004");
}

static void
a_text_with_a_nul_in_it_is_no_number(void **state)
{
	struct fixture *f = *state;

	assert_int_equal(
		config_scalar_parse(sample_row("ratio"), "0.5\0.5", 6, &f->sample, NULL), -EINVAL);
	assert_int_equal(
		config_scalar_parse(sample_row("gateway"), "10.0.0.1\0", 9, &f->sample, NULL),
		-EINVAL);
	assert_int_equal(
		config_scalar_parse(sample_row("inside"), "10.0.0.0/8\0", 11, &f->sample, NULL),
		-EINVAL);
	assert_int_equal(config_scalar_parse(sample_row("label"), "a\0b", 3, &f->sample, &f->arena),
		-EINVAL);
}

static int
width_parse(struct fixture *f, const char *text)
{
	const struct config_item *width = sample_row("windows")->rows;

	return config_scalar_parse(width, text, strlen(text), &f->sample, NULL);
}

static void
a_duration_has_a_unit_and_is_said_in_the_largest_that_is_exact(void **state)
{
	static const struct {
		const char *text, *canonical;
		uint64_t ns;
	} cases[] = {
		{ "1s", "1s", SAMPLE_S },
		{ "1000ms", "1s", SAMPLE_S },
		{ "1250ms", "1250ms", 1250 * SAMPLE_S / 1000 },
		{ "1000001us", "1000001us", SAMPLE_S + 1000 },
		{ "1000000001ns", "1000000001ns", SAMPLE_S + 1 },
		{ "60s", "1m", 60 * SAMPLE_S },
		{ "90s", "90s", 90 * SAMPLE_S },
		{ "90m", "90m", 5400 * SAMPLE_S },
		{ "120m", "2h", 7200 * SAMPLE_S },
		{ "24h", "1d", 86400 * SAMPLE_S },
		{ "1d", "1d", 86400 * SAMPLE_S },
	};
	static const char *const wrong[] = { "", "s", "60", "0", "0s", "999ms", "25h", "2d", "1.5h",
		"1h30m", "1 h", "1H", "1hour", "-1h", "999999999999999999h", "01h" };
	struct fixture *f = *state;
	const struct config_item *width = sample_row("windows")->rows;

	for (size_t i = 0; i < sizeof(cases) / sizeof(cases[0]); i++) {
		assert_int_equal(width_parse(f, cases[i].text), 0);
		assert_true(f->sample.windows.width == cases[i].ns);
		strbuf_reset(&f->out);
		config_scalar_format(width, &f->sample, &f->out);
		assert_string_equal(f->out.text, cases[i].canonical);
	}
	for (size_t i = 0; i < sizeof(wrong) / sizeof(wrong[0]); i++)
		if (width_parse(f, wrong[i]) != -EINVAL)
			fail_msg("a duration took \"%s\"", wrong[i]);
}

static void
no_duration_and_no_size_need_no_unit(void **state)
{
	struct fixture *f = *state;
	uint64_t stored = 1;
	struct config_item row = { .type = CONFIG_TYPE_DURATION, .max = SAMPLE_S, .unit = "" };

	assert_int_equal(config_scalar_parse(&row, "0", 1, &stored, NULL), 0);
	assert_true(stored == 0);
	config_scalar_format(&row, &stored, &f->out);
	assert_string_equal(f->out.text, "0s");
	assert_int_equal(config_scalar_parse(&row, "0s", 2, &stored, NULL), 0);

	row.type = CONFIG_TYPE_SIZE;
	strbuf_reset(&f->out);
	config_scalar_format(&row, &stored, &f->out);
	assert_string_equal(f->out.text, "0");
}

static void
a_size_is_bytes_or_has_a_binary_unit(void **state)
{
	static const char *const wrong[] = { "", "KiB", "1MB", "1M", "1mib", "1 MiB", "1.5GiB", "0",
		"1023", "17GiB", "1B" };
	struct fixture *f = *state;

	for (size_t i = 0; i < sizeof(wrong) / sizeof(wrong[0]); i++)
		refused(f, "memory", wrong[i]);
	said_again(f, "memory", "1024", "1KiB");
	said_again(f, "memory", "1025", "1025");
	said_again(f, "memory", "512KiB", "512KiB");
	said_again(f, "memory", "1024KiB", "1MiB");
	said_again(f, "memory", "64MiB", "64MiB");
	said_again(f, "memory", "16GiB", "16GiB");
	assert_true(f->sample.memory == UINT64_C(16) << 30);
}

static void
a_text_is_copied_into_the_arena(void **state)
{
	char text[] = "gateway";
	struct fixture *f = *state;

	said_again(f, "label", text, "gateway");
	memset(text, 'x', sizeof(text));
	assert_string_equal(f->sample.label, "gateway");
}

static void
a_text_may_be_as_long_as_its_row_says_and_no_longer(void **state)
{
	struct fixture *f = *state;

	said_again(f, "label", "", "");
	said_again(f, "label", "12345678", "12345678");
	refused(f, "label", "123456789");
	struct config_item row = *sample_row("label");
	row.min = 2;
	assert_int_equal(config_scalar_parse(&row, "1", 1, &f->sample, &f->arena), -EINVAL);
	assert_int_equal(config_scalar_parse(&row, "12", 2, &f->sample, &f->arena), 0);
}

static void
a_text_that_does_not_fit_the_arena_is_told_apart(void **state)
{
	struct fixture *f = *state;
	struct arena small;

	arena_init(&small, 4, NULL);
	assert_int_equal(config_scalar_parse(sample_row("label"), "gateway", 7, &f->sample, &small),
		-ENOMEM);
	assert_string_equal(f->sample.label, "naiad");
	arena_done(&small);
}

static void
an_enum_is_one_of_its_choices(void **state)
{
	static const char *const wrong[] = { "", "ou", "outt", "Out", "0", "1" };
	struct fixture *f = *state;

	for (size_t i = 0; i < sizeof(wrong) / sizeof(wrong[0]); i++)
		refused(f, "direction", wrong[i]);
	said_again(f, "direction", "out", "out");
	assert_int_equal(f->sample.direction, 0);
	said_again(f, "direction", "inward", "inward");
	assert_int_equal(f->sample.direction, 2);
}

static void
addresses_and_networks_are_read_whole_and_said_in_one_form(void **state)
{
	static const char *const no_addr[] = { "", "10.0.0", "10.0.0.1/8", "host", "10.0.0.256",
		"1:2:3:4:5:6:7:8:9", "fe80::1%eth0",
		"0000:0000:0000:0000:0000:0000:0000:0000:0000:0000:0000" };
	static const char *const no_net[] = { "", "10.0.0.1/8", "10.0.0.0/33", "2001:db8::1/32",
		"2001:db8::/129", "10.0.0.0/", "home" };
	struct fixture *f = *state;

	said_again(f, "gateway", "10.1.2.3", "10.1.2.3");
	said_again(f, "gateway", "2001:DB8:0::1", "2001:db8::1");
	for (size_t i = 0; i < sizeof(no_addr) / sizeof(no_addr[0]); i++)
		refused(f, "gateway", no_addr[i]);
	said_again(f, "inside", "192.168.0.0/16", "192.168.0.0/16");
	assert_int_equal(f->sample.inside.prefix_len, 112);
	said_again(f, "inside", "0.0.0.0/0", "0.0.0.0/0");
	said_again(f, "inside", "::/0", "::/0");
	said_again(f, "inside", "2001:DB8::/32", "2001:db8::/32");
	said_again(f, "inside", "10.1.2.3", "10.1.2.3/32");
	said_again(f, "inside", "2001:db8::5", "2001:db8::5/128");
	for (size_t i = 0; i < sizeof(no_net) / sizeof(no_net[0]); i++)
		refused(f, "inside", no_net[i]);
}

static void
none_is_taken_only_where_none_is_the_default(void **state)
{
	static const char *const optional[] = { "note", "relay", "outside" };
	static const char *const required[] = { "label", "gateway", "inside", "verbose",
		"min_targets", "ratio", "memory", "direction" };
	struct fixture *f = *state;

	said_again(f, "note", "n", "n");
	said_again(f, "relay", "10.0.0.1", "10.0.0.1");
	said_again(f, "outside", "10.0.0.0/8", "10.0.0.0/8");
	for (size_t i = 0; i < sizeof(optional) / sizeof(optional[0]); i++) {
		const struct config_item *row = sample_row(optional[i]);

		assert_false(config_scalar_is_none(row, &f->sample));
		assert_int_equal(config_scalar_parse(row, NULL, 0, &f->sample, NULL), 0);
		assert_true(config_scalar_is_none(row, &f->sample));
	}
	for (size_t i = 0; i < sizeof(required) / sizeof(required[0]); i++) {
		const struct config_item *row = sample_row(required[i]);

		assert_int_equal(config_scalar_parse(row, NULL, 0, &f->sample, NULL), -EINVAL);
		assert_false(config_scalar_is_none(row, &f->sample));
	}
}

static void
what_is_expected_is_said_with_bounds_and_unit(void **state)
{
	struct fixture *f = *state;

	assert_string_equal(expected(f, "verbose"), "true or false");
	assert_string_equal(expected(f, "min_targets"), "a whole number from 2 to 1024 hosts");
	assert_string_equal(expected(f, "ratio"), "a number from 0 to 1");
	assert_string_equal(expected(f, "memory"), "a size from 1KiB to 16GiB");
	assert_string_equal(
		expected(f, "label"), "text of at most 8 bytes without control characters");
	assert_string_equal(expected(f, "direction"), "one of out, all, inward");
	assert_string_equal(expected(f, "gateway"), "an IP address");
	assert_string_equal(expected(f, "inside"), "a network without host bits");
	assert_string_equal(expected(f, "servers"), "a list of at most 3 items");
	assert_string_equal(expected(f, "windows"), "a section of settings");
}

static void
bounds_that_do_not_bind_are_not_said(void **state)
{
	struct fixture *f = *state;
	struct config_item row = *sample_row("min_targets");

	row.max = UINT32_MAX;
	config_scalar_expect(&row, &f->out);
	assert_string_equal(f->out.text, "a whole number of at least 2 hosts");
	row.min = 0;
	row.unit = "";
	strbuf_reset(&f->out);
	config_scalar_expect(&row, &f->out);
	assert_string_equal(f->out.text, "a whole number");

	row = *sample_row("label");
	row.min = 1;
	strbuf_reset(&f->out);
	config_scalar_expect(&row, &f->out);
	assert_string_equal(f->out.text, "text of 1 to 8 bytes without control characters");

	row = *sample_row("windows")->rows;
	row.max = UINT64_MAX;
	strbuf_reset(&f->out);
	config_scalar_expect(&row, &f->out);
	assert_string_equal(f->out.text, "a duration of at least 1s");
}

static void
an_address_of_any_length_fits_the_room_it_is_read_in(void **state)
{
	struct fixture *f = *state;
	char text[80];

	for (size_t length = 40; length < sizeof(text); length++) {
		memset(text, '1', length);
		text[length] = '\0';
		refused(f, "gateway", text);
		refused(f, "inside", text);
		refused(f, "ratio", text);
	}
	said_again(f, "inside", "1111:2222:3333:4444:5555:6666:7777:8888/128",
		"1111:2222:3333:4444:5555:6666:7777:8888/128");
}

static void
only_what_is_not_plain_has_an_example(void **state)
{
	struct fixture *f = *state;

	config_scalar_example(sample_row("min_targets"), &f->out);
	config_scalar_example(sample_row("label"), &f->out);
	assert_string_equal(f->out.text, "");
	config_scalar_example(sample_row("windows")->rows, &f->out);
	config_scalar_example(sample_row("memory"), &f->out);
	config_scalar_example(sample_row("inside"), &f->out);
	assert_string_equal(f->out.text,
		" (written 250ms, 90s, 5m, 1h, 2d) (written 512KiB, 64MiB, 1GiB) (written 10.0.0.0/8, "
		"2001:db8::/32)");
}

int
main(void)
{
#define TEST(name) cmocka_unit_test_setup_teardown(name, fixture_begin, fixture_end)
	const struct CMUnitTest tests[] = {
		TEST(a_boolean_is_true_or_false_and_nothing_else),
		TEST(a_whole_number_is_taken_at_its_bounds_and_refused_past_them),
		TEST(the_largest_numbers_do_not_wrap),
		TEST(a_fraction_is_decimal_and_within_bounds),
		TEST(a_text_with_a_nul_in_it_is_no_number),
		TEST(a_duration_has_a_unit_and_is_said_in_the_largest_that_is_exact),
		TEST(no_duration_and_no_size_need_no_unit),
		TEST(a_size_is_bytes_or_has_a_binary_unit),
		TEST(a_text_is_copied_into_the_arena),
		TEST(a_text_may_be_as_long_as_its_row_says_and_no_longer),
		TEST(a_text_that_does_not_fit_the_arena_is_told_apart),
		TEST(an_enum_is_one_of_its_choices),
		TEST(addresses_and_networks_are_read_whole_and_said_in_one_form),
		TEST(an_address_of_any_length_fits_the_room_it_is_read_in),
		TEST(none_is_taken_only_where_none_is_the_default),
		TEST(what_is_expected_is_said_with_bounds_and_unit),
		TEST(only_what_is_not_plain_has_an_example),
		TEST(bounds_that_do_not_bind_are_not_said),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
