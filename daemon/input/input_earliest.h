/* input_earliest.h -- when the earliest began of what the beginning of a log tells. */
#pragma once

#include "daemon/input/input_stream.h"

/*
 * Read the beginning of a file for nothing else. It is read in a stream of its own.
 *
 * s        whose format, plan and path it is
 * first    the file's beginning; what it has of the last line is left out
 * returns  UINT64_MAX when nothing is told in it, or memory is out
 */
uint64_t input_earliest(const struct input_stream *s, const char *first, size_t length);
