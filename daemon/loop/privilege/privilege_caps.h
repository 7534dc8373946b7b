/* privilege_caps.h -- capabilities by capget(2) and capset(2): all of them gone, one asleep. */
#pragma once

#include <stdbool.h>

/* Empty the bounding set. returns 0; -EPERM without CAP_SETPCAP, and then it is as it was */
int privilege_caps_empty_bounding(void);

/*
 * Leave nothing but CAP_NET_RAW, permitted and not in effect, or not even that. What is inherited,
 * and what is ambient, is emptied.
 *
 * keep_net_raw  keep it if it is there; it is no error that it is not
 * returns       0 or -errno
 */
int privilege_caps_leave(bool keep_net_raw);

/* Whether CAP_NET_RAW is permitted to this process. */
bool privilege_caps_net_raw(void);
