/*
 * case.h -- `naiadctl -d`: a command answered by what a run left, through a source.
 *
 * Lists are cut at --limit: of findings and alerts the latest stay, of all else the first; people are told how many
 * there are besides.
 */
#pragma once

#include "ctl/arguments.h"
#include "ctl/exit_code.h"
#include "ctl/table_print.h"

/* Open what -d names, answer, and say what went wrong. */
enum exit_code case_run(const struct arguments *a, const struct table_terminal *terminal);
