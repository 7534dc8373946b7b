/* zeek_arp.h -- what arp.log says about an ARP message, whatever the file's form. */
#pragma once

#include <stdint.h>

/* "request" or "reply"; NULL: the log does not tell such messages */
const char *zeek_arp_operation(uint16_t operation);
