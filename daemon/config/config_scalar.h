/*
 * config_scalar.h -- one value of the settings: text in, typed and bounded; and back.
 *
 * The same functions serve the file, the command line, `--print-config` and the docs, so a bound is
 * checked, shown and explained in one way only. No YAML here.
 */
#pragma once

#include "daemon/settings/config_item.h"

#include <stdbool.h>
#include <stddef.h>

struct arena;
struct strbuf;

/* Room for what config_scalar_format() writes, strings and names of choices aside. */
enum { CONFIG_TEXT_MAX = 256 };

/*
 * Parse one value as its row wants it and put it in the section's struct.
 *
 * row      any type but LIST and SECTION
 * text     `length` bytes, not NUL-terminated; NULL is "none", which STRING, ADDR and CIDR take when
 *          their default is none as well
 * section  the struct that row->offset counts from; written only on success
 * arena    where a STRING is copied to
 * errors   -EINVAL when the text is not of that type or out of bounds; -ENOMEM
 */
int config_scalar_parse(const struct config_item *row, const char *text, size_t length,
	void *section, struct arena *arena);

/*
 * Append the value in its one canonical form: durations and sizes in the largest unit that is
 * exact, doubles in the fewest digits that read back the same, strings raw. Not for none.
 */
void config_scalar_format(const struct config_item *row, const void *section, struct strbuf *out);

/* Put the row's default in the section's struct. A text default that does not parse asserts. */
void config_scalar_default(const struct config_item *row, void *section);

/* True for an optional value (STRING, ADDR, CIDR with no default) that is not set. */
bool config_scalar_is_none(const struct config_item *row, const void *section);

/* Append what a row of any type takes, e.g. "a whole number from 2 to 1024 hosts". */
void config_scalar_expect(const struct config_item *row, struct strbuf *out);

/* Append how it is written, e.g. " (written 250ms, 90s, 5m, 1h, 2d)"; nothing where that is plain. */
void config_scalar_example(const struct config_item *row, struct strbuf *out);
