/* refusal.h -- why a screen is not shown: sentences that several have alike. */
#pragma once

#include "viewer/model.h"

/* For struct screen's refuses(). */
const char *refusal_without_window(const struct model *m);
