/*
 * show.h -- a sensor's answer, for people.
 *
 * Each takes the data of one command's answer. What is missing there is shown as "-": a sensor of
 * another version is no reason to fail.
 */
#pragma once

#include "ctl/table_print.h"

#include <jansson.h>

void show_status(const json_t *data, const struct table_terminal *terminal);
void show_metrics(const json_t *data, const struct table_terminal *terminal);
void show_reload(const json_t *data, const struct table_terminal *terminal);
