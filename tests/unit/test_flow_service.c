#include "daemon/flow/flow_service.h"

#include "daemon/flow/flow_state.h"
#include "daemon/proto/proto.h"

#include "tests/support/flow_rig.h"

#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <stdio.h>
#include <string.h>

#include <cmocka.h>

enum { CAPACITY = 4 };

static size_t
index_of(const char *name)
{
	for (size_t i = 0; i < protocol_count; i++)
		if (strcmp(protocols[i]->name, name) == 0)
			return i;
	fail_msg("no protocol %s", name);
	return 0;
}

static struct flow *
flow_of(struct rig *r)
{
	rig_play(r, ">S <SA >A");
	return r->flow;
}

static void
names_stand_in_the_order_in_which_they_were_found(void **state)
{
	struct rig *r = rig_new(FLOW_TIMEOUTS_NAIAD, CAPACITY);
	struct flow *f = flow_of(r);

	(void)state;
	assert_string_equal(flow_service_text(r->t, f), "");
	flow_add_protocol(r->t, f, index_of("smtp"));
	assert_string_equal(flow_service_text(r->t, f), "smtp");
	flow_add_protocol(r->t, f, index_of("ssl"));
	assert_string_equal(flow_service_text(r->t, f), "smtp,ssl");
	flow_add_service(r->t, f, "ntlm");
	assert_string_equal(flow_service_text(r->t, f), "smtp,ssl,ntlm");
	rig_free(r);
}

static void
a_name_stands_once(void **state)
{
	struct rig *r = rig_new(FLOW_TIMEOUTS_NAIAD, CAPACITY);
	struct flow *f = flow_of(r);

	(void)state;
	flow_add_protocol(r->t, f, index_of("http"));
	flow_add_protocol(r->t, f, index_of("http"));
	assert_string_equal(flow_service_text(r->t, f), "http");
	flow_add_service(r->t, f, "ntlm");
	flow_add_service(r->t, f, "krb");
	flow_add_service(r->t, f, "ntlm");
	flow_add_service(r->t, f, "http");
	assert_string_equal(flow_service_text(r->t, f), "http,ntlm,krb");
	flow_add_service(r->t, f, "");
	assert_string_equal(flow_service_text(r->t, f), "http,ntlm,krb");
	assert_int_equal(r->t->services.count, 2);
	rig_free(r);
}

static void
what_was_a_mistake_goes_alone(void **state)
{
	struct rig *r = rig_new(FLOW_TIMEOUTS_NAIAD, CAPACITY);
	struct flow *f = flow_of(r);

	(void)state;
	flow_add_protocol(r->t, f, index_of("socks"));
	flow_add_protocol(r->t, f, index_of("ssh"));
	flow_drop_protocol(r->t, f, index_of("http"));
	assert_string_equal(flow_service_text(r->t, f), "socks,ssh");
	flow_drop_protocol(r->t, f, index_of("ssh"));
	assert_string_equal(flow_service_text(r->t, f), "socks");
	flow_drop_protocol(r->t, f, index_of("ssh"));
	assert_string_equal(flow_service_text(r->t, f), "socks");
	flow_drop_protocol(r->t, f, index_of("socks"));
	assert_string_equal(flow_service_text(r->t, f), "");
	flow_drop_protocol(r->t, f, index_of("socks"));
	assert_string_equal(flow_service_text(r->t, f), "");
	rig_free(r);
}

static void
a_tunnel_is_a_tunnel(void **state)
{
	struct rig *r = rig_new(FLOW_TIMEOUTS_NAIAD, CAPACITY);
	struct packet p = rig_udp(r, 1, 2, 10);
	struct flow *f = rig_packet(r, &p);

	(void)state;
	flow_set_tunnel(f, TUNNEL_VXLAN);
	flow_add_service(r->t, f, "ntlm");
	flow_add_protocol(r->t, f, 0);
	flow_drop_protocol(r->t, f, 0);
	assert_string_equal(flow_service_text(r->t, f), "vxlan");
	rig_free(r);
}

static void
at_the_cap_a_flow_keeps_its_names(void **state)
{
	static char names[SERVICE_SEQUENCES + 1][8];
	struct rig *r = rig_new(FLOW_TIMEOUTS_NAIAD, CAPACITY);
	struct flow *f = flow_of(r);
	char expected[32];

	(void)state;
	for (unsigned i = 0; i <= SERVICE_SEQUENCES; i++) {
		(void)snprintf(names[i], sizeof(names[i]), "s%u", i);
		f->service = SERVICE_UNKNOWN;
		flow_add_protocol(r->t, f, index_of("http"));
		flow_add_service(r->t, f, names[i]);
		(void)snprintf(expected, sizeof(expected), "http,s%u", i);
		assert_string_equal(
			flow_service_text(r->t, f), i < SERVICE_SEQUENCES ? expected : "http");
	}
	assert_int_equal(flow_tunnel(f), TUNNEL_NONE);
	/* Those that are there can still be said. */
	flow_add_service(r->t, f, names[SERVICE_SEQUENCES - 1]);
	assert_string_equal(flow_service_text(r->t, f), "http,s63");
	assert_int_equal(flow_tunnel(f), TUNNEL_NONE);
	rig_free(r);
}

static void
a_text_that_is_full_takes_no_more(void **state)
{
	static const char fits[] =
		"0123456789012345678901234567890123456789012345678901234567"; /* 58 */
	struct rig *r = rig_new(FLOW_TIMEOUTS_NAIAD, CAPACITY);
	struct flow *f = flow_of(r);

	(void)state;
	assert_int_equal(sizeof("http,") + strlen(fits), SERVICE_TEXT_MAX);
	flow_add_protocol(r->t, f, index_of("http"));
	flow_add_service(r->t, f, fits);
	assert_int_equal(strlen(flow_service_text(r->t, f)), SERVICE_TEXT_MAX - 1);
	flow_add_service(r->t, f, "x");
	assert_int_equal(strlen(flow_service_text(r->t, f)), SERVICE_TEXT_MAX - 1);
	assert_int_equal(r->t->services.count, 1);
	rig_free(r);
}

int
main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(names_stand_in_the_order_in_which_they_were_found),
		cmocka_unit_test(a_name_stands_once),
		cmocka_unit_test(what_was_a_mistake_goes_alone),
		cmocka_unit_test(a_tunnel_is_a_tunnel),
		cmocka_unit_test(at_the_cap_a_flow_keeps_its_names),
		cmocka_unit_test(a_text_that_is_full_takes_no_more),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
