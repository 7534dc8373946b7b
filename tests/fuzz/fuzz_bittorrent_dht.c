/* fuzz_bittorrent_dht.c -- any bytes as both sides of a conversation. */
#define FUZZED protocol_bittorrent_dht
#include "tests/fuzz/proto_fuzz.h"
