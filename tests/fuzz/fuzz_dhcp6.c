/* fuzz_dhcp6.c -- any bytes as the messages of a conversation. */
#define FUZZED protocol_dhcp6
#include "tests/fuzz/proto_fuzz.h"
