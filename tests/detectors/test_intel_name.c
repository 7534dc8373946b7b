#define DETECTOR_UNDER_TEST detector_intel_name
#include "tests/support/intel_rig.h"

#include "daemon/transactions/dns.h"
#include "daemon/transactions/http.h"
#include "daemon/transactions/quic.h"
#include "daemon/transactions/tls.h"

static const struct addr server = { .byte = { [10] = 0xff, 0xff, 198, 51, 100, 3 } };
static const struct addr resolver = { .byte = { [10] = 0xff, 0xff, 10, 0, 0, 53 } };

static struct obs_dns
question(struct lists_rig *t, const char *name)
{
	return (struct obs_dns){ .client = t->r.host,
		.server = resolver,
		.query = name,
		.proto = "udp",
		.rcode = TRANSACTION_UNSET };
}

static void
tell_dns(struct lists_rig *t, enum obs_role role, const struct obs_dns *dns)
{
	const struct obs_talk talk = talk_between(dns->client, dns->server);

	said(t, OBS_DNS, role, &talk, dns);
}

static void
ask(struct lists_rig *t, const char *name)
{
	const struct obs_dns dns = question(t, name);

	tell_dns(t, ROLE_CLIENT, &dns);
}

static void
a_question_for_a_listed_name_convicts_once(void **state)
{
	struct lists_rig *t = *state;

	ask(t, "bad.example");
	assert_int_equal(t->r.raised_count, 0);
	know_one(t, intel_name("bad.example", THREAT_HIGH, "CC"));
	ask(t, "good.example");
	assert_null(t->r.call.window_state);
	ask(t, "bad.example");
	ask(t, "bad.example");
	assert_int_equal(t->r.raised_count, 1);
	const struct raised *a = rig_last(&t->r);
	assert_string_equal(a->kind->name, "THREAT_INTELLIGENCE_BLACKLISTED_DOMAIN");
	assert_string_equal(
		a->text, "asked for bad.example, which first.txt lists as \"CC\" (high)");
	assert_true(a->decisive && !a->has_about && a->confidence == 1);
	assert_int_equal(a->threat, THREAT_HIGH);
	assert_string_equal(a->object, "bad.example");
	assert_int_equal(a->uid_count, 1);
	rig_window_next(&t->r);
	ask(t, "bad.example");
	assert_int_equal(t->r.raised_count, 2);
}

static void
a_name_below_it_or_a_lower_level_convicts_nobody(void **state)
{
	struct lists_rig *t = *state;
	const struct intel_indicator what[] = { intel_name("bad.example", THREAT_HIGH, ""),
		intel_name("odd.example", THREAT_MEDIUM, "") };

	know(t, what, (const unsigned[]){ LIST_FIRST, LIST_FIRST }, 2);
	ask(t, "www.bad.example");
	assert_false(rig_last(&t->r)->decisive);
	assert_true(rig_last(&t->r)->confidence == 0.7);
	ask(t, "odd.example");
	assert_int_equal(t->r.raised_count, 2);
	assert_false(rig_last(&t->r)->decisive);
}

static void
a_resolver_asks_on_behalf_of_others(void **state)
{
	struct lists_rig *t = *state;
	struct obs_dns dns = question(t, "bad.example");

	know_one(t, intel_name("bad.example", THREAT_HIGH, ""));
	dns.client = addr_v4(10, 0, 0, 9);
	dns.server = t->r.host;
	tell_dns(t, ROLE_SERVER, &dns); /* it was asked, and has not answered */
	ask(t, "bad.example");
	assert_true(rig_last(&t->r)->decisive);
	rig_window_next(&t->r);
	dns.rcode = 0;
	tell_dns(t, ROLE_SERVER, &dns);
	ask(t, "bad.example");
	assert_int_equal(t->r.raised_count, 2);
	assert_false(rig_last(&t->r)->decisive);
	assert_int_equal(rig_last(&t->r)->threat, THREAT_INFO);
	assert_string_equal(rig_last(&t->r)->text,
		"asked for bad.example, which first.txt lists (high), on somebody's behalf");
}

static void
names_in_requests_and_hellos_are_of_the_server(void **state)
{
	struct lists_rig *t = *state;
	const struct intel_indicator what[] = { intel_name("a.example", THREAT_LOW, ""),
		intel_name("b.example", THREAT_LOW, ""), intel_name("c.example", THREAT_LOW, "") };
	const struct obs_talk talk = talk_between(t->r.host, server);

	know(t, what, (const unsigned[]){ LIST_FIRST, LIST_FIRST, LIST_FIRST }, 3);
	said(t, OBS_HTTP, ROLE_CLIENT, &talk, &(struct obs_http){ .host = "a.example:8080" });
	assert_string_equal(rig_last(&t->r)->text,
		"requested a page of a.example, which first.txt lists (low)");
	said(t, OBS_TLS, ROLE_CLIENT, &talk, &(struct obs_tls){ .server_name = "b.example" });
	assert_string_equal(
		rig_last(&t->r)->text, "opened TLS for b.example, which first.txt lists (low)");
	said(t, OBS_QUIC, ROLE_CLIENT, &talk, &(struct obs_quic){ .server_name = "c.example" });
	assert_string_equal(
		rig_last(&t->r)->text, "opened QUIC for c.example, which first.txt lists (low)");
	assert_true(addr_equal(&rig_last(&t->r)->about, &server));
	assert_int_equal(rig_last(&t->r)->port, 443);
	said(t, OBS_HTTP, ROLE_CLIENT, &talk, &(struct obs_http){ 0 });
	said(t, OBS_TLS, ROLE_CLIENT, &talk, &(struct obs_tls){ 0 });
	said(t, OBS_QUIC, ROLE_SERVER, &talk, &(struct obs_quic){ .server_name = "a.example" });
	assert_int_equal(t->r.raised_count, 3);
}

static void
where_a_listed_name_leads_is_told_as_well(void **state)
{
	struct lists_rig *t = *state;
	struct obs_dns dns = question(t, "bad.example");
	const struct dns_answer answer = { .addr = server, .ttl_s = 60 };

	know_one(t, intel_name("bad.example", THREAT_MEDIUM, ""));
	dns.rcode = 0;
	dns.answers = &answer;
	dns.answer_count = 1;
	tell_dns(t, ROLE_CLIENT, &dns);
	assert_int_equal(t->r.raised_count, 2);
	assert_string_equal(
		rig_last(&t->r)->kind->name, "THREAT_INTELLIGENCE_ANSWER_OF_BLACKLISTED_QUERY");
	assert_string_equal(rig_last(&t->r)->text,
		"was led to 198.51.100.3 by bad.example, which first.txt lists (medium)");
	assert_true(addr_equal(&rig_last(&t->r)->about, &server));
	assert_false(rig_last(&t->r)->decisive);
}

static void
an_answer_may_be_listed_where_the_question_is_not(void **state)
{
	struct lists_rig *t = *state;
	struct obs_dns dns = question(t, "www.shop.example");
	const struct dns_answer answers[] = { { .addr = addr_v4(192, 0, 2, 1) },
		{ .addr = server } };
	const char *const texts[] = { "bad.example", "192.0.2.1", "198.51.100.3" };
	const char *const types[] = { "CNAME", "A", "A" };
	const struct intel_indicator what[] = { intel_name("bad.example", THREAT_HIGH, ""),
		intel_net("198.51.100.3/32", THREAT_HIGH, "") };

	know(t, what, (const unsigned[]){ LIST_FIRST, LIST_FIRST }, 2);
	dns.rcode = 0;
	dns.answers = answers;
	dns.answer_count = 2;
	dns.texts = (struct text_list){ texts, 3 };
	dns.types = (struct text_list){ types, 3 };
	tell_dns(t, ROLE_CLIENT, &dns);
	assert_int_equal(t->r.raised_count, 2);
	assert_string_equal(
		t->r.raised[0].kind->name, "THREAT_INTELLIGENCE_BLACKLISTED_DNS_ANSWER");
	assert_string_equal(t->r.raised[0].text,
		"www.shop.example led it to 198.51.100.3, which first.txt lists (high)");
	assert_true(addr_equal(&t->r.raised[0].about, &server));
	assert_string_equal(t->r.raised[1].text,
		"www.shop.example is an alias of bad.example, which first.txt lists (high)");
	assert_false(t->r.raised[1].decisive);
	assert_false(t->r.raised[1].has_about);
}

static void
names_of_the_place_are_left_alone(void **state)
{
	struct lists_rig *t = *state;
	const struct intel_indicator what[] = { intel_name("printer.local", THREAT_HIGH, ""),
		intel_name("9.113.0.203.in-addr.arpa", THREAT_HIGH, "") };

	know(t, what, (const unsigned[]){ LIST_FIRST, LIST_FIRST }, 2);
	ask(t, "printer.local");
	ask(t, "9.113.0.203.in-addr.arpa");
	ask(t, "wpad");
	ask(t, "");
	assert_int_equal(t->r.raised_count, 0);
}

static void
a_hostile_name_is_made_safe(void **state)
{
	struct lists_rig *t = *state;

	know_one(t, intel_name("bad.example", THREAT_LOW, ""));
	ask(t, "\x1b[2J\n.bad.example");
	assert_int_equal(t->r.raised_count, 1);
	assert_null(strpbrk(rig_last(&t->r)->text, "\x1b\n"));
	assert_null(strpbrk(rig_last(&t->r)->object, "\x1b\n"));
}

static void
a_peer_of_before_is_looked_up_by_its_name(void **state)
{
	struct lists_rig *t = *state;
	struct obs_dns dns = question(t, "bad.example");
	const struct dns_answer answer = { .addr = server, .ttl_s = 60 };

	dns.rcode = 0;
	dns.answers = &answer;
	dns.answer_count = 1;
	tell_dns(t, ROLE_CLIENT, &dns);
	assert_int_equal(t->r.raised_count, 0);
	know_one(t, intel_name("bad.example", THREAT_HIGH, ""));
	peer_again(t, ROLE_SERVER, server, true);
	assert_int_equal(t->r.raised_count, 0);
	peer_again(t, ROLE_CLIENT, server, false);
	assert_int_equal(t->r.raised_count, 1);
	assert_false(rig_last(&t->r)->decisive);
	assert_string_equal(rig_last(&t->r)->text,
		"talked, before it was listed, with bad.example, which first.txt lists (high)");
	rig_window_next(&t->r);
	peer_again(t, ROLE_CLIENT, server, true);
	assert_true(rig_last(&t->r)->decisive);
	assert_true(addr_equal(&rig_last(&t->r)->about, &server));
}

#define TEST(name) cmocka_unit_test_setup_teardown(name, setup, teardown)

int
main(void)
{
	const struct CMUnitTest tests[] = {
		TEST(a_question_for_a_listed_name_convicts_once),
		TEST(a_name_below_it_or_a_lower_level_convicts_nobody),
		TEST(a_resolver_asks_on_behalf_of_others),
		TEST(names_in_requests_and_hellos_are_of_the_server),
		TEST(where_a_listed_name_leads_is_told_as_well),
		TEST(an_answer_may_be_listed_where_the_question_is_not),
		TEST(names_of_the_place_are_left_alone),
		TEST(a_hostile_name_is_made_safe),
		TEST(a_peer_of_before_is_looked_up_by_its_name),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
