/* schema.h -- what programs may count on of `naiadctl -d --json`: made of the tables that make the data. */
#pragma once

#include <jansson.h>

/* returns the JSON Schema of one command, or of all when it is NULL; NULL when that command has none */
json_t *schema_of(const char *command);
