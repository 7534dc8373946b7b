/* eve_lines.h -- lines of EVE for tests, in the forms of Suricata 4 to 8 and of ours. */
#pragma once

#include "tests/support/input_rig.h"

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
