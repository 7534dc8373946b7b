/* fuzz_http.c -- any bytes as both sides of a conversation in HTTP/1. */
#define FUZZED protocol_http
#include "tests/fuzz/proto_fuzz.h"
