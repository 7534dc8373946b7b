/* fuzz_dhcp.c -- any bytes as the messages of a conversation. */
#define FUZZED protocol_dhcp
#include "tests/fuzz/proto_fuzz.h"
