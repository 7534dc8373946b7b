/* fuzz_sip_tcp.c -- any bytes as the messages of a conversation. */
#define FUZZED protocol_sip_tcp
#include "tests/fuzz/proto_fuzz.h"
