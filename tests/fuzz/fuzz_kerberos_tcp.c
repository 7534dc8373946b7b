/* fuzz_kerberos_tcp.c -- any bytes as both sides of a conversation. */
#define FUZZED protocol_kerberos_tcp
#include "tests/fuzz/proto_fuzz.h"
