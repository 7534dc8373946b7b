/* fuzz_pop3.c -- any bytes as both sides of a conversation in POP3. */
#define FUZZED protocol_pop3
#include "tests/fuzz/proto_fuzz.h"
