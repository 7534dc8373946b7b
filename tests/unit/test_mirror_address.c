#include "exporters/kalipso/mirror_address.h"

#include "daemon/transactions/tls.h"
#include "tests/support/mirror_rig.h"

#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>

#include <cmocka.h>

static int
setup(void **state)
{
	const struct mirror_plan plan = mirror_rig_plan();

	*state = mirror_rig_new(&plan);
	return 0;
}

static int
teardown(void **state)
{
	mirror_rig_free(*state);
	return 0;
}

static const struct mirror_address *
find(struct mirror_rig *r, uint32_t n)
{
	const struct addr a = rig_host(n);

	return mirror_address(r->mirror, &a);
}

static void
what_is_told_of_an_address_is_kept(void **state)
{
	struct mirror_rig *r = *state;

	rig_tell_address(r, 9);
	const struct mirror_address *a = find(r, 9);
	assert_string_equal(a->country, "NL");
	assert_int_equal(a->asn, 64500);
	assert_string_equal(a->org, "Example");
	assert_int_equal(a->name_count, 1);
	assert_string_equal(a->names[0].text, "a.example");
	assert_true(a->names[0].is_dns);
	assert_true(a->names[0].is_believed);
	assert_int_equal(a->names[0].seen_ns, 7);
	assert_int_equal(a->seen_ns, NS_PER_S);
	rig_tell_address(r, 9);
	assert_int_equal(a->name_count, 1);
	assert_null(find(r, 8));
}

static void
tell_device(struct mirror_rig *r, const char *vendor, uint64_t seen_ns)
{
	const struct record_device d = { .vendor = vendor,
		.addresses = { { .addr = rig_host(9), .seen_ns = seen_ns } },
		.address_count = 1 };

	mirror_take(r->mirror, &(struct record){ .kind = RECORD_DEVICE, .ts_ns = 5, .device = &d });
}

static void
an_address_has_the_card_that_sent_as_it_last(void **state)
{
	struct mirror_rig *r = *state;

	tell_device(r, "", 1);
	assert_null(find(r, 9)); /* nothing is known */
	tell_device(r, "Example", 7);
	assert_string_equal(find(r, 9)->vendor, "Example");
	assert_ptr_equal(mirror_next_address(r->mirror, 0), find(r, 9));
	tell_device(r, "Example", 8);
	assert_null(mirror_next_address(r->mirror, 0)); /* nothing new */
	tell_device(r, "Earlier", 7);
	assert_string_equal(find(r, 9)->vendor, "Example");
	tell_device(r, "", 9);
	assert_string_equal(find(r, 9)->vendor, "");
	assert_ptr_equal(mirror_next_address(r->mirror, 0), find(r, 9));
}

static void
what_is_not_known_or_longer_than_its_room_is_empty_or_cut(void **state)
{
	struct mirror_rig *r = *state;
	char name[300];
	const struct record_address a = { .addr = rig_host(1),
		.is_private = true,
		.org = name,
		.names = { { .text = name, .source = "mdns" } },
		.name_count = 1 };

	memset(name, 'n', sizeof(name) - 1);
	name[sizeof(name) - 1] = '\0';
	mirror_take(r->mirror, &(struct record){ .kind = RECORD_ADDRESS, .address = &a });
	assert_string_equal(find(r, 1)->country, "");
	assert_true(find(r, 1)->is_private);
	assert_int_equal(strlen(find(r, 1)->org), sizeof(find(r, 1)->org) - 1);
	assert_int_equal(strlen(find(r, 1)->names[0].text), MIRROR_NAME_MAX - 1);
	assert_false(find(r, 1)->names[0].is_dns);
}

static void
over_the_cap_the_address_that_was_told_longest_ago_goes(void **state)
{
	struct mirror_rig *r = *state;
	struct addr gone;

	for (uint32_t n = 1; n <= 4; n++)
		rig_tell_address(r, n);
	while (mirror_next_address(r->mirror, 0) != NULL)
		;
	assert_int_equal(mirror_stats(r->mirror).addresses_forgotten, 0);
	rig_tell_address(r, 1); /* so the second is the oldest */
	rig_tell_address(r, 5);
	assert_non_null(find(r, 1));
	assert_null(find(r, 2));
	assert_int_equal(mirror_stats(r->mirror).addresses, 4);
	assert_int_equal(mirror_stats(r->mirror).addresses_forgotten, 1);
	assert_int_equal(mirror_stats(r->mirror).untold[0], 0);
	assert_int_equal(mirror_stats(r->mirror).untold[1], 1);
	assert_true(mirror_next_gone_address(r->mirror, 0, &gone));
	const struct addr second = rig_host(2);
	assert_true(addr_equal(&gone, &second));
	assert_false(mirror_next_gone_address(r->mirror, 1, &gone)); /* it never had it */
}

static void
an_address_is_due_once_until_it_changes(void **state)
{
	struct mirror_rig *r = *state;
	const struct addr a = rig_host(1);
	const struct addr unknown = rig_host(2);

	rig_tell_address(r, 1);
	rig_tell_address(r, 1);
	assert_ptr_equal(mirror_next_address(r->mirror, 0), find(r, 1));
	assert_null(mirror_next_address(r->mirror, 0));
	mirror_address_again(r->mirror, 0, &a);
	mirror_address_again(r->mirror, 0, &unknown);
	assert_non_null(mirror_next_address(r->mirror, 0));
	assert_null(mirror_next_address(r->mirror, 0));
	mirror_addresses_due(r->mirror);
	assert_non_null(mirror_next_address(r->mirror, 0));
	assert_non_null(mirror_next_address(r->mirror, 1));
}

/* Not its own window, which may be told first, and none that has nothing to do with it. */
static void
the_first_window_of_a_client_of_an_address_asked_for_it(void **state)
{
	struct mirror_rig *r = *state;
	const struct addr host = rig_host(1);

	rig_tell_address(r, 9);
	rig_tell_window(r, 9, 3, false);
	rig_tell_window(r, 2, 3, false);
	assert_false(find(r, 9)->is_asked);
	(void)mirror_next_address(r->mirror, 0);
	rig_tuple(r, 9);
	rig_tell_window(r, 1, 3, false);
	assert_true(find(r, 9)->is_asked);
	assert_true(addr_equal(&find(r, 9)->asked_by, &host));
	assert_int_equal(find(r, 9)->asked_window, 3);
	assert_non_null(mirror_next_address(r->mirror, 0)); /* that is news */
	rig_tell_window(r, 2, 4, false);
	assert_int_equal(find(r, 9)->asked_window, 3);
}

/* A conversation of a host with the sample's server in which it was asked for by a name. */
static void
tell_said_by(struct mirror_rig *r, uint32_t host, enum obs_kind kind, const char *server_name,
	uint16_t port)
{
	struct obs_flow flow = sample_flow();
	const struct obs_tls tls = { .server_name = server_name };
	const struct observation said = { .kind = kind, .tls = &tls };
	const struct record_timeline t = {
		.host = rig_host(host), .window = rig_window(1), .flow = &flow, .said = &said
	};

	flow.resp_port = port;
	mirror_take(
		r->mirror, &(struct record){ .kind = RECORD_TIMELINE, .ts_ns = 5, .timeline = &t });
}

static void
tell_said(struct mirror_rig *r, enum obs_kind kind, const char *server_name, uint16_t port)
{
	tell_said_by(r, 1, kind, server_name, port);
}

static const struct mirror_address *
server(struct mirror_rig *r)
{
	const struct addr a = sample_flow().resp;

	return mirror_address(r->mirror, &a);
}

static void
a_server_has_the_names_by_which_it_was_asked_for(void **state)
{
	struct mirror_rig *r = *state;

	tell_said(r, OBS_TLS, "a.example", 443);
	tell_said(r, OBS_TLS, "b.example", 443);
	tell_said(r, OBS_TLS, "a.example", 8443);
	assert_int_equal(server(r)->server_name_count, 3);
	assert_string_equal(server(r)->server_names[0].text, "a.example");
	assert_int_equal(server(r)->server_names[0].port, 443);
	tell_said(r, OBS_TLS, "c.example", 443); /* the oldest makes room */
	assert_int_equal(server(r)->server_name_count, 3);
	assert_string_equal(server(r)->server_names[0].text, "b.example");
	assert_string_equal(server(r)->server_names[2].text, "c.example");
	tell_said(r, OBS_TLS, "b.example", 443); /* the newest is the last */
	assert_int_equal(server(r)->server_name_count, 3);
	assert_string_equal(server(r)->server_names[0].text, "a.example");
	assert_string_equal(server(r)->server_names[2].text, "b.example");
}

static void
a_name_that_is_the_newest_already_is_no_news(void **state)
{
	struct mirror_rig *r = *state;

	tell_said(r, OBS_TLS, "a.example", 443);
	assert_non_null(mirror_next_address(r->mirror, 0));
	tell_said(r, OBS_TLS, "a.example", 443);
	assert_null(mirror_next_address(r->mirror, 0));
}

static void
who_was_asked_for_by_no_name_is_not_known_by_it(void **state)
{
	struct mirror_rig *r = *state;

	tell_said(r, OBS_TLS, NULL, 443);
	tell_said(r, OBS_TLS, "", 443);
	rig_tell_timeline(r, 1, 1, 5);
	assert_null(server(r));
}

/* Memory is full, and the window that changed longest ago tells of a server. */
static void
a_server_does_not_take_the_room_of_the_window_that_tells_of_it(void **state)
{
	struct mirror_plan plan = mirror_rig_plan();
	uint32_t oldest = 1;
	uint32_t newest = 1;

	(void)state;
	plan.bytes = MIRROR_BYTES_MIN;
	plan.windows = plan.addresses = UINT32_MAX / 4;
	struct mirror_rig *r = mirror_rig_new(&plan);
	for (; mirror_stats(r->mirror).windows_forgotten == 0; newest++)
		for (int i = 0; i < 10; i++)
			rig_tell_evidence(r, newest, 1);
	while (mirror_stats(r->mirror).bytes + 500 < plan.bytes)
		rig_tell_evidence(r, newest, 1);
	struct addr host = rig_host(oldest);
	while (mirror_window_of(r->mirror, &host, NULL) == NULL)
		host = rig_host(++oldest);
	tell_said_by(r, oldest, OBS_TLS, "a.example", 443);
	const struct mirror_window *w = mirror_window_of(r->mirror, &host, NULL);
	assert_non_null(w);
	assert_int_equal(w->timeline.count, 1);
	assert_int_equal(w->evidence.count, 10);
	assert_non_null(server(r));
	mirror_rig_free(r);
}

int
main(void)
{
#define TEST(name) cmocka_unit_test_setup_teardown(name, setup, teardown)
	const struct CMUnitTest tests[] = {
		TEST(what_is_told_of_an_address_is_kept),
		TEST(an_address_has_the_card_that_sent_as_it_last),
		TEST(what_is_not_known_or_longer_than_its_room_is_empty_or_cut),
		TEST(over_the_cap_the_address_that_was_told_longest_ago_goes),
		TEST(an_address_is_due_once_until_it_changes),
		TEST(the_first_window_of_a_client_of_an_address_asked_for_it),
		TEST(a_server_has_the_names_by_which_it_was_asked_for),
		TEST(a_name_that_is_the_newest_already_is_no_news),
		TEST(who_was_asked_for_by_no_name_is_not_known_by_it),
		cmocka_unit_test(a_server_does_not_take_the_room_of_the_window_that_tells_of_it),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
