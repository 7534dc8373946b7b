/* fuzz_icmp6.c -- any bytes as the messages of a conversation. */
#define FUZZED protocol_icmp6
#include "tests/fuzz/proto_fuzz.h"
