/* duration.h -- lengths of time as people write them. */
#pragma once

#include <stdbool.h>
#include <stdint.h>

/* "90s", "15m", "2h", "7d", "4w". returns false when it is anything else, or longer than 100 years */
bool duration_parse(const char *text, uint64_t *ret_ns);
