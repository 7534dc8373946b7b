/* fuzz_irc.c -- any bytes as both sides of a conversation in IRC. */
#define FUZZED protocol_irc
#include "tests/fuzz/proto_fuzz.h"
