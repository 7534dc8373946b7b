/* eve_lines.h -- lines of EVE for tests, in the forms of Suricata 4 to 8 and of ours. */
#pragma once

#include "tests/support/input_rig.h"

#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>

#include <cmocka.h>

extern const struct input_format input_eve;

/* What every event begins with. */
#define EVE_BEGIN(type_, proto_)                                                          \
	"{\"timestamp\":\"2021-06-06T16:17:41.500000+0200\",\"flow_id\":473137238296542," \
	"\"pcap_cnt\":2719,\"event_type\":\"" type_ "\",\"proto\":\"" proto_ "\","        \
	"\"src_ip\":\"192.168.1.129\",\"src_port\":35790,\"dest_ip\":\"192.168.1.1\","

/* 2021-06-06T14:17:41.5Z */
#define EVE_BEGIN_NS UINT64_C(1622989061500000000)

#define EVE_OURS    ",\"naiad\":{\"kind\":\"transaction\",\"uid\":\"CHhAvVGS1DHFjwGM91\""
#define EVE_OUR_UID "CHhAvVGS1DHFjwGM91"

/* For each test: a rig of the format. */
static inline int
eve_setup(void **state)
{
	*state = input_rig_new(&input_eve);
	return 0;
}

static inline int
eve_teardown(void **state)
{
	input_rig_free(*state);
	return 0;
}

static inline void
eve_assert_addr(const struct addr *a, const char *text)
{
	char got[ADDR_TEXT_MAX];

	assert_string_equal(addr_format(a, got), text);
}

/* A line of nothing that we follow. */
static inline void
eve_skipped(struct input_rig *r, const char *line)
{
	uint64_t before = r->s.skipped;

	assert_int_equal(input_rig_line(r, line), 0);
	assert_int_equal(r->s.skipped, before + 1);
}
