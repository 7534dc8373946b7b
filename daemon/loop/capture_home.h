/* capture_home.h -- the networks that interfaces are in: what is home behind those of role `lan`. */
#pragma once

#include "daemon/base/addr.h"

#include <stddef.h>

/*
 * Add the prefixes of an interface's addresses as they are now.
 *
 * Link-local ones say nothing of a site and are left out, as is a prefix of no length.
 *
 * name         of the interface; nothing is added for one that is not there
 * ret_nets     room for `room`, of which `count` are filled; none is in it twice
 * returns      how many are filled now
 */
size_t capture_home_add(const char *name, struct cidr *ret_nets, size_t count, size_t room);
