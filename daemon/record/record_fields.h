/* record_fields.h -- what a record has, listed once for both directions (wire.h). */
#pragma once

#include "daemon/base/wire.h"
#include "daemon/record/record_wire.h"

/* Walk the fields of `u`, whose kind is known and that of no window, and point its record at them. */
void record_fields(struct wire *w, struct record_unpacked *u);
