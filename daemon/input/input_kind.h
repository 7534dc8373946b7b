/* input_kind.h -- what a file is, by its first bytes. */
#pragma once

#include "daemon/input/input.h"

/*
 * Recognise a file.
 *
 * first    its first bytes, unpacked; as many as are at hand, whole first lines are enough
 * returns  UNKNOWN if it is nothing that is read
 */
enum input_kind input_kind_of(const void *first, size_t length);

/* What a kind has to look like: "expected a log of Zeek, ...", for who gave something else. */
extern const char input_kinds_expected[];
