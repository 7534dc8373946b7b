/* fuzz_smb.c -- any bytes as both sides of a conversation. */
#define FUZZED protocol_smb
#include "tests/fuzz/proto_fuzz.h"
