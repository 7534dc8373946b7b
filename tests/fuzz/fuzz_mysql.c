/* fuzz_mysql.c -- any bytes as both sides of a conversation. */
#define FUZZED protocol_mysql
#include "tests/fuzz/proto_fuzz.h"
