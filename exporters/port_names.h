/* port_names.h -- what people call a port. */
#pragma once

#include <stdint.h>

/*
 * returns  the name of what usually listens at a port of TCP or UDP, in the case that people know it by;
 *          NULL when nothing is known to
 */
const char *port_name(uint16_t port, uint8_t ip_proto);
