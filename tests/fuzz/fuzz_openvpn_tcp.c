/* fuzz_openvpn_tcp.c -- any bytes as both sides of a conversation. */
#define FUZZED protocol_openvpn_tcp
#include "tests/fuzz/proto_fuzz.h"
