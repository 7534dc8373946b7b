/* fuzz_telnet.c -- any bytes as both sides of a conversation in telnet. */
#define FUZZED protocol_telnet
#include "tests/fuzz/proto_fuzz.h"
