/* say.h -- lines for whoever runs naiadctl, and data for programs. */
#pragma once

#include <jansson.h>
#include <stdbool.h>
#include <stdio.h>

enum { SAY_MAX = 1024 };

/* The terminal shows UTF-8. */
bool say_utf8(void);

/* One line on standard error, cleaned. */
void say(const char *fmt, ...) __attribute__((format(printf, 1, 2)));

/* All of it in ASCII: what is printed is safe on a terminal, and reads back the same. */
void say_json(const json_t *data, FILE *out);
