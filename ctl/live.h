/* live.h -- commands of a running sensor that take more than to show its answer. */
#pragma once

#include "ctl/arguments.h"
#include "ctl/exit_code.h"
#include "ctl/table_print.h"

/* Its latest findings, and its latest alerts with the sums that made them, where all of their findings are kept. */
enum exit_code live_evidence(const struct arguments *a, const struct table_terminal *terminal);
enum exit_code live_alerts(const struct arguments *a, const struct table_terminal *terminal);

/* One of its latest findings in plain words, or an older one of its store. */
enum exit_code live_explain(const struct arguments *a, const struct table_terminal *terminal);

/* Mute one of them, or a host, in the settings that it reads. */
enum exit_code live_mute(const struct arguments *a, const struct table_terminal *terminal);

/* Cards: those of its store, or, without one, those that it remembers. */
enum exit_code live_devices(const struct arguments *a, const struct table_terminal *terminal);

/* What only its store has: the sensor says where that is, and it is read without it. */
enum exit_code live_stored(const struct arguments *a, const struct table_terminal *terminal);
