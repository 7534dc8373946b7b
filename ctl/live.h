/* live.h -- commands that look at several answers of a running sensor. */
#pragma once

#include "ctl/arguments.h"
#include "ctl/exit_code.h"
#include "ctl/table_print.h"

/* One of its latest findings in plain words. */
enum exit_code live_explain(const struct arguments *a, const struct table_terminal *terminal);

/* Mute one of them, or a host, in the settings that it reads. */
enum exit_code live_mute(const struct arguments *a, const struct table_terminal *terminal);
