/* flow_interface.h -- a packet that is seen on two interfaces is counted on one of them. */
#pragma once

#include "daemon/flow/flow_state.h"

#include <stdbool.h>

/* An interface on which a direction is no longer seen for so long stops being the one that counts. */
#define FLOW_INTERFACE_SILENCE_NS (2 * NS_PER_S)

/*
 * Does a packet count that came on another interface than the one where its side is counted?
 *
 * returns  true when it is the first of its side, or when that interface has been silent; the side
 *          is counted here from now on. false: what it says has been, or will be, counted there
 */
bool flow_interface_takes(struct flow *f, unsigned side, const struct packet *p);
