#include "tests/support/detector_rig.h"

#include "daemon/transactions/http.h"

#include <netinet/in.h>
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <stdio.h>
#include <string.h>

#include <cmocka.h>

extern const struct detector detector_path_rotation;

enum { MAX_PATHS = 16, MAX_DOMAINS = 32 };

static int
setup(void **state)
{
	static struct rig rig;

	rig_open(&rig, &detector_path_rotation);
	*state = &rig;
	return 0;
}

static int
teardown(void **state)
{
	rig_done(*state);
	return 0;
}

/* One request as it is. returns how many findings it made */
static size_t
request(struct rig *r, enum obs_role role, const struct obs_http *http)
{
	const struct obs_talk talk = {
		.uid = rig_uid(1), .resp_port = 8080, .ip_proto = IPPROTO_TCP
	};
	size_t before = r->raised_count;

	r->now_ns++;
	rig_observe(r, &(struct observation){ .kind = OBS_HTTP,
			       .role = role,
			       .ts_ns = r->now_ns,
			       .talk = &talk,
			       .http = http });
	return r->raised_count - before;
}

static size_t
ask(struct rig *r, const char *host, const char *uri)
{
	return request(r, ROLE_CLIENT,
		&(struct obs_http){ .server = addr_v4(9, 9, 9, 9), .host = host, .uri = uri });
}

/* www.domain<i>.com is asked for `uri`, for each i of [first, end). returns how many findings that made */
static size_t
rotate(struct rig *r, unsigned first, unsigned end, const char *uri)
{
	size_t before = r->raised_count;
	char host[40];

	for (unsigned i = first; i < end; i++) {
		(void)snprintf(host, sizeof(host), "www.domain%u.com", i);
		(void)ask(r, host, uri);
	}
	return r->raised_count - before;
}

static void
five_domains_are_told_and_eight_convict(void **state)
{
	struct rig *r = *state;

	assert_int_equal(rotate(r, 0, 4, "/c9c/?a=1"), 0);
	assert_int_equal(rotate(r, 4, 5, "/c9c/"), 1);
	const struct raised *e = rig_last(r);
	assert_string_equal(e->kind->name, "DOMAIN_ROTATION");
	assert_int_equal(e->threat, THREAT_MEDIUM);
	assert_float_equal(e->confidence, 0.7, 1e-9);
	assert_int_equal(e->role, EVIDENCE_ATTACKER);
	assert_false(e->decisive);
	assert_int_equal(e->observed, 5);
	assert_int_equal(e->threshold, 5);
	assert_string_equal(e->object, "/c9c/");
	assert_true(e->has_about);
	assert_int_equal(e->port, 8080);
	assert_int_equal(e->ip_proto, IPPROTO_TCP);
	assert_int_equal(e->uid_count, 1);
	assert_string_equal(e->uids[0].text, rig_uid(1).text);
	assert_string_equal(e->text, "asked 5 domains for the same page /c9c/, the last one "
				     "www.domain4.com at 9.9.9.9");
	assert_int_equal(rotate(r, 0, 7, "/c9c/#x"), 0);
	assert_int_equal(rotate(r, 7, 8, "/c9c/"), 1);
	e = rig_last(r);
	assert_int_equal(e->threat, THREAT_HIGH);
	assert_float_equal(e->confidence, 0.9, 1e-9);
	assert_true(e->decisive);
	assert_int_equal(e->observed, 8);
	assert_int_equal(e->threshold, 8);
	assert_int_equal(rotate(r, 8, 60, "/c9c/"), 0);
}

static void
the_settings_say_how_many(void **state)
{
	struct rig *r = *state;

	rig_set_u32(r, "min_domains", 2);
	rig_set_u32(r, "convict_domains", 0);
	assert_int_equal(rotate(r, 0, 1, "/a"), 0);
	assert_int_equal(rotate(r, 1, 40, "/a"), 1);
	assert_false(rig_last(r)->decisive);
	rig_set_u32(r, "convict_domains", MAX_DOMAINS);
	assert_int_equal(rotate(r, 0, MAX_DOMAINS - 1, "/b"), 1);
	assert_int_equal(rotate(r, MAX_DOMAINS - 1, MAX_DOMAINS, "/b"), 1);
	assert_true(rig_last(r)->decisive);
	assert_false(rig_setting_takes(r, "min_domains", 1));
	assert_false(rig_setting_takes(r, "min_domains", MAX_DOMAINS + 1));
	assert_false(rig_setting_takes(r, "convict_domains", MAX_DOMAINS + 1));
}

static void
hosts_of_one_domain_are_one(void **state)
{
	static const char *const hosts[] = { "a.example.co.uk", "b.example.co.uk", "EXAMPLE.co.uk",
		"example.co.uk:8080", "example.co.uk." };
	struct rig *r = *state;

	rig_set_u32(r, "min_domains", 2);
	for (size_t i = 0; i < sizeof(hosts) / sizeof(hosts[0]); i++)
		assert_int_equal(ask(r, hosts[i], "/a"), 0);
	assert_int_equal(ask(r, "other.co.uk", "/a"), 1);
	/* None of them again, the third neither. */
	assert_int_equal(ask(r, "third.co.uk", "/a"), 0);
	rig_set_u32(r, "convict_domains", 4);
	assert_int_equal(ask(r, "third.co.uk", "/a"), 0);
	assert_int_equal(ask(r, "other.co.uk", "/a"), 0);
	assert_int_equal(ask(r, "example.co.uk", "/a"), 0);
	assert_int_equal(ask(r, "fourth.co.uk", "/a"), 1);
}

static void
addresses_and_what_nobody_registers_are_no_domains(void **state)
{
	static const char *const hosts[] = { "9.9.9.9", "[2620:fe::9]:80", "co.uk", "printer", "",
		"8.8.8.8:80" };
	struct rig *r = *state;

	rig_set_u32(r, "min_domains", 2);
	for (size_t i = 0; i < sizeof(hosts) / sizeof(hosts[0]); i++)
		assert_int_equal(ask(r, hosts[i], "/a"), 0);
	assert_int_equal(ask(r, "a.com", "/a"), 0);
	assert_int_equal(ask(r, "b.com", "/a"), 1);
}

static void
what_many_sites_have_by_custom_is_left_out(void **state)
{
	static const char *const uris[] = { "/", "/?a", "", "*", "http://a.com/x", "/wpad.dat",
		"/favicon.ico", "/Robots.txt", "/ocsp", "/index.html?a", "/ads.txt", "/feed/",
		"/a/jquery.js", "/a.JS", "/x.css?v=1", "/.well-known/acme-challenge/a", "/b.woff2",
		"/generate_204", "/rss.xml" };
	static const char *const others[] = { "/ocs", "/ocspp", "/js", "/.js", "/wpad.data",
		"/well-known/", "/login.php", "/a.jsp" };
	struct rig *r = *state;

	for (size_t i = 0; i < sizeof(uris) / sizeof(uris[0]); i++)
		assert_int_equal(rotate(r, 0, 10, uris[i]), 0);
	for (size_t i = 0; i < sizeof(others) / sizeof(others[0]); i++)
		assert_int_equal(
			rotate(r, 0, 10, others[i]), strcmp(others[i], "/.js") == 0 ? 0 : 2);
}

static void
what_a_page_of_another_site_made_a_browser_fetch_is_left_out(void **state)
{
	static const struct {
		const char *referrer;
		size_t findings;
	} rows[] = { { "http://news.example/", 0 }, { "https://news.example/x", 0 },
		{ "http://a2.com.evil/", 0 }, { "http://a2.co/", 0 }, { "/x", 0 },
		{ "https://a2.com/x", 1 }, { "http://www.google.com", 1 },
		{ "https://www.google.com", 1 }, { "HTTP://A2.com/page", 1 }, { "", 1 },
		{ NULL, 1 } };
	struct rig *r = *state;

	rig_set_u32(r, "min_domains", 2);
	for (size_t i = 0; i < sizeof(rows) / sizeof(rows[0]); i++) {
		struct obs_http http = { .server = addr_v4(9, 9, 9, 9),
			.host = "a2.com",
			.uri = "/p",
			.referrer = rows[i].referrer };
		rig_window_next(r);
		(void)ask(r, "a1.com", "/p");
		assert_int_equal(request(r, ROLE_CLIENT, &http), rows[i].findings);
	}
}

static void
only_clients_of_the_internet_ask(void **state)
{
	struct obs_http http = { .server = addr_v4(9, 9, 9, 9), .host = "b.com", .uri = "/a" };
	struct rig *r = *state;

	rig_set_u32(r, "min_domains", 2);
	(void)ask(r, "a.com", "/a");
	assert_int_equal(request(r, ROLE_SERVER, &http), 0);
	http.server = addr_v4(192, 168, 1, 1);
	assert_int_equal(request(r, ROLE_CLIENT, &http), 0);
	http.server = addr_v4(9, 9, 9, 9);
	http.host = NULL;
	assert_int_equal(request(r, ROLE_CLIENT, &http), 0);
	http.host = "b.com";
	http.uri = NULL;
	assert_int_equal(request(r, ROLE_CLIENT, &http), 0);
	assert_int_equal(ask(r, "b.com", "/a"), 1);
}

static void
each_path_and_each_window_counts_for_itself(void **state)
{
	struct rig *r = *state;

	assert_int_equal(rotate(r, 0, 4, "/a"), 0);
	assert_int_equal(rotate(r, 4, 8, "/A"), 0);
	rig_window_next(r);
	assert_int_equal(rotate(r, 4, 8, "/a"), 0);
	assert_int_equal(rotate(r, 8, 9, "/a"), 1);
}

/* Both differ only behind the bytes that one turn of the hash takes. */
static void
long_paths_differ_at_their_end_and_at_their_begin(void **state)
{
	char one[200];
	char two[200];
	char three[200];
	struct rig *r = *state;

	memset(one, 'a', sizeof(one) - 1);
	one[0] = '/';
	one[sizeof(one) - 1] = '\0';
	memcpy(two, one, sizeof(two));
	two[sizeof(two) - 2] = 'b';
	memcpy(three, one, sizeof(three));
	three[1] = 'b';
	assert_int_equal(rotate(r, 0, 4, one), 0);
	assert_int_equal(rotate(r, 4, 8, two), 0);
	assert_int_equal(rotate(r, 4, 8, three), 0);
	assert_int_equal(rotate(r, 4, 5, one), 1);
	assert_int_equal(strlen(rig_last(r)->object), EVIDENCE_OBJECT_MAX);
}

/* Paths of one domain come and go; what has two stays, however long nobody asks. */
static void
noise_does_not_push_out_a_path_of_several_domains(void **state)
{
	char uri[40];
	struct rig *r = *state;

	assert_int_equal(rotate(r, 0, 4, "/c9c/"), 0);
	size_t used = 0;
	for (unsigned i = 0; i < 1000; i++) {
		(void)snprintf(uri, sizeof(uri), "/noise%u", i);
		assert_int_equal(ask(r, "noise.com", uri), 0);
		if (i == 1) /* more than a few paths: from now on there are all places */
			used = r->memory.used_bytes;
	}
	assert_int_equal(r->memory.used_bytes, used);
	assert_int_equal(rotate(r, 4, 5, "/c9c/"), 1);
}

static void
of_paths_of_one_domain_the_one_asked_longest_ago_goes(void **state)
{
	char uri[40];
	struct rig *r = *state;

	rig_set_u32(r, "min_domains", 2);
	for (unsigned i = 0; i < MAX_PATHS; i++) {
		(void)snprintf(uri, sizeof(uri), "/p%u", i);
		(void)ask(r, "a.com", uri);
	}
	(void)ask(r, "a.com", "/p0");
	(void)ask(r, "a.com", "/q"); /* in the place of /p1 */
	assert_int_equal(ask(r, "b.com", "/p0"), 1);
	assert_int_equal(ask(r, "b.com", "/p1"), 0); /* in that of /p2 */
	assert_int_equal(ask(r, "b.com", "/p3"), 1);
	assert_int_equal(ask(r, "b.com", "/p2"), 0);
}

/* Who comes to the place of another begins with nothing. */
static void
a_place_is_taken_over_empty(void **state)
{
	char uri[40];
	struct rig *r = *state;

	rig_set_u32(r, "min_domains", 3);
	for (unsigned i = 0; i < MAX_PATHS; i++) {
		(void)snprintf(uri, sizeof(uri), "/p%u", i);
		assert_int_equal(rotate(r, 0, 2, uri), 0);
	}
	size_t used = r->memory.used_bytes;
	assert_int_equal(rotate(r, 0, 2, "/new"), 0);
	assert_int_equal(r->memory.used_bytes, used);
	assert_int_equal(rotate(r, 2, 3, "/new"), 1);
	assert_int_equal(rig_last(r)->observed, 3);
}

static void
without_memory_it_is_quiet_and_counted(void **state)
{
	struct rig *r = *state;

	(void)ask(r, "a.com", "/a");
	r->memory.cap_bytes = r->memory.used_bytes;
	assert_int_equal(rotate(r, 0, 40, "/a"), 0);
	rig_window_next(r);
	assert_int_equal(r->call.window_state, NULL);
	(void)ask(r, "9.9.9.9", "/a");
	r->memory.cap_bytes = r->memory.used_bytes;
	assert_int_equal(rotate(r, 0, 40, "/a"), 0);
	assert_true(r->memory.refused > 0);
}

static void
hostile_text_is_cut_and_made_safe(void **state)
{
	char uri[300];
	char host[200];
	struct rig *r = *state;

	memset(uri, '\x1b', sizeof(uri) - 1);
	uri[0] = '/';
	uri[sizeof(uri) - 1] = '\0';
	for (unsigned i = 0; i < 5; i++) {
		memset(host, '\xff', sizeof(host));
		(void)snprintf(host + 150, sizeof(host) - 150, ".d%u.com", i);
		(void)ask(r, host, uri); /* the rig refuses what is too long */
	}
	assert_int_equal(r->raised_count, 1);
	assert_null(strchr(rig_last(r)->text, '\x1b'));
	assert_null(strchr(rig_last(r)->text, '\xff'));
	assert_null(strchr(rig_last(r)->object, '\x1b'));
}

int
main(void)
{
#define TEST(name) cmocka_unit_test_setup_teardown(name, setup, teardown)
	const struct CMUnitTest tests[] = {
		TEST(five_domains_are_told_and_eight_convict),
		TEST(the_settings_say_how_many),
		TEST(hosts_of_one_domain_are_one),
		TEST(addresses_and_what_nobody_registers_are_no_domains),
		TEST(what_many_sites_have_by_custom_is_left_out),
		TEST(what_a_page_of_another_site_made_a_browser_fetch_is_left_out),
		TEST(only_clients_of_the_internet_ask),
		TEST(each_path_and_each_window_counts_for_itself),
		TEST(long_paths_differ_at_their_end_and_at_their_begin),
		TEST(noise_does_not_push_out_a_path_of_several_domains),
		TEST(of_paths_of_one_domain_the_one_asked_longest_ago_goes),
		TEST(a_place_is_taken_over_empty),
		TEST(without_memory_it_is_quiet_and_counted),
		TEST(hostile_text_is_cut_and_made_safe),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
