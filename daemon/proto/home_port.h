/* home_port.h -- which protocol is at home at a port: by another one there, somebody may want to pass for it. */
#pragma once

#include <stdbool.h>
#include <stdint.h>

/*
 * Is the port the home of other protocols than this one?
 *
 * port     of who was asked, host order
 * name     as protocols have it
 * returns  false where nobody that we read is at home
 */
bool home_port_is_others(uint16_t port, uint8_t ip_proto, const char *name);
