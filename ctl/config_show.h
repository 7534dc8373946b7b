/* config_show.h -- settings in effect: those of a run, or those that naiad makes of its file. */
#pragma once

#include "ctl/arguments.h"
#include "ctl/exit_code.h"
#include "ctl/table_print.h"

/* YAML as it was printed, each line cleaned: it may come from anybody. */
void config_show(const char *settings, bool json, const struct table_terminal *terminal);

/* Ask the installed naiad what it makes of --conf, of the file that the sensor reads, or of that of the system. */
enum exit_code config_run(const struct arguments *a, const struct table_terminal *terminal);
