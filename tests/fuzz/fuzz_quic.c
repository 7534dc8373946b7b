/* fuzz_quic.c -- any datagrams as a connection of QUIC (proto_fuzz.h). libcrypto allocates to open packets. */
#define FUZZED protocol_quic
#define FUZZED_ALLOCATES
#include "tests/fuzz/proto_fuzz.h"
