/* fuzz_smtp.c -- any bytes as both sides of a conversation in SMTP. */
#define FUZZED protocol_smtp
#include "tests/fuzz/proto_fuzz.h"
