/* config_kinds.h -- which types of evidence and which detectors settings may name. */
#pragma once

#include <stdbool.h>

/* Is there such a type of evidence? Also one of a detector that is off: to switch it off is no reason to refuse settings. */
bool config_is_kind(const char *name);

/* Is there such a detector, or such a type of evidence? */
bool config_is_detector(const char *name);
