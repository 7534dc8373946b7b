/* fuzz_stun.c -- any bytes as the messages of a conversation. */
#define FUZZED protocol_stun
#include "tests/fuzz/proto_fuzz.h"
