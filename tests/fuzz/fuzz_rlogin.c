/* fuzz_rlogin.c -- any bytes as both sides of a conversation in rlogin. */
#define FUZZED protocol_rlogin
#include "tests/fuzz/proto_fuzz.h"
