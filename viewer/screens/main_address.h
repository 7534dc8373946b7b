/* main_address.h -- what is known of one address: whose it is and where, its names, its reputation. */
#pragma once

#include "viewer/model.h"

/* Of m->address. */
void main_address_draw(struct model *m, const struct area *a);
