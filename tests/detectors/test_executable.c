#include "tests/support/request_rig.h"

#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <string.h>

#include <cmocka.h>

extern const struct detector detector_executable;

static int
setup(void **state)
{
	static struct rig rig;

	rig_open(&rig, &detector_executable);
	*state = &rig;
	return 0;
}

static int
teardown(void **state)
{
	rig_done(*state);
	return 0;
}

/* Each answer is the program of one server: 203.0.113.`server`. */
static struct obs_http
program(uint8_t server)
{
	static const char *const types[] = { "application/x-dosexec" };

	return (struct obs_http){
		.client = addr_v4(10, 0, 0, 1),
		.server = addr_v4(203, 0, 113, server),
		.method = "GET",
		.host = "dl.example.com",
		.uri = "/setup.exe",
		.user_agent = "Mozilla/5.0",
		.status_code = 200,
		.response_body_len = 4096,
		.resp_mime_types = { types, 1 },
	};
}

static struct obs_http
hidden(uint8_t server)
{
	struct obs_http http = program(server);

	http.uri = "/wp-content/o0zEZ17669/";
	http.user_agent = NULL;
	return http;
}

static void
a_program_is_a_low_level_and_no_account_of_its_servers(void **state)
{
	struct rig *r = *state;
	const struct obs_http http = program(9);

	assert_int_equal(rig_request(r, &http), 2);
	const struct raised *client = &r->raised[0];
	assert_string_equal(client->kind->name, "EXECUTABLE_MIME_TYPE");
	assert_string_equal(client->kind->technique, "T1105");
	assert_int_equal(client->kind->signature_id, 5200200);
	assert_int_equal(client->kind->aspect, ASPECT_CONTENT);
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
	assert_string_equal(client->text,
		"fetched a program of 4096 bytes from 203.0.113.9: \"dl.example.com/setup.exe\"");
	const struct raised *server = &r->raised[1];
	assert_true(server->twin);
	assert_int_equal(server->role, EVIDENCE_VICTIM);
	assert_string_equal(server->object, "10.0.0.1");
	assert_string_equal(server->text,
		"gave a program of 4096 bytes to 10.0.0.1: \"dl.example.com/setup.exe\"");
}

static void
one_that_is_hidden_and_that_no_user_agent_asks_for_convicts(void **state)
{
	struct rig *r = *state;
	const struct obs_http http = hidden(9);

	assert_int_equal(rig_request(r, &http), 2);
	assert_int_equal(r->raised[0].threat, THREAT_HIGH);
	assert_true(r->raised[0].decisive);
	assert_string_equal(r->raised[0].text,
		"fetched a program of 4096 bytes from 203.0.113.9, hidden and without a user agent: "
		"\"dl.example.com/wp-content/o0zEZ17669/\"");
	assert_false(r->raised[1].decisive);
	assert_int_equal(r->raised[1].threat, THREAT_HIGH);
}

static void
a_setting_takes_the_verdict_away(void **state)
{
	struct rig *r = *state;
	const struct obs_http http = hidden(9);

	rig_set_bool(r, "convict", false);
	assert_int_equal(rig_request(r, &http), 2);
	assert_false(r->raised[0].decisive);
	assert_int_equal(r->raised[0].threat, THREAT_HIGH);
}

static void
either_oddity_alone_is_a_low_level(void **state)
{
	struct rig *r = *state;
	struct obs_http http = hidden(1);

	http.user_agent = "curl/8.0";
	assert_int_equal(rig_request(r, &http), 2);
	assert_int_equal(r->raised[0].threat, THREAT_LOW);
	http = program(2);
	http.user_agent = NULL;
	assert_int_equal(rig_request(r, &http), 2);
	assert_int_equal(r->raised[2].threat, THREAT_LOW);
	http = hidden(3);
	http.uri = NULL; /* a response whose request we did not see */
	assert_int_equal(rig_request(r, &http), 2);
	assert_int_equal(r->raised[4].threat, THREAT_LOW);
	http = hidden(4);
	http.user_agent = "";
	assert_int_equal(rig_request(r, &http), 2);
	assert_int_equal(r->raised[6].threat, THREAT_HIGH);
}

static void
every_server_is_told_once_and_a_hidden_program_of_it_still(void **state)
{
	struct rig *r = *state;
	struct obs_http http = program(1);

	assert_int_equal(rig_request(r, &http), 2);
	assert_int_equal(rig_request(r, &http), 0);
	http = hidden(1);
	assert_int_equal(rig_request(r, &http), 2);
	assert_int_equal(rig_request(r, &http), 0);
	http = program(2);
	assert_int_equal(rig_request(r, &http), 2);
}

static void
from_the_fourth_server_on_it_is_information(void **state)
{
	struct rig *r = *state;

	for (uint8_t i = 1; i <= 4; i++) {
		const struct obs_http http = program(i);
		assert_int_equal(rig_request(r, &http), 2);
	}
	assert_int_equal(r->raised[4].threat, THREAT_LOW);
	assert_int_equal(r->raised[6].threat, THREAT_INFO);
}

static void
the_content_tells_what_is_a_program(void **state)
{
	static const char *const programs[] = { "application/x-executable",
		"application/x-mach-o-executable", "application/x-msdownload" };
	static const char *const others[] = { "application/octet-stream", "application/x-gzip",
		"application/x-dosexecs", "application/x-dos", "text/plain", "" };
	struct rig *r = *state;
	struct obs_http http = hidden(0);

	for (size_t i = 0; i < sizeof(others) / sizeof(*others); i++) {
		http.resp_mime_types = ONE_TEXT(others[i]);
		http.response_content_type = "application/x-dosexec";
		assert_int_equal(rig_request(r, &http), 0);
	}
	http.resp_mime_types = (struct text_list){ 0 };
	assert_int_equal(rig_request(r, &http), 0);
	for (size_t i = 0; i < sizeof(programs) / sizeof(*programs); i++) {
		http = hidden((uint8_t)i);
		http.resp_mime_types = ONE_TEXT(programs[i]);
		assert_int_equal(rig_request(r, &http), 2);
	}
}

static void
what_is_too_small_is_none_and_what_is_not_known_is_not_small(void **state)
{
	struct rig *r = *state;
	struct obs_http http = hidden(9);

	http.response_body_len = 96;
	assert_int_equal(rig_request(r, &http), 0);
	http.response_body_len = 97;
	assert_int_equal(rig_request(r, &http), 2);
	http = hidden(8);
	http.response_body_len = TRANSACTION_UNSET;
	assert_int_equal(rig_request(r, &http), 2);
	assert_string_equal(r->raised[2].text,
		"fetched a program from 203.0.113.8, hidden and without a user agent: "
		"\"dl.example.com/wp-content/o0zEZ17669/\"");
}

static void
programs_of_neighbours_and_servers_own_are_not_told(void **state)
{
	struct rig *r = *state;
	struct obs_http http = hidden(9);

	assert_int_equal(rig_request_as(r, ROLE_SERVER, &http), 0);
	http.server = addr_v4(10, 0, 0, 9);
	assert_int_equal(rig_request(r, &http), 0);
}

static void
sixty_four_servers_of_hidden_programs_are_enough(void **state)
{
	struct rig *r = *state;

	for (uint8_t i = 1; i <= 64; i++) {
		const struct obs_http http = hidden(i);
		assert_int_equal(rig_request(r, &http), 2);
	}
	const struct obs_http more = hidden(65);
	assert_int_equal(rig_request(r, &more), 0);
}

static void
what_the_server_writes_breaks_no_sentence(void **state)
{
	struct rig *r = *state;
	struct obs_http http = hidden(9);
	char uri[400];

	memset(uri, '\x1b', sizeof(uri));
	uri[sizeof(uri) - 1] = '\0';
	http.host = "a\nb\"";
	http.uri = uri;
	assert_int_equal(rig_request(r, &http), 2);
	assert_null(strpbrk(r->raised[0].text, "\n\x1b"));
	assert_null(strpbrk(r->raised[1].text, "\n\x1b"));
}

int
main(void)
{
	const struct CMUnitTest tests[] = {
#define TEST(name) cmocka_unit_test_setup_teardown(name, setup, teardown)
		TEST(a_program_is_a_low_level_and_no_account_of_its_servers),
		TEST(one_that_is_hidden_and_that_no_user_agent_asks_for_convicts),
		TEST(a_setting_takes_the_verdict_away),
		TEST(either_oddity_alone_is_a_low_level),
		TEST(every_server_is_told_once_and_a_hidden_program_of_it_still),
		TEST(from_the_fourth_server_on_it_is_information),
		TEST(the_content_tells_what_is_a_program),
		TEST(what_is_too_small_is_none_and_what_is_not_known_is_not_small),
		TEST(programs_of_neighbours_and_servers_own_are_not_told),
		TEST(sixty_four_servers_of_hidden_programs_are_enough),
		TEST(what_the_server_writes_breaks_no_sentence),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
