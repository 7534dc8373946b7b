/* fuzz_imap.c -- any bytes as both sides of a conversation in IMAP. */
#define FUZZED protocol_imap
#include "tests/fuzz/proto_fuzz.h"
