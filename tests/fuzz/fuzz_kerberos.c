/* fuzz_kerberos.c -- any bytes as both sides of a conversation. */
#define FUZZED protocol_kerberos
#include "tests/fuzz/proto_fuzz.h"
