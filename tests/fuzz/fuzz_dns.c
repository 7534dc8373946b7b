/* fuzz_dns.c -- any datagrams as both sides of DNS, at the port where names of hosts are read as well. */
#define FUZZED      protocol_dns
#define FUZZED_PORT 5353
#include "tests/fuzz/proto_fuzz.h"
