/* fuzz_openvpn.c -- any bytes as both sides of a conversation. */
#define FUZZED protocol_openvpn
#include "tests/fuzz/proto_fuzz.h"
