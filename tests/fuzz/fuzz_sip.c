/* fuzz_sip.c -- any bytes as the messages of a conversation. */
#define FUZZED protocol_sip
#include "tests/fuzz/proto_fuzz.h"
