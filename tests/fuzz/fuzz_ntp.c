/* fuzz_ntp.c -- any bytes as the messages of a conversation. */
#define FUZZED protocol_ntp
#include "tests/fuzz/proto_fuzz.h"
