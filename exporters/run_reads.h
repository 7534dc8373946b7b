/* run_reads.h -- is this one of the files that the run reads? */
#pragma once

#include <stdbool.h>

struct run_info;

/*
 * Over files: is it one of the inputs, under whatever name? Writing it anew would destroy what its owner cannot
 * get again.
 */
bool run_reads(const struct run_info *run, const char *path);
