/* fuzz_socks.c -- any bytes as both sides of a conversation. */
#define FUZZED protocol_socks
#include "tests/fuzz/proto_fuzz.h"
