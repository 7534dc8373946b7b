/* fuzz_rdp.c -- any bytes as both sides of a conversation. */
#define FUZZED protocol_rdp
#include "tests/fuzz/proto_fuzz.h"
