/* test_kalipso_address.c -- what is known of an address as the IP box reads it. */
#include "exporters/kalipso/kalipso_address.h"
#include "exporters/kalipso/reputation.h"
#include "tests/support/hostile_text.h"
#include "tests/support/kalipso_rig.h"
#include "tests/support/scratch.h"

#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <string.h>

#include <cmocka.h>

static const struct kalipso_info last = { .asn_is_object = true, .has_names = true };
static const struct kalipso_info early = { .asn_is_object = false };

static struct mirror_address
sample(void)
{
	return (struct mirror_address){ .addr = addr_v4(203, 0, 113, 66),
		.seen_ns = UINT64_C(1602075600) * NS_PER_S,
		.country = "NL",
		.asn = 64498,
		.org = "Example BV",
		.names = { { .text = "a.example",
				   .is_dns = true,
				   .told_by = addr_v4(192, 168, 2, 1) },
			{ .text = "host66.example", .is_dns = true, .is_believed = true } },
		.name_count = 2,
		.server_names = { { "cdn.demo.example", 443 } },
		.server_name_count = 1 };
}

/* returns what IPsInfo has of it */
static const char *
info(struct kalipso_rig *r, const struct mirror_address *a, const struct kalipso_info *how)
{
	char text[ADDR_TEXT_MAX];

	kalipso_address_info(&r->target, a, how);
	return kalipso_rig_field(r, 1, "IPsInfo", addr_format(&a->addr, text));
}

static void
the_last_kalipso_reads_an_organisation_and_names(void **state)
{
	struct kalipso_rig *r = kalipso_rig_new();
	const struct mirror_address a = sample();

	(void)state;
	assert_string_equal(info(r, &a, &last),
		"{\"asn\":{\"asnorg\":\"Example BV\",\"timestamp\":1602075600.000000},\"geocountry\":"
		"\"Netherlands\",\"SNI\":[{\"server_name\":\"cdn.demo.example\",\"dport\":443}],"
		"\"reverse_dns\":\"host66.example\"}");
	assert_int_equal(kalipso_rig_find(r, "EXPIRE", "IPsInfo", "3600"), 2);
	assert_int_equal(r->commands[1].db, 1);
	kalipso_rig_free(r);
}

static void
earlier_ones_read_a_text(void **state)
{
	struct kalipso_rig *r = kalipso_rig_new();
	struct mirror_address a = sample();

	(void)state;
	assert_string_equal(info(r, &a, &early),
		"{\"asn\":\"AS64498 Example BV\",\"geocountry\":\"Netherlands\"}");
	a.org[0] = '\0';
	assert_string_equal(
		info(r, &a, &early), "{\"asn\":\"AS64498\",\"geocountry\":\"Netherlands\"}");
	(void)strcpy(a.org, "Example BV");
	a.asn = 0;
	assert_string_equal(
		info(r, &a, &early), "{\"asn\":\"Example BV\",\"geocountry\":\"Netherlands\"}");
	kalipso_rig_free(r);
}

/* asnorg that is no string ends the last UI. */
static void
a_network_without_a_name_is_called_by_its_number(void **state)
{
	struct kalipso_rig *r = kalipso_rig_new();
	struct mirror_address a = sample();

	(void)state;
	a.org[0] = '\0';
	assert_non_null(strstr(info(r, &a, &last), "\"asnorg\":\"AS64498\""));
	kalipso_rig_free(r);
}

static void
an_address_of_which_nothing_is_known_is_an_empty_object(void **state)
{
	struct kalipso_rig *r = kalipso_rig_new();
	struct mirror_address a = { .addr = addr_v4(203, 0, 113, 66) };

	(void)state;
	assert_string_equal(info(r, &a, &last), "{}");
	a.is_private = true;
	assert_string_equal(info(r, &a, &last), "{\"geocountry\":\"Private\"}");
	a.is_private = false;
	(void)strcpy(a.country, "{}");
	assert_string_equal(info(r, &a, &last), "{}");
	kalipso_rig_free(r);
}

static void
a_name_that_only_a_client_told_is_no_reverse_name(void **state)
{
	struct kalipso_rig *r = kalipso_rig_new();
	struct mirror_address a = sample();

	(void)state;
	a.names[1].is_believed = false;
	assert_null(strstr(info(r, &a, &last), "reverse_dns"));
	kalipso_rig_free(r);
}

static void
scores_have_five_places(void **state)
{
	struct scratch *scratch = scratch_new();
	struct kalipso_rig *r = kalipso_rig_new();
	const struct mirror_address a = { .addr = addr_v4(203, 0, 113, 66) };
	char path[128];

	(void)state;
	(void)snprintf(path, sizeof(path), "%s/a.jsonl", scratch->directory);
	FILE *f = fopen(path, "w");
	assert_non_null(f);
	(void)fputs("{\"address\":\"203.0.113.66\",\"url\":0.38071,\"downloaded\":0.61818,"
		    "\"referring\":0.125,\"communicating\":0.974031}\n",
		f);
	(void)fclose(f);
	struct reputation *known = reputation_new(scratch->directory, 8);
	assert_non_null(known);
	r->target.reputation = known;
	assert_string_equal(info(r, &a, &last),
		"{\"VirusTotal\":{\"URL\":0.38071,\"down_file\":0.61818,\"ref_file\":0.12500,"
		"\"com_file\":0.97403}}");
	reputation_free(known);
	scratch_free(scratch);
	kalipso_rig_free(r);
}

static void
put_list(struct strbuf *out, const struct mirror_address *a)
{
	struct json j;

	json_init(&j, out);
	kalipso_names_list(&j, a);
}

static void
names_of_the_dns_are_told_and_no_others(void **state)
{
	struct kalipso_rig *r = kalipso_rig_new();
	struct mirror_address a = sample();

	(void)state;
	kalipso_address_names(&r->target, &a, put_list);
	assert_string_equal(kalipso_rig_field(r, 0, "DNSresolution", "203.0.113.66"),
		"[\"a.example\",\"host66.example\"]");
	assert_int_equal(kalipso_rig_find(r, "EXPIRE", "DNSresolution", "3600"), 2);
	kalipso_rig_forget(r);
	a.names[0].is_dns = false;
	kalipso_address_names(&r->target, &a, put_list);
	assert_string_equal(
		kalipso_rig_field(r, 0, "DNSresolution", "203.0.113.66"), "[\"host66.example\"]");
	kalipso_rig_forget(r);
	a.names[1].is_dns = false;
	kalipso_address_names(&r->target, &a, put_list);
	assert_int_equal(r->command_count, 0);
	kalipso_rig_free(r);
}

static void
hostile_text_is_harmless_wherever_it_stands(void **state)
{
	char text[HOSTILE_TEXT_MAX];

	(void)state;
	for (unsigned i = 0; i < HOSTILE_TEXT_COUNT; i += 3) {
		struct kalipso_rig *r = kalipso_rig_new();
		struct mirror_address a = sample();

		hostile_text(i, MIRROR_NAME_MAX - 8, text);
		(void)snprintf(a.org, sizeof(a.org), "{bold}%.50s", text);
		(void)snprintf(a.names[0].text, MIRROR_NAME_MAX, "{b}%.50s", text);
		(void)snprintf(a.names[1].text, MIRROR_NAME_MAX, "{b}%.50s", text);
		(void)snprintf(a.server_names[0].text, MIRROR_NAME_MAX, "{b}%.50s", text);
		kalipso_rig_harmless(kalipso_rig_read(r, info(r, &a, &last)));
		kalipso_rig_harmless(kalipso_rig_read(r, info(r, &a, &early)));
		kalipso_address_names(&r->target, &a, put_list);
		kalipso_rig_harmless(kalipso_rig_read(
			r, kalipso_rig_field(r, 0, "DNSresolution", "203.0.113.66")));
		kalipso_rig_free(r);
	}
}

static void
a_forgotten_address_goes_unless_it_is_a_profile(void **state)
{
	struct kalipso_rig *r = kalipso_rig_new();
	const struct addr peer = addr_v4(203, 0, 113, 66);

	(void)state;
	kalipso_rig_tell(r, 1);
	assert_non_null(mirror_next_window(r->target.mirror, 0));
	kalipso_address_gone(&r->target, &peer);
	assert_int_equal(kalipso_rig_find(r, "HDEL", "IPsInfo", "203.0.113.66"), 1);
	assert_int_equal(r->commands[0].db, 1);
	assert_int_equal(kalipso_rig_find(r, "HDEL", "DNSresolution", "203.0.113.66"), 2);
	assert_int_equal(r->commands[1].db, 0);
	kalipso_address_gone(&r->target, &r->host);
	assert_string_equal(kalipso_rig_field(r, 1, "IPsInfo", "192.168.2.12"), "{}");
	assert_int_equal(kalipso_rig_find(r, "HDEL", "IPsInfo", "192.168.2.12"), 0);
	kalipso_rig_free(r);
}

int
main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(the_last_kalipso_reads_an_organisation_and_names),
		cmocka_unit_test(earlier_ones_read_a_text),
		cmocka_unit_test(a_network_without_a_name_is_called_by_its_number),
		cmocka_unit_test(an_address_of_which_nothing_is_known_is_an_empty_object),
		cmocka_unit_test(a_name_that_only_a_client_told_is_no_reverse_name),
		cmocka_unit_test(scores_have_five_places),
		cmocka_unit_test(names_of_the_dns_are_told_and_no_others),
		cmocka_unit_test(hostile_text_is_harmless_wherever_it_stands),
		cmocka_unit_test(a_forgotten_address_goes_unless_it_is_a_profile),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
