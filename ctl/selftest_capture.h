/* selftest_capture.h -- a capture of one host that scans: frames as a card would have seen them. */
#pragma once

#include <stdio.h>

#define SELFTEST_SCANNER "192.168.77.5"

enum { SELFTEST_HOSTS = 120, SELFTEST_PORTS = 120 };

/* SYNs to one port of many hosts, then to many ports of one; nobody answers. What cannot be written is seen by ferror(). */
void selftest_capture_write(FILE *out);
