/* privilege_landlock.h -- Landlock: which files this process can still reach, by the kernel's word. */
#pragma once

#include "daemon/loop/privilege/privilege.h"

/*
 * Leave the plan's paths, and those that every process of ours reads, and nothing else of the file
 * system; no TCP port is bound, and the engine connects to none. Needs no_new_privs.
 *
 * ret_error  one line
 * returns    the Landlock ABI in use, > 0; 0 when the kernel has none, ret_error says why; -errno
 * source     Documentation/userspace-api/landlock.rst of the kernel
 */
int privilege_landlock(const struct privilege_plan *plan, char *ret_error, size_t error_size);
