#include "tests/support/detector_rig.h"

#include <netinet/in.h>
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <string.h>

#include <cmocka.h>

extern const struct detector detector_http_method;

static int
setup(void **state)
{
	static struct rig rig;

	rig_open(&rig, &detector_http_method);
	*state = &rig;
	return 0;
}

static int
teardown(void **state)
{
	rig_done(*state);
	return 0;
}

static size_t
see(struct rig *r, enum weird kind, enum obs_role role, unsigned server, bool has_uid)
{
	struct obs_weird w = { .kind = kind,
		.src = r->host,
		.dst = addr_v4(10, 0, 0, (uint8_t)server),
		.dst_port = 80,
		.ip_proto = IPPROTO_TCP };
	size_t before = r->raised_count;

	if (has_uid)
		w.uid = rig_uid(1);
	rig_observe(r, &(struct observation){
			       .kind = OBS_WEIRD, .role = role, .ts_ns = r->now_ns, .weird = &w });
	return r->raised_count - before;
}

static void
an_unknown_method_is_told_once_a_server(void **state)
{
	struct rig *r = *state;

	assert_int_equal(see(r, WEIRD_HTTP_METHOD, ROLE_CLIENT, 7, true), 1);
	const struct raised *e = rig_last(r);
	assert_string_equal(e->kind->name, "WEIRD_HTTP_METHOD");
	assert_string_equal(e->kind->technique, "T1595.002");
	assert_int_equal(e->kind->signature_id, 5200255);
	assert_int_equal(e->kind->aspect, ASPECT_PROTOCOL);
	assert_int_equal(e->threat, THREAT_LOW);
	assert_float_equal(e->confidence, 0.9, 1e-9);
	assert_int_equal(e->role, EVIDENCE_ATTACKER);
	assert_true(e->has_about);
	assert_int_equal(e->port, 80);
	assert_int_equal(e->ip_proto, IPPROTO_TCP);
	assert_int_equal(e->observed, 1);
	assert_int_equal(e->threshold, 1);
	assert_string_equal(e->object, "10.0.0.7");
	assert_int_equal(e->uid_count, 1);
	assert_string_equal(e->text,
		"asked 10.0.0.7 port 80 by a method that HTTP does not have, the server "
		"no. 1 of this window");
	assert_int_equal(see(r, WEIRD_HTTP_METHOD, ROLE_CLIENT, 7, true), 0);
	assert_int_equal(see(r, WEIRD_HTTP_METHOD, ROLE_CLIENT, 8, false), 1);
	assert_int_equal(rig_last(r)->uid_count, 0);
	assert_int_equal(rig_last(r)->observed, 2);
}

static void
other_oddities_and_servers_are_none(void **state)
{
	struct rig *r = *state;

	assert_int_equal(see(r, WEIRD_HTTP_REQUEST, ROLE_CLIENT, 7, true), 0);
	assert_int_equal(see(r, WEIRD_HTTP_METHOD, ROLE_SERVER, 7, true), 0);
}

int
main(void)
{
#define TEST(name) cmocka_unit_test_setup_teardown(name, setup, teardown)
	const struct CMUnitTest tests[] = {
		TEST(an_unknown_method_is_told_once_a_server),
		TEST(other_oddities_and_servers_are_none),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
