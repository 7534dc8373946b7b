/* fuzz_stratum.c -- any bytes as both sides of a conversation. */
#define FUZZED protocol_stratum
#include "tests/fuzz/proto_fuzz.h"
