/* fuzz_dtls.c -- any bytes as both sides of a handshake. Certificates are read by libcrypto, which allocates. */
#include "daemon/proto/proto.h"

extern const struct protocol protocol_dtls;
#define FUZZED           protocol_dtls
#define FUZZED_ALLOCATES 1
#include "tests/fuzz/proto_fuzz.h"
