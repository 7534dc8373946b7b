#include "tests/support/request_rig.h"

#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>

#include <cmocka.h>

extern const struct detector detector_location_leak;

static int
setup(void **state)
{
	static struct rig rig;

	rig_open(&rig, &detector_location_leak);
	*state = &rig;
	return 0;
}

static int
teardown(void **state)
{
	rig_done(*state);
	return 0;
}

/* A request that tells 203.0.113.`server` a location. */
static struct obs_http
telling(uint8_t server)
{
	return (struct obs_http){
		.client = addr_v4(10, 0, 0, 1),
		.server = addr_v4(203, 0, 113, server),
		.method = "GET",
		.host = "maps.example.com",
		.uri = "/w?lat=49.28&lon=7.12",
		.location = "uri",
	};
}

static void
a_location_in_the_clear_is_a_low_level_and_information_for_the_server(void **state)
{
	struct rig *r = *state;
	const struct obs_http http = telling(9);

	assert_int_equal(rig_request(r, &http), 2);
	const struct raised *client = &r->raised[0];
	assert_string_equal(client->kind->name, "NETWORK_GPS_LOCATION_LEAKED");
	assert_string_equal(client->kind->technique, "T1048.003");
	assert_int_equal(client->kind->signature_id, 5200257);
	assert_int_equal(client->kind->aspect, ASPECT_NONE);
	assert_int_equal(client->threat, THREAT_LOW);
	assert_float_equal(client->confidence, 0.9, 1e-9);
	assert_int_equal(client->role, EVIDENCE_ATTACKER);
	assert_false(client->decisive);
	assert_true(client->has_about && addr_equal(&client->about, &http.server));
	assert_int_equal(client->port, 80);
	assert_int_equal(client->ip_proto, IPPROTO_TCP);
	assert_int_equal(client->observed, 1);
	assert_int_equal(client->threshold, 1);
	assert_int_equal(client->uid_count, 1);
	assert_string_equal(client->object, "203.0.113.9");
	assert_string_equal(client->text, "sent a location in the clear, in the URI of a request "
					  "to 203.0.113.9, \"maps.example.com\"");
	const struct raised *server = &r->raised[1];
	assert_true(server->twin);
	assert_int_equal(server->role, EVIDENCE_VICTIM);
	assert_int_equal(server->threat, THREAT_INFO);
	assert_string_equal(server->object, "10.0.0.1");
	assert_string_equal(server->text,
		"was sent a location in the clear by 10.0.0.1, in the URI of a request");
}

static void
requests_without_one_and_the_servers_view_are_nothing(void **state)
{
	struct rig *r = *state;
	struct obs_http http = telling(9);

	assert_int_equal(rig_request_as(r, ROLE_SERVER, &http), 0);
	http.location = NULL;
	assert_int_equal(rig_request(r, &http), 0);
}

static void
each_server_is_told_once_a_window_and_from_the_fourth_on_as_information(void **state)
{
	struct rig *r = *state;

	for (uint8_t i = 1; i <= 4; i++) {
		const struct obs_http http = telling(i);
		assert_int_equal(rig_request(r, &http), 2);
		assert_int_equal(rig_request(r, &http), 0);
	}
	assert_int_equal(r->raised[4].threat, THREAT_LOW);
	assert_int_equal(r->raised[6].threat, THREAT_INFO);
	rig_window_next(r);
	const struct obs_http http = telling(1);
	assert_int_equal(rig_request(r, &http), 2);
	assert_int_equal(r->raised[8].threat, THREAT_LOW);
}

static void
a_request_without_a_host_is_told_as_well(void **state)
{
	struct rig *r = *state;
	struct obs_http http = telling(9);

	http.host = NULL;
	http.location = "body";
	assert_int_equal(rig_request(r, &http), 2);
	assert_string_equal(r->raised[0].text,
		"sent a location in the clear, in the body of a request to 203.0.113.9");
}

static void
no_name_breaks_the_sentence(void **state)
{
	struct rig *r = *state;
	struct obs_http http = telling(9);
	char host[256];

	memset(host, '\x1b', sizeof(host));
	host[sizeof(host) - 1] = '\0';
	http.host = host;
	http.location = "\x1b";
	assert_true(addr_parse("2001:db8:ffff:ffff:ffff:ffff:ffff:ffff", &http.server));
	assert_int_equal(rig_request(r, &http), 2);
	assert_null(strpbrk(r->raised[0].text, "\n\x1b"));
	const char *text = r->raised[0].text;
	assert_int_equal(text[strlen(text) - 1], '"');
}

int
main(void)
{
	const struct CMUnitTest tests[] = {
#define TEST(name) cmocka_unit_test_setup_teardown(name, setup, teardown)
		TEST(a_location_in_the_clear_is_a_low_level_and_information_for_the_server),
		TEST(requests_without_one_and_the_servers_view_are_nothing),
		TEST(each_server_is_told_once_a_window_and_from_the_fourth_on_as_information),
		TEST(a_request_without_a_host_is_told_as_well),
		TEST(no_name_breaks_the_sentence),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
