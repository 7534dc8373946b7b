/* test_engine_talk.c -- a protocol at another one's port is odd; and who hears what was said. */
#include "daemon/engine/engine_talk.h"

#include "daemon/engine/engine_state.h"
#include "daemon/flow/flow_service.h"
#include "daemon/flow/flow_state.h"
#include "detectors/detector.h"
#include "tests/support/engine_rig.h"

#include <netinet/in.h>
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <stdlib.h>
#include <string.h>

#include <cmocka.h>

static unsigned told;

static void
weird(void *context, enum weird kind)
{
	(void)context;
	assert_int_equal(kind, WEIRD_FOREIGN_PROTOCOL);
	told++;
}

static size_t
protocol_named(const char *name)
{
	size_t i = 0;

	while (strcmp(protocols[i]->name, name) != 0)
		i++;
	return i;
}

/* How often it is odd that a flow to `port` is recognised as this. */
static unsigned
oddities(struct flow *f, const char *name, bool from_orig, uint16_t port)
{
	const struct proto_call call = { .src_port = from_orig ? 50000 : port,
		.dst_port = from_orig ? port : 50000,
		.from_orig = from_orig,
		.weird = weird };

	static struct flow_table flows;

	told = 0;
	engine_talk_recognised(&flows, f, &call, protocol_named(name));
	assert_true(flow_has_service(f));
	return told;
}

/* A flow of nothing, of which only the service is looked at. */
static struct flow *
new_flow(void)
{
	static _Alignas(max_align_t) uint8_t room[4096];

	memset(room, 0, sizeof(room));
	return (struct flow *)(void *)room;
}

static void
a_protocol_at_anothers_port_is_odd(void **state)
{
	(void)state;
	assert_int_equal(oddities(new_flow(), "ssh", true, 443), 1);
	assert_int_equal(oddities(new_flow(), "ssh", false, 443), 1); /* the server speaks first */
	assert_int_equal(oddities(new_flow(), "ssh", true, 22), 0);
	assert_int_equal(oddities(new_flow(), "ssh", false, 22), 0);
	assert_int_equal(oddities(new_flow(), "ssh", true, 2222), 0);
}

static void
who_was_given_the_stream_is_not_odd(void **state)
{
	struct flow *f = new_flow();

	(void)state;
	assert_int_equal(oddities(f, "smtp", true, 25), 0);
	assert_int_equal(oddities(f, "ssl", true, 25), 0);
}

static void
observe(struct detect *d, const struct observation *o)
{
	(void)d;
	(void)o;
}

static const struct detector listener = {
	.name = "listener",
	.subscribes = OBS_BIT(OBS_FILE),
	.observe = observe,
};

/* What nobody hears when these records are wanted, and this detector is on; NULL: none. */
static uint64_t
unheard(uint32_t wanted, const struct detector *d)
{
	struct engine_rig *r = calloc(1, sizeof(*r));

	assert_non_null(r);
	engine_rig_init(r);
	r->wanted = wanted;
	if (d != NULL)
		engine_rig_detector(r, d, NULL);
	engine_rig_start(r);
	uint64_t result = r->engine->unheard;
	engine_rig_finish(r);
	free(r);
	return result;
}

static void
a_file_is_heard_by_who_subscribes_or_writes_it_down(void **state)
{
	const uint32_t others = ~(RECORD_BIT(RECORD_TRANSACTION) | RECORD_BIT(RECORD_TIMELINE));
	const uint64_t file = OBS_BIT(OBS_FILE);

	(void)state;
	assert_int_equal(unheard(others, NULL) & file, file);
	assert_int_equal(unheard(others, &listener) & file, 0);
	assert_int_equal(unheard(RECORD_BIT(RECORD_TRANSACTION), NULL) & file, 0);
	assert_int_equal(unheard(others, &listener) & OBS_BIT(OBS_HTTP), OBS_BIT(OBS_HTTP));
}

static void
a_timeline_hears_what_its_entries_may_tell(void **state)
{
	uint64_t deaf = unheard(RECORD_BIT(RECORD_TIMELINE), NULL);

	(void)state;
	assert_int_equal(deaf & (OBS_BIT(OBS_HTTP) | OBS_BIT(OBS_TLS) | OBS_BIT(OBS_LOGIN)), 0);
	assert_int_equal(deaf & OBS_BIT(OBS_FILE), OBS_BIT(OBS_FILE));
	assert_int_equal(deaf & OBS_BIT(OBS_X509), OBS_BIT(OBS_X509));
}

int
main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(a_protocol_at_anothers_port_is_odd),
		cmocka_unit_test(who_was_given_the_stream_is_not_odd),
		cmocka_unit_test(a_file_is_heard_by_who_subscribes_or_writes_it_down),
		cmocka_unit_test(a_timeline_hears_what_its_entries_may_tell),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
