/* fuzz_ftp_data.c -- any bytes as what goes over a data connection of FTP. */
#define FUZZED protocol_ftp_data
#include "tests/fuzz/proto_fuzz.h"
