/* ip_proto_word.h -- protocols of IP as logs name them. */
#pragma once

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

/* "TCP", "ipv6-icmp", in any case, or the number in digits. returns false when it is neither */
bool ip_proto_word(const char *text, size_t length, uint8_t *ret_ip_proto);
