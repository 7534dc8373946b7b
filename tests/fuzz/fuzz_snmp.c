/* fuzz_snmp.c -- any bytes as the messages of a conversation. */
#define FUZZED protocol_snmp
#include "tests/fuzz/proto_fuzz.h"
