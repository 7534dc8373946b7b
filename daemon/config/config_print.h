/*
 * config_print.h -- settings as a file that explains itself, and as a page of documentation.
 *
 * config/naiad.yaml and docs/CONFIG.md are written by these two; a test compares them.
 */
#pragma once

#include "daemon/settings/config_item.h"

#include <stdio.h>

/*
 * Write a struct's values as YAML that loads back to the same values, each after its sentence, its
 * bounds and its default as comments. Sections without rows are left out.
 *
 * returns  0, or -EIO when `out` did not take it all
 */
int config_print_yaml(FILE *out, const struct config_item *rows, const void *section);

/*
 * Write rows as Markdown: a heading a section, a table of its settings. The caller writes the title.
 *
 * returns  0, or -EIO when `out` did not take it all
 */
int config_print_markdown(FILE *out, const struct config_item *rows);
