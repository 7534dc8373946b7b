/* fuzz_dce_rpc.c -- any bytes as both sides of a conversation. */
#define FUZZED protocol_dce_rpc
#include "tests/fuzz/proto_fuzz.h"
