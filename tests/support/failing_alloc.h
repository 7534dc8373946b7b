/*
 * failing_alloc.h -- allocations that fail, as a seed has it.
 *
 * Between begin and end one allocation in 16 gives NULL, which ones hangs on the seed alone. The
 * linker puts it below malloc() and its kin (link `failing_alloc`): of everything that is linked
 * into the program, but not of shared libraries. Each thread has its own.
 */
#pragma once

#include <stddef.h>
#include <stdint.h>

enum { FAILING_ALLOC_ONE_IN = 16 };

/*
 * The seed of an input of a fuzz target: a hash of its bytes, so that none of them is spent on it,
 * and a corpus stays what it is. Three inputs of four have none.
 *
 * returns  0 when it has none
 */
uint32_t failing_alloc_seed(const uint8_t *bytes, size_t len);

/* From here on allocations are counted, and fail if `seed` is not 0. */
void failing_alloc_begin(uint32_t seed);

/* No more. returns how many were asked for since */
uint64_t failing_alloc_end(void);
