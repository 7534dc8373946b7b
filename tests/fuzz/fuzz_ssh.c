/* fuzz_ssh.c -- any bytes as a session of SSH (proto_fuzz.h). */
#define FUZZED protocol_ssh
#include "tests/fuzz/proto_fuzz.h"
