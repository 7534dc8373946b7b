/* fuzz_mqtt.c -- any bytes as both sides of a conversation. */
#define FUZZED protocol_mqtt
#include "tests/fuzz/proto_fuzz.h"
