/* fuzz_websocket.c -- any bytes as what goes through WebSocket (proto_fuzz.h). */
#define FUZZED protocol_websocket
#include "tests/fuzz/proto_fuzz.h"
