/* usage.h -- what --help prints, and what shells complete by: both out of the tables of commands.h. */
#pragma once

#include <stdbool.h>
#include <stdio.h>

void usage_print(FILE *out);

/* returns false when there is no such shell: "bash", "zsh", "fish" are known */
bool usage_completion(const char *shell, FILE *out);
