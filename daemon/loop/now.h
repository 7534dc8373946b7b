/* now.h -- the two clocks of the machine, in ns. Only the shell asks; below loop/ time is passed in. */
#pragma once

#include <stdint.h>

/* Never set, never goes back; says nothing about the date. */
uint64_t now_monotonic_ns(void);

/* Since the epoch; people and programs set it. */
uint64_t now_wall_ns(void);
