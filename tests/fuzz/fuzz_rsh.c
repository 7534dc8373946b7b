/* fuzz_rsh.c -- any bytes as both sides of a conversation in rsh. */
#define FUZZED protocol_rsh
#include "tests/fuzz/proto_fuzz.h"
