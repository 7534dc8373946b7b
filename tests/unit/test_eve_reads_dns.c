#include "daemon/transactions/dns.h"
#include "tests/support/eve_lines.h"

#include <errno.h>
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <stdio.h>

#include <cmocka.h>

#define SECOND UINT64_C(1000000000)

/* From the server, as Suricata has packets of versions 1 and 3. */
#define FROM_SERVER                                                                       \
	"{\"timestamp\":\"2021-06-06T16:17:41.500000+0200\",\"flow_id\":473137238296542," \
	"\"event_type\":\"dns\",\"proto\":\"UDP\",\"src_ip\":\"192.168.1.1\","            \
	"\"src_port\":53,\"dest_ip\":\"192.168.1.129\",\"dest_port\":35790,"

static const struct obs_dns *
dns_of(struct input_rig *r, const char *line)
{
	const struct addr client = addr_v4(192, 168, 1, 129);
	const struct addr server = addr_v4(192, 168, 1, 1);

	assert_int_equal(input_rig_line(r, line), 1);
	const struct observation *o = &r->s.items[0].o;
	assert_int_equal(o->kind, OBS_DNS);
	assert_int_equal(o->ts_ns, EVE_BEGIN_NS);
	assert_memory_equal(&o->dns->client, &client, sizeof(client));
	assert_memory_equal(&o->dns->server, &server, sizeof(server));
	assert_memory_equal(&o->talk->orig, &client, sizeof(client));
	assert_memory_equal(&o->talk->resp, &server, sizeof(server));
	assert_int_equal(o->talk->orig_port, 35790);
	assert_int_equal(o->talk->resp_port, 53);
	assert_string_equal(o->talk->uid.text, "473137238296542");
	assert_string_equal(o->dns->proto, "udp");
	return o->dns;
}

static void
a_question_of_versions_1_and_2_is_not_answered(void **state)
{
	const struct obs_dns *d = dns_of(*state,
		EVE_BEGIN("dns",
			"UDP") "\"dest_port\":53,\"dns\":{\"type\":\"query\",\"id\":2,\"rrname\":\"WWW.google.com\",\"rrtype\":\"AAAA\",\"tx_id\":0}}");

	assert_false(dns_is_answered(d));
	assert_string_equal(d->query, "www.google.com");
	assert_string_equal(d->type_name, "AAAA");
	assert_int_equal(d->query_type, 28);
	assert_int_equal(d->trans_id, 2);
	assert_int_equal(d->texts.count, 0);
	assert_int_equal(d->answer_count, 0);
	assert_int_equal(d->rejected, TRUTH_UNKNOWN);
}

static void
an_answer_of_version_1_is_one_record(void **state)
{
	const struct obs_dns *d = dns_of(*state, FROM_SERVER
		"\"dns\":{\"type\":\"answer\",\"id\":16000,\"flags\":\"8180\",\"qr\":true,\"rd\":true,\"ra\":true,"
		"\"rcode\":\"NOERROR\",\"rrname\":\"twitter.com\",\"rrtype\":\"A\",\"ttl\":8,\"rdata\":\"199.16.156.6\"}}");
	const struct addr told = addr_v4(199, 16, 156, 6);

	assert_true(dns_is_answered(d));
	assert_int_equal(d->rcode, 0);
	assert_string_equal(d->query, "twitter.com");
	assert_int_equal(d->texts.count, 1);
	assert_string_equal(d->texts.at[0], "199.16.156.6");
	assert_string_equal(d->types.at[0], "A");
	assert_int_equal(d->ttls.at[0], 8 * SECOND);
	assert_int_equal(d->answer_count, 1);
	assert_memory_equal(&d->answers[0].addr, &told, sizeof(told));
	assert_int_equal(d->answers[0].ttl_s, 8);
	assert_null(d->answers[0].name);
	assert_int_equal(d->rejected, TRUTH_NO);
}

static void
an_answer_of_version_2_has_a_list(void **state)
{
	const struct obs_dns *d = dns_of(*state,
		EVE_BEGIN("dns",
			"UDP") "\"dest_port\":53,\"dns\":{\"version\":2,\"type\":\"answer\",\"id\":2,\"flags\":\"85b0\",\"qr\":true,"
			       "\"aa\":true,\"rd\":true,\"ra\":true,\"rrname\":\"www.myedimax.com\",\"rrtype\":\"A\",\"rcode\":\"NOERROR\","
			       "\"answers\":[{\"rrname\":\"www.myedimax.com\",\"rrtype\":\"CNAME\",\"ttl\":343,\"rdata\":\"ddns.myedimax.com\"},"
			       "{\"rrname\":\"ns.myedimax.com\",\"rrtype\":\"A\",\"ttl\":43,\"rdata\":\"122.248.252.67\"}],"
			       "\"grouped\":{\"A\":[\"122.248.252.67\"],\"CNAME\":[\"ddns.myedimax.com\"]}}}");

	assert_int_equal(d->texts.count, 2);
	assert_string_equal(d->texts.at[0], "ddns.myedimax.com");
	assert_string_equal(d->texts.at[1], "122.248.252.67");
	assert_string_equal(d->types.at[0], "CNAME");
	assert_int_equal(d->ttls.count, 2);
	assert_int_equal(d->ttls.at[0], 343 * SECOND);
	assert_int_equal(d->answer_count, 1);
	assert_int_equal(d->authoritative, TRUTH_YES);
	assert_int_equal(d->truncated, TRUTH_NO);
	assert_int_equal(d->recursion_desired, TRUTH_YES);
	assert_int_equal(d->recursion_available, TRUTH_YES);
	assert_int_equal(d->z, 3);
	assert_string_equal(d->rcode_name, "NOERROR");
}

static void
an_answer_may_be_told_by_types_alone(void **state)
{
	const struct obs_dns *d = dns_of(*state,
		EVE_BEGIN("dns",
			"UDP") "\"dest_port\":53,\"dns\":{\"version\":2,\"type\":\"answer\",\"id\":2,\"rrname\":\"a.example\",\"rrtype\":\"AAAA\","
			       "\"rcode\":\"NOERROR\",\"grouped\":{\"CNAME\":[\"b.example\"],\"AAAA\":[\"2001:db8::1\",\"2001:db8::2\"]}}}");

	assert_int_equal(d->texts.count, 3);
	assert_string_equal(d->types.at[0], "CNAME");
	assert_string_equal(d->types.at[2], "AAAA");
	assert_string_equal(d->texts.at[2], "2001:db8::2");
	assert_int_equal(d->ttls.count, 0);
	assert_int_equal(d->answer_count, 2);
}

static void
version_3_has_a_list_of_questions_and_the_server_as_source(void **state)
{
	const struct obs_dns *d = dns_of(*state,
		EVE_BEGIN("dns",
			"UDP") "\"dest_port\":53,\"dns\":{\"version\":3,\"type\":\"request\",\"tx_id\":0,\"id\":7,\"flags\":\"100\",\"rd\":true,"
			       "\"opcode\":0,\"queries\":[{\"rrname\":\"a.example\",\"rrtype\":\"TXT\"},{\"rrname\":\"b.example\",\"rrtype\":\"A\"}]}}");

	assert_false(dns_is_answered(d));
	assert_string_equal(d->query, "a.example");
	assert_int_equal(d->query_type, 16);
	d = dns_of(*state, FROM_SERVER
		"\"dns\":{\"version\":3,\"type\":\"response\",\"tx_id\":1,\"id\":7,\"flags\":\"8180\",\"qr\":true,\"opcode\":0,"
		"\"rcode\":\"NOERROR\",\"queries\":[{\"rrname\":\"a.example\",\"rrtype\":\"TXT\"}],"
		"\"answers\":[{\"rrname\":\"a.example\",\"rrtype\":\"TXT\",\"ttl\":3,\"rdata\":\"hello you\"},"
		"{\"rrname\":\"a.example\",\"rrtype\":\"SOA\",\"ttl\":4,\"soa\":{\"mname\":\"x\",\"serial\":1}},"
		"{\"rrname\":\"a.example\",\"rrtype\":\"HTTPS\",\"ttl\":5,\"rdata\":\"1 .\"}]}}");
	assert_int_equal(d->texts.count, 3);
	assert_string_equal(d->texts.at[0], "TXT 9 hello you");
	assert_string_equal(d->texts.at[1], "");
	assert_string_equal(d->types.at[1], "SOA");
	assert_string_equal(d->texts.at[2], "HTTPS 1 .");
	assert_int_equal(d->ttls.at[2], 5 * SECOND);
}

static void
what_does_not_exist_is_answered_without_records(void **state)
{
	const struct obs_dns *d = dns_of(*state, FROM_SERVER
		"\"dns\":{\"version\":2,\"type\":\"answer\",\"id\":7,\"flags\":\"8183\",\"rrname\":\"no.example\",\"rrtype\":\"ANY\","
		"\"rcode\":\"NXDOMAIN\",\"authorities\":[{\"rrname\":\"example\",\"rrtype\":\"SOA\",\"ttl\":899}]}}");

	assert_int_equal(d->rcode, 3);
	assert_string_equal(d->rcode_name, "NXDOMAIN");
	assert_string_equal(d->type_name, "*");
	assert_int_equal(d->query_type, 255);
	assert_int_equal(d->rejected, TRUTH_NO);
	d = dns_of(*state, FROM_SERVER
		"\"dns\":{\"version\":2,\"type\":\"answer\",\"id\":7,\"flags\":\"8185\",\"rrname\":\"no.example\",\"rcode\":\"REFUSED\"}}");
	assert_int_equal(d->rcode, 5);
	assert_int_equal(d->rejected, TRUTH_YES);
}

static void
an_answer_with_a_strange_rcode_is_answered_by_its_flags(void **state)
{
	assert_int_equal(
		dns_of(*state, FROM_SERVER
			"\"dns\":{\"version\":2,\"type\":\"answer\",\"id\":7,\"flags\":\"818c\",\"rrname\":\"a\",\"rcode\":\"ODD\"}}")
			->rcode,
		12);
	assert_int_equal(dns_of(*state, FROM_SERVER
				 "\"dns\":{\"type\":\"answer\",\"id\":7,\"rrname\":\"a\"}}")
				 ->rcode,
		0);
}

static void
ours_has_the_client_as_source(void **state)
{
	struct input_rig *r = *state;

	assert_int_equal(
		input_rig_line(r,
			EVE_BEGIN("dns",
				"UDP") "\"dest_port\":53,\"dns\":{\"version\":3,\"type\":\"response\",\"id\":7,\"flags\":\"8180\",\"qr\":true,"
				       "\"opcode\":0,\"rcode\":\"NOERROR\",\"queries\":[{\"rrname\":\"a.example\",\"rrtype\":\"A\"}],"
				       "\"answers\":[{\"rrtype\":\"TXT\",\"ttl\":3,\"rdata\":\"hi\"},{\"rrtype\":\"A\",\"ttl\":60,\"rdata\":\"10.0.0.1\"}]}" EVE_OURS
				       "}}"),
		1);
	const struct obs_dns *d = r->s.items[0].o.dns;
	const struct addr client = addr_v4(192, 168, 1, 129);
	assert_memory_equal(&d->client, &client, sizeof(client));
	assert_string_equal(d->texts.at[0], "TXT 2 hi");
	assert_int_equal(d->answer_count, 1);
	assert_string_equal(r->s.items[0].talk.uid.text, EVE_OUR_UID);
	assert_int_equal(d->rejected, TRUTH_NO);
}

/* A neighbour's word is nobody's answer (site_hear.c). */
static void
addresses_by_multicast_are_of_a_name(void **state)
{
	struct input_rig *r = *state;

	assert_int_equal(
		input_rig_line(r,
			"{\"timestamp\":\"2021-06-06T16:17:41Z\",\"event_type\":\"dns\",\"proto\":\"UDP\",\"src_ip\":\"224.0.0.251\","
			"\"src_port\":5353,\"dest_ip\":\"192.168.1.5\",\"dest_port\":5353,\"dns\":{\"version\":3,\"type\":\"response\","
			"\"id\":0,\"rcode\":\"NOERROR\",\"queries\":[{\"rrname\":\"tv.local\"}],"
			"\"answers\":[{\"rrtype\":\"A\",\"ttl\":60,\"rdata\":\"192.168.1.5\"}]}" EVE_OURS
			"}}"),
		1);
	assert_string_equal(r->s.items[0].o.dns->answers[0].name, "tv.local");
}

static void
records_beyond_those_that_are_kept_are_counted(void **state)
{
	struct input_rig *r = *state;
	char line[8192];
	size_t length = (size_t)snprintf(line, sizeof(line),
		FROM_SERVER
		"\"dns\":{\"version\":2,\"type\":\"answer\",\"rcode\":\"NOERROR\",\"rrname\":\"a\",\"answers\":[");

	for (unsigned i = 0; i < DNS_TEXTS_MAX + 1; i++)
		length += (size_t)snprintf(line + length, sizeof(line) - length,
			"%s{\"rrtype\":\"A\",\"ttl\":1,\"rdata\":\"10.0.0.%u\"}", i > 0 ? "," : "",
			i);
	(void)snprintf(line + length, sizeof(line) - length, "]}}");
	const struct obs_dns *d = dns_of(r, line);
	assert_int_equal(d->texts.count, DNS_TEXTS_MAX);
	assert_string_equal(d->texts.at[DNS_TEXTS_MAX - 1], "10.0.0.47");
	assert_int_equal(d->answer_count, DNS_ANSWERS_MAX);
	assert_int_equal(r->s.cut_texts, 3);
}

static void
a_ttl_that_is_none_is_bad(void **state)
{
	struct input_rig *r = *state;

	assert_int_equal(
		input_rig_line(r, FROM_SERVER
			"\"dns\":{\"version\":2,\"type\":\"answer\",\"answers\":[{\"rrtype\":\"A\",\"ttl\":4294967296,\"rdata\":\"a\"}]}}"),
		-EBADMSG);
	assert_string_equal(
		r->s.complaint, "dns.answers.ttl: \"4294967296\" is no number of seconds");
}

int
main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test_setup_teardown(
			a_question_of_versions_1_and_2_is_not_answered, eve_setup, eve_teardown),
		cmocka_unit_test_setup_teardown(
			an_answer_of_version_1_is_one_record, eve_setup, eve_teardown),
		cmocka_unit_test_setup_teardown(
			an_answer_of_version_2_has_a_list, eve_setup, eve_teardown),
		cmocka_unit_test_setup_teardown(
			an_answer_may_be_told_by_types_alone, eve_setup, eve_teardown),
		cmocka_unit_test_setup_teardown(
			version_3_has_a_list_of_questions_and_the_server_as_source, eve_setup,
			eve_teardown),
		cmocka_unit_test_setup_teardown(
			what_does_not_exist_is_answered_without_records, eve_setup, eve_teardown),
		cmocka_unit_test_setup_teardown(
			an_answer_with_a_strange_rcode_is_answered_by_its_flags, eve_setup,
			eve_teardown),
		cmocka_unit_test_setup_teardown(
			ours_has_the_client_as_source, eve_setup, eve_teardown),
		cmocka_unit_test_setup_teardown(
			addresses_by_multicast_are_of_a_name, eve_setup, eve_teardown),
		cmocka_unit_test_setup_teardown(
			records_beyond_those_that_are_kept_are_counted, eve_setup, eve_teardown),
		cmocka_unit_test_setup_teardown(a_ttl_that_is_none_is_bad, eve_setup, eve_teardown),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
