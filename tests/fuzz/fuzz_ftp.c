/* fuzz_ftp.c -- any bytes as both sides of a conversation in FTP. */
#define FUZZED protocol_ftp
#include "tests/fuzz/proto_fuzz.h"
