#include "daemon/knowledge/oui.h"
#include "tests/support/request_rig.h"

#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <stdio.h>
#include <string.h>

#include <cmocka.h>

extern const struct detector detector_user_agent_conflict;

static int
setup(void **state)
{
	static struct rig rig;

	rig_open(&rig, &detector_user_agent_conflict);
	*state = &rig;
	return 0;
}

static int
teardown(void **state)
{
	rig_done(*state);
	return 0;
}

#define OLD    "Mozilla/4.0 (compatible; MSIE 8.0; Windows NT 6.1; Trident/4.0)"
#define NEW    "Mozilla/5.0 (Windows NT 6.1; WOW64; Trident/7.0; rv:11.0) like Gecko"
#define CHROME "Mozilla/5.0 AppleWebKit/537 Chrome/99.0 Safari/537"

/* returns how many findings `n` requests made */
static size_t
ask(struct rig *r, const char *agent, uint8_t server, unsigned n)
{
	const struct obs_http http = {
		.client = addr_v4(10, 0, 0, 1),
		.server = addr_v4(192, 168, 1, server),
		.user_agent = agent,
	};
	size_t findings = 0;

	for (unsigned i = 0; i < n; i++)
		findings += rig_request(r, &http);
	return findings;
}

static void
a_version_for_one_server_alone_is_told_once(void **state)
{
	struct rig *r = *state;

	for (uint8_t server = 1; server <= 3; server++)
		assert_int_equal(ask(r, OLD, server, 1), 0);
	assert_int_equal(ask(r, NEW, 161, 9), 0);
	assert_int_equal(ask(r, NEW, 161, 1), 1);
	const struct raised *e = rig_last(r);
	assert_string_equal(e->kind->name, "MULTIPLE_USER_AGENT");
	assert_string_equal(e->kind->technique, "T1071.001");
	assert_int_equal(e->kind->signature_id, 5200204);
	assert_int_equal(e->kind->aspect, ASPECT_CLIENT);
	assert_int_equal(e->threat, THREAT_LOW);
	assert_float_equal(e->confidence, 0.6, 1e-9);
	assert_int_equal(e->role, EVIDENCE_ATTACKER);
	assert_int_equal(e->observed, 10);
	assert_int_equal(e->threshold, 10);
	assert_int_equal(e->port, 80);
	assert_int_equal(e->ip_proto, IPPROTO_TCP);
	assert_int_equal(e->uid_count, 1);
	assert_string_equal(e->object, "192.168.1.161");
	assert_string_equal(e->text,
		"called itself Internet Explorer 11 in 10 requests to 192.168.1.161 and nowhere else, "
		"and Internet Explorer 8 at 3 other hosts");
	assert_int_equal(ask(r, NEW, 161, 100), 0);
}

static void
the_other_version_may_come_later(void **state)
{
	struct rig *r = *state;

	assert_int_equal(ask(r, NEW, 161, 20), 0);
	assert_int_equal(ask(r, OLD, 1, 50), 0);
	assert_int_equal(ask(r, OLD, 2, 1), 0);
	assert_int_equal(ask(r, OLD, 3, 1), 1);
	assert_int_equal(rig_last(r)->observed, 20);
}

static void
a_version_that_went_to_two_servers_is_a_browser(void **state)
{
	struct rig *r = *state;

	assert_int_equal(ask(r, NEW, 161, 1), 0);
	assert_int_equal(ask(r, NEW, 162, 20), 0);
	for (uint8_t server = 1; server <= 5; server++)
		assert_int_equal(ask(r, OLD, server, 1), 0);
}

static void
another_browser_is_no_other_version(void **state)
{
	struct rig *r = *state;

	for (uint8_t server = 1; server <= 5; server++)
		assert_int_equal(ask(r, CHROME, server, 1), 0);
	assert_int_equal(ask(r, NEW, 161, 50), 0);
	assert_int_equal(ask(r, "curl/8.0", 161, 50), 0);
	assert_int_equal(ask(r, "Mozilla/5.0", 161, 50), 0);
	assert_int_equal(ask(r, NULL, 161, 50), 0);
}

static void
servers_own_requests_are_not_counted(void **state)
{
	struct rig *r = *state;
	struct obs_http http = { .server = addr_v4(10, 0, 0, 1), .user_agent = NEW };

	for (uint8_t server = 1; server <= 3; server++)
		(void)ask(r, OLD, server, 1);
	for (unsigned i = 0; i < 50; i++)
		assert_int_equal(rig_request_as(r, ROLE_SERVER, &http), 0);
}

static void
eight_versions_are_known(void **state)
{
	struct rig *r = *state;
	char agent[] = "Mozilla/5.0 Firefox/1x.0";

	for (uint8_t i = 0; i < 7; i++) {
		agent[strlen(agent) - 3] = "0123456"[i];
		assert_int_equal(ask(r, agent, (uint8_t)('0' + i), 1), 0);
	}
	for (uint8_t server = 1; server <= 3; server++)
		assert_int_equal(ask(r, OLD, server, 1), 0);
	assert_int_equal(ask(r, NEW, 161, 50), 0); /* the ninth */
	rig_window_next(r);
	for (unsigned i = '0'; i < '6'; i++) {
		agent[strlen(agent) - 3] = (char)i;
		assert_int_equal(ask(r, agent, (uint8_t)i, 1), 0);
	}
	for (uint8_t server = 1; server <= 3; server++)
		assert_int_equal(ask(r, OLD, server, 1), 0);
	assert_int_equal(ask(r, NEW, 161, 50), 1);
}

static void
without_memory_nobody_is_accused(void **state)
{
	struct rig *r = *state;

	r->memory.cap_bytes = 64;
	for (uint8_t server = 1; server <= 3; server++)
		assert_int_equal(ask(r, OLD, server, 1), 0);
	assert_int_equal(ask(r, NEW, 161, 50), 0);
}

/* ---- systems ---- */

#define WINDOWS "Mozilla/5.0 (Windows NT 10.0)"
#define IPHONE  "Mozilla/5.0 (iPhone)"
#define ANDROID "Dalvik/2.1.0 (Linux; U; Android 9)"

/* The host's card is one of these makers', whose block is 00:11:DD. */
static struct oui *
made_by(struct rig *r, const char *vendor)
{
	static const struct mac card = { { 0, 0x11, 0xdd, 1, 2, 3 } };
	const struct obs_arp arp = { .operation = 1,
		.eth_src = card,
		.sender_mac = card,
		.sender = r->host,
		.target = r->host };
	char list[64];

	(void)snprintf(list, sizeof(list), "0011DD     (base 16)\t\t%s\n", vendor);
	struct oui *o = oui_new(cursor_over(list, strlen(list)));
	site_free(r->site);
	r->site =
		site_new(&(struct site_plan){ .names = 4, .macs = 4, .vendors = o }, &r->hash_key);
	r->call.site = r->site;
	rig_learn(r, &(struct observation){ .kind = OBS_ARP, .ts_ns = r->now_ns, .arp = &arp });
	return o;
}

static void
windows_on_hardware_of_apple_is_told(void **state)
{
	struct rig *r = *state;
	struct oui *o = made_by(r, "Apple, Inc.");

	assert_int_equal(ask(r, IPHONE, 1, 1), 0);
	assert_int_equal(ask(r, "curl/8.0", 1, 1), 0);
	assert_int_equal(ask(r, WINDOWS, 9, 1), 1);
	const struct raised *e = rig_last(r);
	const struct addr server = addr_v4(192, 168, 1, 9);
	assert_string_equal(e->kind->name, "INCOMPATIBLE_USER_AGENT");
	assert_string_equal(e->kind->technique, "T1036");
	assert_int_equal(e->kind->signature_id, 5200205);
	assert_int_equal(e->kind->aspect, ASPECT_CLIENT);
	assert_int_equal(e->threat, THREAT_MEDIUM);
	assert_float_equal(e->confidence, 0.8, 1e-9);
	assert_int_equal(e->role, EVIDENCE_ATTACKER);
	assert_true(e->has_about && addr_equal(&e->about, &server));
	assert_int_equal(e->port, 80);
	assert_int_equal(e->ip_proto, IPPROTO_TCP);
	assert_int_equal(e->observed, 1);
	assert_int_equal(e->threshold, 1);
	assert_int_equal(e->uid_count, 1);
	assert_string_equal(e->object, "192.168.1.9");
	assert_string_equal(e->text,
		"has a card of Apple, Inc. and said to run Windows to 192.168.1.9: "
		"\"Mozilla/5.0 (Windows NT 10.0)\"");
	assert_int_equal(ask(r, WINDOWS, 9, 5), 0);
	assert_int_equal(ask(r, ANDROID, 9, 5), 0);
	oui_free(o);
}

static void
each_maker_has_its_system(void **state)
{
	static const struct {
		const char *vendor, *fits, *other;
	} makers[] = {
		{ "Apple, Inc.", IPHONE, ANDROID },
		{ "Microsoft Corporation", WINDOWS, IPHONE },
		{ "Microsoft", WINDOWS, ANDROID },
		{ "Google, Inc.", ANDROID, WINDOWS },
	};
	struct rig *r = *state;

	for (unsigned i = 0; i < sizeof(makers) / sizeof(makers[0]); i++) {
		struct oui *o = made_by(r, makers[i].vendor);
		assert_int_equal(ask(r, makers[i].fits, (uint8_t)i, 1), 0);
		assert_int_equal(ask(r, makers[i].other, (uint8_t)i, 1), 1);
		oui_free(o);
	}
}

static void
what_is_not_known_accuses_nobody(void **state)
{
	static const char *const vendors[] = { "Intel Corporate", "Microsoft Mobile Oy",
		"Applegate, Inc.", "Dapple, Inc." };
	struct rig *r = *state;

	assert_int_equal(ask(r, WINDOWS, 1, 1), 0); /* nobody knows its card */
	for (size_t i = 0; i < sizeof(vendors) / sizeof(vendors[0]); i++) {
		struct oui *o = made_by(r, vendors[i]);
		assert_int_equal(ask(r, WINDOWS, 1, 1) + ask(r, IPHONE, 2, 1), 0);
		oui_free(o);
	}
	struct oui *o = made_by(r, "Apple, Inc.");
	assert_int_equal(ask(r, "Mozilla/5.0 (X11; Linux x86_64)", 1, 1), 0);
	assert_int_equal(ask(r, "Mozilla/5.0 (Windows NT 10.0; iPhone)", 1, 1), 0);
	assert_int_equal(ask(r, "", 1, 1), 0);
	assert_int_equal(ask(r, NULL, 1, 1), 0);
	oui_free(o);
}

static void
from_the_fourth_server_on_it_is_information(void **state)
{
	struct rig *r = *state;
	struct oui *o = made_by(r, "Apple, Inc.");

	for (uint8_t server = 1; server <= 4; server++)
		assert_int_equal(ask(r, WINDOWS, server, 1), 1);
	assert_int_equal(r->raised[2].threat, THREAT_MEDIUM);
	assert_int_equal(r->raised[3].threat, THREAT_INFO);
	oui_free(o);
}

static void
no_agent_breaks_the_sentence(void **state)
{
	struct rig *r = *state;
	struct oui *o = made_by(r, "Apple, Inc.");
	char agent[400] = "Android";

	memset(agent + strlen(agent), '\n', sizeof(agent) - strlen(agent));
	agent[sizeof(agent) - 1] = '\0';
	assert_int_equal(ask(r, agent, 1, 1), 1);
	assert_null(strpbrk(rig_last(r)->text, "\n"));
	assert_true(strlen(rig_last(r)->text) < EVIDENCE_TEXT_MAX - 1);
	oui_free(o);
}

int
main(void)
{
	const struct CMUnitTest tests[] = {
#define TEST(name) cmocka_unit_test_setup_teardown(name, setup, teardown)
		TEST(a_version_for_one_server_alone_is_told_once),
		TEST(the_other_version_may_come_later),
		TEST(a_version_that_went_to_two_servers_is_a_browser),
		TEST(another_browser_is_no_other_version),
		TEST(servers_own_requests_are_not_counted),
		TEST(eight_versions_are_known),
		TEST(without_memory_nobody_is_accused),
		TEST(windows_on_hardware_of_apple_is_told),
		TEST(each_maker_has_its_system),
		TEST(what_is_not_known_accuses_nobody),
		TEST(from_the_fourth_server_on_it_is_information),
		TEST(no_agent_breaks_the_sentence),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
