/* port_names.h -- what people call a port, and at which ports ordinary programs listen. */
#pragma once

#include <stdbool.h>
#include <stdint.h>

/*
 * returns  the name of what usually listens at a port of TCP or UDP, in the case that people know it by;
 *          NULL when nothing is known to
 */
const char *port_name(uint16_t port, uint8_t ip_proto);

/* Does an ordinary program listen at this port of TCP or UDP: has it a name, or is it usual (daemon/lists/usual_ports.def)? */
bool port_is_known(uint16_t port, uint8_t ip_proto);
