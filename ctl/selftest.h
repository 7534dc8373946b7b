/* selftest.h -- `naiadctl selftest`: does the installed naiad find what is there. */
#pragma once

#include "ctl/arguments.h"
#include "ctl/exit_code.h"
#include "ctl/table_print.h"

/*
 * Have it read a small capture that is made here, and look for what it has to find. Nothing is sent and no sensor is
 * asked; all of it is in a directory of its own, which is gone afterwards.
 *
 * returns  EXIT_REFUSED when something was not found
 */
enum exit_code selftest_run(const struct arguments *a, const struct table_terminal *terminal);
