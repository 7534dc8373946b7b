/*
 * capture_home.h -- the networks that interfaces are in, what is home behind those of role `lan`; and the addresses
 * that they have, which are the sensor's own.
 */
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

/*
 * Add an interface's addresses as they are now, link-local ones too.
 *
 * name      of the interface; "any": of all but loopback ones
 * ret_own   room for `room`, of which `count` are filled; none is in it twice
 * returns   how many are filled now
 */
size_t capture_home_own(const char *name, struct addr *ret_own, size_t count, size_t room);
