#include "tests/support/request_rig.h"

#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <string.h>

#include <cmocka.h>

extern const struct detector detector_bare_host;

static int
setup(void **state)
{
	static struct rig rig;

	rig_open(&rig, &detector_bare_host);
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
page(uint8_t server, const char *host)
{
	return (struct obs_http){
		.client = addr_v4(10, 0, 0, 1),
		.server = addr_v4(192, 168, 1, server),
		.method = "GET",
		.host = host,
		.uri = "/admin/get.php",
		.status_code = 200,
	};
}

static size_t
reports(struct rig *r, struct obs_http http)
{
	return rig_request(r, &http);
}

static void
an_address_in_the_place_of_a_name_is_information(void **state)
{
	struct rig *r = *state;

	assert_int_equal(reports(r, page(161, "192.168.1.161:8080")), 1);
	const struct raised *e = rig_last(r);
	assert_string_equal(e->kind->name, "HTTP_TO_ADDRESS");
	assert_string_equal(e->kind->technique, "T1071.001");
	assert_int_equal(e->kind->signature_id, 5200202);
	assert_int_equal(e->kind->aspect, ASPECT_NAME);
	assert_int_equal(e->threat, THREAT_INFO);
	assert_int_equal(e->role, EVIDENCE_ATTACKER);
	assert_true(e->has_about);
	assert_int_equal(e->uid_count, 1);
	assert_int_equal(e->observed, 1);
	assert_string_equal(e->object, "192.168.1.161");
	assert_string_equal(e->text, "asked 192.168.1.161 port 80/tcp for a page by its address: "
				     "\"192.168.1.161:8080/admin/get.php\"");
	assert_int_equal(reports(r, page(161, "192.168.1.161")), 0);
	assert_int_equal(reports(r, page(162, "[2001:db8::1]")), 1);
}

static void
names_are_not_told(void **state)
{
	struct rig *r = *state;

	assert_int_equal(reports(r, page(1, "example.com")), 0);
	assert_int_equal(reports(r, page(1, "192.168.1.1.example.com")), 0);
	assert_int_equal(reports(r, page(1, "[")), 0);
	assert_int_equal(reports(r, page(1, "")), 0);
	assert_int_equal(reports(r, page(1, NULL)), 0);
}

static void
a_request_in_vain_and_one_to_a_proxy_are_not_told(void **state)
{
	struct rig *r = *state;
	struct obs_http http = page(1, "203.0.113.1");

	http.status_code = 0;
	assert_int_equal(reports(r, http), 0);
	http.status_code = TRANSACTION_UNSET;
	assert_int_equal(reports(r, http), 0);
	http.status_code = 404;
	http.uri = "http://203.0.113.1/";
	assert_int_equal(reports(r, http), 0);
	http.uri = NULL;
	assert_int_equal(reports(r, http), 0);
	http.uri = "/";
	assert_int_equal(rig_request_as(r, ROLE_SERVER, &http), 0);
	assert_int_equal(reports(r, http), 1);
}

int
main(void)
{
	const struct CMUnitTest tests[] = {
#define TEST(name) cmocka_unit_test_setup_teardown(name, setup, teardown)
		TEST(an_address_in_the_place_of_a_name_is_information),
		TEST(names_are_not_told),
		TEST(a_request_in_vain_and_one_to_a_proxy_are_not_told),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
