#include "tests/support/request_rig.h"

#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <string.h>

#include <cmocka.h>

extern const struct detector detector_blind_post;

static int
setup(void **state)
{
	static struct rig rig;

	rig_open(&rig, &detector_blind_post);
	*state = &rig;
	return 0;
}

static int
teardown(void **state)
{
	rig_done(*state);
	return 0;
}

static struct obs_http
post(uint8_t server, const char *host, const char *uri)
{
	return (struct obs_http){
		.client = addr_v4(10, 0, 0, 1),
		.server = addr_v4(203, 0, 113, server),
		.method = "POST",
		.host = host,
		.uri = uri,
	};
}

static size_t
reports(struct rig *r, struct obs_http http)
{
	return rig_request(r, &http);
}

static void
a_post_to_begin_with_is_half_sure(void **state)
{
	struct rig *r = *state;

	assert_int_equal(reports(r, post(9, "batlxt.org", "/blL0/pin.php")), 1);
	const struct raised *e = rig_last(r);
	assert_string_equal(e->kind->name, "BLIND_POST");
	assert_string_equal(e->kind->technique, "T1071.001");
	assert_int_equal(e->kind->signature_id, 5200201);
	assert_int_equal(e->kind->aspect, ASPECT_CLIENT);
	assert_int_equal(e->threat, THREAT_MEDIUM);
	assert_float_equal(e->confidence, 0.5, 1e-9);
	assert_int_equal(e->role, EVIDENCE_ATTACKER);
	assert_false(e->decisive);
	assert_true(e->has_about);
	assert_int_equal(e->port, 80);
	assert_int_equal(e->observed, 1);
	assert_int_equal(e->threshold, 1);
	assert_int_equal(e->uid_count, 1);
	assert_string_equal(e->object, "203.0.113.9");
	assert_string_equal(
		e->text, "began with a POST at 203.0.113.9: \"batlxt.org/blL0/pin.php\"");
}

static void
a_name_by_dynamic_dns_convicts(void **state)
{
	struct rig *r = *state;

	assert_int_equal(reports(r, post(9, "billi.webhop.me:8080", "/a/index.php")), 1);
	assert_true(rig_last(r)->decisive);
	assert_int_equal(rig_last(r)->threat, THREAT_HIGH);
	assert_float_equal(rig_last(r)->confidence, 0.9, 1e-9);
	assert_string_equal(rig_last(r)->text,
		"began with a POST at 203.0.113.9, found by dynamic DNS: "
		"\"billi.webhop.me:8080/a/index.php\"");
	rig_set_bool(r, "convict", false);
	assert_int_equal(reports(r, post(8, "billi.webhop.me", "/a/index.php")), 1);
	assert_false(rig_last(r)->decisive);
}

static void
a_page_that_hides_its_address_leads_to_its_form_all_the_same(void **state)
{
	struct rig *r = *state;
	struct obs_http http = post(1, "billi.webhop.me", "/a/index.php");

	http.origin = "null";
	assert_int_equal(reports(r, http), 0);
	http = post(2, "billi.webhop.me", "/a/index.php");
	http.origin = "";
	assert_int_equal(reports(r, http), 1);
}

static void
only_scripts_and_bare_addresses_are_posted_to_blindly(void **state)
{
	struct rig *r = *state;

	assert_int_equal(reports(r, post(1, "appboot.example.com", "/appboot/NF")), 0);
	assert_int_equal(reports(r, post(2, "203.0.113.2:8082", "/man6/x")), 1);
	assert_int_equal(reports(r, post(3, NULL, "/x.aspx")), 1);
	assert_int_equal(reports(r, post(4, NULL, "/x")), 0);
	assert_int_equal(reports(r, post(5, "203.0.113.5", NULL)), 0);
}

static void
whoever_asked_for_something_before_is_not_blind(void **state)
{
	struct rig *r = *state;
	struct obs_http http = post(9, "example.com", "/form.php");

	http.method = "GET";
	assert_int_equal(reports(r, http), 0);
	http.method = "POST";
	assert_int_equal(reports(r, http), 0);
	http.method = NULL;
	http.server = addr_v4(203, 0, 113, 8);
	assert_int_equal(reports(r, http), 0);
	assert_int_equal(reports(r, post(7, "example.com", "/form.php")), 1);
	assert_int_equal(reports(r, post(7, "example.com", "/form.php")), 0);
}

static void
another_site_may_lead_to_a_form_but_not_the_very_host(void **state)
{
	struct rig *r = *state;
	struct obs_http http = post(1, "example.com", "/a.php");

	http.referrer = "http://portal.example/login";
	assert_int_equal(reports(r, http), 0);
	http = post(2, "203.0.113.2:443", "/x");
	http.referrer = "http://203.0.113.2/x";
	assert_int_equal(reports(r, http), 1);
	http = post(3, "example.com", "/a.php");
	http.referrer = "http://EXAMPLE.com?x";
	assert_int_equal(reports(r, http), 1);
	http = post(4, "example.com", "/a.php");
	http.referrer = "";
	assert_int_equal(reports(r, http), 1);
	http = post(5, NULL, "/a.php");
	http.referrer = "http://portal.example/";
	assert_int_equal(reports(r, http), 0);
	http = post(6, "example.com", "/a.php");
	http.referrer = "example.co";
	assert_int_equal(reports(r, http), 0);
}

static void
questions_about_certificates_are_no_reports(void **state)
{
	struct rig *r = *state;
	struct obs_http http = post(1, "203.0.113.1", "/");

	http.request_content_type = "application/OCSP-request";
	assert_int_equal(reports(r, http), 0);
	http = post(2, "203.0.113.2", "/");
	http.request_content_type = "application/timestamp-query";
	assert_int_equal(reports(r, http), 0);
	http = post(3, "203.0.113.3", "/");
	http.request_content_type = "text/plain";
	assert_int_equal(reports(r, http), 1);
}

static void
neighbours_and_servers_are_not_told(void **state)
{
	struct rig *r = *state;
	struct obs_http http = post(1, "203.0.113.1", "/");

	assert_int_equal(rig_request_as(r, ROLE_SERVER, &http), 0);
	http.server = addr_v4(192, 168, 1, 161);
	assert_int_equal(reports(r, http), 0);
}

static void
from_the_fourth_server_on_it_is_information(void **state)
{
	struct rig *r = *state;

	for (uint8_t i = 1; i <= 4; i++)
		assert_int_equal(reports(r, post(i, "example.com", "/a.php")), 1);
	assert_int_equal(r->raised[2].threat, THREAT_MEDIUM);
	assert_int_equal(r->raised[3].threat, THREAT_INFO);
}

static void
a_host_without_end_is_no_name(void **state)
{
	struct rig *r = *state;
	char host[600];

	memset(host, 'a', sizeof(host));
	memcpy(host + sizeof(host) - sizeof(".ydns.eu"), ".ydns.eu", sizeof(".ydns.eu"));
	assert_int_equal(reports(r, post(1, host, "/a.php")), 1);
	assert_false(rig_last(r)->decisive);
	assert_int_equal(reports(r, post(2, host + 600 - 256, "/a.php")), 1);
	assert_int_equal(reports(r, post(4, host + 600 - 257, "/a.php")), 1);
	assert_int_equal(reports(r, post(3, "a\n\x1b", "/a.php")), 1);
	assert_null(strpbrk(rig_last(r)->text, "\n\x1b"));
}

int
main(void)
{
	const struct CMUnitTest tests[] = {
#define TEST(name) cmocka_unit_test_setup_teardown(name, setup, teardown)
		TEST(a_post_to_begin_with_is_half_sure),
		TEST(a_name_by_dynamic_dns_convicts),
		TEST(a_page_that_hides_its_address_leads_to_its_form_all_the_same),
		TEST(only_scripts_and_bare_addresses_are_posted_to_blindly),
		TEST(whoever_asked_for_something_before_is_not_blind),
		TEST(another_site_may_lead_to_a_form_but_not_the_very_host),
		TEST(questions_about_certificates_are_no_reports),
		TEST(neighbours_and_servers_are_not_told),
		TEST(from_the_fourth_server_on_it_is_information),
		TEST(a_host_without_end_is_no_name),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
