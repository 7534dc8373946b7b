/* fuzz_redis.c -- any bytes as both sides of a conversation. */
#define FUZZED protocol_redis
#include "tests/fuzz/proto_fuzz.h"
