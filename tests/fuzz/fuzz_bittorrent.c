/* fuzz_bittorrent.c -- any bytes as both sides of a conversation. */
#define FUZZED protocol_bittorrent
#include "tests/fuzz/proto_fuzz.h"
