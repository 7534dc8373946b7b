/* fuzz_dns_tcp.c -- any bytes as both sides of DNS over TCP. */
#define FUZZED      protocol_dns_tcp
#define FUZZED_PORT 53
#include "tests/fuzz/proto_fuzz.h"
