/* privilege_seccomp.h -- the filter of system calls: what each of our processes may still ask. */
#pragma once

#include "daemon/loop/privilege/privilege.h"

/*
 * Enter the filter of the plan's process. Needs no_new_privs; nothing can be added later.
 *
 * ret_error  one line
 * returns    1 when it is in force; 0 when the kernel has none, ret_error says why; -errno
 */
int privilege_seccomp(const struct privilege_plan *plan, char *ret_error, size_t error_size);
