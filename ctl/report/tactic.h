/* tactic.h -- the columns of the ATT&CK matrix, and in which of them a technique stands. */
#pragma once

#include <stddef.h>

/* Columns from 0 on, in the order of an attack; the last is for techniques that have no row. */
enum { TACTIC_OTHER = 14, TACTIC_COLUMNS };

const char *tactic_name(size_t column);

/* Look a technique up: "T1046". `ret_name` is what it is called; "" when it has no row. returns its column */
size_t tactic_of(const char *technique, const char **ret_name);
