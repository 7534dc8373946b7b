/* crypto.h -- libcrypto, asked whether it is there before it is used. */
#pragma once

#include <stdbool.h>

/*
 * Let libcrypto set itself up. Where it found no memory for that it does not say so, and crashes where it is
 * used; so main asks here first.
 *
 * returns  false when it cannot be used
 */
bool crypto_ready(void);
